"""What a plan's posts sell: clicks, conversions and revenue that agree with its views' samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from features.growth import Growth
from features.panel import F64, I64
from inference.conversions_draw import FunnelDraws, Offer, draw_funnel
from reelcast.errors import InputError
from reelcast.plans import Cost, Deliverable, Selling
from reelcast.records import Forecast
from training.conversions_fit import Rates
from training.conversions_model import ConversionsModel
from training.conversions_prior import (
    CLICKS_PER_VIEW,
    CONVERSIONS_PER_CLICK,
    KIND_OF,
    NO_OWN_DATA,
    Kind,
)

COSTS = {"cpv": "views", "cpe": "engagements", "cpc": "clicks", "cpa": "conversions"}


@dataclass(frozen=True, slots=True)
class Sold:
    """Sampled counts (n_samples, n_posts) by name, and what each rests on in words.

    `counts` has clicks, conversions, and revenue where a value per conversion is known; `follows`
    new and repeat customers and paid trials where data has them. `lead_score` is (n_samples,).
    """

    counts: dict[str, F64]
    follows: dict[str, F64]
    words: dict[str, str]
    lead_score: F64 | None = None
    notes: tuple[str, ...] = field(default=())


def sold(
    model: ConversionsModel,
    selling: Selling,
    posts: Sequence[Offer],
    views: F64,
    seed: int,
) -> Sold:
    """What posts with sampled views (n_samples, n_posts) sell; the same input gives the same.

    Views are those at the end of `selling.window_days` (`at_window`).
    """
    rng = np.random.default_rng((seed, 2))  # numbers that no view was drawn by
    kind, days = conversion_of(selling), selling.window_days
    selling = selling.model_copy(update={"brand": model.brand_named(selling.brand)})
    posts = [replace(post, brand=model.brand_named(post.brand)) for post in posts]
    worth = model.values.worth(selling.brand, kind, selling.currency, selling.aov)
    drawn = draw_funnel(model, posts, views.T, worth, rng)
    counts = {"clicks": drawn.clicks.T.astype(float), "conversions": _floats(drawn.conversions)}
    words = {
        "clicks": _within(rests_on(model.clicks, selling.brand, _clicks_prior()), days),
        "conversions": f"{kind}: "
        + _within(rests_on(model.conversions, selling.brand, _conversions_prior(kind)), days),
    }
    notes: tuple[str, ...] = ()
    if drawn.revenue is None or worth is None:
        notes = (f"no revenue: nothing says what a {kind} is worth in {selling.currency}; "
                 "give selling.aov",)  # fmt: skip
    else:
        counts["revenue"] = np.asarray(drawn.revenue.T)
        words["revenue"] = f"{worth.words}; of the conversions above"
    return Sold(counts, *_follows(model, selling, drawn, words), notes=notes)


def at_window(views: F64, ages_days: F64, window_days: int | None, growth: Growth) -> F64:
    """Sampled views (n_samples, n_posts) at ages (n_posts,), moved to the end of the window.

    Rates are per view at the window's end; views at another age are moved along the growth curve.
    Unmoved where no window is known.

    >>> at_window(np.array([[1000.0]]), np.array([30.0]), 1, Growth()).round().tolist()
    [[454.0]]
    """
    if window_days is None:
        return views
    shares = growth.log_share(np.array([float(window_days)])) - growth.log_share(ages_days)
    return np.asarray(views * np.exp(shares))


def _within(words: str, window_days: int | None) -> str:
    if window_days is None:
        return words
    return f"{words}; within {window_days} d of each post, of the views until then"


def _follows(
    model: ConversionsModel, selling: Selling, drawn: FunnelDraws, words: dict[str, str]
) -> tuple[dict[str, F64], dict[str, str], F64 | None]:
    found = {name: _floats(of) for name, of in drawn.follows.items()}
    for name in found:
        words[name] = rests_on(model.shares[name], selling.brand, "a wide prior")
    score = model.lead_scores.get(selling.brand)
    if score is None or conversion_of(selling) != "lead":
        return found, words, None
    words["lead_score"] = f"mean of {score.n:,} leads of {selling.brand}"
    rng = np.random.default_rng((score.n, 3))
    draws = drawn.clicks.shape[1]
    return found, words, score.mean + score.sd / np.sqrt(score.n) * rng.standard_normal(draws)


def _floats(counts: I64) -> F64:
    return np.asarray(counts.T, np.float64)


def conversion_of(selling: Selling) -> Kind:
    """What counts as a conversion.

    >>> conversion_of(Selling(brand="b", objective="installs"))
    'install'
    """
    return selling.conversion or KIND_OF.get(selling.objective, "purchase")


def offers_of(
    selling: Selling, deliverables: Sequence[Deliverable], forecasts: Sequence[Forecast]
) -> list[Offer]:
    """What each deliverable's posts are for, one per deliverable."""
    kind = conversion_of(selling)
    return [
        Offer(
            brand=selling.brand,
            kind=kind,
            creator=forecast.creator_id or forecast.label,
            objective=selling.objective,
            offer=selling.offer,
            theme=one.brief.theme,
            format=one.format,
            hook=one.hook,
            platform=None if one.creator.platform is None else one.creator.platform.lower(),
        )
        for one, forecast in zip(deliverables, forecasts, strict=True)
    ]


