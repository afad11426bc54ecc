"""What test posts came to in total against the sum of their means: what a budget leans on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from features.panel import F64, I64
from measurement.intervals import ratio_of_sums
from training.metrics import MIN_CREATORS

ENGAGEMENTS = "engagements"
_ACTS = ("likes", "comments", "shares")
_KEPT = ["post_id", "creator_id", "y", "mean"]


def total_against(mean: F64, y: F64, creator: I64) -> dict[str, float | int | None]:
    """Sum of outcomes over sum of means (n,), with a 95% interval by how creators differ.

    A ratio above 1: more came than the means said. The interval is a jackknife over whole creators
    in logs, Student's t with as many degrees of freedom as their sizes are worth: sums hang on few
    of them (docs/experiments.md). None below 10 creators.

    >>> total_against(np.array([10.0, 30.0]), np.array([20.0, 60.0]), np.array([0, 1]))["ratio"]
    2.0
    """
    _, index = np.unique(creator, return_inverse=True)
    said, came = (np.bincount(index, of).astype(np.float64) for of in (mean, y))
    n, ratio = len(said), float(came.sum() / max(said.sum(), 1.0))
    ends = ratio_of_sums(came, said) if n >= MIN_CREATORS else None
    low, high = ends or (None, None)
    return {"ratio": ratio, "low": low, "high": high, "n": len(y), "n_creators": n}


def totals_of(tests: Mapping[str, pa.Table]) -> dict[str, dict[str, Any]]:
    """`total_against` of each target's test posts, and of engagements where all are forecast."""
    tables = {target: table.select(_KEPT) for target, table in tests.items()}
    if set(_ACTS) <= tables.keys():
        tables[ENGAGEMENTS] = _added([tables[name] for name in _ACTS])
    return {target: _of_table(table) for target, table in tables.items()}


def _added(tables: list[pa.Table]) -> pa.Table:
    """Outcomes and means summed over the tables, of the posts that all of them hold."""
    joined = tables[0]
    for number, table in enumerate(tables[1:]):
        own = table.select(["post_id", "y", "mean"])
        joined = joined.join(own, "post_id", join_type="inner", right_suffix=f"_{number}")
    joined = joined.sort_by("post_id")
    sums = {
        name: np.sum([joined[of].to_numpy() for of in joined.column_names if of.startswith(name)],
                     axis=0)
        for name in ("y", "mean")
    }  # fmt: skip
    return pa.table({"creator_id": joined["creator_id"], **sums})


def _of_table(table: pa.Table) -> dict[str, float | int | None]:
    mean, y = (np.asarray(table[name].to_numpy(), np.float64) for name in ("mean", "y"))
    creator = np.unique(table["creator_id"].to_pylist(), return_inverse=True)[1]
    return total_against(mean, y, creator.astype(np.int64))


def total_words(target: str, of: Mapping[str, Any]) -> str:
    """How far totals lay from means, in words.

    >>> of = {"ratio": 1.27, "low": 0.96, "high": 1.61, "n": 466, "n_creators": 52}
    >>> total_words("views", of).partition(" (")[0]
    'on test posts views summed to 27% more than the means'
    >>> total_words("views", of).partition(" (")[2]
    '466 posts of 52 creators; 95% interval 4% less to 61% more: no more than chance)'
    """
    posts = f"{of['n']:,} posts of {of['n_creators']:,} creators"
    said = f"on test posts {target} summed to {_than(of['ratio'])} the means"
    if of["low"] is None:
        return f"{said} ({posts}: too few for an interval)"
    between = f"95% interval {_apart(of['low'])} to {_apart(of['high'])}"
    return f"{said} ({posts}; {between}: {_verdict(of)})"


def is_off(of: Mapping[str, Any]) -> bool:
    """Whether totals lay off their means by more than how creators differ explains.

    That holds for the weeks tested: in others other creators rise (docs/concepts.md).
    """
    return of["low"] is not None and not of["low"] <= 1.0 <= of["high"]


def _verdict(of: Mapping[str, Any]) -> str:
    if is_off(of):
        return f"the means were too {'low' if of['ratio'] > 1 else 'high'} in those weeks"
    return "no more than chance"


def _than(ratio: float) -> str:
    return "as much as" if f"{ratio:.0%}" == "100%" else f"{_apart(ratio)} than"


def _apart(ratio: float) -> str:
    return f"{abs(ratio - 1):.0%} {'more' if ratio >= 1 else 'less'}"
