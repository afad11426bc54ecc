"""How far a post has grown at an age: a prior curve, corrected by posts counted repeatedly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.panel import DAY_S, F64, I64, Panel

MATURE_DAYS = 30.0
_KNOTS = np.log([0.1, 0.5, 1.0, 2.0, 3.0, 4.0, 7.0, 14.0, MATURE_DAYS])
_PRIOR = (0.80, 0.70, 0.50, 0.40, 0.25, 0.20, 0.14, 0.0)
_PRIOR_PAIRS = 50.0  # pairs across a segment that weigh as much as the prior
_APART_DAYS = 0.5  # counts nearer to each other than this say little
_SLOPE_DOUBT = 0.2  # how far a collection's slopes lie from the prior's, from four collections
_MOST_GROWTH = 5.0  # log ratios beyond this are recounts or revivals, not growth


@dataclass(frozen=True, slots=True)
class Growth:
    """A piecewise power law: the slope of log count over log age between the knots' ages.

    The default slopes are medians over repeated counts of the same TikTok videos (Vietnam, 2025;
    docs/experiments.md; few pairs below one day).
    """

    slopes: tuple[float, ...] = _PRIOR

    def log_share(self, age_days: F64) -> F64:
        """Log of the share of its mature count that a post has at an age; 0 from 30 days on.

        >>> Growth().log_share(np.array([1.0, 7.0, 90.0])).round(2).tolist()
        [-0.79, -0.1, 0.0]
        """
        steps = np.array(self.slopes) * np.diff(_KNOTS)
        at_knots = np.concatenate([-np.cumsum(steps[::-1])[::-1], [0.0]])
        inside = np.clip(age_days, np.exp(_KNOTS[0]), MATURE_DAYS)
        return np.where(np.isnan(age_days), np.nan, np.interp(np.log(inside), _KNOTS, at_knots))


def growth_noise(age_days: F64) -> F64:
    """Standard deviation, in logs, of a post's own growth from `age_days` about the curve.

    The pairs, picked from a viral feed, show .45 at one day, falling with the root of the age;
    ordinary posts vary more, so a third is added (docs/experiments.md).

    >>> growth_noise(np.array([1.0, 4.0])).round(3).tolist()
    [0.6, 0.3]
    """
    return np.asarray(0.6 / np.sqrt(np.maximum(age_days, np.exp(_KNOTS[0]))))


def curve_doubt(n_pairs: int) -> float:
    """How far a curve's slopes may be wrong between two ages, as a standard deviation.

    Four collections counted repeatedly miss the prior's growth from 1, 2, 4, 7 and 10 days to about
    25 by .21 to .26 (root mean square) times the log of the ages' ratio, one of them by far the
    most (docs/adr/016). A collection's own pairs of counts take that away as they replace the
    prior.

    >>> round(curve_doubt(0), 2), round(curve_doubt(450), 2)
    (0.2, 0.06)
    """
    return _SLOPE_DOUBT * float(np.sqrt(_PRIOR_PAIRS / (_PRIOR_PAIRS + n_pairs)))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two counts of each post (n,): its index, both ages in days, the log of the counts' ratio."""

    post: I64
    younger_days: F64
    older_days: F64
    log_ratio: F64

    def __len__(self) -> int:
        return len(self.post)

    def take(self, rows: npt.NDArray[np.bool_]) -> Pairs:
        return Pairs(
            self.post[rows], self.younger_days[rows], self.older_days[rows], self.log_ratio[rows]
        )


def fit_growth(
    younger_days: F64, older_days: F64, log_ratio: F64, prior: Growth | None = None
) -> Growth:
    """The curve of pairs of counts (n,) of the same posts, shrunk to `prior` where pairs are few.

    Ridge regression of the log ratio on the log age that each segment between knots contributes;
    young pairs vary more and weigh less. Counts do not shrink, so slopes are at least 0.
    """
    low, high = np.log(np.maximum(younger_days, 0.1))[:, None], np.log(older_days)[:, None]
    across = np.minimum(high, _KNOTS[1:]) - np.maximum(low, _KNOTS[:-1])
    across = np.maximum(across, 0.0) / np.diff(_KNOTS)
    weight = 1.0 / (0.05 + growth_noise(younger_days) ** 2)
    weight = weight / weight.mean() if len(weight) else weight
    expected = np.array(_PRIOR if prior is None else prior.slopes) * np.diff(_KNOTS)
    left = (across * weight[:, None]).T @ across + _PRIOR_PAIRS * np.eye(len(expected))
    right = (across * weight[:, None]).T @ np.clip(log_ratio, 0, _MOST_GROWTH)
    rises = np.linalg.solve(left, right + _PRIOR_PAIRS * expected)
    return Growth(tuple((np.maximum(rises, 0.0) / np.diff(_KNOTS)).tolist()))


def growth_of(panel: Panel, posts: I64, until_s: int) -> Growth:
    """The curve of these posts, from pairs of successive counts no later than `until_s`."""
    pairs = pairs_of(panel, posts, until_s)
    return fit_growth(pairs.younger_days, pairs.older_days, pairs.log_ratio)


def pairs_of(panel: Panel, posts: I64, until_s: int) -> Pairs:
    """Successive counts of these posts, no later than `until_s`, half a day or more apart."""
    post, known = _counted(panel, posts, until_s)
    first, second = known[:-1], known[1:]
    same = post[first] == post[second]
    return _pairs(panel, post, first[same], second[same])


def spans_of(panel: Panel, posts: I64, until_s: int) -> Pairs:
    """The first and the last count of each of these posts, no later than `until_s`."""
    post, known = _counted(panel, posts, until_s)
    if not len(known):
        return _pairs(panel, post, known, known)
    starts = np.flatnonzero(np.diff(post[known], prepend=-1) != 0)
    ends = np.append(starts[1:], len(known)) - 1
    return _pairs(panel, post, known[starts], known[ends])


def _counted(panel: Panel, posts: I64, until_s: int) -> tuple[I64, I64]:
    """The post of each observation, and the observations of `posts` that a curve learns from."""
    post = np.repeat(np.arange(panel.n_posts), np.diff(panel.obs_start))
    use = (panel.obs_counts[:, 0] > 0) & (panel.obs_s <= until_s) & np.isin(post, posts)
    observation = np.arange(len(post))
    use &= _age_days(panel, post, observation) <= MATURE_DAYS + 1  # later growth is not the curve's
    return post, np.flatnonzero(use)


def _pairs(panel: Panel, post: I64, first: I64, second: I64) -> Pairs:
    apart = (panel.obs_s[second] - panel.obs_s[first]) / DAY_S >= _APART_DAYS
    first, second = first[apart], second[apart]
    return Pairs(
        post[first],
        _age_days(panel, post, first),
        _age_days(panel, post, second),
        np.log(panel.obs_counts[second, 0] / panel.obs_counts[first, 0]),
    )


def _age_days(panel: Panel, post: I64, observation: I64) -> F64:
    age_s = panel.obs_s[observation] - panel.published_s[post[observation]]
    return np.maximum(age_s / DAY_S, 0.01)
