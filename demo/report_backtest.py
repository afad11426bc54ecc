"""The report's test: predicted against actual, coverage by tier, errors beside the baselines."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np
import numpy.typing as npt

from demo.page import HALF_PX, UNKNOWN, Column, chart, legend, paragraph, percent, section, table
from demo.plots import Share, coverage_dots, predicted_against_actual
from reelcast.records import TIERS
from training.metrics import coverage, mae_log
from training.totals import total_against, total_words

PROMISED = 0.8
MAX_POINTS = 1500
Arrays = Mapping[str, npt.NDArray[np.generic]]
F64 = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_LEGEND_POINTS = (
    ('<circle class="inside" cx="13" cy="8" r="4"/>', "inside its 80% interval"),
    ('<circle class="outside" cx="13" cy="8" r="4"/>', "outside"),
    ('<line class="diagonal" x1="0" x2="26" y1="8" y2="8"/>', "forecast = actual"),
)
_LEGEND_COVERAGE = (
    ('<circle class="dot" cx="13" cy="8" r="5"/>', "measured"),
    ('<line class="whisker" x1="4" x2="22" y1="8" y2="8"/>', "its 95% interval"),
    ('<line class="promised" x1="13" x2="13" y1="0" y2="16"/>', "promised: 80%"),
)
_READING = (
    "The light bar is how sure the measurement itself is: few posts, long bar. Where it misses the "
    "dashed line, the interval of that tier promises too much (left) or is too wide (right)."
)
_BASELINES = {
    "q50": "reelcast",
    "last5_median": "median of the last 5 posts",
    "tier_median": "median of the tier",
    "followers_rate": "followers times the tier's rate",
    "true_median": "the truth without its noise (nothing does better for long)",
}


def backtest(arrays: Arrays) -> str:
    """Predicted against actual, coverage by tier, errors beside the baselines."""
    y, q10, q50, q90 = (_floats(arrays, name) for name in ("y", "q10", "q50", "q90"))
    inside = (y >= q10) & (y <= q90)
    shown = slice(None, None, max(1, -(-len(y) // MAX_POINTS)))
    said = (
        f"{len(y):,} of the latest posts, which the model had not seen, were forecast as of their "
        f"posting time. {percent(float(inside.mean()))} ended inside their 80% interval."
    )
    points = chart(
        lambda width_px: predicted_against_actual(q50[shown], y[shown], inside[shown], width_px),
        HALF_PX,
    )
    dots = chart(
        lambda width_px: coverage_dots(coverage_by_tier(arrays), PROMISED, width_px), HALF_PX
    )
    return section(
        "Predicted against actual",
        paragraph(said, "soft"),
        f'<div class="split"><div><h3>Each test post</h3>{legend(_LEGEND_POINTS)}{points}</div>'
        "<div><h3>Does the interval keep its promise?</h3>"
        f"{legend(_LEGEND_COVERAGE)}{dots}{paragraph(_READING, 'soft')}</div></div>",
        _in_total(arrays),
        "<h3>By follower tier</h3>",
        _tier_table(arrays),
        "<h3>Beside the baselines</h3>",
        _baseline_table(arrays),
    )


def _in_total(arrays: Arrays) -> str:
    """How far the test posts' total lay from the sum of their means: what a budget leans on."""
    if "mean" not in arrays:
        return ""
    creator = np.unique(arrays["creator_id"], return_inverse=True)[1].astype(np.int64)
    said = total_words(
        "views", total_against(_floats(arrays, "mean"), _floats(arrays, "y"), creator)
    )
    why = (
        "Sums follow their largest posts: one creator who grows or one post that goes far moves "
        "them, and the next months need not miss on the same side."
    )
    return f"<h3>In total</h3>{paragraph(f'{said[0].upper()}{said[1:]}. {why}', 'soft')}"


def coverage_by_tier(arrays: Arrays) -> list[Share]:
    """Coverage of the 80% interval overall and in each tier that has test posts."""
    y, q10, q90 = (_floats(arrays, name) for name in ("y", "q10", "q90"))
    return [_share(label, y[rows], q10[rows], q90[rows]) for label, rows in slices(arrays)]


def slices(arrays: Arrays) -> list[tuple[str, Bools]]:
    """All test posts, then those of each tier: a name and (n,) booleans."""
    tier = np.asarray(arrays["tier"]).astype(str)
    named = [(name, tier == name) for name in (*(name for name, _ in TIERS), "unknown")]
    return [("all", np.ones(len(tier), bool)), *((n, rows) for n, rows in named if rows.any())]


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95% interval of a share measured on `n` (Wilson 1927).

    >>> tuple(round(edge, 3) for edge in wilson(0.8, 100))
    (0.711, 0.867)
    """
    z = 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def _share(label: str, y: F64, q10: F64, q90: F64) -> Share:
    share = coverage(y, q10, q90)
    return Share(label, len(y), share, *wilson(share, len(y)))


def _tier_table(arrays: Arrays) -> str:
    columns = (
        Column("Tier", kind="name"),
        Column("Test posts", kind="num"),
        Column("Coverage", "% inside; promised 80%", "num"),
        Column("Width", "upper over lower edge", "num"),
        Column("Typical error", "median factor, posts with history", "num"),
        Column("Last-5 baseline's", "on the same posts", "num"),
    )
    y, q10, q50, q90, last5 = (
        _floats(arrays, name) for name in ("y", "q10", "q50", "q90", "last5_median")
    )
    made = []
    for label, rows in slices(arrays):
        both = rows & ~np.isnan(last5)
        width = np.exp(np.median(np.log1p(q90[rows]) - np.log1p(q10[rows])))
        made.append(
            [
                label,
                f"{rows.sum():,}",
                percent(coverage(y[rows], q10[rows], q90[rows])),
                f"{width:.1f}x",
                _factor(y[both], q50[both]),
                _factor(y[both], last5[both]),
            ]
        )
    return table(columns, made)


def _factor(y: F64, forecast: F64) -> str:
    """The typical ratio between forecast and outcome, the larger over the smaller."""
    if not len(y):
        return UNKNOWN
    return f"{np.exp(np.median(np.abs(np.log1p(y) - np.log1p(forecast)))):.2f}x"


def _baseline_table(arrays: Arrays) -> str:
    """Errors on the same posts: those for which every forecast has a number."""
    y = _floats(arrays, "y")
    given = {name: _floats(arrays, name) for name in _BASELINES if name in arrays}
    known = ~np.isnan(np.column_stack(list(given.values()))).any(axis=1)
    if not known.any():
        return paragraph("No test post has a number from every forecast.", "soft")
    errors = {name: mae_log(y[known], values[known]) for name, values in given.items()}
    best = min((e, n) for n, e in errors.items() if n != "true_median")[1]
    columns = (
        Column("Forecast", kind="name"),
        Column("Mean absolute error", "log views", "num"),
        Column("Typical error", "median factor", "num"),
    )
    made = [
        [
            f'<span class="{"best" if name == best else ""}">{escape(_BASELINES[name])}</span>',
            f"{error:.3f}",
            _factor(y[known], given[name][known]),
        ]
        for name, error in sorted(errors.items(), key=lambda item: item[1])
    ]
    said = (
        f"On the {known.sum():,} test posts for which all of them have a number. "
        "A log error of 0.69 is a factor of 2."
    )
    return paragraph(said, "soft") + table(columns, made)


def _floats(arrays: Arrays, name: str) -> F64:
    return np.asarray(arrays[name], np.float64)
