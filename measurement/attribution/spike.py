"""What posts sold beyond links and codes: spikes over the expected day, all posts taken together.

Daily outcomes are a baseline (level, trend, weekday, regressors such as organic views, holidays)
plus one decaying response for each post. Posts that overlap share the days between them by
likelihood, which one-post-at-a-time windows count twice. The responses are shrunk to what a post
of that size brings in this campaign (empirical Bayes), noise is autocorrelated (Cochrane and
Orcutt 1949), and the decay is averaged over a grid by its likelihood. Placebo dates widen the
intervals where the model alone would be too sure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reelcast.errors import InputError, NotEnoughDataError

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
B = npt.NDArray[np.bool_]
DECAYS_DAYS = (1.0, 1.5, 2.5, 4.0, 6.0)
LEVEL = 0.90
MIN_FREE_DAYS = 21
_SPREADS = (0.0, 0.25, 0.5, 1.0, 2.0)  # of posts' responses, in shares of their mean
_LOOSE = 4.0  # a spread that leaves each post to its own days
_DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a campaign and of the weeks before: consecutive, oldest first.

    `regressors` (n_days, k) move the baseline: log organic views, holidays. `use` is False on
    days to leave out, such as promotions.
    """

    outcome: F64  # (n_days,) orders, sessions or revenue
    weekday: I64  # (n_days,) 0 Monday to 6 Sunday
    regressors: F64
    use: B


@dataclass(frozen=True, slots=True)
class Posts:
    """When each post went out, in days from the first day, and its expected relative size."""

    day: F64  # (n_posts,) fractions of a day count
    size: F64  # (n_posts,) > 0, e.g. views; only ratios matter


@dataclass(frozen=True, slots=True)
class SpikeLift:
    """Outcomes that the posts brought within the window; intervals at LEVEL.

    `draws` (n_draws, n_posts) come from the joint posterior: posts that overlap are anticorrelated.
    `loose_draws` are the same without what posts learn of each other: what the days alone say, for
    combining with other signals, which would else hear of the views twice.
    `placebo_total` are the lifts that the same model finds on dates without posts.
    """

    mean: F64  # (n_posts,)
    low: F64
    high: F64
    total: float
    total_low: float
    total_high: float
    decay_days: float
    draws: F64
    loose_draws: F64
    placebo_total: F64
    inflation: float  # of the standard errors, by the placebos


@dataclass(frozen=True, slots=True)
class _Lifts:
    mean: F64
    covariance: F64
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class _Fit:
    mean: F64
    covariance: F64
    log_likelihood: float
    loose_mean: F64
    loose_covariance: F64


