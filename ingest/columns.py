"""Turns the columns of a batch into the values of canonical fields, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from ingest import parsers_campaign, times, values
from ingest.mapping import Column, Mapping
from ingest.sources import Bad, Batch
from reelcast.zones import zone_of

Parser = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell cannot be used."""

    text: str


@dataclass(slots=True)
class Reader:
    """Reads a table's cells as a mapping says.

    `time_zone` is for times without one; `salt` hashes ids. What a whole column tells (which time
    format, whether shares are percentages) is decided at its first batch and then kept.
    """

    mapping: Mapping
    header: tuple[str, ...]
    time_zone: str | None
    salt: str
    platform: str | None
    found: dict[str, tuple[str, ...]] = field(init=False)
    _parsers: dict[str, Parser] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.found = match(self.mapping, self.header)

    def read(self, batch: Batch) -> tuple[dict[str, list[object]], list[Bad]]:
        """The values of each field, and the cells that cannot be used (None among the values)."""
        fields: dict[str, list[object]] = {}
        bad: list[Bad] = []
        for name in self.found:
            raw = self._raw(name, batch)
            fields[name] = convert(raw, self._parser(name, raw))
            bad += self._blame(name, fields[name], raw, batch.lines)
        return fields, bad

    def _raw(self, name: str, batch: Batch) -> Sequence[object]:
        column = self.mapping.read[name]
        parts = [pick(batch.columns, source, len(batch.lines)) for source in self.found[name]]
        if column.join and len(parts) > 1:
            return [_joined(cells) for cells in zip(*parts, strict=True)]
        return (
            parts[0] if len(parts) == 1 else [_first(cells) for cells in zip(*parts, strict=True)]
        )

    def _blame(
        self, name: str, cells: list[object], raw: Sequence[object], lines: list[int]
    ) -> list[Bad]:
        bad = []
        source = self.found[name][0]
        for row, cell in enumerate(cells):
            if isinstance(cell, Reason):
                bad.append(Bad(lines[row], source, raw[row], cell.text))
                cells[row] = None
        return bad

    def _parser(self, name: str, raw: Sequence[object]) -> Parser:
        if name not in self._parsers:
            self._parsers[name] = self._make(name, raw)
        return self._parsers[name]

    def _make(self, name: str, raw: Sequence[object]) -> Parser:
        column, kind = self.mapping.read[name], self.mapping.kind(name)
        parser = (
            self._identity(name, column, kind)
            or parsers_campaign.parser_of(kind, name, column.prefix, self.salt, self.platform)
            or self._plain(name, kind, raw)
        )
        if not (column.empty or column.values):
            return parser
        means: dict[str, str | None] = {text.casefold(): None for text in column.empty}
        means |= {text.casefold(): meant for text, meant in column.values.items()}
        return lambda cell: parser(means.get(str(cell).strip().casefold(), cell))

    def _plain(self, name: str, kind: str, raw: Sequence[object]) -> Parser:
        column = self.mapping.read[name]
        if kind in _PARSERS:
            return _PARSERS[kind]
        if kind == "list":
            return partial(values.text_list, separator=column.separator)
        if kind == "share":
            return partial(values.share, percent=looks_percent(raw))
        if kind == "yearless_date" and name == "day":
            return partial(_yearless, partial(times.day, rule=times.TimeRule()))
        zone = column.zone or self.time_zone
        rule = times.TimeRule(
            zone_of(zone) if zone else None,
            times.choose_formats(raw, column.formats),
            column.at,
            column.read_offset_as,
        )
        moment = partial(times.moment if kind != "date" else times.day, rule=rule)
        return partial(_yearless, moment) if kind == "yearless_date" else moment

    def _identity(self, name: str, column: Column, kind: str) -> Parser | None:
        """Ids are hashed or prefixed after they are read."""
        if kind not in ("id", "link_id", "link_handle"):
            return None
        parser = _PARSERS[kind]
        if name == "creator":
            return partial(_unhashed, parser, column.prefix) if column.hash is False else parser
        if column.hash:
            return partial(
                _hashed, parser, f"{name.removesuffix('_id')}|{self.platform}", self.salt
            )
        return partial(_unhashed, parser, column.prefix)


