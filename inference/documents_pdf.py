"""A document as PDF, by fpdf2 with the DejaVu fonts that matplotlib carries.

The same document gives the same bytes.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference.documents import (
    Block,
    Bullets,
    Document,
    Figure,
    Grid,
    Heading,
    Paragraph,
    methods_of,
    said,
)
from inference.documents_html import METHODS
from reelcast.errors import MissingPackageError
from reelcast.packages import require

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "DejaVu"
INK, SOFT, WARN = (23, 33, 43), (81, 96, 111), (122, 75, 0)
_GRID_MM = 42.0  # caption, heads and first rows of a table
_PADDED_MM = 3.0  # beside a cell's words
_SIZES = {2: 14.0, 3: 11.5}
_COLOURS = {"plain": INK, "lead": INK, "soft": SOFT, "warn": WARN}


def pdf_of(document: Document) -> bytes:
    """The document's PDF, A4."""
    pdf = _paper(document)
    _words(pdf, document.title, 20, INK, bold=True)
    _words(pdf, f"{document.subtitle} · made {document.made_at:%d %B %Y %H:%M} UTC", 9, SOFT)
    methods = methods_of(document.blocks)
    for block, after in zip_longest(document.blocks, document.blocks[1:]):
        if isinstance(block, Heading):
            _heading(pdf, block, after)
        else:
            _block(pdf, block, methods)
    if methods:
        _heading(pdf, Heading(METHODS), None)
        for number, method in enumerate(methods, 1):
            _words(pdf, f"[{number}] {method}", 9, INK)
    return bytes(pdf.output())


def _paper(document: Document) -> FPDF:
    from fpdf import FPDF

    class Paper(FPDF):
        """Pages with their numbers at the foot."""

        def footer(self) -> None:
            self.set_y(-14)
            self.set_font(FONT, size=8)
            self.set_text_color(*SOFT)
            title = _drawable(self, document.title)
            self.cell(0, 8, f"{title} · {self.page_no()} of {{nb}}", align="C")

    pdf: FPDF = Paper(format="A4")
    folder = _fonts()
    pdf.add_font(FONT, "", folder / "DejaVuSans.ttf")
    pdf.add_font(FONT, "B", folder / "DejaVuSans-Bold.ttf")
    pdf.set_title(document.title)
    pdf.set_subject(document.subtitle)
    pdf.set_creator("reelcast")
    pdf.set_producer("reelcast")
    pdf.set_lang("en")
    pdf.set_creation_date(document.made_at)
    pdf.set_auto_page_break(True, margin=18)
    pdf.set_margins(16, 16)
    pdf.add_page()
    return pdf


def _fonts() -> Path:
    try:
        found = files("matplotlib") / "mpl-data" / "fonts" / "ttf"
    except ModuleNotFoundError as exc:
        raise MissingPackageError(
            "the package 'matplotlib', whose fonts PDFs use, is not installed: run `make setup`"
        ) from exc
    return Path(str(found))


def _block(pdf: FPDF, block: Block, methods: Sequence[str]) -> None:
    match block:
        case Paragraph(words, kind):
            _words(pdf, words, 11.5 if kind == "lead" else 9.5, _COLOURS[kind])
            pdf.ln(1.5)
        case Bullets(each):
            for words in each:
                _words(pdf, f"•  {words}", 9.5, INK)
            pdf.ln(1.5)
        case Figure():
            _figure(pdf, block)
        case Grid():
            _grid(pdf, block, methods)


def _words(
    pdf: FPDF, words: str, size: float, colour: tuple[int, int, int], bold: bool = False
) -> None:
    pdf.set_font(FONT, "B" if bold else "", size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, size * 0.5, _drawable(pdf, words), align="L", new_x="LMARGIN", new_y="NEXT")


def _drawable(pdf: FPDF, words: str) -> str:
    """The words, with a box for each sign that the font lacks: an emoji, a Chinese letter."""
    known: Any = pdf.fonts[FONT.lower()]
    return "".join(sign if sign == "\n" or ord(sign) in known.cmap else "\u25a1" for sign in words)


