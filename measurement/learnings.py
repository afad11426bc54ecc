"""The library of learnings: findings with their evidence, kept in the lake, found by their words.

Search is SQLite's full-text index (FTS5, BM25, word stems), built from the table when asked: a
library has hundreds of findings, not millions.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime

import pyarrow as pa
from pydantic import Field

from reelcast.errors import InputError
from reelcast.mentions import without_mentions
from reelcast.plain import plain
from reelcast.records import Record
from reelcast.store import Lake, MergeCount
from reelcast.tables import TABLES

_TOKENS = "porter unicode61 remove_diacritics 2"


class Learning(Record):
    """A finding and what it rests on; `effect` with its interval where it is a number."""

    title: str = Field(min_length=3, max_length=200)
    text: str = Field("", max_length=5000)
    metric: str | None = Field(None, max_length=60)
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = Field(None, ge=0, description="posts or orders behind it")
    campaign_id: str | None = Field(None, max_length=100)
    post_ids: tuple[str, ...] = ()
    source: str = Field("person", max_length=100, description="who or what found it")

    @property
    def learning_id(self) -> str:
        """The finding's id: the same words on the same campaign are one finding."""
        said = "\0".join((self.title, self.text, self.campaign_id or "", self.metric or ""))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


UNITS = {"incremental_orders": " orders", "order_lag_days": " days", "code_leakage": "%"}


def effect_words(one: Learning) -> tuple[str, str]:
    """The effect with its unit, where one is known, and its interval; empty where there is none.

    >>> effect_words(Learning(title="abc", metric="code_leakage", effect=0.4, low=0.3, high=0.5))
    ('40%', '30 to 50%')
    """
    if one.effect is None:
        return "", ""
    unit = UNITS.get(one.metric or "", "")
    times = 100.0 if unit == "%" else 1.0
    between = ""
    if one.low is not None and one.high is not None:
        between = f"{one.low * times:.3g} to {one.high * times:.3g}{unit}"
    return f"{one.effect * times:.3g}{unit}", between


class Found(Learning):
    """A learning of the library, with its id and when it was saved."""

    id: str
    at: datetime


def add(lake: Lake, learnings: Iterable[Learning], now: datetime) -> MergeCount:
    """Save findings; the same one again changes nothing. Names and addresses are taken out.

    Raises InputError where a finding names a post that is not in the lake.
    """
    clean = [_clean(one) for one in learnings]
    _check_posts(lake, clean)
    known = set(lake.read_columns("learnings", ["learning_id"])["learning_id"].to_pylist())
    new = {one.learning_id: one for one in clean if one.learning_id not in known}
    rows = [
        {**one.model_dump(), "post_ids": list(one.post_ids), "learning_id": key, "at": now}
        for key, one in new.items()
    ]
    return lake.merge("learnings", pa.Table.from_pylist(rows, TABLES["learnings"].schema))


def search(
    lake: Lake,
    words: str = "",
    campaign_id: str | None = None,
    post_ids: Sequence[str] = (),
) -> list[Found]:
    """Findings that hold all the words (or their stems), best first; without words the latest.

    `campaign_id` keeps one campaign's, `post_ids` those that rest on any of these posts.
    """
    rows = sorted(lake.read("learnings").to_pylist(), key=lambda row: row["learning_id"])
    found = [
        Found(id=row["learning_id"], **{k: v for k, v in row.items() if k != "learning_id"})
        for row in rows
        if (campaign_id is None or row["campaign_id"] == campaign_id)
        and (not post_ids or set(post_ids) & set(row["post_ids"] or ()))
    ]
    if not words.strip():
        return sorted(found, key=lambda one: one.at, reverse=True)
    return [found[i] for i in _ranked(found, words)]


def _ranked(found: Sequence[Found], words: str) -> list[int]:
    asked = " ".join(f'"{word}"*' for word in re.findall(r"\w+", words))
    if not asked:
        return []
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"CREATE VIRTUAL TABLE said USING fts5(title, text, more, tokenize='{_TOKENS}')")
        db.executemany(
            "INSERT INTO said (rowid, title, text, more) VALUES (?, ?, ?, ?)",
            [
                (i, one.title, one.text, f"{one.metric or ''} {one.campaign_id or ''} {one.source}")
                for i, one in enumerate(found)
            ],
        )
        ranked = "SELECT rowid FROM said WHERE said MATCH ? ORDER BY bm25(said, 4, 1, 1), rowid"
        return [row for (row,) in db.execute(ranked, (asked,))]


def _clean(one: Learning) -> Learning:
    said = {name: without_mentions(plain(getattr(one, name))) for name in ("title", "text")}
    return one.model_copy(update=said)


def _check_posts(lake: Lake, learnings: Sequence[Learning]) -> None:
    named = sorted({post for one in learnings for post in one.post_ids})
    known = set(lake.read_keys("posts", named)["post_id"].to_pylist()) if named else set()
    missing = [post for post in named if post not in known]
    if missing:
        raise InputError(f"no post {missing[0]!r} in the lake: a finding rests on imported posts")
