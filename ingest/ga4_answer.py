"""The rows of Google Analytics' answers, in which names and values stand apart."""

from __future__ import annotations

from collections.abc import Iterator

_PARTS = (("dimensionHeaders", "dimensionValues"), ("metricHeaders", "metricValues"))


def is_report(page: object) -> bool:
    """Whether this is an answer of runReport, or of batchRunReports.

    >>> is_report({"dimensionHeaders": [], "rows": []}), is_report({"reports": []}), is_report(1)
    (True, False, False)
    """
    if not isinstance(page, dict):
        return False
    reports = page.get("reports")
    if isinstance(reports, list):
        return any(map(is_report, reports))
    return isinstance(page.get("dimensionHeaders"), list)


def report_rows(page: object) -> Iterator[object]:
    """The rows as records, a row that is none as it stands.

    >>> row = {"dimensionValues": [{"value": "20260901"}]}
    >>> [*report_rows({"dimensionHeaders": [{"name": "date"}], "rows": [row, 7]})]
    [{'date': '20260901'}, 7]
    """
    if not is_report(page) or not isinstance(page, dict):
        yield page
        return
    for report in page.get("reports") or [page]:
        for row in report.get("rows") or ():
            yield _record(report, row) if isinstance(row, dict) else row


def _record(report: dict[str, object], row: dict[str, object]) -> dict[str, object]:
    record: dict[str, object] = {}
    for headers, cells in _PARTS:
        names = [_of(each, "name") for each in _listed(report.get(headers))]
        record |= zip(
            map(str, names), (_of(each, "value") for each in _listed(row.get(cells))), strict=False
        )
    return record


def _listed(given: object) -> list[object]:
    return given if isinstance(given, list) else []


def _of(given: object, key: str) -> object:
    return given.get(key) if isinstance(given, dict) else None