def spike_lift(days: Days, posts: Posts, window_days: int, seed: int = 7) -> SpikeLift:
    """The lift of each post and of all, with placebo-checked intervals.

    Raises NotEnoughDataError where fewer than 21 usable days lie outside all windows: without
    them nothing tells what would have happened anyhow.
    """
    _check(days, posts, window_days)
    weights, fits = _over_decays(days, posts, window_days)
    placebo, expected = _placebos(days, posts, window_days)
    inflation = _inflation(placebo, expected)
    shrunk = [(fit.mean, fit.covariance) for fit in fits]
    loose = [(fit.loose_mean, fit.loose_covariance) for fit in fits]
    draws = _drawn(weights, shrunk, inflation, seed)
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    total = draws.sum(1)
    ends = np.quantile(total, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return SpikeLift(
        mean=np.asarray(sum(w * fit.mean for w, fit in zip(weights, fits, strict=True))),
        low=low,
        high=high,
        total=float(sum(w * fit.mean.sum() for w, fit in zip(weights, fits, strict=True))),
        total_low=float(ends[0]),
        total_high=float(ends[1]),
        decay_days=float(weights @ np.array(DECAYS_DAYS)),
        draws=draws,
        loose_draws=_drawn(weights, loose, inflation, seed),
        placebo_total=placebo,
        inflation=inflation,
    )


def response(n_days: int, start: float, decay_days: float, window_days: int) -> F64:
    """The share (n_days,) of a post's lift that falls on each day; it sums to 1 in its window.

    A post that goes out at noon has half of its first day.

    >>> response(3, 0.0, 1.0, 2).round(3).tolist()
    [0.731, 0.269, 0.0]
    """
    edges = np.clip(np.arange(n_days + 1) - start, 0, window_days)
    gone = 1 - np.exp(-edges / decay_days)
    return np.asarray(np.diff(gone) / (1 - np.exp(-window_days / decay_days)))


def _check(days: Days, posts: Posts, window_days: int) -> None:
    if not (np.isfinite(posts.size) & (posts.size > 0)).all():
        raise InputError("a post's size is not above zero: give views, or 1 for each post")
    free = days.use & ~_in_windows(len(days.outcome), posts.day, window_days)
    if free.sum() < MIN_FREE_DAYS:
        raise NotEnoughDataError(
            f"{int(free.sum())} days lie outside the posts' windows, {MIN_FREE_DAYS} are needed: "
            "add the weeks before the campaign, or shorten the window"
        )


def _in_windows(n_days: int, starts: F64, window_days: int) -> B:
    at = np.arange(n_days)[:, None] + 1
    return np.asarray(((at > starts) & (at <= starts + window_days + 1)).any(1))


def _over_decays(days: Days, posts: Posts, window_days: int) -> tuple[F64, list[_Fit]]:
    """The weight of each decay by its likelihood, and the fits."""
    base = _baseline(days)
    fits = [_fit(days, base, _responses(days, posts, d, window_days), posts) for d in DECAYS_DAYS]
    logs = np.array([fit.log_likelihood for fit in fits])
    weights = np.exp(logs - logs.max())
    return weights / weights.sum(), fits


def _responses(days: Days, posts: Posts, decay_days: float, window_days: int) -> F64:
    n = len(days.outcome)
    return np.stack([response(n, at, decay_days, window_days) for at in posts.day], axis=1)


def _baseline(days: Days) -> F64:
    """Columns (n_days, k): level, trend, weekdays, regressors."""
    n = len(days.outcome)
    trend = np.linspace(-1, 1, n)
    weekday = (days.weekday[:, None] == np.arange(1, 7)).astype(np.float64)
    return np.column_stack([np.ones(n), trend, weekday, days.regressors])


def _fit(days: Days, base: F64, shapes: F64, posts: Posts) -> _Fit:
    """The posterior of the posts' lifts, their prior's mean and spread chosen by evidence."""
    size = posts.size / posts.size.mean()
    scale = _scale(days, base, shapes)
    even = [(a.T / scale).T for a in (days.outcome, base, shapes * size)]
    rho, variance = _noise(even[0][days.use], np.column_stack(even[1:])[days.use])
    y, x, z = (_whitened(a, days.use, rho) for a in even)
    free = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    z_free = z - x @ np.linalg.lstsq(x, z, rcond=None)[0]
    precision, projected = z_free.T @ z_free / variance, z_free.T @ free / variance
    fits = [_posterior(precision, projected, spread) for spread in _SPREADS]
    logs = np.array([fit.log_likelihood for fit in fits])
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    mean = np.asarray(sum(w * fit.mean for w, fit in zip(weights, fits, strict=True)))
    spread = sum(
        w * (fit.covariance + np.outer(fit.mean - mean, fit.mean - mean))
        for w, fit in zip(weights, fits, strict=True)
    )
    own = -0.5 * (free @ free) / variance - 0.5 * len(y) * np.log(variance) - np.log(scale).sum()
    best = logs.max() + np.log(np.exp(logs - logs.max()).mean())
    both = np.outer(size, size)
    loose = _posterior(precision, projected, _LOOSE)
    return _Fit(
        mean * size,
        np.asarray(spread) * both,
        float(own + best),
        loose.mean * size,
        loose.covariance * both,
    )


def _posterior(precision: F64, projected: F64, spread: float) -> _Lifts:
    """Lifts of unit size, N(m, (spread * |pooled m|)^2) about a common mean m with a flat prior.

    Its `log_likelihood` is the evidence, up to a constant that all spreads share.
    """
    n = len(projected)
    pooled = float(projected.sum() / max(precision.sum(), 1e-12))
    tau2 = (spread * abs(pooled)) ** 2
    apart = np.column_stack([np.ones(n), np.eye(n)]) if tau2 > 0 else np.ones((n, 1))
    prior = np.diag([0.0, *[1 / tau2] * n]) if tau2 > 0 else np.zeros((1, 1))
    system = apart.T @ precision @ apart + prior
    covariance = np.linalg.pinv(system, hermitian=True)
    right = apart.T @ projected
    _, logdet = np.linalg.slogdet(system)
    evidence = 0.5 * (right @ covariance @ right - logdet - (n * np.log(tau2) if tau2 > 0 else 0))
    return _Lifts(apart @ covariance @ right, apart @ covariance @ apart.T, float(evidence))


def _scale(days: Days, base: F64, shapes: F64) -> F64:
    """How the noise's spread grows with what is expected (n_days,): as its root, as counts do."""
    x = np.column_stack([base, shapes])
    coefficients = np.linalg.lstsq(x[days.use], days.outcome[days.use], rcond=None)[0]
    usual = max(float(days.outcome[days.use].mean()), 1e-12)
    return np.asarray(np.sqrt(np.maximum(x @ coefficients / usual, 0.25)))


def _noise(y: F64, x: F64) -> tuple[float, float]:
    """Autocorrelation and innovation variance of what baseline and posts leave unexplained."""
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    rho = float(np.clip(left[1:] @ left[:-1] / max(float(left @ left), 1e-12), 0.0, 0.9))
    shocks = left[1:] - rho * left[:-1]
    freedom = max(len(shocks) - int(np.linalg.matrix_rank(x)), 5)
    return rho, max(float(shocks @ shocks) / freedom, 1e-9)


def _whitened(of: F64, use: B, rho: float) -> F64:
    """Differences that leave independent noise, of days whose day before is usable too."""
    both = use[1:] & use[:-1]
    return np.asarray((of[1:] - rho * of[:-1])[both])


def _placebos(days: Days, posts: Posts, window_days: int) -> tuple[F64, F64]:
    """Totals found where the same posts are moved into the days before the first one, and the
    standard errors that the model gives them.

    Empty where these are too few to hold the campaign and a baseline.
    """
    before = int(np.floor(posts.day.min()))
    length = float(posts.day.max() - posts.day.min())
    room = before - window_days - length
    quiet = Days(
        days.outcome[:before], days.weekday[:before], days.regressors[:before], days.use[:before]
    )
    if room < MIN_FREE_DAYS:
        return np.empty(0), np.empty(0)
    shifts = np.unique(np.linspace(MIN_FREE_DAYS / 2, room, 24).round())
    found = []
    for shift in shifts:
        moved = Posts(posts.day - posts.day.min() + shift, posts.size)
        weights, fits = _over_decays(quiet, moved, window_days)
        totals = np.array([fit.mean.sum() for fit in fits])
        variance = np.array([fit.covariance.sum() for fit in fits]) + totals**2
        found.append((weights @ totals, np.sqrt(weights @ variance - (weights @ totals) ** 2)))
    placebo, expected = np.array(found, np.float64).T
    return placebo, expected


def _inflation(placebo: F64, expected: F64) -> float:
    """How much further placebos stray than the model expects of them, 1 at least."""
    if len(placebo) < 8:
        return 1.0
    return float(max(1.0, np.sqrt(np.mean((placebo / np.maximum(expected, 1e-12)) ** 2))))


def _drawn(weights: F64, of: list[tuple[F64, F64]], inflation: float, seed: int) -> F64:
    """Draws of a mixture of normals, each by its mean and covariance."""
    rng = np.random.default_rng(seed)
    n = rng.multinomial(_DRAWS, weights)
    return np.concatenate(
        [
            rng.multivariate_normal(mean, covariance * inflation**2, k, method="eigh")
            for (mean, covariance), k in zip(of, n, strict=True)
        ]
    )
