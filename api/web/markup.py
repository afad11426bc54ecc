"""HTML as text: what people wrote is escaped here, and nowhere is it trusted. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode


def text(words: object) -> str:
    """The words between tags.

    >>> text("a < b")
    'a &lt; b'
    """
    return escape(str(words), quote=False)


def prose(words: object) -> str:
    """The words between tags, what stands between `backticks` as code.

    >>> prose("run `reelcast train`")
    'run <code>reelcast train</code>'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text(words))


def attribute(words: object) -> str:
    """The words within an attribute's quotes.

    >>> attribute('say "no"')
    'say &quot;no&quot;'
    """
    return escape(str(words), quote=True)


def link(path: str, words: str, **query: object) -> str:
    """A link; unknown parts of the query are left out.

    >>> link("/creators/c1", "c1", window=7, fee=None)
    '<a href="/creators/c1?window=7">c1</a>'
    """
    return f'<a href="{attribute(address(path, query))}">{text(words)}</a>'


def address(path: str, query: Mapping[str, object]) -> str:
    """A path with a query, in which what is unknown is left out."""
    known = [(name, value) for name, value in query.items() if value not in (None, "")]
    return f"{path}?{urlencode(known)}" if known else path


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, whether it holds numbers, by which word it sorts, its source in words."""

    head: str
    is_number: bool = False
    sorts_by: str | None = None
    source: str | None = None


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    sorted_by: tuple[str, bool] | None = None,
) -> str:
    """A table of cells that are HTML already; on a phone each row becomes a card.

    The first cell of a row names it. `sorted_by` is a column's word and whether it descends; heads
    of columns that sort are buttons with `data-act="sort"`, which `pieces.listen` hears.
    """
    head = "".join(_head(number, column, sorted_by) for number, column in enumerate(columns))
    body = "".join(f"<tr>{_cells(columns, row)}</tr>" for row in rows)
    return (
        f'<div class="rc-scroll" role="region" aria-label="{attribute(caption)}" tabindex="0">'
        f'<table class="rc-table"><caption class="unseen">{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(number: int, column: Column, sorted_by: tuple[str, bool] | None) -> str:
    kind = ' class="num"' if column.is_number else ""
    said = text(column.head)
    order = ""
    if column.sorts_by is not None:
        is_by_it = sorted_by is not None and sorted_by[0] == column.sorts_by
        falling = is_by_it and sorted_by is not None and sorted_by[1]
        order = f' aria-sort="{"descending" if falling else "ascending"}"' if is_by_it else ""
        arrow = ("▼" if falling else "▲") if is_by_it else "↕"
        said = (
            f'<button type="button" class="sort" data-act="sort" '
            f'data-value="{attribute(column.sorts_by)}">{said} '
            f'<span aria-hidden="true">{arrow}</span></button>'
        )
    where = "" if column.source is None else source(f"h{number}-{column.head}", column.source)
    return f'<th scope="col"{kind}{order}>{said}{where}</th>'


def _cells(columns: Sequence[Column], row: Sequence[str]) -> str:
    first, *rest = row
    return f'<th scope="row">{first}</th>' + "".join(
        f'<td data-label="{attribute(column.head)}"{_kind(column)}><span>{cell}</span></td>'
        for column, cell in zip(columns[1:], rest, strict=True)
    )


def _kind(column: Column) -> str:
    return ' class="num"' if column.is_number else ""


def source(name: str, words: str) -> str:
    """A small button that opens where a number comes from, in words.

    `name` tells it apart from the others on the page.
    """
    own = "src-" + "".join(c if c.isalnum() else "-" for c in name.lower())
    return (
        f'<button type="button" class="source" popovertarget="{own}" '
        f'aria-label="Where this comes from">i</button>'
        f'<div id="{own}" popover class="rc-source">{text(words)}</div>'
    )


def fact(name: str, value: str, detail: str, where: str | None = None) -> str:
    """One figure as a tile: its name, its value with unit, its window or interval, its source."""
    mark = "" if where is None else source(name, where)
    return (
        f'<div class="fact"><dt>{text(name)}{mark}</dt>'
        f"<dd><b>{text(value)}</b><span>{text(detail)}</span></dd></div>"
    )


def facts(each: Iterable[str], kind: str = "") -> str:
    """Tiles side by side; of kind `said` where they hold sentences."""
    return f'<dl class="facts {attribute(kind)}">{"".join(each)}</dl>'


def section(title: str, *parts: str) -> str:
    """A part of a page under its own heading; `parts` are HTML already."""
    return f"<section><h2>{text(title)}</h2>{''.join(parts)}</section>"


def paragraph(words: str, kind: str = "") -> str:
    """Words as a paragraph."""
    return f'<p class="{attribute(kind)}">{prose(words)}</p>'


def bullets(words: Iterable[str]) -> str:
    """A list of plain words."""
    return f"<ul>{''.join(f'<li>{prose(each)}</li>' for each in words)}</ul>"


def note(kind: str, title: str, words: str) -> str:
    """A box that stands out: `kind` is good, warn or bad."""
    return (
        f'<div class="note {attribute(kind)}"><b>{text(title)}</b><span>{prose(words)}</span></div>'
    )
