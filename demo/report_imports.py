"""The report's imports: files and rows by format, and what could not be used, with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from demo.page import UNKNOWN, Column, paragraph, section, table
from ingest import ImportReport

MAX_FAILURES = 50


def imports(reports: Sequence[ImportReport], failures: Sequence[Mapping[str, object]]) -> str:
    """Files and rows by format, and every row or cell that could not be used, with its reason."""
    rows = sum(report.rows_read for report in reports)
    left_out = sum(report.rows_failed for report in reports)
    seconds = sum(report.seconds for report in reports)
    said = (
        f"{len(reports):,} files with {rows:,} rows were read in {seconds:.1f} s. {left_out:,} "
        f"rows were left out. The {len(failures):,} rows and cells that could not be used are kept "
        "below, each with its reason: nothing is dropped in silence."
    )
    return section(
        "What was imported",
        paragraph(said, "soft"),
        _format_table(reports),
        f"<details><summary>All {len(reports):,} files</summary>{_file_table(reports)}</details>",
        "<h3>What could not be used</h3>",
        _failure_table(failures) if failures else paragraph("Nothing: every cell was read."),
    )


def _format_table(reports: Sequence[ImportReport]) -> str:
    columns = (
        Column("Format", kind="name"),
        Column("Files", kind="num"),
        Column("Rows read", kind="num"),
        Column("Rows left out", kind="num"),
        Column("New posts", kind="num"),
        Column("New counts of posts", "observations", "num"),
    )
    named = list(dict.fromkeys(report.format for report in reports))
    made = []
    for name in named:
        own = [report for report in reports if report.format == name]
        made.append([escape(name), f"{len(own):,}", *_sums(own)])
    return table(columns, made)


def _sums(reports: Sequence[ImportReport]) -> list[str]:
    new: Counter[str] = Counter()
    for report in reports:
        new.update({name: merged.inserted for name, merged in report.tables.items()})
    sums = (
        sum(report.rows_read for report in reports),
        sum(report.rows_failed for report in reports),
        new["posts"],
        new["post_observations"],
    )
    return [f"{value:,}" for value in sums]


def _file_table(reports: Sequence[ImportReport]) -> str:
    columns = (
        Column("File", kind="name"),
        Column("Recognised as"),
        Column("Rows read", kind="num"),
        Column("Rows left out", kind="num"),
        Column("Notes"),
    )
    return table(
        columns,
        [
            [
                escape(report.file),
                escape(report.format),
                f"{report.rows_read:,}",
                f"{report.rows_failed:,}",
                escape("; ".join(report.notes)) or UNKNOWN,
            ]
            for report in reports
        ],
    )


def _failure_table(failures: Sequence[Mapping[str, object]]) -> str:
    columns = (
        Column("File", kind="name"),
        Column("Line", kind="num"),
        Column("Column"),
        Column("Value"),
        Column("Reason"),
    )
    shown = [
        [_cell(row.get(name)) for name in ("file", "line", "column", "value", "reason")]
        for row in failures[:MAX_FAILURES]
    ]
    more = len(failures) - len(shown)
    return table(columns, shown) + (paragraph(f"and {more:,} more") if more > 0 else "")


def _cell(value: object) -> str:
    return UNKNOWN if value is None or value == "" else escape(str(value))