def _heading(pdf: FPDF, heading: Heading, after: Block | None) -> None:
    """A heading on the page of what it heads: of a drawing all of it, of a table its first rows."""
    room_mm = 30.0
    if isinstance(after, Figure):
        room_mm = 24 + _size_mm(after.svg, pdf.epw)[1]
    elif isinstance(after, Grid):
        room_mm = 16 + _GRID_MM
    if pdf.will_page_break(room_mm):
        pdf.add_page()
    pdf.ln(4 if heading.level == 2 else 2)
    pdf.start_section(heading.words, heading.level - 2)
    _words(pdf, heading.words, _SIZES[heading.level], INK, bold=True)
    pdf.ln(1)


def _figure(pdf: FPDF, figure: Figure) -> None:
    """The drawing as lines and letters, as wide as the text at most."""
    width_mm, height_mm = _size_mm(figure.svg, pdf.epw)
    if pdf.will_page_break(height_mm + 8):
        pdf.add_page()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        pdf.set_font(FONT, size=9)
        pdf.image(BytesIO(figure.svg.encode()), w=width_mm, h=height_mm, alt_text=figure.words)
    _words(pdf, figure.caption, 8.5, SOFT)
    pdf.ln(2)


def _size_mm(svg: str, most_mm: float) -> tuple[float, float]:
    """Width and height on paper of a drawing, by its viewBox: 96 pixels an inch, scaled to fit."""
    _, _, width_px, height_px = (
        float(part) for part in svg.split('viewBox="', 1)[1].split('"', 1)[0].split()
    )
    scale = min(25.4 / 96, most_mm / width_px)
    return width_px * scale, height_px * scale


def _grid(pdf: FPDF, grid: Grid, methods: Sequence[str]) -> None:
    made: Any = require("fpdf.fonts")
    if pdf.will_page_break(_GRID_MM):
        pdf.add_page()
    _words(pdf, grid.caption, 8.5, SOFT)
    cells = [[_drawable(pdf, _cell(said(cell, methods))) for cell in row] for row in grid.rows]
    widths = grid.widths or _widths(pdf, grid.columns, cells)
    pdf.set_font(FONT, size=8)
    pdf.set_text_color(*INK)
    pdf.set_draw_color(213, 221, 229)
    head = made.FontFace(emphasis="BOLD", color=SOFT, fill_color=(246, 248, 250))
    with pdf.table(
        text_align="LEFT",
        borders_layout="HORIZONTAL_LINES",
        headings_style=head,
        line_height=4,
        padding=(0.8, 1),
        col_widths=tuple(widths),
    ) as table:
        table.row(grid.columns)
        for row in cells:
            table.row(row)
    pdf.ln(2)


def _widths(pdf: FPDF, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Columns' widths in mm, together the text's: room for each longest word, then for lines."""
    pdf.set_font(FONT, "B", 8)  # the wider of the two
    words_mm, lines_mm = [], []
    for column, head in enumerate(heads):
        lines = [line for cell in (head, *(row[column] for row in rows)) for line in _lines(cell)]
        words = [word for line in lines for word in line.split()]
        words_mm.append(max(map(pdf.get_string_width, words), default=0.0) + _PADDED_MM)
        lines_mm.append(max(map(pdf.get_string_width, lines), default=0.0) + _PADDED_MM)
    spare_mm = pdf.epw - sum(words_mm)
    if spare_mm <= 0:
        return [width * pdf.epw / sum(words_mm) for width in words_mm]
    wanted_mm = [line - word + 1 for line, word in zip(lines_mm, words_mm, strict=True)]
    return [
        word + spare_mm * more / sum(wanted_mm)
        for word, more in zip(words_mm, wanted_mm, strict=True)
    ]


def _lines(cell: str) -> list[str]:
    return cell.split("\n")


def _cell(words: tuple[str, str]) -> str:
    return "\n".join(filter(None, words))