def match(mapping: Mapping, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns of the header that each field of the mapping reads, in the mapping's order.

    Names are compared without case and surrounding space.
    """
    known = {name.strip().casefold(): name for name in header}
    found: dict[str, tuple[str, ...]] = {}
    for name, column in mapping.read.items():
        there = [known.get(s.strip().casefold()) or _pattern(s, header) for s in column.names]
        if any(there):
            found[name] = tuple(dict.fromkeys(source for source in there if source))
    return found


def unused(header: Sequence[str], found: Iterable[tuple[str, ...]]) -> list[str]:
    """The columns that no field reads."""
    used = {source for sources in found for source in sources}
    stars = [_regex(source) for source in used if "*" in source]
    heads = {source.split(".*")[0] for source in used if "*" in source}
    return [
        name
        for name in header
        if name and name not in used | heads and not any(star.fullmatch(name) for star in stars)
    ]


def pick(columns: dict[str, Sequence[object]], source: str, rows: int) -> Sequence[object]:
    """The cells of a column; of "tags.*.name" lists, from numbered columns or nested lists."""
    if source in columns:
        return columns[source]
    if "*" not in source:
        return [None] * rows
    head, _, tail = source.partition(".*")
    if head in columns:
        return [_items(cell, tail.lstrip(".")) for cell in columns[head]]
    star = _regex(source)
    parts = [cells for name, cells in columns.items() if star.fullmatch(name)]
    if not parts:
        return [None] * rows
    return [[c for c in cells if values.cell_text(c)] for cells in zip(*parts, strict=True)]


def convert(cells: Sequence[object], parser: Parser) -> list[object]:
    """Each cell parsed, equal cells once; a Reason where it cannot be used.

    >>> convert(["1", None, "x"], values.count)
    [1, None, Reason(text='is not a number')]
    """
    known: dict[object, object] = {_key(None): None}
    made: list[object] = []
    for cell in cells:
        key = cell if type(cell) is str else _key(cell)
        if key not in known:
            known[key] = _try(parser, cell)
        made.append(known[key])
    return made


def looks_percent(cells: Iterable[object]) -> bool:
    """Whether bare shares are percentages: one of them is above 1.

    >>> looks_percent(["0.31", "38.5"]), looks_percent([0.2, "38%"])
    (True, False)
    """
    for cell in cells:
        try:
            if values.number(values.cell_text(cell)) > 1:
                return True
        except ValueError:
            continue
    return False


def _key(cell: object) -> tuple[object, ...]:
    """What equal cells of one type share: 1 and True are not equal here."""
    return (type(cell), *map(str, cell)) if isinstance(cell, list) else (type(cell), cell)


def _try(parser: Parser, cell: object) -> object:
    try:
        return parser(cell)
    except (ValueError, OverflowError, ArithmeticError) as exc:
        return Reason(str(exc))


def _unhashed(parser: Parser, prefix: str, cell: object) -> str | None:
    text = parser(cell)
    return None if text is None else f"{prefix}{text}"


def _hashed(parser: Parser, kind: str, salt: str, cell: object) -> str | None:
    text = parser(cell)
    return None if text is None else values.salted(kind, str(text), salt)


def _log2(cell: object) -> float | None:
    text = values.cell_text(cell)
    return None if text is None else values.number(text)


def _age_h(cell: object) -> float | None:
    age = _log2(cell)
    if age is not None and age < 0:
        raise ValueError("is an age below zero: counted before it was published")
    return age


def _yearless(parser: Parser, cell: object) -> object:
    """Month and day as a pair where the cell gives no year; rows.py finds the year."""
    text = values.cell_text(cell)
    return None if text is None else times.month_day(text) or parser(text)


def _joined(cells: Iterable[object]) -> str | None:
    texts = [text for cell in cells if (text := values.cell_text(cell))]
    return "\n".join(texts) or None


def _first(cells: Iterable[object]) -> object:
    return next((cell for cell in cells if cell is not None and cell != ""), None)


def _items(cell: object, key: str) -> list[object] | None:
    if not isinstance(cell, list):
        return None
    return [item.get(key) if isinstance(item, dict) else item for item in cell]


def _pattern(source: str, header: Sequence[str]) -> str | None:
    if "*" not in source:
        return None
    head, star = source.split(".*")[0], _regex(source)
    return source if any(name == head or star.fullmatch(name) for name in header) else None


def _regex(source: str) -> re.Pattern[str]:
    return re.compile(re.escape(source).replace(r"\*", r"\d+"))


_PARSERS: dict[str, Parser] = {
    "text": values.short_text,
    "caption": values.caption,
    "id": values.identifier,
    "link_id": values.link_id,
    "link_handle": values.link_handle,
    "count": values.count,
    "signed_count": values.signed_count,
    "seconds": values.duration_s,
    "milliseconds": partial(values.duration_s, unit_s=0.001),
    "minutes": partial(values.duration_s, unit_s=60),
    "hours": partial(values.duration_s, unit_s=3600),
    "percent": partial(values.share, percent=True),
    "fraction": values.share,
    "flag": values.flag,
    "age_h": _age_h,
    "log2_per_day": _log2,
}
