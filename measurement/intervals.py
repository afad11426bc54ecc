"""Intervals of rates and ratios: Wilson, jackknife over units."""

from __future__ import annotations

from math import log, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from reelcast.errors import InputError
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
FEWEST_UNITS = 3  # two say nothing about spread
_FURTHEST = 50.0  # half an interval of log ratios of which nothing is known


def wilson(successes: float, trials: float, level: float = 0.95) -> tuple[float, float]:
    """The Wilson (1927) interval of a share.

    >>> [round(end, 4) for end in wilson(10, 100)]
    [0.0552, 0.1744]
    """
    check_share(successes, trials)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, below = successes / trials, 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / below
    half = z / below * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low = 0.0 if successes == 0 else max(middle - half, 0.0)
    high = 1.0 if successes == trials else min(middle + half, 1.0)
    return low, high


def clustered(parts: F64, wholes: F64, level: float = 0.95) -> tuple[float, float] | None:
    """The interval of the share sum(parts) / sum(wholes), both (n,), whose units differ.

    Delete-one jackknife, brought to the log odds, never narrower than chance in the counts alone
    makes it; Student's t with as many degrees of freedom as the units' sizes are worth (Kish), less
    one. None below three units. Wilson's where all or none are successes.

    >>> parts, wholes = np.array([50.0, 100.0, 150.0]), np.array([1000.0, 1000.0, 1000.0])
    >>> [round(end, 3) for end in clustered(parts, wholes)]
    [0.027, 0.306]
    """
    parts, wholes = parts[wholes > 0], wholes[wholes > 0]
    n, some, total = len(wholes), float(parts.sum()), float(wholes.sum())
    if n < FEWEST_UNITS:
        return None
    share = some / total
    if not 0 < share < 1:
        return wilson(round(some), round(total), level)
    error, times = _jackknife(parts, wholes, level)
    half = times * max(error, sqrt(share * (1 - share) / total))
    middle, reach = log(share / (1 - share)), half / (share * (1 - share))
    return _expit(middle - reach), _expit(middle + reach)


def ratio_of_sums(over: F64, below: F64, level: float = 0.95) -> tuple[float, float] | None:
    """The interval of sum(over) / sum(below), both (n,) of 0 or more, whose units differ.

    As `clustered`, in logs: for ratios that are no shares. None below three units, and where
    either sum is 0 or one unit holds all of `below`.

    >>> over, below = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0])
    >>> [round(end, 2) for end in ratio_of_sums(over, below)]
    [0.29, 3.46]
    """
    known = (over > 0) | (below > 0)
    over, below = over[known], below[known]
    if len(below) < FEWEST_UNITS or not over.sum() > 0 or (below > 0).sum() < 2:
        return None
    ratio = float(over.sum() / below.sum())
    error, times = _jackknife(over, below, level)
    reach = float(np.exp(min(times * error / ratio, _FURTHEST)))
    return ratio / reach, ratio * reach


def _jackknife(parts: F64, wholes: F64, level: float) -> tuple[float, float]:
    """The delete-one error of sum(parts) / sum(wholes), and how many of it an interval reaches."""
    n, some, total = len(wholes), float(parts.sum()), float(wholes.sum())
    without = (some - parts) / (total - wholes)
    error = sqrt((n - 1) / n * float(((without - some / total) ** 2).sum()))
    freedom = max(total**2 / float((wholes**2).sum()) - 1, 1.0)
    return error, float(require("scipy.stats").t.ppf((1 + level) / 2, freedom))


def difference_of_shares(
    exposed: tuple[int, int], control: tuple[int, int], level: float = 0.95
) -> tuple[float, float]:
    """Newcombe's (1998) interval of p_exposed - p_control, each given as successes, trials.

    His example, 56 of 70 against 48 of 80:

    >>> [round(end, 4) for end in difference_of_shares((56, 70), (48, 80))]
    [0.0524, 0.3339]
    """
    (a, n), (b, m) = exposed, control
    (low_a, high_a), (low_b, high_b) = wilson(a, n, level), wilson(b, m, level)
    p, q = a / n, b / m
    low = p - q - float(np.hypot(p - low_a, high_b - q))
    return low, p - q + float(np.hypot(high_a - p, q - low_b))


def _expit(log_odds: float) -> float:
    return float(np.exp(-np.logaddexp(0.0, -log_odds)))


def check_share(successes: float, trials: float) -> None:
    """Refuse counts that no share can have. Raises InputError."""
    if not 0 <= successes <= trials or trials == 0:
        raise InputError(f"{successes} of {trials} is no share: correct the counts")
