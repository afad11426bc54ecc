"""Paths, updates and campaigns as the doors ask for them: answered, and kept in the ledger."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from features.panel import DAY_S
from inference.campaign import Models, campaign_forecast, requests_of
from inference.dependence import dependence_of
from inference.ledger_campaigns import campaign_entry
from inference.ledger_freeze import KIND as FORECAST
from inference.ledger_freeze import update_entry
from inference.ledger_join import made_before
from inference.ledger_scores import resolved
from inference.ledger_store import Entry, Ledger
from inference.model_words import words_of_means
from inference.paths import paths
from inference.predictor import Predictor
from inference.sampling import JointSampler
from inference.update import Updater
from reelcast.errors import NotFoundError, StoreError
from reelcast.plans import CampaignForecast, CampaignPlan
from reelcast.records import ForecastRequest, ForecastResponse
from reelcast.tracks import PathResponse, UpdateRequest, UpdateResponse
from training.conversions_model import conversions_home, load_or_prior

log = logging.getLogger(__name__)
_LEAST_AGE_DAYS = 0.02  # half an hour: a post just out has an age whose log is known


class Keeps(Protocol):
    """Keeps forecasts, and other entries, in the ledger."""

    def keep(
        self,
        asked: ForecastRequest,
        answer: ForecastResponse,
        now: datetime,
        campaign_id: str | None = None,
    ) -> ForecastResponse:
        """The response as it is to be shown."""

    def put(self, entries: Sequence[Entry]) -> None:
        """Keep other entries."""


class KeepsNothing:
    """Shows what was made, and keeps none of it."""

    def keep(
        self,
        asked: ForecastRequest,
        answer: ForecastResponse,
        now: datetime,
        campaign_id: str | None = None,
    ) -> ForecastResponse:
        """The response as it was made."""
        return answer

    def put(self, entries: Sequence[Entry]) -> None:
        """Keep nothing."""


class Ahead:
    """Answers of the predictor that is current when asked; the ledger is read where it helps."""

    def __init__(self, current: Callable[[], Predictor], keeps: Keeps, ledger: Ledger) -> None:
        self._current, self._keeps, self._ledger = current, keeps, ledger
        self._updater: Updater | None = None

    def paths(self, asked: ForecastRequest, now: datetime) -> PathResponse:
        """Forecast each creator's next post at 24 h, 72 h, 7 d and 30 d."""
        return paths(
            self._current(), asked, now, lambda one, answer: self._keeps.keep(one, answer, now)
        )

    def update(self, asked: UpdateRequest, now: datetime) -> UpdateResponse:
        """Forecast a post that is out from what it has counted; warn where it runs off its path.

        A post of the lake is held against the ledger's last forecast made before it was out, where
        there is one. Raises NotFoundError for a forecast that the ledger does not hold.
        """
        predictor = self._current()
        if asked.forecast_id is None and asked.post_id is not None:
            forecast_id = self._made_before(predictor, asked.post_id, now)
            asked = asked.model_copy(update={"forecast_id": forecast_id})
        frozen = None if asked.forecast_id is None else self._frozen(asked.forecast_id)
        made = self._updater_of(predictor).respond(asked, now, frozen)
        self._keeps.put([update_entry(asked, made, now)])
        return made

    def campaign(self, plan: CampaignPlan, now: datetime) -> CampaignForecast:
        """Forecast a campaign's totals: P10, P50, P90, mean, and the chance of each goal.

        Its posts move together as the ledger's campaigns did.
        """
        predictor = self._current()
        answers = [
            self._keeps.keep(asked, predictor.respond(asked, now), now, plan.campaign_id)
            for asked, _ in requests_of(plan)
        ]
        made = campaign_forecast(plan, answers, self.models(predictor))
        self._keeps.put([campaign_entry(made, answers[0].model, now)])
        return made

    def models(self, predictor: Predictor) -> Models:
        """What campaigns are drawn by now: of the bundle, the ledger and the lake."""
        return Models(
            dependence_of(resolved(self._ledger)),
            JointSampler(predictor.bundle.model.rates),
            load_or_prior(conversions_home(predictor.settings)),
            words_of_means(predictor.bundle.manifest),
            predictor.bundle.model.state.growth,
        )

    def _made_before(self, predictor: Predictor, post_id: str, now: datetime) -> str | None:
        """The id of the last forecast made before the post was out, that at the horizon nearest to
        its age; None where the ledger holds none, is off, or cannot be read."""
        panel, settings = predictor.panel, predictor.settings.ledger
        if not settings.enabled or post_id not in panel.post_ids:
            return None
        post = panel.post_ids.index(post_id)
        age_days = max((now.timestamp() - float(panel.published_s[post])) / DAY_S, _LEAST_AGE_DAYS)
        try:
            found = made_before(self._ledger, panel, post, settings.match_hours)
        except StoreError as exc:
            log.warning("forecasts of %s cannot be looked up: %s", post_id, exc)
            return None

        def order(entry: Entry) -> tuple[datetime, float]:
            made = datetime.fromisoformat(entry.body["made_at"])
            return made, -abs(math.log(age_days / float(entry.body["horizon_days"])))

        return max(found, key=order).entry_id if found else None

    def _frozen(self, forecast_id: str) -> Mapping[str, Any]:
        found = self._ledger.find(forecast_id)
        if found is None or found.kind != FORECAST:
            raise NotFoundError(
                f"the ledger holds no forecast {forecast_id!r}: it may not be written yet, or "
                "its ledger is another"
            )
        return found.body

    def _updater_of(self, predictor: Predictor) -> Updater:
        if self._updater is None or self._updater.predictor is not predictor:
            self._updater = Updater(predictor)
        return self._updater
