"""Plans as the doors ask for them: made, frozen, and followed after launch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from inference.ahead import Ahead, Keeps
from inference.ledger import posts_of_lake, take_in
from inference.ledger_store import Ledger
from inference.plan import Fees, Plan
from inference.plan_follow import follow
from inference.plan_freeze import freeze
from inference.plan_make import make_plan
from inference.plan_store import find_plan, keep_plan
from inference.predictor import Predictor
from reelcast.errors import InputError, MismatchError
from reelcast.records import ForecastRequest, ForecastResponse
from reelcast.rosters import Followed, FrozenPlan, RosterPlan
from reelcast.settings import Settings
from reelcast.store import Lake
from training.conversions_lake import sold_posts


class Planner:
    """Makes plans by the predictor that is current when asked; freezes them into the ledger."""

    def __init__(
        self,
        current: Callable[[], Predictor],
        keeps: Keeps,
        ledger: Ledger,
        settings: Settings,
    ) -> None:
        self._current, self._keeps, self._ledger = current, keeps, ledger
        self._settings = settings
        self._ahead = Ahead(current, keeps, ledger)

    @property
    def model(self) -> str:
        """When the model that plans was made: plans of another model are other plans."""
        return self._current().name.created_at

    def make(self, asked: RosterPlan, now: datetime) -> Plan:
        """The plan's futures, drawn once; hold it for what-if answers (`inference.plan.totals`)."""
        predictor = self._current()
        models = self._ahead.models(predictor)
        return make_plan(asked, lambda one: predictor.respond(one, now), now, models)

    def freeze(
        self, plan: Plan, choice: Mapping[str, int], now: datetime, fees: Fees | None = None
    ) -> FrozenPlan:
        """The plan as decided, kept with its posts' forecasts at each window.

        Raises InputError where the settings keep no ledger, MismatchError where another model
        serves by now.
        """
        if not self._settings.ledger.enabled:
            raise InputError("a plan is frozen into the ledger, which is off: set ledger.enabled")
        predictor = self._current()
        if predictor.name != plan.model:
            raise MismatchError(
                "another model serves than the one that the plan was made by: make the plan again"
            )

        def keep(one: ForecastRequest, name: str) -> ForecastResponse:
            return self._keeps.keep(one, predictor.respond(one, now), now, name)

        frozen = freeze(plan, choice, keep, now, self._ahead.models(predictor), fees)
        keep_plan(self._settings, frozen)
        return frozen

    def follow(self, plan_id: str, now: datetime) -> Followed:
        """A frozen plan, by id or name, against what the lake has counted by now.

        Raises NotFoundError, MismatchError where the plan was tampered with.
        """
        plan = find_plan(self._settings, plan_id)
        take_in(self._ledger, posts_of_lake(self._settings).panel, self._settings, now)
        lake = Lake(self._settings.lake_root, self._settings.storage_options)
        sold = [post for post in sold_posts(lake, now) if post.campaign_id == plan.name]
        return follow(plan, self._ledger, now, sold)
