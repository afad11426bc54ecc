"""The posts of the SMP challenge 2025's video track, and their columns by what they are.

Statistics of authors, sounds and tags look at earlier training posts alone (benchmarks.smp).
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import evidence
from content_tagging.sentences import embed
from features.panel import F64

N_TRAIN = 3200
Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    """The posts, oldest first."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows: list[Row] = [json.loads(line) for line in lines]
    return sorted(rows, key=lambda row: (row["post_time"], row["pid"]))


def fields_of(rows: Sequence[Row], y: F64) -> dict[str, F64]:
    """Columns by what they are: plan, account, crawl, words, text; (n, k) each."""
    followers, videos = (_log(rows, f"user_{name}_count") for name in ("follower", "video"))
    likes = _log(rows, "user_likes_count")
    words = [row["post_suggested_words"] for row in rows]
    n_words = np.array([len(of) for of in words], np.float64)
    suggested = _components([" ".join(of) for of in words], 12)
    crawl = [likes, likes - videos, likes - followers, n_words]
    crawl += [_log(rows, f"user_{name}_count") for name in ("heart", "digg", "friend")]
    following = _log(rows, "user_following_count")
    return {
        "plan": np.column_stack([_plan(rows), _past(rows, y)]),
        "account": np.column_stack([followers, videos, following, followers - videos]),
        "crawl": np.column_stack(crawl),
        "words": np.column_stack([suggested, _earlier(words, y, 3.0)]),
        "text": _components([row["post_content"] or "" for row in rows], 8),
    }


def _log(rows: Sequence[Row], name: str) -> F64:
    return np.log1p(np.array([max(row[name] or 0, 0) for row in rows], np.float64))


def _plan(rows: Sequence[Row]) -> F64:
    at = [datetime.strptime(row["post_time"], "%Y-%m-%d %H:%M") for row in rows]
    tags = [(row["post_content"] or "").split(",") for row in rows]
    columns = [
        [t.hour + t.minute / 60 for t in at],
        [t.weekday() for t in at],
        [t.timestamp() / 86_400 for t in at],
        _log(rows, "video_duration"),
        _log(rows, "video_height"),
        [row["video_height"] / max(row["video_width"], 1) for row in rows],
        _log(rows, "music_duration"),
        [len(row["post_content"] or "") ** 0.5 for row in rows],
        [len(of) for of in tags],
        ["origin" in (row["music_title"] or "").lower() for row in rows],
        *(_code(rows, name) for name in ("post_text_language", "post_location", "video_ratio")),
    ]
    return np.column_stack([np.asarray(c, np.float64) for c in columns])


def _code(rows: Sequence[Row], name: str) -> list[int]:
    """Numbers of values in the order seen in training, -1 for those new later."""
    codes = {v: i for i, v in enumerate(dict.fromkeys(row[name] for row in rows[:N_TRAIN]))}
    return [codes.get(row[name], -1) for row in rows]


def _past(rows: Sequence[Row], y: F64) -> F64:
    """How earlier posts of the author, sound, place, language and tags did."""
    one = ("uid", 1.0), ("music_title", 3.0), ("post_location", 10.0), ("post_text_language", 10.0)
    parts = [_earlier([[row[name]] for row in rows], y, strength) for name, strength in one]
    tags = [sorted(set((row["post_content"] or "").lower().split(","))) for row in rows]
    return np.column_stack([*parts, _earlier(tags, y, 5.0)])


def _earlier(keys: Sequence[Sequence[str]], y: F64, strength: float) -> F64:
    """Mean and highest shrunk level of each row's keys in earlier training posts, and their number.

    Rows come by time; test posts teach nothing, not even later ones: (n, 3).
    """
    total: dict[str, float] = defaultdict(float)
    count: dict[str, int] = defaultdict(int)
    made = np.zeros((len(keys), 3))
    so_far = 0.0
    for i, own in enumerate(keys):
        levels = [total[key] / (count[key] + strength) for key in own if count[key]]
        made[i] = (np.mean(levels), max(levels), 0) if levels else (0, 0, 0)
        made[i, 2] = np.log1p(sum(count[key] for key in own))
        if i < N_TRAIN:
            against = y[i] - (so_far / i if i else y[0])
            so_far += y[i]
            for key in own:
                total[key] += against
                count[key] += 1
    return made


def _components(texts: Sequence[str], k: int) -> F64:
    """Components of sentence embeddings, fitted on training texts; an empty text is the mean."""
    vectors = np.asarray(embed(list(texts), evidence.CACHE), np.float64)
    known = ~np.isnan(vectors[:N_TRAIN, 0])
    mean = vectors[:N_TRAIN][known].mean(axis=0)
    vectors = np.where(np.isnan(vectors), mean, vectors) - mean
    _, _, axes = np.linalg.svd(vectors[:N_TRAIN][known], full_matrices=False)
    return np.asarray(vectors @ axes[:k].T)
