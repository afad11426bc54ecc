"""A document as one HTML page that needs nothing from elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from inference.documents import (
    Block,
    Bullets,
    Cell,
    Document,
    Figure,
    Grid,
    Heading,
    Paragraph,
    methods_of,
    said,
)

METHODS = "How each number was made"
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#17212b;background:#fff;margin:0}
main{max-width:860px;margin:0 auto;padding:24px 16px 48px}h1{margin:0 0 4px;line-height:1.2}
h2{margin:28px 0 8px;border-bottom:1px solid #d5dde5}h3{margin:18px 0 4px}
.soft,small,figcaption,caption{color:#51606f}.lead{font-size:1.1em}
.warn{background:#fdf1dc;color:#7a4b00;padding:8px 12px;border-radius:6px}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:8px 0}
caption{text-align:left;padding-bottom:4px}
th,td{text-align:left;vertical-align:top;padding:5px 8px;border-bottom:1px solid #d5dde5}
small{display:block}figure{margin:12px 0}svg{max-width:100%;height:auto}
@media (max-width:600px){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,caption,tbody,tr,th,td{display:block;width:auto}th,td{border:0;padding:3px 0}
tr{border:1px solid #d5dde5;border-radius:8px;padding:4px 10px;margin-bottom:10px}
td{display:flex;gap:10px;justify-content:space-between}td>span{text-align:right;min-width:0}
td::before{content:attr(data-label);color:#51606f;flex:0 0 42%}td:has(>span:empty){display:none}}
@media print{main{max-width:none;padding:0}h2,h3{break-after:avoid}figure,tr{break-inside:avoid}}
"""


def html_of(document: Document) -> str:
    """The whole page."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(document.title)}</h1>"
        f'<p class="soft">{escape(document.subtitle)} · made {document.made_at:%d %B %Y %H:%M} UTC'
        f"</p>{blocks_html(document.blocks)}</main></body></html>\n"
    )


def blocks_html(blocks: Sequence[Block]) -> str:
    """The blocks, then the numbered methods: to be placed within a page of another."""
    methods = methods_of(blocks)
    body = "".join(block_html(block, methods) for block in blocks)
    if not methods:
        return body
    return f"{body}<h2>{METHODS}</h2>{_listed(methods)}"


def sections_html(blocks: Sequence[Block]) -> str:
    """The blocks for a page of another: a section for each heading, the methods in the last."""
    methods = methods_of(blocks)
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            parts.append([])
        parts[-1].append(block)
    drawn = ["".join(block_html(block, methods) for block in part) for part in parts if part]
    if methods:
        drawn.append(f"<h2>{METHODS}</h2>{_listed(methods)}")
    return "".join(f'<section class="doc">{part}</section>' for part in drawn)


def _listed(methods: Sequence[str]) -> str:
    return f"<ol>{''.join(f'<li>{escape(method)}</li>' for method in methods)}</ol>"


def block_html(block: Block, methods: Sequence[str]) -> str:
    """One block; `methods` number the methods of the whole document."""
    match block:
        case Heading(words, level):
            return f"<h{level}>{escape(words)}</h{level}>"
        case Paragraph(words, kind):
            return f'<p class="{kind}">{escape(words)}</p>'
        case Bullets(each):
            return f"<ul>{''.join(f'<li>{escape(words)}</li>' for words in each)}</ul>"
        case Figure(svg, caption, _):
            return (
                '<figure><div class="wide" role="region" aria-label="Drawing" tabindex="0">'
                f"{svg}</div><figcaption>{escape(caption)}</figcaption></figure>"
            )
        case Grid():
            return _grid(block, methods)


def _grid(grid: Grid, methods: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in grid.columns)
    body = "".join(f"<tr>{_row(grid.columns, row, methods)}</tr>" for row in grid.rows)
    return (
        f'<div class="wide" role="region" aria-label="{escape(grid.caption)}" tabindex="0">'
        f"<table><caption>{escape(grid.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(columns: Sequence[str], row: Sequence[Cell], methods: Sequence[str]) -> str:
    """Cells that know their column's head: a phone shows each row as a card."""
    first, *rest = row
    cells = "".join(
        f'<td data-label="{escape(column)}"><span>{_cell(cell, methods)}</span></td>'
        for column, cell in zip(columns[1:], rest, strict=True)
    )
    return f'<th scope="row">{_cell(first, methods)}</th>{cells}'


def _cell(cell: Cell, methods: Sequence[str]) -> str:
    words, beneath = said(cell, methods)
    return escape(words) + (f"<small>{escape(beneath)}</small>" if beneath else "")
