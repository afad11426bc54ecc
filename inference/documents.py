"""A document as data: what a dossier or a report says, before it is drawn as HTML or PDF. Pure.

Each number carries its interval and its method, so that no renderer can leave them out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Number:
    """A value with its unit, its interval in words (None: there is none), how it was made."""

    value: str
    interval: str | None
    method: str


Cell = str | Number


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a part (level 2) or of a part of a part (3)."""

    words: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; `lead` stands first, `soft` is said aside, `warn` is a warning."""

    words: str
    kind: Literal["plain", "lead", "soft", "warn"] = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    each: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption, the heads of its columns, and its rows; the first cell names a row.

    `widths` are the columns' shares on paper, equal where not given; a page finds its own.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing (SVG, as `drawings` makes it), its caption, and what it shows, in words."""

    svg: str
    caption: str
    words: str


Block = Heading | Paragraph | Bullets | Grid | Figure


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document; `made_at` (aware) is the one time it shows and carries."""

    title: str
    subtitle: str
    made_at: datetime
    blocks: tuple[Block, ...]


def methods_of(blocks: Sequence[Block]) -> list[str]:
    """The methods of all numbers, each once, in the order in which they first stand.

    >>> grid = Grid("", ("",), ((Number("3", None, "counted"),), (Number("4", None, "counted"),)))
    >>> methods_of([grid])
    ['counted']
    """
    found = [
        cell.method
        for block in blocks
        if isinstance(block, Grid)
        for row in block.rows
        for cell in row
        if isinstance(cell, Number)
    ]
    return list(dict.fromkeys(found))


def renamed(document: Document, names: Mapping[str, str]) -> Document:
    """The document in whose cells, paragraphs and lists some words read as others.

    Figures keep theirs. For pseudonyms, of which the reader knows who some are.

    >>> page = Document("", "", datetime(2026, 1, 1), (Bullets(("c12 travelled",)),))
    >>> renamed(page, {"c12": "@ana"}).blocks[0].each
    ('@ana travelled',)
    """
    if not names:
        return document
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b")

    def of(words: str) -> str:
        return pattern.sub(lambda found: names[found[0]], words)

    return replace(document, blocks=tuple(_renamed(block, of) for block in document.blocks))


def _renamed(block: Block, of: Callable[[str], str]) -> Block:
    match block:
        case Paragraph():
            return replace(block, words=of(block.words))
        case Bullets():
            return Bullets(tuple(of(words) for words in block.each))
        case Grid():
            rows = tuple(
                tuple(of(cell) if isinstance(cell, str) else cell for cell in row)
                for row in block.rows
            )
            return replace(block, rows=rows)
        case _:
            return block


def said(cell: Cell, methods: Sequence[str]) -> tuple[str, str]:
    """A cell's words, and what stands small beneath: interval and the number of its method.

    >>> said(Number("12K views", "4K to 30K (80%)", "forecast"), ["counted", "forecast"])
    ('12K views', '4K to 30K (80%) [2]')
    """
    if isinstance(cell, str):
        return cell, ""
    mark = f"[{methods.index(cell.method) + 1}]"
    return cell.value, mark if cell.interval is None else f"{cell.interval} {mark}"