def rests_on(rates: Rates, brand: str, prior: str) -> str:
    """In words: how many posts of the brand a rate was learned from, or that it is a prior.

    >>> from training.conversions_model import prior_model
    >>> rests_on(prior_model().clicks, "Brindle", ".3% of views")
    'prior, no own data: .3% of views'
    """
    own = rates.rows_at.get(("brand", brand), 0)
    if own:
        return f"learned from {own:,} posts of {brand} and {rates.rows - own:,} of other brands"
    if rates.rows:
        return f"{NO_OWN_DATA}: {prior}, moved by {rates.rows:,} posts of other brands"
    return f"{NO_OWN_DATA}: {prior}"


def _clicks_prior() -> str:
    return f"{CLICKS_PER_VIEW.rate:.1%} of views ({CLICKS_PER_VIEW.source})"


def _conversions_prior(kind: Kind) -> str:
    of = CONVERSIONS_PER_CLICK[kind]
    return f"{of.rate:.1%} of clicks ({of.source})"


def costs_of(totals: Mapping[str, F64], cost: float, currency: str) -> dict[str, Cost]:
    """Cost per view, engagement, click and action, and revenue per cost, of sampled totals (n,).

    Raises InputError for a cost below 0.

    >>> made = costs_of({"views": np.array([100.0, 200.0, 300.0])}, 20.0, "USD")["cpv"]
    >>> made.mean, made.p50
    (0.1, 0.1)
    """
    if cost < 0:
        raise InputError(f"a cost of {cost:g}: give what is paid, 0 or more")
    found = {
        name: _cost(totals[of], cost, currency, of) for name, of in COSTS.items() if of in totals
    }
    if "revenue" in totals and cost > 0:
        p10, p50, p90 = (float(x) for x in np.quantile(totals["revenue"] / cost, [0.1, 0.5, 0.9]))
        mean = float(totals["revenue"].mean() / cost)
        words = f"revenue over fees of {cost:,.2f} {currency}"
        found["roas"] = Cost(p10=p10, p50=p50, p90=p90, mean=mean, unit="ratio", words=words)
    return found


def _cost(results: F64, cost: float, currency: str, of: str) -> Cost:
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(results > 0, cost / results, np.inf)
    ends = np.quantile(each, [0.1, 0.5, 0.9], method="nearest")
    p10, p50, p90 = (float(x) if np.isfinite(x) else None for x in ends)
    mean = float(results.mean())
    return Cost(
        p10=p10,
        p50=p50,
        p90=p90,
        mean=cost / mean if mean > 0 else None,
        unit=currency,
        words=f"fees of {cost:,.2f} {currency} over {of}; mean: over the mean of {of}",
    )
