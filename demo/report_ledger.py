"""The report's ledger: forecasts of posts (the demo's are replayed), against what came."""

from __future__ import annotations

import math
from html import escape

from demo.page import UNKNOWN, Column, paragraph, percent, section, table
from inference.ledger import LedgerReport
from inference.ledger_scores import Slice

COLUMNS = (
    Column("Count", kind="name"),
    Column("By"),
    Column("Part"),
    Column("Outcomes", kind="num"),
    Column("80% interval held", "%, with 95% interval", "num"),
    Column("Bias", "actual over median, with 95% interval", "num"),
    Column("Means over actuals", "sum over sum", "num"),
)


def kept_in_ledger(report: LedgerReport) -> str:
    """A row for each tier, window and format of each count, and what else to know."""
    said = (
        f"{report.forecasts:,} forecasts of the latest posts are kept in the ledger, "
        f"{report.outcomes:,} counts have come due since. Rows are chained by hash, so that a "
        "changed one shows. The command 'reelcast ledger' and the page show each outcome."
    )
    drifts = [of.words for of in report.drift] or ["No drift: no count and window is off by more "
                                                    "than chance explains."]  # fmt: skip
    return section(
        "The ledger: forecast against what came",
        paragraph(said, "soft"),
        *(paragraph(f"Note: {words}.", "soft") for words in report.notes),
        *(paragraph(words) for words in drifts),
        table(COLUMNS, [_row(of) for of in report.slices]),
    )


def _row(of: Slice) -> list[str]:
    low, high = of.coverage_interval
    bias = f"{math.exp(of.bias_log):.2f}x"
    if of.posts > 1:
        bias += f" ({math.exp(of.bias_interval[0]):.2f} to {math.exp(of.bias_interval[1]):.2f})"
    return [
        escape(of.target),
        escape(of.by),
        escape(of.name.replace("_", " ")),
        f"{of.n:,}",
        f"{percent(of.coverage_80)} ({percent(low)} to {percent(high)})",
        bias,
        UNKNOWN if of.total_ratio is None else f"{of.total_ratio:.2f}",
    ]
