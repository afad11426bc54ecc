"""One document, drawn twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from inference.documents import Bullets, Document, Figure, Grid, Heading, Number, Paragraph
from inference.documents_html import html_of
from inference.documents_pdf import _paper, _widths, pdf_of
from inference.drawings import Bar, interval_bars

BAR = Bar("ana", {"q05": 5, "q10": 10, "q25": 25, "q50": 50, "q75": 75, "q90": 90, "q95": 95}, 40.0)
GRID = Grid(
    "Views",
    ("window", "views"),
    (("7 days", Number("12K views", "4K to 30K (80%)", "forecast of model 3")),),
)
MADE = Document(
    "Dossier of <ana> \U0001f600",
    "tiktok",
    datetime(2026, 3, 2, tzinfo=UTC),
    (
        Heading("Forecast"),
        Paragraph("What it says.", "lead"),
        GRID,
        Figure(interval_bars([BAR], "views"), "A bar.", "views of ana"),
        Bullets(("one", "two")),
    ),
)


def test_a_pdf_is_the_same_bytes_each_time() -> None:
    made = pdf_of(MADE)
    assert made == pdf_of(MADE)
    assert made.startswith(b"%PDF-")


def test_columns_on_paper_have_room_for_their_longest_word() -> None:
    pdf = _paper(MADE)
    heads = ("creator", "posts", "conversions", "what it means")
    row = ("@harbour.studio.demo22", "2", "4\n0 to 192 [2]", "fewer than 10 other accounts " * 4)
    widths = _widths(pdf, heads, [row])
    longest = ("@harbour.studio.demo22", "posts", "conversions", "accounts")
    assert sum(widths) == pytest.approx(pdf.epw)
    for width, word in zip(widths, longest, strict=True):
        assert width > pdf.get_string_width(word)
    pdf.output()  # closes the fonts' files


def test_the_page_has_interval_and_method_beside_each_number() -> None:
    html = html_of(MADE)
    assert "12K views<small>4K to 30K (80%) [1]</small>" in html
    assert "<li>forecast of model 3</li>" in html


def test_a_cell_names_its_column_for_a_phone_that_shows_rows_as_cards() -> None:
    assert '<td data-label="views"><span>12K views' in html_of(MADE)


def test_what_people_wrote_is_escaped() -> None:
    assert "<ana>" not in html_of(MADE)


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert not re.search(r"(src|href)=|url\(|@import", html_of(MADE))


def test_a_drawing_says_in_words_what_it_shows() -> None:
    assert "ana: median 50, 80% from 10 to 90" in interval_bars([BAR], "views")


def test_a_drawing_without_forecasts_is_still_a_drawing() -> None:
    assert interval_bars([], "views").startswith("<svg")
