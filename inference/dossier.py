"""All that is known of one creator for a decision: forecast, history, habits, costs, indicators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from pydantic import Field

from inference.ahead import Ahead, KeepsNothing
from inference.attention import Attention, attention_of
from inference.authenticity import Figures, Indicator, figures_of, indicators
from inference.campaign import campaign_forecast, requests_of
from inference.costs import FeeCeiling, fee_ceiling
from inference.directory import Known, directory_of
from inference.habits import Consistency, Kind, TagWork, consistency, kinds, tags_that_work
from inference.ledger_scores import Resolved, resolved
from inference.ledger_store import Ledger
from inference.overrides import KeptOverride, Overrides
from inference.past_posts import PastCount, past_posts
from inference.paths import paths
from inference.predictor import Predictor
from inference.ranking import ACTIONS, EACH
from inference.tagged import posts_shown, read_of
from measurement.skew import Skew, skew_of_history
from reelcast.plans import CampaignForecast, CampaignPlan, Deliverable, Selling
from reelcast.records import (
    Brief,
    CreatorQuestion,
    Forecast,
    ForecastRequest,
    ModelName,
    Record,
    Target,
)
from reelcast.settings import Settings
from reelcast.store import Lake
from reelcast.tracks import PathForecast

_SURE = 0.5  # from this probability on, a post counts as one with the label


class DossierQuery(Record):
    """Which creator, under which brief, and what a count may cost."""

    creator: CreatorQuestion
    brief: Brief = Brief()
    target: Target = "views"
    fee: float | None = Field(None, ge=0, le=10**9)
    most_per_1000: float | None = Field(None, ge=0, le=10**9, description="target cost of 1,000")
    most_per_action: float | None = Field(None, ge=0, le=10**9)
    selling: Selling | None = Field(None, description="what the post is to sell, where it is")


class Judged(Record):
    """A forecast of the ledger beside what came."""

    post_id: str
    due_at: str
    window: str
    median: float
    actual: float
    held: bool


class Dossier(Record):
    """What a creator's page and the vetting dossier say."""

    model: ModelName
    made_at: datetime
    creator_id: str
    label: str | None
    platform: str
    niche: str | None
    stages: tuple[str, ...]
    target: str
    brief: Brief
    fee: float | None
    forecast: Forecast
    path: PathForecast
    history: tuple[PastCount, ...]
    judged: tuple[Judged, ...]
    habits: Consistency
    skew: Skew = Field(description="what few posts hold of all counts")
    attention: Attention | None = Field(description="of views, whatever is forecast")
    kinds: tuple[Kind, ...]
    tags: tuple[TagWork, ...]
    indicators: tuple[Indicator, ...]
    ceilings: tuple[FeeCeiling, ...]
    sales: CampaignForecast | None = Field(description="of this one post, where it is to sell")
    overrides: tuple[KeptOverride, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a dossier looks things up."""

    lake: Lake
    ledger: Ledger
    overrides: Overrides


class Dossiers:
    """Makes dossiers by the predictor that is current when asked."""

    def __init__(
        self, current: Callable[[], Predictor], settings: Settings, ledger: Ledger, kept: Overrides
    ) -> None:
        self._current = current
        self._from = Sources(Lake(settings.lake_root, settings.storage_options), ledger, kept)
        self._models = Ahead(current, KeepsNothing(), ledger)
        self._seen: tuple[Predictor, Figures, dict[str, Known]] | None = None

    def of(self, query: DossierQuery, now: datetime) -> Dossier:
        """The dossier of a creator in the lake. Raises as `Predictor.respond` does."""
        predictor = self._current()
        asked = ForecastRequest(
            creators=(query.creator,), brief=query.brief, targets=None, explain=True
        )
        forecast = predictor.respond(asked, now).forecasts[0]
        (path,) = paths(predictor, asked, now).paths
        id_ = forecast.creator_id or ""
        figures, known = self._peers(predictor)
        about = known.get(id_, Known("unknown", None, ()))
        growth = predictor.bundle.model.state.growth
        posts = past_posts(
            predictor.panel,
            self._from.lake,
            id_,
            query.target,
            (query.brief.horizon_days, growth),
        )
        return Dossier(
            model=predictor.name,
            made_at=now,
            creator_id=id_,
            label=query.creator.label or query.creator.handle,
            platform=about.platform,
            niche=about.niche,
            stages=about.stages,
            target=query.target,
            brief=query.brief,
            fee=query.fee,
            forecast=forecast,
            path=path,
            history=posts,
            judged=judged(resolved(self._from.ledger, id_), query.target),
            habits=consistency(posts, now),
            skew=skew_of_history(
                np.array([post.at_window for post in posts]), [post.post_id for post in posts]
            ),
            attention=_attention(predictor, id_, now),
            kinds=kinds(posts),
            tags=tags_that_work(posts, labels_of(self._from.lake, posts)),
            indicators=indicators(figures, predictor.panel.creator_index(id_)),
            ceilings=ceilings(predictor, asked, query, now),
            sales=self._sales(predictor, query, now),
            overrides=self._from.overrides.of(id_),
        )

    def _sales(
        self, predictor: Predictor, query: DossierQuery, now: datetime
    ) -> CampaignForecast | None:
        """What the one post sells, as a campaign of it alone; nothing is kept of it."""
        if query.selling is None:
            return None
        post = Deliverable(creator=query.creator, brief=query.brief, fee=query.fee)
        plan = CampaignPlan(deliverables=(post,), selling=query.selling)
        answers = [predictor.respond(one, now) for one, _ in requests_of(plan)]
        return campaign_forecast(plan, answers, self._models.models(predictor))

    def _peers(self, predictor: Predictor) -> tuple[Figures, dict[str, Known]]:
        if self._seen is None or self._seen[0] is not predictor:
            self._seen = predictor, figures_of(predictor.panel), directory_of(self._from.lake)
        return self._seen[1:]


def _attention(predictor: Predictor, creator_id: str, now: datetime) -> Attention | None:
    """The trend of an account of the panel, against all of them."""
    index = predictor.panel.creator_index(creator_id)
    if index < 0:
        return None
    growth = predictor.bundle.model.state.growth
    return attention_of(predictor.panel, int(now.timestamp()), growth)[index]


def judged(outcomes: Sequence[Resolved], target: str) -> tuple[Judged, ...]:
    """The ledger's outcomes of one count, latest first."""
    return tuple(
        Judged(
            post_id=of.post_id,
            due_at=of.due_at,
            window=of.window,
            median=of.median,
            actual=of.actual,
            held=of.held,
        )
        for of in reversed(outcomes)
        if of.target == target
    )


def labels_of(lake: Lake, posts: Sequence[PastCount]) -> dict[str, tuple[tuple[str, str], ...]]:
    """(group, label) of each post whose video was tagged, by the post's id."""
    own = {post.post_id for post in posts}
    shown = {post: content for post, content in posts_shown(lake).items() if post in own}
    read = read_of(lake, list(shown.values()))
    return {
        post: tuple(
            (of.group, of.label)
            for of in read[content].labels
            if of.probability is None or of.probability >= _SURE
        )
        for post, content in shown.items()
        if content in read
    }


def ceilings(
    predictor: Predictor, asked: ForecastRequest, query: DossierQuery, now: datetime
) -> tuple[FeeCeiling, ...]:
    """The highest fees that meet the target costs that were given."""
    if query.most_per_1000 is None and query.most_per_action is None:
        return ()
    drawn = predictor.samples(asked, now)
    made = []
    if query.most_per_1000 is not None:
        counted = drawn[query.target][0] / EACH
        made.append(fee_ceiling(f"1,000 {query.target}", query.most_per_1000, counted))
    acts = [drawn[name][0] for name in ACTIONS if name in drawn]
    if query.most_per_action is not None and acts:
        made.append(fee_ceiling("like, comment or share", query.most_per_action, np.sum(acts, 0)))
    return tuple(made)
