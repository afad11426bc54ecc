"""Sums, rates and ratios over posts: of what is known, with intervals from how units differ.

Views of one post are alike: a share of pooled views is as sure as posts (or creators) are many,
not as views are. The units are creators, for posts of one are alike; of one creator, posts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from measurement import counts, money
from measurement.facts import Facts
from measurement.intervals import FEWEST_UNITS, clustered
from measurement.measured import Measured, Provenance
from reelcast.errors import InputError

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
FEW = f"no interval: how posts differ needs {FEWEST_UNITS} of them"
FEW_CREATORS = f"no interval: how creators differ needs {FEWEST_UNITS} of them"


@dataclass(frozen=True, slots=True)
class Under:
    """What holds for all slices of a campaign: currency, and what its conversions are called."""

    currency: str
    conversions: str  # purchases, installs, leads
    attributed: str  # how orders are credited, in words
    says_worth: bool = True  # whether any order of the campaign has a value
    units: I64 | None = None  # (k,) creators of the chosen slots; None: slots are the units


def units_of(facts: Facts, chosen: I64) -> I64 | None:
    """The creator of each chosen slot (k,); None where all are of one."""
    names = [facts.slots[i].creator_id for i in chosen]
    number = {name: at for at, name in enumerate(dict.fromkeys(names))}
    return np.array([number[name] for name in names], np.int64) if len(number) > 1 else None


def summed(name: str, of_posts: F64, of: Provenance) -> Measured:
    """The sum over posts; its note says where a post is unknown, and that reach is no union."""
    seen, n = int(np.isfinite(of_posts).sum()), len(of_posts)
    said = [f"of {seen} of {n} posts, others unknown"] if seen < n else []
    if name == "reach" and seen > 1:
        said.append("summed over posts: who saw two counts twice")
    made = counts.count(name, float(np.nansum(of_posts)), of)
    return made.model_copy(update={"note": "; ".join(said) or None})


def rate(
    made: Callable[[int, int], Measured], pair: tuple[F64, F64], under: Under
) -> list[Measured]:
    """The rate over the posts that know both parts of the pair (k,), none where no post does.

    Without a value, and why, where counts contradict.
    """
    a, b = known(*pair)
    if not len(b) or not b.sum():
        return []
    try:
        whole = made(round(a.sum()), round(b.sum()))
    except InputError as exc:  # more successes than trials: two sources that do not fit
        ends = {"value": None, "low": None, "high": None, "method": None, "note": str(exc)}
        return [made(0, round(b.sum())).model_copy(update=ends)]
    if whole.unit != "share":
        return [whole]
    return [over_units(whole, _by_unit(pair, under), under.units is not None)]


def over_units(whole: Measured, pair: tuple[F64, F64], are_creators: bool = False) -> Measured:
    """A share of counts with the interval that its units (n,) give, parts and wholes."""
    ends = clustered(*pair)
    name = "creators" if are_creators else "posts"
    if ends is None:
        why = FEW_CREATORS if are_creators else FEW
        said = why if whole.note is None else f"{whole.note}; {why}"
        return whole.model_copy(update={"low": None, "high": None, "method": None, "note": said})
    how = {"low": ends[0], "high": ends[1], "method": f"jackknife over {name}"}
    return whole.model_copy(update=how)


def ratio(
    of_ratio: money.Ratio,
    pair: tuple[F64, F64],
    under: Under,
    of: Provenance,
    note: str | None = None,
) -> list[Measured]:
    """A money ratio over the posts that know both parts of the pair (k,), none where none does."""
    _, below = known(*pair)
    if not len(below) or not below.sum():
        return []
    return [money.per_unit(of_ratio, *_by_unit(pair, under), under.currency, of, note)]


def known(a: F64, b: F64) -> tuple[F64, F64]:
    """Both, where both are known."""
    both = np.isfinite(a) & np.isfinite(b)
    return a[both], b[both]


def _by_unit(pair: tuple[F64, F64], under: Under) -> tuple[F64, F64]:
    """What is known of the pair, summed by unit."""
    over, below = known(*pair)
    if under.units is None:
        return over, below
    both = np.isfinite(pair[0]) & np.isfinite(pair[1])
    _, unit = np.unique(under.units[both], return_inverse=True)
    return (
        np.bincount(unit, over).astype(np.float64),
        np.bincount(unit, below).astype(np.float64),
    )
