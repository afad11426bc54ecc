"""A table's batches -> rows of canonical tables, what failed, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from ingest import rows, rows_campaign
from ingest.columns import Reader, match, unused
from ingest.context import Context
from ingest.failures import OF_PEOPLE
from ingest.fields import POST_GRAINS
from ingest.folding import folded
from ingest.mapping import Mapping
from ingest.oddities import Oddities
from ingest.sources import Bad, Batch, Table
from reelcast.records import creator_id_of

MAX_NAMED = 20
Fields = dict[str, list[object]]


@dataclass(frozen=True, slots=True)
class Converted:
    """A batch's rows by table. `rows_failed` of its rows are left out, `rows_flagged` are kept."""

    tables: dict[str, pa.Table]
    failures: list[Bad]
    rows_read: int
    rows_failed: int
    rows_flagged: int


@dataclass(slots=True)
class Converter:
    """Converts one table of a file; what it saw in earlier rows it knows in later ones."""

    context: Context
    table: Table
    file: str
    notes: list[str] = field(default_factory=list)
    rows_left_out: int = 0
    reader: Reader = field(init=False)
    _odd: Oddities = field(init=False)
    _rows_read: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        context = self.context
        self.reader = Reader(
            context.mapping, self.table.header, context.zone_name, context.salt, context.platform
        )
        self._odd = Oddities(context.mapping.grain)

    @property
    def unused(self) -> list[str]:
        """The columns that nothing reads."""
        mapping = self.context.mapping
        asked = {*mapping.skip, *mapping.only, mapping.fold}
        left = unused(self.table.header, self.reader.found.values())
        return [name for name in left if name not in asked]

    def converted(self, batch_rows: int) -> Iterator[Converted]:
        """Each batch's rows, in order."""
        for batch in self._batches(batch_rows):
            if self.context.mapping.grain in POST_GRAINS:
                made = self._posts(batch)
            else:
                made = self._campaign(batch)
            yield made
        self.notes += self._notes_at_the_end()

    def _batches(self, batch_rows: int) -> Iterator[Batch]:
        mapping, found = self.context.mapping, self.reader.found
        wanted = self._wanted(batch_rows)
        if mapping.fold is None:
            yield from wanted
            return
        listed = set(found.get("codes", ()))
        columns = {name for names in found.values() for name in names}
        yield from folded(wanted, _as_written(mapping.fold, self.table.header), columns, listed)

    def _wanted(self, batch_rows: int) -> Iterator[Batch]:
        """The batches without the rows that the mapping skips."""
        for batch in self.table.batches(batch_rows):
            self._rows_read += len(batch.lines) + len(batch.bad)
            wanted = _wanted(batch, self.context.mapping)
            self.rows_left_out += len(batch.lines) - len(wanted.lines)
            yield wanted

    def _posts(self, batch: Batch) -> Converted:
        fields, bad_cells = self.reader.read(batch)
        self._note_assumptions(fields)
        fields = rows.complete(fields, len(batch.lines), self.context)
        unread = _rows_of(bad_cells, self.reader.found.get("observed_at"), batch.lines)
        rows.undated(fields, unread)
        bad_rows = rows.unusable(fields, batch.lines, self.reader.found, self.context)
        bad_cells += rows.too_early(fields, batch.lines)
        keep = [row for row in range(len(batch.lines)) if row not in bad_rows]
        tables = rows.tables_of(fields, keep, self.context.mapping)
        return self._made(tables, batch, bad_cells, bad_rows)

    def _campaign(self, batch: Batch) -> Converted:
        context, found, lines = self.context, self.reader.found, batch.lines
        fields, bad_cells = self.reader.read(batch)
        self._odd.zones(self.file, found, fields, bad_cells)
        if context.mapping.grain in OF_PEOPLE:
            rows_campaign.distrust(fields, lines, bad_cells, found.get("at", ()))
        fields = rows_campaign.complete(fields, lines, context, bad_cells, found)
        bad_rows = rows.unusable(fields, lines, found, context)
        bad_rows |= rows_campaign.unbelievable(fields, lines, context)
        bad_rows |= self._odd.again(fields, lines, bad_rows)
        bad_cells = self._odd.once(bad_cells, found)
        flags = [*rows_campaign.flagged(fields, lines, found, context)]
        flags += self._odd.currencies(fields, lines, found)
        lost = {lines[row] for row in bad_rows}
        bad_cells += [flag for flag in flags if flag.line not in lost]
        keep = [row for row in range(len(lines)) if row not in bad_rows]
        name, table = rows_campaign.table_of(fields, keep, context)
        return self._made({name: table}, batch, bad_cells, bad_rows)

    def _made(
        self, tables: dict[str, pa.Table], batch: Batch, cells: list[Bad], left_out: dict[int, Bad]
    ) -> Converted:
        """The batch's outcome; of a row's failures each column is named once."""
        first: dict[tuple[int, str], Bad] = {}
        told = self._odd.untold(left_out.values())
        for bad in (*batch.bad, *cells, *told):
            first.setdefault((bad.line, bad.column), bad)
        lost = {bad.line for bad in (*batch.bad, *left_out.values())}
        flagged = {bad.line for bad in cells} - lost
        read, self._rows_read = self._rows_read, 0
        failed = len(batch.bad) + len(left_out)
        return Converted(tables, [*first.values()], read, failed, len(flagged))

    def _note_assumptions(self, fields: Fields) -> None:
        """Note where the file's own time or a guessed year stands in for what the file lacks."""
        context, at = self.context, self.context.observed_at
        seen = fields.get("observed_at", [None])
        if context.observed_at_is_assumed and context.mapping.grain != "days" and None in seen:
            self.notes.append(
                f"counted at {at:%Y-%m-%d %H:%M} UTC, assumed from the file's name or its time: "
                "give --observed-at if that is wrong"
            )
        if _names_others(fields, context):
            self.notes.append(
                "names another account than --creator: its own is taken. If both are yours, give "
                "--creator the handle that this file names, else they become two creators"
            )
        yearless = any(isinstance(cell, tuple) for cells in fields.values() for cell in cells)
        if yearless and context.year is None:
            self.notes.append(
                f"dates have no year: the last years before {at.date()} assumed (--year)"
            )

    def _notes_at_the_end(self) -> list[str]:
        notes = self._odd.notes()
        if self.rows_left_out:
            notes.append(f"{self.rows_left_out:,} rows left out as `only` and `skip` say")
        return notes


