"""What concerns people: reach, new and returning customers, opinion, followers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from measurement.intervals import difference_of_shares
from measurement.measured import Measured, Provenance
from measurement.rates import share_of
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
DRAWS = 20_000


def new_customer_share(new_orders: int, orders: int, of: Provenance) -> Measured:
    """Orders by first-time customers / orders.

    >>> new_customer_share(30, 40, Provenance()).value
    0.75
    """
    return share_of("new_customer_share", new_orders, orders, "orders", of)


def repeat_rate(first_order_days: F64, second_order_days: F64, within_days: int) -> Measured:
    """Customers who order again within N days of their first order / the cohort.

    Both (n,) days since a common start, NaN where there was no second order. The cohort holds those
    alone whose N days are over.

    >>> repeat_rate(np.array([0.0, 0.0]), np.array([10.0, np.nan]), 30).value
    0.5
    """
    again = int(np.nansum(second_order_days - first_order_days <= within_days))
    of = Provenance(window=f"{within_days} d after the first order")
    return share_of("repeat_rate", again, len(first_order_days), "customers", of)


def subscription_conversion(paid: int, trials: int, of: Provenance) -> Measured:
    """Paid subscriptions / trials.

    >>> subscription_conversion(12, 60, Provenance()).value
    0.2
    """
    return share_of("subscription_conversion", paid, trials, "trials", of)


def qualified_reach(
    reach: tuple[int, int], in_target: tuple[int, int], authentic: tuple[int, int], seed: int = 7
) -> Measured:
    """Reach x share in the target x authentic share, the errors of all three carried on.

    `reach` is people and views that it was estimated from (equal where it was counted); the
    shares are successes and trials, each with a flat Beta prior.

    >>> made = qualified_reach((10_000, 10_000), (800, 1000), (900, 1000))
    >>> round(made.value, -2), made.low < made.value < made.high
    (7200.0, True)
    """
    rng = np.random.default_rng(seed)
    people, views = reach
    of_views = people / views if views else 0.0
    counted = people == views
    reached = np.full(DRAWS, float(people)) if counted else rng.binomial(views, of_views, DRAWS)
    drawn = reached * _beta(rng, in_target) * _beta(rng, authentic)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Measured(
        metric="qualified_reach",
        unit="count",
        value=float(drawn.mean()),
        low=float(low),
        high=float(high),
        method="Monte Carlo over three estimates",
        basis="estimated",
        n=in_target[1],
        denominator=None,
    )


def brand_lift(exposed: tuple[int, int], control: tuple[int, int], question: str) -> Measured:
    """p_exposed - p_control in points (shares), with Newcombe's interval; recall, favourability...

    >>> round(brand_lift((56, 70), (48, 80), "recall").value, 3)
    0.2
    """
    low, high = difference_of_shares(exposed, control)
    p, q = exposed[0] / exposed[1], control[0] / control[1]
    relative = f"{p - q:+.3f} points; {(p - q) / q:+.0%} of control" if q else None
    return Measured(
        metric=f"brand_lift_{question}",
        unit="points",
        value=p - q,
        low=low,
        high=high,
        method="newcombe",
        n=exposed[1] + control[1],
        basis="counted",
        denominator="answers of exposed and control",
        note=relative,
    )


def net_sentiment(positive: int, negative: int, neutral: int, unclassified: int) -> Measured:
    """(positive - negative) / classified comments; the unclassified are reported, not guessed.

    The interval is Bonett and Price's (2012): one comment more on either side, so that it has a
    width also where opinions are even or all alike.

    >>> made = net_sentiment(60, 20, 20, 25)
    >>> made.value, made.note
    (0.4, '25 of 125 comments unclassified')
    """
    n = positive + negative + neutral
    share = (positive - negative) / n if n else None
    of, gap = n + 2, (positive - negative) / (n + 2)
    half = 1.96 * float(np.sqrt(((positive + negative + 2) / of - gap**2) / of))
    return Measured(
        metric="net_sentiment",
        unit="share",
        value=share,
        low=None if share is None else max(-1.0, gap - half),
        high=None if share is None else min(1.0, gap + half),
        method="bonett-price",
        n=n,
        basis="modelled",
        denominator="classified comments",
        note=f"{unclassified} of {n + unclassified} comments unclassified",
    )


def follower_growth(net_new: int, window_days: int, baseline_a_day: F64) -> Measured:
    """Net new followers in the window less what the days before would give, baseline (n,) days.

    >>> follower_growth(100, 7, np.array([5.0, 5.0, 5.0, 5.0])).value
    65.0
    """
    mean = float(baseline_a_day.mean())
    days = len(baseline_a_day)
    spread = float(baseline_a_day.std(ddof=1)) if days > 1 else float("nan")
    reach = float(require("scipy.stats").t.ppf(0.975, days - 1)) if days > 1 else float("nan")
    error = reach * spread * float(np.sqrt(window_days + window_days**2 / max(days, 1)))
    value = net_new - mean * window_days
    known = np.isfinite(error)
    return Measured(
        metric="follower_growth",
        unit="count",
        value=value,
        low=value - error if known else None,
        high=value + error if known else None,
        method="t, days independent" if known else None,
        n=days,
        basis="estimated",
        denominator=f"baseline of {days} days before",
        window=f"{window_days} d",
    )


def ugc_volume(authors: list[str], paid: set[str], window: str) -> Measured:
    """Tagged posts by people who are not paid.

    >>> ugc_volume(["a", "b", "b"], {"a"}, "28 d").value
    2.0
    """
    posts = [author for author in authors if author not in paid]
    return Measured(
        metric="ugc_volume",
        unit="count",
        value=float(len(posts)),
        n=len(set(posts)),
        basis="counted",
        window=window,
        denominator=None,
        note=f"by {len(set(posts))} authors",
    )


def _beta(rng: np.random.Generator, of: tuple[int, int]) -> F64:
    successes, trials = of
    return rng.beta(successes + 1, trials - successes + 1, DRAWS)
