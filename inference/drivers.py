"""Why a forecast is what it is: the inputs that moved its median most, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from features import calendar, content, history, shared
from features.panel import F64
from features.rows import Rows
from features.shown import MEASURE, OWN, WORDS
from reelcast.records import Driver
from reelcast.tables import TARGETS
from training.forecaster import TargetForecaster

_TOP = 5
_SHARED = {**shared.COLUMNS, **calendar.COLUMNS, OWN: content.own_content}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TEXT = "text"
_HOURS = {"hour": "the hour of posting", "local_hour": "the hour of posting where they live"}
_OF_VIDEO = {
    **{group: f"the video's {group}" for group in ("hook", "format", "theme")},
    "cta": "the video's call to action",
    MEASURE: "what was measured of the video",
    WORDS: "what is said in the video",
}


def drivers(
    forecaster: TargetForecaster, rows: Rows, alike: Sequence[str]
) -> list[tuple[Driver, ...]]:
    """For each row the creator's level against that of creators alike, then the strongest
    contributions. `alike` says who they are beside their tier ("", ", niche food").


    Columns that are one thing to a person (the hour's sine and cosine, the text's components)
    count together.
    """
    names, groups = _groups(forecaster.columns)
    contributions = np.add.reduceat(forecaster.contributions(rows)[:, groups[0]], groups[1], axis=1)
    strongest = np.argsort(-np.abs(contributions), axis=1)[:, :_TOP]
    values = rows.pick(forecaster.columns)
    return [
        (
            _level(forecaster.target, rows, i, alike[i]),
            *(
                _driver(forecaster, names[g], values[i], float(np.exp(contributions[i, g])))
                for g in strongest[i]
            ),
        )
        for i in range(len(rows))
    ]


@lru_cache(maxsize=64)
def _groups(columns: tuple[str, ...]) -> tuple[list[str], tuple[list[int], list[int]]]:
    """Names of groups; the columns' order by group, and where each group starts in it."""
    of_group: dict[str, list[int]] = {}
    for i, name in enumerate(columns):
        of_group.setdefault(_group(name), []).append(i)
    order = [i for members in of_group.values() for i in members]
    sizes = [len(members) for members in of_group.values()]
    return list(of_group), (order, [0, *np.cumsum(sizes[:-1]).tolist()])


def _group(name: str) -> str:
    first = name.removesuffix("_sin").removesuffix("_cos")
    if first in _HOURS:
        return first
    first = name.split("_", 1)[0]
    return first if first in (_TEXT, *_OF_VIDEO) else name


def _level(target: str, rows: Rows, i: int, alike: str) -> Driver:
    index = TARGETS.index(target)
    level, typical = np.expm1(rows.level[i, index]), rows.prior[i, index]
    factor = float((1 + level) / (1 + typical))
    return Driver(
        feature="level",
        value=_rounded(float(level)),
        factor=round(factor, 3),
        words=f"starts from the creator's recent average, {level:,.0f} {target} "
        f"(typical of the tier{alike}: {typical:,.0f})",
    )


def _driver(forecaster: TargetForecaster, name: str, row: F64, factor: float) -> Driver:
    words, value, shown = _meaning(forecaster, name, row)
    effect = "raises" if factor >= 1 else "lowers"
    return Driver(
        feature=name,
        value=value,
        factor=round(factor, 3),
        words=f"{words}{shown} {effect} the median by {abs(factor - 1):.0%}",
    )


def _meaning(forecaster: TargetForecaster, name: str, row: F64) -> tuple[str, float | None, str]:
    """A driver's words, its value as people count it (None: unknown), and that value in words."""
    if name == _TEXT:
        return "what the text says", None, ""
    if name in _OF_VIDEO:
        return _OF_VIDEO[name], None, ""
    columns = forecaster.columns
    if name in _HOURS:
        sine, cosine = (row[columns.index(f"{name}_{part}")] for part in ("sin", "cos"))
        if np.isnan(sine):
            return _HOURS[name], None, " (unknown)"
        hour = round(float(np.arctan2(sine, cosine)) / (2 * np.pi) * 24 % 24, 1)
        zone = " UTC" if name == "hour" else ""
        return _HOURS[name], hour, f" ({hour:.0f} h{zone})"
    value = float(row[columns.index(name)])
    words, kind = _column(name, forecaster.target)
    if np.isnan(value):
        return words, None, " (unknown)"
    if kind == "day":
        return words, value, f" ({_DAYS[int(value)]})"
    if kind == "rate":
        return words, _rounded(float(np.exp(value))), f" ({np.exp(value):.2%})"
    if kind == "ratio":
        return words, _rounded(float(np.exp(value))), f" ({np.exp(value):.2f} times)"
    count = float(np.expm1(value)) if kind == "count" else value
    return words, _rounded(count), f" ({count:,.0f})" if count >= 100 else f" ({count:.3g})"


def _column(name: str, target: str) -> tuple[str, str]:
    """A column's words, and how its value is to be read."""
    plain = name.removeprefix(f"{target}_")
    if name != plain and plain in history.COLUMNS:
        words = (history.COLUMNS[plain].__doc__ or plain).strip()
        return f"{words}, {target}", "ratio" if plain in history.DIFFERENCES else "count"
    words = (_SHARED[name].__doc__ or name).strip()
    if name.endswith("weekday"):
        return words, "day"
    if name in shared.RATES:
        return words, "rate"
    if name in shared.RATIOS or name == OWN:
        return words, "ratio"
    return words, "count" if name in shared.LOGS else "plain"


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
