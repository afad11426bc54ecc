"""Why a forecast is what it is: the inputs that moved its median most, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from features import calendar, content, history, shared
from features.gather import Questions
from features.panel import F64
from features.rows import Rows
from features.shown import MEASURE, OWN, WORDS
from features.state import TIER_NAMES
from reelcast.records import Driver
from reelcast.tables import TARGETS
from training.forecaster import TargetForecaster

_TOP = 5
_SHARED = {**shared.COLUMNS, **calendar.COLUMNS, OWN: content.own_content}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TEXT = "text"
_UNITS = {
    **dict.fromkeys(
        (
            "horizon",
            "days_since_last",
            "days_since_counted",
            "median_gap",
            "history_days",
            "days_to_holiday",
        ),
        "days",
    ),
    "duration": "s",
    "caption_length": "characters",
}
_RATES = ("like_rate", "comment_rate", "share_rate", "save_rate")
_YES_NO = ("holiday",)
_OWN_LIKE = ("own_duration", "own_hour", "own_sound", "own_hashtags", OWN)  # 0: no such posts
_DRAWN = (  # columns that are the typical level of creators alike where no count is known
    "pooled_mean",
    "fast_fading_mean",
    "fading_mean",
    "slow_fading_mean",
    "week_mean",
    "month_mean",
    "quarter_mean",
)
_TYPICAL = "the typical post of creators like this"
_HOURS = {"hour": "the hour of posting", "local_hour": "the hour of posting where they live"}
_OF_VIDEO = {
    **{group: f"the video's {group}" for group in ("hook", "format", "theme")},
    "cta": "the video's call to action",
    MEASURE: "what was measured of the video",
    WORDS: "what is said in the video",
}


def drivers(
    forecaster: TargetForecaster,
    rows: Rows,
    asked: Questions,
    alike: Sequence[str],
    usual_rates: F64,
) -> list[tuple[Driver, ...]]:
    """For each row the level that it starts from, then the strongest contributions.

    `alike` says who creators alike are beside their tier ("", ", niche food"), `usual_rates` (4,)
    their log rates per view (State.rate_mean). Columns that are one
    thing to a person (the hour's sine and cosine, the text's components) count together, and inputs
    that are not known are left out.
    """
    names, (order, starts) = _groups(forecaster.columns)
    parts = np.add.reduceat(forecaster.contributions(rows)[:, order], starts, axis=1)
    values = rows.pick(forecaster.columns)
    grouped = values[:, order]
    absent = _not_given(names, asked) | np.logical_and.reduceat(np.isnan(grouped), starts, axis=1)
    absent |= (grouped[:, starts] == 0) & np.isin(names, _OWN_LIKE)
    for rate, usual in zip(_RATES, usual_rates, strict=True):  # no own one is known: the usual one
        at = names.index(rate)
        absent[:, at] |= np.isclose(grouped[:, starts[at]], usual, rtol=0, atol=1e-9)
    new = np.flatnonzero(_is_new(forecaster.target, rows))
    first, *others = [names.index(f"{forecaster.target}_{name}") for name in _DRAWN]
    for other in others:  # one thing to a person where no count is known
        parts[new, first] += parts[new, other]
        absent[new, other] = True
    strongest = np.argsort(-np.where(absent, -1.0, np.abs(parts)), axis=1)[:, :_TOP]
    typical = {(i, first): _TYPICAL for i in new.tolist()}
    return [
        (
            _level(forecaster.target, rows, i, alike[i]),
            *(
                _driver(
                    (forecaster, names[g], values[i]),
                    float(np.exp(parts[i, g])),
                    typical.get((i, g)),
                )
                for g in strongest[i].tolist()
                if not absent[i, g]
            ),
        )
        for i in range(len(rows))
    ]


def _is_new(target: str, rows: Rows) -> npt.NDArray[np.bool_]:
    """Of which rows (n,) no earlier count is known."""
    return np.isnan(rows.last5_median[:, TARGETS.index(target)])


def _not_given(names: Sequence[str], asked: Questions) -> npt.NDArray[np.bool_]:
    """Which groups (n, n_groups) speak of what the draft does not give."""
    no_text = np.array([not text for text in asked.texts], bool)
    not_given = {
        **dict.fromkeys(("caption_length", "n_hashtags"), no_text),
        **dict.fromkeys(
            ("duration", "duration_vs_own", "own_duration"), np.isnan(asked.duration_s)
        ),
        _TEXT: asked.is_unsaid,
        "own_sound": asked.sound == 0,
        "own_hashtags": ~(asked.hashtags != 0).any(axis=1),
    }
    none = np.zeros(len(asked), bool)
    return np.column_stack([not_given.get(name, none) for name in names])


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
    tier = TIER_NAMES[rows.tier[i]]
    whose = "creators with unknown followers" if tier == "unknown" else f"the {tier} tier"
    words = (
        f"starts from the creator's recent average, {level:,.0f} {target} "
        f"(typical of the tier{alike}: {typical:,.0f})"
    )
    if _is_new(target, rows)[i]:
        words = (
            f"starts from the typical post of {whose}{alike}, {level:,.0f} {target}: "
            "no earlier count of the creator's own is known"
        )
    return Driver(
        feature="level", value=_rounded(float(level)), factor=round(factor, 3), words=words
    )


def _driver(of: tuple[TargetForecaster, str, F64], factor: float, instead: str | None) -> Driver:
    """`instead` goes before the column's own words."""
    words, value, shown = _meaning(*of)
    effect = "raises" if factor >= 1 else "lowers"
    return Driver(
        feature=of[1],
        value=value,
        factor=round(factor, 3),
        words=f"{instead or words}{shown} {effect} the median by {abs(factor - 1):.0%}",
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
    if name in _YES_NO:
        return words, value, f" ({'yes' if value else 'no'})"
    if kind == "day":
        return words, value, f" ({_DAYS[int(value)]})"
    if kind == "rate":
        return words, _rounded(float(np.exp(value))), f" ({np.exp(value):.2%})"
    if kind == "ratio":
        return words, _rounded(float(np.exp(value))), f" ({np.exp(value):.2f} times)"
    count = float(np.expm1(value)) if kind == "count" else value
    said = f"{count:,.0f}" if count >= 100 else f"{count:.3g}"
    unit = _UNITS.get(name, "")
    one = unit.removesuffix("s") if said == "1" and unit != "s" else unit
    return words, _rounded(count), f" ({said} {one})" if one else f" ({said})"


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
