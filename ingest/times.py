"""Parsers of times and dates: zones, epochs, months in words, dates without a year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo

from ingest.values import cell_text

EARLIEST, LATEST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
NO_ZONE = "has no time zone: give --timezone, e.g. Europe/Berlin"
_OFFSET = re.compile(r"([+-]\d\d):?(\d\d)$")
_DIGITS = re.compile(r"^\d{8,17}(?:\.\d+)?$")
_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), 1)
}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()}


@dataclass(frozen=True, slots=True)
class TimeRule:
    """How a column's times read: formats tried in order before ISO 8601 and epochs.

    `at` completes a date without a time of day. `read_offset_as` corrects offsets that a source
    writes wrongly. Without a `zone`, times that name none cannot be used.
    """

    zone: tzinfo | None = UTC
    formats: Sequence[str] = ()
    at: time = time(0)
    read_offset_as: Mapping[str, str] = field(default_factory=dict)


def moment(cell: object, rule: TimeRule) -> datetime | None:
    """The UTC time of a cell: datetime, epoch (s or ms), one of the rule's formats, ISO 8601.

    >>> str(moment("2025-05-21 09:44:45", TimeRule()))
    '2025-05-21 09:44:45+00:00'
    >>> str(moment(1604768557, TimeRule())), moment("", TimeRule())
    ('2020-11-07 17:02:37+00:00', None)
    >>> str(moment("03/27/2026 06:08", TimeRule(formats=("%m/%d/%Y %H:%M",))))
    '2026-03-27 06:08:00+00:00'
    """
    if isinstance(cell, datetime):
        return _believable(_with_zone(cell, rule))
    if isinstance(cell, date):
        return _believable(_with_zone(datetime.combine(cell, rule.at), rule))
    text = cell_text(cell)
    if text is None:
        return None
    if _DIGITS.match(text) and "%Y%m%d" not in rule.formats:
        return _believable(_from_digits(text, rule))
    return _believable(_with_zone(_from_text(text, rule), rule))


def day(cell: object, rule: TimeRule) -> date | None:
    """The date of a cell that names its year.

    >>> day("2024-02-03", TimeRule())
    datetime.date(2024, 2, 3)
    """
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell
    found = moment(cell, TimeRule(UTC, rule.formats))
    return None if found is None else found.date()


def choose_formats(cells: Sequence[object], formats: Sequence[str]) -> tuple[str, ...]:
    """The formats, the one that reads most of `cells` first; ties stay in the order given.

    >>> choose_formats(["02-06-2016", "25-09-2024"], ["%m-%d-%Y", "%d-%m-%Y"])
    ('%d-%m-%Y',)
    """
    if len(formats) < 2:
        return tuple(formats)
    texts = {text for text in map(cell_text, cells) if text}
    reads = {form: sum(_reads(text, form) for text in texts) for form in formats}
    best = max(reads.values())
    first = next(form for form in formats if reads[form] == best)
    if best == len(texts):
        return (first,)
    return (first, *(form for form in formats if form != first))


def month_day(cell: object) -> tuple[int, int] | None:
    """Month and day of a date without a year, None where it is none.

    >>> month_day("October 1"), month_day("1 de octubre"), month_day("2023-10-01")
    ((10, 1), (10, 1), None)
    """
    words = re.findall(r"[^\W\d_]+|\d+", str(cell or "").casefold())
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [int(word) for word in words if word.isdigit()]
    if len(months) != 1 or len(numbers) != 1:
        return None
    return months[0], numbers[0]


def with_years(
    cells: Sequence[tuple[int, int] | None], first_year: int | None, latest: date
) -> list[date | None]:
    """Dates for months and days in file order, the year changing between December and January.

    `first_year` is the year of the earliest date; None: the last possible year before `latest`.
    A day that its month does not have (February 30) is None.

    >>> [str(d) for d in with_years([(12, 31), (1, 1)], 2023, date(2024, 6, 1))]
    ['2023-12-31', '2024-01-01']
    >>> [str(d) for d in with_years([(1, 1), (12, 31)], None, date(2024, 6, 1))]
    ['2024-01-01', '2023-12-31']
    """
    steps, step, before = [], 0, None
    for cell in cells:
        if cell and before:
            step += _year_step(before, cell)
        before = cell or before
        steps.append(step)
    if first_year is not None:
        base = first_year - min(steps, default=0)
    else:
        ends = [(s, c) for s, c in zip(steps, cells, strict=True) if c]
        last = max(ends, default=(0, (1, 1)))
        base = latest.year - last[0] - (last[1] > (latest.month, latest.day))
    pairs = zip(steps, cells, strict=True)
    return [_date(base + s, c) if c else None for s, c in pairs]


def year_in(name: str) -> int | None:
    """The first year that a file's name gives, None where it gives none.

    >>> year_in("Overview_2023-10-01_2023-12-31.csv"), year_in("Overview.csv")
    (2023, None)
    """
    found = re.search(r"(?<!\d)(20[1-4]\d)(?=$|[^\d]|[01]\d[0-3]\d(?!\d))", name)
    return int(found[1]) if found else None


def date_in(name: str) -> str | None:
    """The last date that a file's name gives, ISO 8601; None where it gives none.

    >>> date_in("Overview_2023-10-01_2023-12-31.csv"), date_in("profile.json")
    ('2023-12-31', None)
    """
    found = re.findall(r"(?<!\d)(20[1-4]\d-[01]\d-[0-3]\d)(?!\d)", name)
    return found[-1] if found else None


def _from_digits(text: str, rule: TimeRule) -> datetime:
    value = float(text)
    if len(text) == 8:
        return _with_zone(datetime.combine(datetime.strptime(text, "%Y%m%d"), rule.at), rule)
    while value > 10**11:
        value /= 1000
    return datetime.fromtimestamp(value, UTC)


def _from_text(text: str, rule: TimeRule) -> datetime:
    for form in rule.formats:
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        return found if "%H" in form or "%I" in form else datetime.combine(found, rule.at)
    text = _corrected(text, rule)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            "is no time in a known form (ISO 8601, epoch, or the formats given)"
        ) from None
    return found if len(text) > 10 else datetime.combine(found, rule.at)


def _corrected(text: str, rule: TimeRule) -> str:
    offset = _OFFSET.search(text) if rule.read_offset_as else None
    if offset is None:
        return text
    given = f"{offset[1]}:{offset[2]}"
    return text[: offset.start()] + rule.read_offset_as.get(given, given)


def _with_zone(found: datetime, rule: TimeRule) -> datetime:
    if found.tzinfo is None and rule.zone is None:
        raise ValueError(NO_ZONE)
    return (found if found.tzinfo else found.replace(tzinfo=rule.zone)).astimezone(UTC)


def _believable(found: datetime) -> datetime:
    if not EARLIEST <= found < LATEST:
        raise ValueError(f"is the year {found.year}, no believable time of a post")
    return found.astimezone(UTC)


def _reads(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _year_step(before: tuple[int, int], now: tuple[int, int]) -> int:
    """+1 from December to January, -1 from January to December, else 0."""
    months = now[0] - before[0]
    return 1 if months < -6 else -1 if months > 6 else 0


def _date(year: int, month_and_day: tuple[int, int]) -> date | None:
    try:
        return date(year, *month_and_day)
    except ValueError:
        return None
