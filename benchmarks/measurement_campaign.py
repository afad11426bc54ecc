"""A campaign of overlapping posts with known truth, and what each signal sees of it.

Creators post several times within weeks; views bring orders over the days after. The shop sees
orders by day, some with a link, some with a code (of which some leaked to coupon sites), and the
answers of the few who say what brought them: not a fair sample, and not all remember right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.measurement_world import WEEK, autocorrelated
from measurement.attribution.spike import Days, Posts, response

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Campaign:
    """How a campaign's orders come about and are seen. Shares are of the orders posts caused."""

    creators: int = 20
    posts: int = 32
    before: int = 90
    during: int = 28  # days in which posts go out
    window: int = 14
    base_a_day: float = 60.0
    noise_sd: float = 0.06
    noise_rho: float = 0.4
    views_sd: float = 0.7  # of a post's log views about its creator's
    orders_per_post: float = 25.0
    rate_sd: float = 0.6  # of creators' log orders per view
    link_share: float = 0.20
    code_share: float = 0.25
    leaking: float = 0.25  # of creators whose codes coupon sites list
    leaked: float = 0.5  # orders with a leaked code, per true code order; half come unmarked
    answers: float = 0.15  # of buyers who answer the survey
    bias_sd: float = 0.25  # of log: how much likelier those that posts brought answer
    remembered: float = 0.75  # of them who name the creator
    misnamed: float = 0.02  # of other buyers who name one, the famous more often


@dataclass(frozen=True, slots=True)
class Seen:
    """What happened by post and creator, and what the signals saw."""

    caused_by_post: F64
    caused_by_creator: F64
    creator: I64  # (n_posts,)
    days: Days
    posts: Posts
    links: F64  # (n_creators,) orders with the creator's link
    codes: F64  # with the code, those marked as leaked left out
    proven: F64  # with either
    named: I64  # survey answers by creator
    respondents: int
    orders: int  # in the campaign's days


def campaign(seed: int, of: Campaign | None = None) -> Seen:
    """The world of this seed."""
    of = of or Campaign()
    rng = np.random.default_rng(seed)
    n_days = of.before + of.during + of.window
    creator = np.concatenate(
        [np.arange(of.creators), rng.integers(0, of.creators, of.posts - of.creators)]
    )
    day = np.sort(of.before + rng.uniform(0, of.during, of.posts))
    views = np.exp(rng.normal(0, 0.8, of.creators)[creator] + rng.normal(0, of.views_sd, of.posts))
    expected = views * np.exp(rng.normal(0, of.rate_sd, of.creators))[creator]
    expected *= of.orders_per_post * of.posts / expected.sum() * np.exp(rng.normal(0, 0.2))
    decay = rng.uniform(1.5, 4.5)
    shapes = np.stack([response(n_days, at, decay, of.window) for at in day], 1)
    caused = rng.poisson(shapes * expected)  # (n_days, n_posts)
    organic = autocorrelated(n_days, 0.6, 0.3, rng)
    base = rng.poisson(_expected_base(of, n_days, organic, rng))
    outcome = (base + caused.sum(1)).astype(np.float64)
    by_post = caused.sum(0)
    by_creator = np.bincount(creator, by_post, of.creators)
    others = int(base[of.before :].sum())
    fame = np.bincount(creator, views, of.creators)
    links, codes, proven = _traced(by_creator.astype(np.int64), of, rng)
    named, respondents = _surveyed(by_creator.astype(np.int64), others, fame / fame.sum(), of, rng)
    weekday = np.arange(n_days) % 7
    days = Days(outcome, weekday, organic[:, None], np.ones(n_days, np.bool_))
    return Seen(
        by_post.astype(np.float64),
        by_creator,
        creator,
        days,
        Posts(day, views),
        links,
        codes,
        proven,
        named,
        respondents,
        others + int(by_post.sum()),
    )


def _expected_base(of: Campaign, n_days: int, organic: F64, rng: Rng) -> F64:
    """What would have been sold anyhow, expected (n_days,)."""
    trend = rng.normal(0, 0.1) * np.linspace(-1, 1, n_days)
    own = autocorrelated(n_days, of.noise_rho, of.noise_sd, rng)
    week = WEEK[np.arange(n_days) % 7]
    return np.asarray(of.base_a_day * np.exp(trend + week + own + 0.1 * organic))


def _shares(mean: float, n: int, rng: Rng) -> F64:
    """Shares (n,) that differ between creators as a Beta of six observations does."""
    return np.asarray(rng.beta(6 * mean, 6 * (1 - mean), n))


def _traced(caused: I64, of: Campaign, rng: Rng) -> tuple[F64, F64, F64]:
    """Orders by creator (n,) with the link, with the code, and with either; leaks included."""
    linked, coded = (_shares(share, len(caused), rng) for share in (of.link_share, of.code_share))
    chances = np.stack(
        [linked * coded, linked * (1 - coded), coded * (1 - linked), (1 - linked) * (1 - coded)], 1
    )
    both, link_only, code_only, _ = rng.multinomial(caused, chances).T
    leaks = rng.random(len(caused)) < of.leaking
    leaked = rng.poisson(leaks * of.leaked * (both + code_only)) // 2  # half are marked as such
    links = both + link_only
    codes = both + code_only + leaked
    return links.astype(float), codes.astype(float), (both + link_only + code_only + leaked) * 1.0


def _surveyed(caused: I64, others: int, fame: F64, of: Campaign, rng: Rng) -> tuple[I64, int]:
    """Answers by creator named (n,), and how many answered."""
    likelier = np.exp(rng.normal(0, of.bias_sd))
    answered = rng.binomial(caused, min(of.answers * likelier, 0.95))
    right = rng.binomial(answered, _shares(of.remembered, len(caused), rng))
    silent = rng.binomial(others, of.answers)
    wrong = rng.multinomial(rng.binomial(silent, of.misnamed), fame)
    return np.asarray(right + wrong), int(answered.sum() + silent)
