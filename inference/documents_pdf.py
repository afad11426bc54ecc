"""A document as PDF, by fpdf2 with the DejaVu fonts that matplotlib carries.

The same document gives the same bytes.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
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
_SIZES = {2: 14.0, 3: 11.5}
_COLOURS = {"plain": INK, "lead": INK, "soft": SOFT, "warn": WARN}


def pdf_of(document: Document) -> bytes:
    """The document's PDF, A4."""
    pdf = _paper(document)
    _words(pdf, document.title, 20, INK, bold=True)
    _words(pdf, f"{document.subtitle} · made {document.made_at:%d %B %Y %H:%M} UTC", 9, SOFT)
    methods = methods_of(document.blocks)
    for block in document.blocks:
        _block(pdf, block, methods)
    if methods:
        _heading(pdf, Heading(METHODS))
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
        case Heading():
            _heading(pdf, block)
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


def _heading(pdf: FPDF, heading: Heading) -> None:
    if pdf.will_page_break(30):
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
    if pdf.will_page_break(24):
        pdf.add_page()
    _words(pdf, grid.caption, 8.5, SOFT)
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
        col_widths=grid.widths,
    ) as table:
        table.row(grid.columns)
        for row in grid.rows:
            table.row([_drawable(pdf, _cell(said(cell, methods))) for cell in row])
    pdf.ln(2)


def _cell(words: tuple[str, str]) -> str:
    return "\n".join(filter(None, words))
