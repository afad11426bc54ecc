"""The report's campaigns: what was truly sold, what the measurement says of it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from demo.page import UNKNOWN, Column, paragraph, section, table
from demo.use_cases import SoldCase

COLUMNS = (
    Column("Campaign", kind="name"),
    Column("Sells"),
    Column("Truly brought", "n", "num"),
    Column("Proven by link or code", "n", "num"),
    Column("Best estimate", "n", "num"),
    Column("90% interval", "n", "num"),
)


def campaigns(cases: Sequence[SoldCase], folder: Path) -> str:
    """A row for each campaign, which links to its report; `folder` is that of this one."""
    said = (
        "Four invented brands paid creators of this world. The program knows what each post truly "
        "sold; the measurement saw only the exports: orders, link sessions, app events, forms, a "
        "survey, ads. Links and codes prove a part; the best estimate holds them against the spike "
        "of orders after posts and what buyers say."
    )
    return section(
        "What campaigns sold",
        paragraph(said, "soft"),
        table(COLUMNS, [_row(case, folder) for case in cases]),
    )


def _row(case: SoldCase, folder: Path) -> list[str]:
    at = case.report.relative_to(folder)
    links = (
        f'<a href="{escape(at.as_posix())}">{escape(case.campaign_id)}</a> '
        f'(<a href="{escape(at.with_suffix(".pdf").as_posix())}">PDF</a>)'
    )
    between = UNKNOWN
    if case.low is not None and case.high is not None:
        between = f"{case.low:,.0f} to {case.high:,.0f}"
    best = UNKNOWN if case.best is None else f"{case.best:,.0f}"
    what = f"{case.words}: {case.conversion}s"
    return [links, escape(what), f"{case.truth:,}", f"{case.floor:,.0f}", best, between]