def _names_others(fields: Fields, context: Context) -> bool:
    """Whether the rows are all of one account, and it is not the one given beside the file."""
    given, platform = context.creator, context.platform
    if given is None or platform is None:
        return False
    own = creator_id_of(platform, given, context.salt)
    named = {str(cell) for cell in fields.get("creator", ()) if cell is not None}
    return len(named) == 1 and creator_id_of(platform, named.pop(), context.salt) != own


def some(names: Iterable[str]) -> str:
    """The first names, and how many more there are.

    >>> some(["a", "b"])
    'a, b'
    """
    listed = list(names)
    more = f" and {len(listed) - MAX_NAMED} more" if len(listed) > MAX_NAMED else ""
    return ", ".join(listed[:MAX_NAMED]) + more


def _as_written(column: str, header: Sequence[str]) -> str:
    """The header's own spelling of a column."""
    found = match(Mapping.model_validate({"name": "fold", "columns": {"post_id": column}}), header)
    return found.get("post_id", (column,))[0]


def _wanted(batch: Batch, mapping: Mapping) -> Batch:
    """The batch without the rows that the mapping skips."""
    if not (mapping.skip or mapping.only):
        return batch
    keep = [True] * len(batch.lines)
    for rules, stays in ((mapping.skip, False), (mapping.only, True)):
        for column, cells in rules.items():
            named = {str(cell).casefold() for cell in cells}
            for row, cell in enumerate(batch.columns.get(column, ())):
                keep[row] &= (str(cell).strip().casefold() in named) is stays
    if all(keep):
        return batch
    kept = [row for row, wanted in enumerate(keep) if wanted]
    columns: dict[str, Sequence[object]] = {
        name: [cells[row] for row in kept] for name, cells in batch.columns.items()
    }
    return Batch(columns, [batch.lines[row] for row in kept], batch.bad)


def _rows_of(bad: list[Bad], sources: tuple[str, ...] | None, lines: list[int]) -> list[int]:
    """The positions of the rows whose cell in these columns is bad."""
    there = {each.line for each in bad if sources and each.column in sources}
    return [row for row, line in enumerate(lines) if line in there] if there else []
