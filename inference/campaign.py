"""A campaign's totals: Monte-Carlo over its posts, which share a shock and their creators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from features.growth import Growth
from features.panel import F64, I64
from inference.conversions import Sold, at_window, costs_of, offers_of, sold
from inference.dependence import Willing, prior, scores_of
from inference.reach import qualified, unique_viewers, words_of
from inference.sampling import ENGAGEMENTS, WILLING, JointSampler, Sampler, Scores
from reelcast.errors import InputError
from reelcast.plans import (
    CampaignForecast,
    CampaignPlan,
    Cost,
    Deliverable,
    Dependence,
    Part,
    Total,
)
from reelcast.records import Forecast, ForecastRequest, ForecastResponse
from training.conversions_model import ConversionsModel, prior_model

ENGAGING = ("likes", "comments", "shares")  # what engagements are
MOST_POSTS = 2000
MOST_DRAWN = 4_000_000  # posts times draws: about half a gigabyte and a few seconds


def requests_of(plan: CampaignPlan) -> list[tuple[ForecastRequest, list[int]]]:
    """The forecasts that a plan needs, a request per brief, with its deliverables' positions.

    Raises InputError for more posts than are sampled at once.
    """
    posts = sum(deliverable.posts for deliverable in plan.deliverables)
    if posts > MOST_POSTS:
        raise InputError(
            f"{posts} posts in one campaign, at most {MOST_POSTS}: forecast it in parts"
        )
    if posts * plan.draws > MOST_DRAWN:
        raise InputError(
            f"{posts} posts of {plan.draws} draws: for so many posts ask for at most "
            f"{MOST_DRAWN // posts} draws"
        )
    at_brief: dict[str, list[int]] = {}
    for i, deliverable in enumerate(plan.deliverables):
        at_brief.setdefault(deliverable.brief.model_dump_json(), []).append(i)
    return [
        (
            ForecastRequest(
                creators=tuple(plan.deliverables[i].creator for i in of_brief),
                brief=plan.deliverables[of_brief[0]].brief,
                targets=plan.targets,
                explain=False,
            ),
            of_brief,
        )
        for of_brief in at_brief.values()
    ]


@dataclass(frozen=True, slots=True)
class Models:
    """What a campaign is drawn by, beside its forecasts; each has a documented default."""

    dependence: Dependence = field(default_factory=prior)
    sampler: Sampler = field(default_factory=lambda: JointSampler({}))
    conversions: ConversionsModel = field(default_factory=prior_model)
    means: Mapping[str, str] = field(default_factory=dict)  # what each count's mean rests on
    growth: Growth = field(default_factory=Growth)


@dataclass(frozen=True, slots=True)
class Samples:
    """Futures of a campaign: counts of its posts by target, (n_samples, n_posts) each.

    Row k is one future of the whole campaign, of all posts and targets together. `deliverable`
    (n_posts,) says which of the plan's deliverables a post belongs to.
    """

    counts: dict[str, F64]
    deliverable: I64

    def totals(self) -> dict[str, F64]:
        """Sampled totals (n_samples,) by target, and of engagements where all are forecast."""
        found = {target: of.sum(axis=1) for target, of in self.counts.items()}
        if all(target in found for target in ENGAGING):
            found["engagements"] = np.sum([found[target] for target in ENGAGING], axis=0)
        return found


def campaign_forecast(
    plan: CampaignPlan, answers: Sequence[ForecastResponse], models: Models | None = None
) -> CampaignForecast:
    """The totals of a plan whose requests were answered; the same input gives the same output."""
    models = models or Models()
    drawn = campaign_samples(plan, answers, models.dependence, models.sampler)
    selling = sales_of(plan, answers, drawn, models)
    sampled = drawn.totals()
    if selling is not None:
        sampled |= {name: of.sum(axis=1) for name, of in selling.counts.items()}
    _check_goals(plan, sampled)
    views = drawn.counts.get("views")
    reach = None if views is None else unique_viewers(views, plan.assumptions)
    words = {**models.means, **({} if selling is None else selling.words)}
    return CampaignForecast(
        campaign_id=plan.campaign_id,
        posts=len(drawn.deliverable),
        totals={
            name: _total(of, plan.goals.get(name), words.get(name))  # type: ignore[call-overload]
            for name, of in sampled.items()
        },
        reach=None if reach is None else _total(reach, None, estimated=True),
        qualified_reach=None if reach is None else _qualified(reach, plan),
        costs=_costs(plan, sampled),
        follows={} if selling is None else _follows(selling),
        assumptions=(*words_of(plan.assumptions), *(selling.notes if selling else ())),
        dependence=models.dependence,
        parts=tuple(
            _part(*pair) for pair in zip(plan.deliverables, in_order(plan, answers), strict=True)
        ),
        draws=plan.draws,
        seed=plan.seed,
    )


def sales_of(
    plan: CampaignPlan,
    answers: Sequence[ForecastResponse],
    drawn: Samples,
    models: Models,
) -> Sold | None:
    """What the plan's posts sell within its window; None where it does not say what for.

    Raises InputError where views are not forecast.
    """
    model, selling = models.conversions, plan.selling
    if selling is None:
        return None
    if "views" not in drawn.counts:
        raise InputError("selling needs views: name them in targets, or leave targets out")
    each = offers_of(selling, plan.deliverables, in_order(plan, answers))
    posts = [each[i] for i in drawn.deliverable.tolist()]
    days = selling.window_days or model.window_days(model.brand_named(selling.brand))
    ages = np.array([d.brief.horizon_days for d in plan.deliverables], float)[drawn.deliverable]
    views = at_window(drawn.counts["views"], ages, days, models.growth)
    asked = selling.model_copy(update={"window_days": days})
    return sold(model, asked, posts, views, plan.seed)


def _check_goals(plan: CampaignPlan, sampled: Mapping[str, F64]) -> None:
    missing = sorted({str(target) for target in plan.goals} - set(sampled))
    if missing:
        raise InputError(
            f"a goal for {', '.join(missing)}, which is not forecast: name it in targets "
            "(engagements are likes, comments and shares together; clicks, conversions and "
            "revenue need `selling`)"
        )


def _costs(plan: CampaignPlan, sampled: Mapping[str, F64]) -> dict[str, Cost]:
    """Costs per result, where every deliverable has a fee."""
    fees = [d.fee for d in plan.deliverables]
    paid = [
        fee * d.posts for fee, d in zip(fees, plan.deliverables, strict=True) if fee is not None
    ]
    if len(paid) < len(fees):
        return {}
    return costs_of(sampled, sum(paid), plan.selling.currency if plan.selling else "USD")


def _follows(selling: Sold) -> dict[str, Total]:
    found = {name: _total(of.sum(axis=1), None, selling.words[name])
             for name, of in selling.follows.items()}  # fmt: skip
    if selling.lead_score is not None:
        found["lead_score"] = _total(selling.lead_score, None, selling.words["lead_score"])
    return found


def campaign_samples(
    plan: CampaignPlan,
    answers: Sequence[ForecastResponse],
    dependence: Dependence,
    sampler: Sampler | None = None,
) -> Samples:
    """The plan's futures, all targets drawn together; the same input gives the same samples."""
    forecasts = in_order(plan, answers)
    rng = np.random.default_rng(plan.seed)
    creator, deliverable = _posts(plan.deliverables)
    scores = scores_of((creator, plan.draws), dependence, rng)
    shape = (len(ENGAGEMENTS), WILLING, plan.draws)
    sampler = sampler or JointSampler({})
    drawn: dict[int, dict[str, F64]] = {}
    for code in range(int(creator.max()) + 1):
        willing = Willing(shape, rng)
        for post in np.flatnonzero(creator == code).tolist():
            of_post = Scores(scores[:, post], willing.of_post())
            drawn[post] = sampler.draw(forecasts[deliverable[post]], of_post, rng)
    counts = {
        target: np.column_stack([drawn[post][target] for post in range(len(creator))])
        for target in drawn[0]
    }
    return Samples(counts, deliverable)


