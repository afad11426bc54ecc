"""The spike model over a campaign's posts and all others that may have moved the same days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from measurement.attribution.daily import post_days
from measurement.attribution.scope import Scope
from measurement.attribution.side_by_side import Drawn
from measurement.attribution.spike import Days, Posts, spike_lift
from reelcast.errors import NotEnoughDataError

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
MOST_APART = 60  # posts told apart one by one; of more, those of one day share its lift
SPLIT_SD = 0.5  # of the log of a post's share of its day, about its share of the day's views


@dataclass(frozen=True, slots=True)
class _Group:
    """Posts that the model takes as one: where they stand among all, and their day and size."""

    members: I64
    day: float
    size: float


def spikes(scope: Scope, days: Days, span: range, sizes: F64) -> Drawn:
    """What the campaign's posts brought beyond the expected day.

    `sizes` (n_slots,) > 0 are views of every slot's post. Posts of the brand's other campaigns
    within reach of the span are in the model, so that theirs is not credited to this one. Raises
    NotEnoughDataError with fewer than 21 days without posts, and before the first post.
    """
    window = scope.campaign.window_days
    at = post_days([slot.opens_at for slot in scope.slots], span, scope.campaign.zone)
    seen = np.flatnonzero((at < len(span)) & (at > -window) & scope.of_brand)
    if not np.isin(seen, scope.own).any():
        raise NotEnoughDataError("no post of the campaign is out in the days that orders cover")
    groups = _groups(seen, at, sizes)
    posts = Posts(np.array([g.day for g in groups]), np.array([g.size for g in groups]))
    made = spike_lift(days, posts, window)
    mean, draws = _apart(groups, (made.mean, made.draws), sizes)
    _, loose = _apart(groups, (made.mean, made.loose_draws), sizes)
    own = scope.own
    total = draws[:, own].sum(1)
    return Drawn(
        mean=scope.by_creator(mean[own]),
        draws=np.stack([scope.by_creator(row) for row in draws[:, own]]),
        by_slot_mean=mean[own],
        by_slot_draws=draws[:, own],
        loose_draws=np.stack([scope.by_creator(row) for row in loose[:, own]]),
        details={
            "decay_days": made.decay_days,
            "inflation": made.inflation,
            "placebos": float(len(made.placebo_total)),
            "placebo_mean": float(made.placebo_total.mean()) if len(made.placebo_total) else 0.0,
            "days": float(days.use.sum()),
            "chance_above_zero": float((total > 0).mean()),
        },
    )


def sizes_of(views: Sequence[float | None]) -> F64:
    """Relative sizes (n,) of posts: their views, the median where unknown, one at least.

    >>> sizes_of([100.0, None, 300.0]).tolist()
    [100.0, 200.0, 300.0]
    """
    known = np.array([np.nan if n is None else n for n in views], np.float64)
    usual = float(np.nanmedian(known)) if np.isfinite(known).any() else 1.0
    return np.maximum(np.where(np.isnan(known), usual, known), 1.0)


def _groups(seen: I64, at: F64, sizes: F64) -> list[_Group]:
    if len(seen) <= MOST_APART:
        return [_Group(np.array([i]), float(at[i]), float(sizes[i])) for i in seen]
    days = np.floor(at[seen]).astype(np.int64)
    found = []
    for day in np.unique(days):
        members = seen[days == day]
        weights = sizes[members]
        found.append(_Group(members, float(np.average(at[members], weights=weights)),
                            float(weights.sum())))  # fmt: skip
    return found


def _apart(groups: list[_Group], made: tuple[F64, F64], sizes: F64) -> tuple[F64, F64]:
    """Mean (n_slots,) and draws (n_draws, n_slots) of single posts, zero where none was seen.

    Posts of one day share its lift by their views, each share uncertain by SPLIT_SD.
    """
    mean, draws = made
    rng = np.random.default_rng(7)
    of_slots, drawn = np.zeros(len(sizes)), np.zeros((len(draws), len(sizes)))
    for at, group in enumerate(groups):
        weights = np.tile(sizes[group.members], (len(draws), 1))
        if len(group.members) > 1:
            weights = weights * np.exp(rng.normal(0, SPLIT_SD, weights.shape))
        drawn[:, group.members] = draws[:, [at]] * weights / weights.sum(1, keepdims=True)
        shares = sizes[group.members] / sizes[group.members].sum()
        of_slots[group.members] = mean[at] * shares
    return of_slots, drawn
