"""Properties of the cell parsers."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import times, values

counts = st.integers(0, values.MAX_COUNT)


@given(counts)
def test_a_written_count_reads_back(n: int) -> None:
    for written in (n, float(n), str(n), f"{n:,}", f"{n:,}".replace(",", " "), f" {n}.0 "):
        assert values.count(written) == n


@given(st.integers(0, 9999), st.sampled_from(["K", "M", "万"]))
def test_a_suffixed_count_reads_back(tenths: int, suffix: str) -> None:
    scale = {"K": 1_000, "M": 1_000_000, "万": 10_000}[suffix]
    assert values.count(f"{tenths / 10}{suffix}") == tenths * scale // 10


@given(st.integers(1, 359_999))
def test_a_written_duration_reads_back(seconds: int) -> None:
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    iso = f"PT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}S"
    assert (
        values.duration_s(clock) == values.duration_s(iso) == values.duration_s(seconds) == seconds
    )


@given(st.integers(0, 1000))
def test_a_share_is_the_same_in_percent_and_as_a_fraction(tenths: int) -> None:
    assert values.share(f"{tenths / 10}%") == pytest.approx(values.share(tenths / 1000), abs=1e-9)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_a_written_time_reads_back(at: datetime) -> None:
    at = at.replace(microsecond=0)
    rule = times.TimeRule()
    for written in (at, at.isoformat(), str(at), int(at.timestamp()), int(at.timestamp() * 1000)):
        assert times.moment(written, rule) == at


@given(st.dates(datetime(2001, 1, 1).date(), datetime(2080, 1, 1).date()), st.integers(1, 700))
def test_days_without_a_year_get_their_years_back(start: object, length: int) -> None:
    days = [start + timedelta(days=step) for step in range(length)]  # type: ignore[operator]
    cells = [times.month_day(f"{day:%B} {day.day}") for day in days]
    assert times.with_years(cells, days[0].year, days[-1]) == days
    assert times.with_years(cells, None, days[-1]) == days
    assert times.with_years(cells[::-1], days[0].year, days[-1]) == days[::-1]


@given(st.text())
def test_no_text_breaks_a_parser(text: str) -> None:
    parsers = (
        values.count, values.signed_count, values.duration_s, values.share, values.flag,
        values.identifier, values.link_id, values.link_handle, values.caption, values.text_list,
    )  # fmt: skip
    for parser in (*parsers, lambda cell: times.moment(cell, times.TimeRule())):
        with contextlib.suppress(ValueError):
            parser(text)  # type: ignore[operator]


@given(st.text(), st.text(alphabet="abc._1", min_size=1).filter(lambda name: name.strip(".")))
def test_a_caption_keeps_no_mention(text: str, name: str) -> None:
    assert f"@{name.rstrip('.')}z9" not in str(values.caption(f"{text} @{name}z9 hi"))


@pytest.mark.parametrize(
    "cell", ["1.5", -1, float("nan"), float("inf"), True, "abc", "1e5", 10**13]
)
def test_what_is_no_count_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match=r"^is "):
        values.count(cell)
