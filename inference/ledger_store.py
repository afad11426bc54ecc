"""Appends entries to the ledger, reads them back, and shows whether any was tampered with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Engine, func, insert, select

from inference.ledger_tables import LEDGER, make_tables
from reelcast.database import open_database, reading, writing

FIRST = "0" * 64  # what the first row's `previous` says
_LOOKED_UP = 400  # ids in one query


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact for the ledger: its kind, the id under which it is kept once, and what it says."""

    kind: str
    entry_id: str
    body: dict[str, Any]
    creator_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry whose body is its canonical JSON text: what waits in a queue, one object each."""

    kind: str
    entry_id: str
    text: str
    creator_id: str | None


def seal(entry: Entry | Sealed) -> Sealed:
    """The entry as text."""
    if isinstance(entry, Sealed):
        return entry
    text = canonical(entry.body).decode()
    return Sealed(entry.kind, entry.entry_id, text, entry.creator_id)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain holds: rows read, the last row's hash, and the first fault in words."""

    rows: int
    head: str
    fault: str | None


def canonical(body: Any) -> bytes:
    """The one JSON text of a body: keys sorted, no spaces.

    >>> canonical({"b": 1, "a": [1.5, None]})
    b'{"a":[1.5,null],"b":1}'
    """
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def chained(previous: str, kind: str, entry_id: str, body: str) -> str:
    """The hash of a row: of the row before it and of all that it says."""
    said = "\n".join((previous, kind, entry_id, body))
    return hashlib.sha256(said.encode()).hexdigest()


class Ledger:
    """The ledger in one database. Entries are appended; there is no way to change one."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _engine(self) -> Engine:
        engine = open_database(self._url)
        make_tables(engine)
        return engine

    def append(self, entries: Sequence[Entry | Sealed]) -> int:
        """How many entries were new; those whose id is there already are left as they are."""
        unique = {entry.entry_id: entry for entry in entries}
        if not unique:
            return 0
        with writing(self._engine) as connection:
            known = self._known(connection, list(unique))
            last = connection.execute(
                select(LEDGER.c.seq, LEDGER.c.hash).order_by(LEDGER.c.seq.desc()).limit(1)
            ).one_or_none()
            seq, previous = (last.seq, last.hash) if last else (0, FIRST)
            rows = []
            for entry in unique.values():
                if entry.entry_id not in known:
                    seq, row = seq + 1, _row(seq + 1, previous, seal(entry))
                    previous = row["hash"]
                    rows.append(row)
            if rows:
                connection.execute(insert(LEDGER), rows)
        return len(rows)

    @staticmethod
    def _known(connection: Any, ids: list[str]) -> set[str]:
        found: set[str] = set()
        for at in range(0, len(ids), _LOOKED_UP):
            part = ids[at : at + _LOOKED_UP]
            asked = select(LEDGER.c.entry_id).where(LEDGER.c.entry_id.in_(part))
            found |= set(connection.execute(asked).scalars())
        return found

    def read(self, kind: str, creator_id: str | None = None) -> list[Entry]:
        """All entries of a kind, in the order in which they came; of one creator where given."""
        asked = select(LEDGER).where(LEDGER.c.kind == kind).order_by(LEDGER.c.seq)
        if creator_id is not None:
            asked = asked.where(LEDGER.c.creator_id == creator_id)
        with reading(self._engine) as connection:
            return [
                Entry(row.kind, row.entry_id, orjson.loads(row.body), row.creator_id)
                for row in connection.execute(asked)
            ]

    def count(self, kind: str) -> int:
        """How many entries of a kind there are."""
        asked = select(func.count()).select_from(LEDGER).where(LEDGER.c.kind == kind)
        with reading(self._engine) as connection:
            return int(connection.execute(asked).scalar_one())

    def find(self, entry_id: str) -> Entry | None:
        """The entry with this id."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(LEDGER).where(LEDGER.c.entry_id == entry_id)
            ).one_or_none()
        if row is None:
            return None
        return Entry(row.kind, row.entry_id, orjson.loads(row.body), row.creator_id)

    def verify(self, expect: str | None = None) -> Verdict:
        """Whether each row's hash follows from the row before it and from what it says.

        `expect` is a last row's hash that was noted earlier: it must still be in the chain, so
        that rows cut off at the end, which leave a chain that holds, are seen too.
        """
        previous, rows = FIRST, 0
        met = expect in (None, FIRST)
        for row in self._rows():
            rows += 1
            fault = _fault(row, rows, previous)
            if fault:
                return Verdict(rows, previous, fault)
            previous = row.hash
            met = met or previous == expect
        return Verdict(rows, previous, None if met else _cut_off(rows, str(expect)))

    def _rows(self) -> Iterator[Any]:
        """All rows in their order, a thousand at a time."""
        after = -1
        while True:
            asked = select(LEDGER).where(LEDGER.c.seq > after).order_by(LEDGER.c.seq).limit(1000)
            with reading(self._engine) as connection:
                rows = connection.execute(asked).all()
            if not rows:
                return
            yield from rows
            after = rows[-1].seq

    def close(self) -> None:
        """Give the database's connections back."""
        if "_engine" in self.__dict__:
            self._engine.dispose()


def _row(seq: int, previous: str, entry: Sealed) -> dict[str, Any]:
    return {
        "seq": seq,
        "kind": entry.kind,
        "entry_id": entry.entry_id,
        "creator_id": entry.creator_id,
        "body": entry.text,
        "previous": previous,
        "hash": chained(previous, entry.kind, entry.entry_id, entry.text),
    }


def _cut_off(rows: int, expect: str) -> str:
    return (
        f"none of its {rows:,} rows has the hash {expect[:12]}...: rows were removed from its end, "
        "or it is another ledger or an older copy"
    )


def _fault(row: Any, number: int, previous: str) -> str | None:
    if row.seq != number:
        return f"row {number} is missing: the next one has number {row.seq}"
    if row.previous != previous:
        return f"row {number} does not follow from the row before it"
    if row.hash != chained(previous, row.kind, row.entry_id, row.body):
        return f"row {number} ({row.kind} {row.entry_id}) was changed after it was written"
    if row.creator_id != orjson.loads(row.body).get("creator_id"):
        return f"row {number} ({row.kind} {row.entry_id}) names another creator than its body"
    return None
