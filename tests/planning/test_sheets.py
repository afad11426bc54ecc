"""Rosters as sheets and as documents."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from inference.documents_html import html_of
from inference.documents_pdf import pdf_of
from inference.plan import Plan, totals
from inference.plan_document import RosterShown, roster_document
from inference.plan_sheets import csv_of, roster_rows, safe, xlsx_of
from reelcast.packages import require
from tests.planning.plans import plan_of
from tests.support import NOW

CHOICE = {"ana": 1, "ben": 2}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(name="spring", target={"metric": "views", "at_least": 50_000})


def book_of(made: bytes) -> Any:
    return require("openpyxl").load_workbook(io.BytesIO(made))


def test_the_csv_has_a_row_per_creator_and_the_total_last(plan: Plan) -> None:
    made = totals(plan, CHOICE)
    rows = list(csv.DictReader(io.StringIO(csv_of(roster_rows(made, {"ana": "@ana"})))))
    assert [row["creator"] for row in rows] == ["ana", "ben", "total"]
    assert float(rows[-1]["views_mean"]) == made.totals["views"].mean
    assert float(rows[1]["cost"]) == 600


def test_the_workbook_has_the_same_cells(plan: Plan) -> None:
    rows = roster_rows(totals(plan, CHOICE))
    sheet = book_of(xlsx_of("Roster", rows, NOW)).active
    read = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert read[0] == rows[0]
    assert read[1][:5] == rows[1][:5]
    assert len(read) == len(rows)


def test_the_same_rows_are_the_same_workbook_byte_for_byte(plan: Plan) -> None:
    rows = roster_rows(totals(plan, CHOICE))
    assert xlsx_of("Roster", rows, NOW) == xlsx_of("Roster", rows, NOW)


def test_no_cell_is_a_formula() -> None:
    made = xlsx_of("Roster", [["creator"], [safe("=HYPERLINK(1)")]], NOW)
    assert book_of(made).active["A2"].data_type == "s"


def shown(plan: Plan) -> RosterShown:
    return RosterShown(
        name="spring",
        words="chosen",
        made_at=NOW,
        horizon_days=30,
        model=plan.model,
        totals=totals(plan, CHOICE),
        rests_on=("a note",),
        names={"ana": "@ana"},
    )


def test_the_document_says_window_currency_basis_and_chance(plan: Plan) -> None:
    page = html_of(roster_document(shown(plan)))
    for words in ("30 days after each post", "USD", "prior, no own data", "chance of 50K views"):
        assert words in page
    assert "@ana" in page


def test_the_document_is_a_pdf(plan: Plan) -> None:
    assert pdf_of(roster_document(shown(plan)))[:5] == b"%PDF-"
