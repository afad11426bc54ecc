"""Candidates as people write them: pasted rows of creator, fee and posts, told from the lake. Pure.

A creator is named by a handle or an id. Handles are hashed here; what is kept is the pseudonym.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from inference.directory import ANY
from ingest.values import count
from reelcast.errors import InputError
from reelcast.records import CreatorQuestion, creator_id_of
from reelcast.rosters import MOST_CANDIDATES, Candidate

COLUMNS = ("creator", "platform", "fee", "slots", "must", "followers", "niche")
_ALSO = {"handle": "creator", "creator_id": "creator", "posts": "slots", "name": "creator"}
_SEPARATORS = ("\t", ";", ",")


@dataclass(frozen=True, slots=True)
class Read:
    """Candidates in the order of their rows, and the handles that ids were made of."""

    candidates: tuple[Candidate, ...]
    handles: Mapping[str, str]


def read_candidates(text: str, known: Collection[str], salt: str | None) -> Read:
    """The candidates of CSV text, `known` being the ids of the lake.

    The first row names the columns, or the columns are creator, fee, slots. A creator who is not
    in the lake needs `platform` and `followers`. Raises InputError naming the line.

    >>> read_candidates("creator,fee,slots\\nc1,450,2", {"c1"}, None).candidates[0].slots
    2
    """
    rows = _rows(text)
    if not rows:
        raise InputError("no row is pasted: write e.g. creator,fee,slots and a row for each")
    head = [_column(cell) for cell in rows[0][1]]
    if "creator" in head:
        rows = rows[1:]
    else:
        head = ["creator", "fee", "slots"]
    found: dict[str, Candidate] = {}
    handles: dict[str, str] = {}
    for line, cells in rows:
        row = dict(zip(head, cells, strict=False))
        person, handle = _person(line, row, known, salt)
        name = person.creator_id or person.label or ""
        if name in found:
            raise InputError(f"line {line}: {row['creator']} is named twice")
        found[name] = _candidate(line, row, person)
        if handle is not None:
            handles[name] = handle
    if len(found) > MOST_CANDIDATES:
        raise InputError(f"{len(found)} candidates, at most {MOST_CANDIDATES}: plan in parts")
    return Read(tuple(found.values()), handles)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Line numbers and cells of the rows that are not empty."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    try:
        read = list(enumerate(csv.reader(text.splitlines(), delimiter=separator), 1))
    except csv.Error as exc:
        raise InputError(f"the pasted rows are no CSV: {exc}") from exc
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in read]
    return [(line, cells) for line, cells in rows if any(cells)]


def _column(cell: str) -> str:
    name = cell.lstrip("\ufeff").casefold()
    return _ALSO.get(name, name)


def _person(
    line: int, row: Mapping[str, str], known: Collection[str], salt: str | None
) -> tuple[CreatorQuestion, str | None]:
    """Who is meant, and the handle where one was written."""
    name = row.get("creator", "")
    if not name:
        raise InputError(f"line {line}: no creator is named")
    if name in known:
        return CreatorQuestion(creator_id=name), None
    if salt is None:
        raise InputError(f"line {line}: {name} is not in the lake: import an export first")
    platform = row.get("platform", "").lower()
    handle = "@" + name.lstrip("@")
    ids = [creator_id_of(of, name, salt) for of in ((platform,) if platform else ANY)]
    there = [of for of in ids if of in known]
    if there:
        return CreatorQuestion(creator_id=there[0]), handle
    followers = _whole(line, row, "followers")
    if followers is None or not platform:
        raise InputError(
            f"line {line}: {name} is not in the lake: import their posts, or give platform and "
            "followers in columns of these names"
        )
    new = CreatorQuestion(
        label=ids[0],
        platform=platform,
        followers=followers,
        niche=row.get("niche", "")[:200] or None,
        posts=(),
    )
    return new, handle


def _candidate(line: int, row: Mapping[str, str], person: CreatorQuestion) -> Candidate:
    given: dict[str, Any] = {"creator": person, "fee": _money(line, row.get("fee", ""))}
    for name in ("slots", "must"):
        value = _whole(line, row, name)
        given |= {} if value is None else {name: value}
    try:
        return Candidate(**given)
    except ValidationError as exc:
        said = "; ".join(of["msg"].removeprefix("Value error, ") for of in exc.errors())
        raise InputError(f"line {line}: {said}") from exc


def _money(line: int, cell: str) -> float:
    """An amount: 1,250.50 or 1250.5, with or without a currency's sign before it."""
    try:
        return float(cell.lstrip("$€£ ").replace(",", ""))
    except ValueError as exc:
        raise InputError(f"line {line}: fee {cell!r} is no number: write e.g. 450") from exc


def _whole(line: int, row: Mapping[str, str], name: str) -> int | None:
    try:
        return count(row.get(name))
    except ValueError as exc:
        raise InputError(f"line {line}: {name} {row[name]!r} {exc}") from exc
