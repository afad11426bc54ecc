"""A campaign's totals: Monte-Carlo over its posts, which share a shock and their creators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from features.panel import F64, I64
from inference.dependence import Finished, estimate, prior, scores_of
from inference.ledger_scores import Resolved
from inference.predictor import Predictor
from inference.sampling import QuantileSampler, Sampler
from reelcast.errors import InputError
from reelcast.plans import (
    Assumptions,
    CampaignForecast,
    CampaignPlan,
    Deliverable,
    Dependence,
    Part,
    Total,
)
from reelcast.records import Forecast, ForecastRequest, ForecastResponse

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


def ask_for(
    plan: CampaignPlan, predictor: Predictor, now: datetime
) -> list[tuple[ForecastRequest, ForecastResponse]]:
    """The plan's requests answered, in the order of `requests_of`."""
    return [(asked, predictor.respond(asked, now)) for asked, _ in requests_of(plan)]


def campaign_forecast(
    plan: CampaignPlan,
    answers: Sequence[ForecastResponse],
    dependence: Dependence | None = None,
    sampler: Sampler | None = None,
) -> CampaignForecast:
    """The totals of a plan whose requests were answered; the same input gives the same output."""
    forecasts = _in_order(plan, answers)
    creators = _creators(plan.deliverables)
    goals = {str(target) for target in plan.goals}
    missing = sorted(goals - set(forecasts[0].targets))
    if missing:
        raise InputError(
            f"a goal for {', '.join(missing)}, which is not forecast: name it in targets"
        )
    dependence = dependence or prior()
    drawn = _draw(plan, forecasts, (creators, dependence), sampler or QuantileSampler())
    totals = {name: _total(of.sum(axis=0), plan.goals.get(name)) for name, of in drawn.items()}  # type: ignore[call-overload]
    return CampaignForecast(
        campaign_id=plan.campaign_id,
        posts=sum(d.posts for d in plan.deliverables),
        totals=totals,
        reach=_reach(drawn["views"], plan.assumptions) if "views" in drawn else None,
        assumptions=_words(plan.assumptions),
        dependence=dependence,
        parts=tuple(_part(*pair) for pair in zip(plan.deliverables, forecasts, strict=True)),
        draws=plan.draws,
        seed=plan.seed,
    )


def _in_order(plan: CampaignPlan, answers: Sequence[ForecastResponse]) -> list[Forecast]:
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


def _draw(
    plan: CampaignPlan,
    forecasts: Sequence[Forecast],
    together: tuple[Sequence[str], Dependence],
    sampler: Sampler,
) -> dict[str, F64]:
    """Sampled counts by target: (n_posts, draws)."""
    names, dependence = together
    rng = np.random.default_rng(plan.seed)
    codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
    repeat = [i for i, d in enumerate(plan.deliverables) for _ in range(d.posts)]
    creator: I64 = np.array([codes[names[i]] for i in repeat], np.int64)
    scores = scores_of((creator, plan.draws), dependence, rng)
    drawn = [sampler.draw(forecasts[i], scores[:, at], rng) for at, i in enumerate(repeat)]
    return {name: np.array([of[name] for of in drawn]) for name in drawn[0]}


def total_of(sampled: F64) -> tuple[float, float, float, float]:
    """P10, P50, P90 and mean of sampled totals (draws,)."""
    p10, p50, p90 = np.quantile(sampled, [0.1, 0.5, 0.9])
    return float(p10), float(p50), float(p90), float(sampled.mean())


def _total(sampled: F64, goal: float | None, estimated: bool = False) -> Total:
    p10, p50, p90, mean = (round(value, 1) for value in total_of(sampled))
    return Total(
        p10=p10,
        p50=p50,
        p90=p90,
        mean=mean,
        goal=goal,
        chance=None if goal is None else round(float((sampled >= goal).mean()), 4),
        basis="estimated" if estimated else "modelled",
    )


def _reach(views: F64, under: Assumptions) -> Total:
    """Unique viewers: posts by size, each adding those whom none before it has shown up to."""
    each = np.sort(views * under.reach_per_view, axis=0)[::-1]
    fresh = (1.0 - under.audience_overlap) ** np.arange(len(each))
    return _total((each * fresh[:, None]).sum(axis=0), None, estimated=True)


def _words(under: Assumptions) -> tuple[str, ...]:
    return (
        f"assumption: {under.reach_per_view:g} unique viewers per view of one post",
        f"assumption: a viewer of one post saw any one other with chance "
        f"{under.audience_overlap:g}, independently",
        "reach follows from these two assumptions; it is neither counted nor learned",
    )


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


def dependence_of(outcomes: Sequence[Resolved]) -> Dependence:
    """What the ledger's finished campaigns say, the prior where they are too few.

    A campaign counts where two or more of its posts' views have come in. A post of an unknown
    creator is nobody else's.
    """
    known = [r for r in outcomes if r.target == "views" and r.campaign_id is not None]
    several = Counter(r.campaign_id for r in known)
    known = [r for r in known if several[r.campaign_id] > 1]
    return estimate(
        Finished(
            np.array([r.own_score for r in known], np.float64),
            _codes([str(r.campaign_id) for r in known]),
            _codes([r.creator_id or f"of {r.post_id}" for r in known]),
        )
    )


def _codes(names: Sequence[str]) -> I64:
    return np.unique(np.array(names, str), return_inverse=True)[1].astype(np.int64)