def _posts(deliverables: Sequence[Deliverable]) -> tuple[I64, I64]:
    """Of each post the code of its creator, and which deliverable it belongs to."""
    names = _creators(deliverables)
    codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
    deliverable = np.repeat(np.arange(len(names)), [d.posts for d in deliverables])
    return np.array([codes[name] for name in names], np.int64)[deliverable], deliverable


def in_order(plan: CampaignPlan, answers: Sequence[ForecastResponse]) -> list[Forecast]:
    """One forecast per deliverable of the plan."""
    placed: dict[int, Forecast] = {}
    for (_, positions), answer in zip(requests_of(plan), answers, strict=True):
        placed |= zip(positions, answer.forecasts, strict=True)
    return [placed[i] for i in range(len(plan.deliverables))]


def _creators(deliverables: Sequence[Deliverable]) -> list[str]:
    """A name per deliverable under which those of one creator meet."""
    return [
        d.creator.creator_id
        or (f"{d.creator.platform}:{d.creator.handle}" if d.creator.handle else None)
        or d.creator.label
        or f"#{i}"
        for i, d in enumerate(deliverables)
    ]


def total_of(sampled: F64) -> tuple[float, float, float, float]:
    """P10, P50, P90 and mean of sampled totals (draws,)."""
    p10, p50, p90 = np.quantile(sampled, [0.1, 0.5, 0.9])
    return float(p10), float(p50), float(p90), float(sampled.mean())


def _total(
    sampled: F64, goal: float | None, words: str | None = None, estimated: bool = False
) -> Total:
    p10, p50, p90, mean = (round(value, 1) for value in total_of(sampled))
    return Total(
        p10=p10,
        p50=p50,
        p90=p90,
        mean=mean,
        goal=goal,
        chance=None if goal is None else round(float((sampled >= goal).mean()), 4),
        basis="estimated" if estimated else "modelled",
        words=words,
    )


def _qualified(reach: F64, plan: CampaignPlan) -> Total | None:
    under = plan.assumptions
    if under.in_target is None and under.authentic is None:
        return None
    rng = np.random.default_rng((plan.seed, 1))  # numbers that no view was drawn by
    return _total(qualified(reach, under, rng), None, estimated=True)


def _part(deliverable: Deliverable, forecast: Forecast) -> Part:
    return Part(
        label=forecast.label,
        creator_id=forecast.creator_id,
        forecast_id=forecast.forecast_id,
        posts=deliverable.posts,
        grade=forecast.grade.grade,
        means={name: of.mean for name, of in forecast.targets.items()},
        medians={name: of.quantiles["q50"] for name, of in forecast.targets.items()},
    )
