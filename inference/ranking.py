"""The ranking of creators by the forecast of one brief: filtered, sorted, with costs.

What is known of creators without any model is `inference.catalog`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

import numpy as np
from pydantic import Field

from features.gather import last_known_followers
from features.state import TIER_NAMES, tier_index
from inference.attention import Attention, attention_of
from inference.costs import Cost, cost_of
from inference.directory import Known, directory_of, matches, names_of
from inference.model_words import words_of_totals
from inference.predictor import Predictor
from reelcast.records import (
    QUANTILE_COLUMNS,
    QUANTILES,
    Brief,
    CreatorQuestion,
    Forecast,
    ForecastRequest,
    Grade,
    ModelName,
    Record,
    Target,
    TargetForecast,
)
from reelcast.salt import read_salt
from reelcast.settings import Settings
from reelcast.store import Lake

Sort = Literal["median", "mean", "low", "last5", "cost", "followers", "posts", "grade", "audience"]
Ahead = tuple[Forecast, dict[str, float] | None]
ACTIONS: tuple[Target, ...] = ("likes", "comments", "shares")
EACH = 1000  # costs are told of so many counts, those of actions of one
_KEPT = 64  # answers remembered: a page that is sorted anew asks the same again
_STEP_S = 60


class RankingQuery(Record):
    """Which creators, under which brief, in which order."""

    text: str = Field("", max_length=5000, description="an id's beginning, or handles")
    names: str = Field("", max_length=50_000, description="handles that rows are named by")
    platform: str | None = None
    tier: str | None = None
    niche: str | None = None
    stage: str | None = None
    brief: Brief = Brief()
    target: Target = "views"
    fee: float | None = Field(None, ge=0, le=10**9, description="of one post, for its cost")
    sort: Sort = "median"
    descending: bool = True


class Ranked(Record):
    """One creator of the ranking."""

    creator_id: str
    label: str | None = Field(description="the handle, where the question named it")
    platform: str
    tier: str
    niche: str | None
    stages: tuple[str, ...]
    followers: int | None
    n_history: int
    grade: Grade
    held: float | None = Field(description="measured coverage of 80% intervals in the tier")
    attention: Attention = Field(description="whether views stay, over the last year")
    forecast: TargetForecast
    cost: Cost | None
    cost_of_action: Cost | None = Field(description="per like, comment or share")


class Choices(Record):
    """What can be filtered by, in this lake."""

    platforms: tuple[str, ...]
    tiers: tuple[str, ...]
    niches: tuple[str, ...]
    stages: tuple[str, ...]


class Ranking(Record):
    """The creators asked for; `left_out` matched too, beyond what one request may forecast."""

    model: ModelName
    target: str
    horizon_days: float
    rows: tuple[Ranked, ...]
    matched: int
    left_out: int
    choices: Choices
    on_means: str | None = None  # how far totals lay from the means in the model's test
    notes: tuple[str, ...] = Field((), description="what the horizon's figures rest on, if little")


class Ranker:
    """Lists creators by the predictor that is current when asked; recent answers are remembered."""

    def __init__(self, current: Callable[[], Predictor], settings: Settings) -> None:
        self._current, self._settings = current, settings
        self._known: tuple[Predictor, dict[str, Known]] | None = None
        self._made: dict[tuple[object, ...], list[Ahead]] = {}
        self._stays: tuple[Predictor, int, dict[str, Attention]] | None = None

    def find(self, query: RankingQuery, now: datetime) -> Ranking:
        """The creators that match, sorted, as forecast in this minute. Raises as `respond` does."""
        predictor = self._current()
        known = self._directory(predictor)
        tiers = tiers_of(predictor)
        wanted = {name: getattr(query, name) for name in ("platform", "tier", "niche", "stage")}
        salt = read_salt(self._settings)
        sought = names_of(query.text, query.platform, salt)
        found = [
            id_
            for id_, of in known.items()
            if id_ in tiers and matches(of, tiers[id_], wanted) and _is_named(id_, query, sought)
        ]
        asked = tuple(sorted(found)[: self._settings.api.max_creators])
        stays = self._attention(predictor, now)
        names = {**names_of(query.names, None, salt), **sought}
        made = self._forecasts(predictor, asked, query, now)
        rows = [
            _row(of, (known[id_], names.get(id_), stays[id_]), query)
            for id_, of in zip(asked, made, strict=True)
        ]
        return Ranking(
            model=predictor.name,
            target=query.target,
            horizon_days=query.brief.horizon_days,
            rows=tuple(sorted_rows(rows, query.sort, query.descending)),
            matched=len(found),
            left_out=len(found) - len(asked),
            choices=_choices(known, tiers),
            on_means=words_of_totals(predictor.bundle.manifest).get(query.target),
            notes=tuple(dict.fromkeys(note for of, _ in made for note in of.notes)),
        )

    def _directory(self, predictor: Predictor) -> dict[str, Known]:
        if self._known is None or self._known[0] is not predictor:
            lake = Lake(self._settings.lake_root, self._settings.storage_options)
            self._known = predictor, directory_of(lake)
            self._made.clear()
        return self._known[1]

    def _attention(self, predictor: Predictor, now: datetime) -> dict[str, Attention]:
        """Every account's trend as of this minute, by id."""
        minute = int(now.timestamp() // _STEP_S)
        if self._stays is None or self._stays[:2] != (predictor, minute):
            growth = predictor.bundle.model.state.growth
            made = attention_of(predictor.panel, minute * _STEP_S, growth)
            by_id = dict(zip(predictor.panel.creator_ids, made, strict=True))
            self._stays = predictor, minute, by_id
        return self._stays[2]

    def _forecasts(
        self, predictor: Predictor, ids: tuple[str, ...], query: RankingQuery, now: datetime
    ) -> list[Ahead]:
        """Each creator's forecast and, where a fee is given, the quantiles of its actions."""
        if not ids:
            return []
        key = (now.timestamp() // _STEP_S, ids, query.brief, query.target, query.fee is None)
        if key not in self._made:
            people = tuple(CreatorQuestion(creator_id=id_) for id_ in ids)
            asked = ForecastRequest(
                creators=people, brief=query.brief, targets=(query.target,), explain=False
            )
            made = predictor.respond(asked, now).forecasts
            acted: Sequence[dict[str, float] | None] = [None] * len(made)
            if query.fee is not None:
                acted = actions(predictor, asked, now) or acted
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[key] = list(zip(made, acted, strict=True))
        return self._made[key]


def actions(
    predictor: Predictor, asked: ForecastRequest, now: datetime
) -> list[dict[str, float]] | None:
    """Quantiles of likes, comments and shares together, of each creator; None where the model
    forecasts none of them."""
    acts: tuple[Target, ...] = tuple(of for of in ACTIONS if of in predictor.targets)
    if not acts:
        return None
    drawn = predictor.samples(asked.model_copy(update={"targets": acts}), now)
    levels = np.quantile(sum(drawn[of] for of in acts), QUANTILES, axis=1).T
    return [dict(zip(QUANTILE_COLUMNS, row, strict=True)) for row in levels.tolist()]


def tiers_of(predictor: Predictor) -> dict[str, str]:
    """Each creator's follower tier by the last count that the lake has, by id."""
    panel = predictor.panel
    return {
        id_: TIER_NAMES[index]
        for id_, index in zip(
            panel.creator_ids, tier_index(last_known_followers(panel)), strict=True
        )
    }


def sorted_rows(rows: Sequence[Ranked], by: Sort, descending: bool) -> list[Ranked]:
    """The rows by a figure; those without it come last in either order, equal ones by id."""

    def key(row: Ranked) -> tuple[bool, float, str]:
        value = _figure(row, by)
        sign = -1.0 if descending else 1.0
        return value is None, 0.0 if value is None else sign * value, row.creator_id

    return sorted(rows, key=key)


def _figure(row: Ranked, by: Sort) -> float | None:
    quantiles = row.forecast.quantiles
    last5 = row.forecast.baselines.get("last5_median")
    figures: dict[Sort, float | None] = {
        "median": quantiles["q50"],
        "mean": row.forecast.mean,
        "low": quantiles["q10"],
        "last5": last5,
        "cost": None if row.cost is None else row.cost.typical,
        "followers": row.followers,
        "posts": row.n_history,
        "grade": -ord(row.grade.grade),
        "audience": row.attention.change,
    }
    return figures[by]


def _is_named(id_: str, query: RankingQuery, names: dict[str, str]) -> bool:
    text = query.text.strip()
    return not text or id_ in names or id_.startswith(text)


def _row(ahead: Ahead, about: tuple[Known, str | None, Attention], query: RankingQuery) -> Ranked:
    forecast, acted = ahead
    known, label, attention = about
    of, fee = forecast.targets[query.target], query.fee
    return Ranked(
        creator_id=forecast.creator_id or "",
        label=label,
        platform=known.platform,
        tier=forecast.tier,
        niche=known.niche,
        stages=known.stages,
        followers=forecast.followers,
        n_history=forecast.n_history,
        grade=forecast.grade,
        held=forecast.measured_coverage[query.target],
        attention=attention,
        forecast=of,
        cost=None if fee is None else cost_of(query.target, fee, of.quantiles, EACH),
        cost_of_action=None if fee is None or acted is None else cost_of("action", fee, acted),
    )


def _choices(known: dict[str, Known], tiers: dict[str, str]) -> Choices:
    there = set(tiers.values())
    return Choices(
        platforms=tuple(sorted({of.platform for of in known.values()})),
        tiers=tuple(name for name in TIER_NAMES if name in there),
        niches=tuple(sorted({of.niche for of in known.values() if of.niche})),
        stages=tuple(sorted({stage for of in known.values() for stage in of.stages})),
    )
