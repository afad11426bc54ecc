"""Pieces of HTML: cells, tables that become cards on a phone, pictures, the page."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from content_tagging.report.frames import Picture

UNKNOWN = "not known"


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table of cells that are HTML already; the first cell of a row names it."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in columns)
    body = "".join(f"<tr>{_cells(columns, row)}</tr>" for row in rows)
    return (
        f'<table class="{kind}"><caption class="unseen">{escape(title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cells(columns: Sequence[str], row: Sequence[str]) -> str:
    first, *rest = row
    return f'<th scope="row">{first}</th>' + "".join(
        f'<td data-label="{escape(name)}"><span>{cell}</span></td>'
        for name, cell in zip(columns[1:], rest, strict=True)
    )


def section(title: str, *parts: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def paragraph(words: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(words)}</p>'


def bullets(words: Iterable[str]) -> str:
    """A list of what is HTML already."""
    return f"<ul>{''.join(f'<li>{each}</li>' for each in words)}</ul>"


def image(picture: Picture, alt: str) -> str:
    """The picture itself, inside the page."""
    data = base64.b64encode(picture.jpeg).decode()
    return (
        f'<img src="data:image/jpeg;base64,{data}" alt="{escape(alt)}" '
        f'width="{picture.width_px}" height="{picture.height_px}">'
    )


def seconds(time_s: float) -> str:
    """A time, short.

    >>> seconds(2.04), seconds(75.5), seconds(119.97)
    ('2.0 s', '1:15.5', '2:00.0')
    """
    time_s = round(time_s, 1)
    if time_s < 60:
        return f"{time_s:.1f} s"
    return f"{int(time_s // 60)}:{time_s % 60:04.1f}"


def span(start_s: float | None, end_s: float | None) -> str:
    """From when to when.

    >>> span(0.0, 2.5), span(None, None)
    ('0.0 to 2.5 s', '')
    """
    if start_s is None or end_s is None:
        return "" if start_s is None else seconds(start_s)
    if end_s < 60:
        return f"{start_s:.1f} to {end_s:.1f} s"
    return f"{seconds(start_s)} to {seconds(end_s)}"


def page(title: str, *parts: str) -> str:
    """A whole page that needs nothing from elsewhere."""
    style = (files("content_tagging") / "report" / "report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )
