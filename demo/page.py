"""Pieces of HTML: cells, tables that become cards on a phone, charts in two widths, the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

WIDE_PX, HALF_PX, NARROW_PX = 1080, 520, 340
UNKNOWN = "n/a"


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its title and, where its cells are numbers, their unit."""

    title: str
    unit: str = ""
    kind: str = ""  # "num" is aligned right, "name" heads a card


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    head = "".join(
        f'<th class="{c.kind}">{escape(c.title)}'
        f"{f'<small>{escape(c.unit)}</small>' if c.unit else ''}</th>"
        for c in columns
    )
    body = "".join(f"<tr>{_cells(columns, row)}</tr>" for row in rows)
    return f'<table class="cards"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cells(columns: Sequence[Column], row: Sequence[str]) -> str:
    cells = []
    for column, cell in zip(columns, row, strict=True):
        label = f"{column.title} ({column.unit})" if column.unit else column.title
        cells.append(
            f'<td class="{column.kind}" data-label="{escape(label)}"><span>{cell}</span></td>'
        )
    return "".join(cells)


def chart(draw: Callable[[int], str], wide_px: int = WIDE_PX) -> str:
    """A chart drawn twice: for a screen and for a phone; the page shows the one that fits."""
    return f'<div class="wide">{draw(wide_px)}</div><div class="narrow">{draw(NARROW_PX)}</div>'


def legend(items: Sequence[tuple[str, str]]) -> str:
    drawn = "".join(
        f'<span><svg width="26" height="16" viewBox="0 0 26 16" aria-hidden="true">{mark}</svg>'
        f"{escape(words)}</span>"
        for mark, words in items
    )
    return f'<div class="legend">{drawn}</div>'


def section(title: str, *parts: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def paragraph(words: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(words)}</p>'


def bullets(words: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in words)}</ul>"


def count(value: float | None) -> str:
    """A count to three significant digits, "n/a" where unknown.

    >>> count(123_456), count(950), count(None)
    ('123,000', '950', 'n/a')
    """
    if value is None or value != value:
        return UNKNOWN
    return f"{float(f'{value:.3g}'):,.0f}"


def percent(share: float | None) -> str:
    """A share as a whole percentage, "n/a" where unknown.

    >>> percent(0.814), percent(None)
    ('81%', 'n/a')
    """
    return UNKNOWN if share is None or share != share else f"{share * 100:.0f}%"


def page(title: str, *parts: str) -> str:
    """A whole page that needs nothing from elsewhere."""
    style = (files("demo") / "report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )
