"""The ledger in use: keeps what a door forecasts, takes in actuals, and reports on both."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from features.dataset import load_panel
from features.panel import Panel
from inference.ledger_adaptive import Level, adapt, follow, keep_levels, kept_levels
from inference.ledger_adaptive import Slice as StepSlice
from inference.ledger_campaigns import CAMPAIGN, CampaignOutcome, campaign_outcomes
from inference.ledger_freeze import KIND as FORECAST
from inference.ledger_freeze import freeze
from inference.ledger_join import ACTUAL, join
from inference.ledger_scores import Drift, Resolved, Slice, drift, resolved, slices
from inference.ledger_store import Entry, Ledger
from reelcast.database import database_url
from reelcast.records import Forecast, ForecastRequest, ForecastResponse, Record
from reelcast.salt import read_salt
from reelcast.settings import Settings
from reelcast.store import Lake


class Step(Record):
    """Where the adaptive step stands for a target and window."""

    target: str
    window: str
    outcomes: int
    alpha: float
    stretch: float


class Pair(Record):
    """A forecast beside what came of it."""

    forecast_id: str
    post_id: str
    target: str
    window: str
    tier: str
    made_at: str
    due_at: str
    median: float
    mean: float
    actual: float
    held: bool


class LedgerReport(Record):
    """Predicted against actual, as far as it is known."""

    forecasts: int
    outcomes: int
    newly_joined: int
    adaptive: bool
    slices: tuple[Slice, ...]
    drift: tuple[Drift, ...]
    campaigns: tuple[CampaignOutcome, ...]
    steps: tuple[Step, ...]
    latest: tuple[Pair, ...]


class Recorder:
    """Makes ledger entries of responses; `levels` are the adaptive step's, as last looked up."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._salt = read_salt(settings)
        self.levels: dict[StepSlice, Level] = {}

    def refresh(self, ledger: Ledger) -> None:
        """Look up where the adaptive step stands, where it is enabled."""
        self._salt = read_salt(self._settings)
        if self._settings.ledger.adaptive:
            self.levels = kept_levels(ledger)

    def record(
        self,
        asked: ForecastRequest,
        answer: ForecastResponse,
        made: tuple[datetime, str],
        campaign_id: str | None = None,
    ) -> tuple[ForecastResponse, list[Entry]]:
        """The response as it is to be shown, with its ids, and the entries that keep it."""
        forecasts: Sequence[Forecast] = answer.forecasts
        changes: list[dict[str, object]] = [{} for _ in forecasts]
        if self._settings.ledger.adaptive:
            forecasts, changes = adapt(forecasts, self.levels)
        if campaign_id is not None:
            changes = [{**of, "campaign_id": campaign_id} for of in changes]
        entries = freeze(asked, (answer.model, forecasts), made, self._salt, changes)
        named = tuple(
            forecast.model_copy(update={"forecast_id": entry.entry_id})
            for forecast, entry in zip(forecasts, entries, strict=True)
        )
        return answer.model_copy(update={"forecasts": named}), entries


def open_ledger(settings: Settings) -> Ledger:
    """The ledger of the settings' database; connected at its first use."""
    return Ledger(database_url(settings))


@dataclass(frozen=True, slots=True)
class DirectKeeping:
    """Keeps a forecast before it is shown: what the command line does."""

    settings: Settings

    def keep(
        self,
        asked: ForecastRequest,
        answer: ForecastResponse,
        now: datetime,
        campaign_id: str | None = None,
    ) -> ForecastResponse:
        """The response as it is to be shown, once it is kept."""
        if not self.settings.ledger.enabled:
            return answer
        recorder = Recorder(self.settings)
        with closing(open_ledger(self.settings)) as ledger:
            recorder.refresh(ledger)
            shown, entries = recorder.record(asked, answer, (now, "cli"), campaign_id)
            ledger.append(entries)
        return shown

    def put(self, entries: Sequence[Entry]) -> None:
        """Keep other entries."""
        if self.settings.ledger.enabled:
            with closing(open_ledger(self.settings)) as ledger:
                ledger.append(entries)


def take_in(ledger: Ledger, panel: Panel, settings: Settings, now: datetime) -> int:
    """How many actuals were new; the adaptive step follows them."""
    joined = join(ledger, panel, settings.ledger.match_hours, now)
    if joined:
        keep_levels(ledger, levels_after(resolved(ledger), settings.ledger.gamma))
    return joined


def levels_after(outcomes: Sequence[Resolved], gamma: float) -> dict[StepSlice, Level]:
    """Where the step stands after these outcomes, for each target and window."""
    keys = dict.fromkeys((r.target, r.window) for r in outcomes)
    return {
        key: follow((r.own_score for r in outcomes if (r.target, r.window) == key), gamma)
        for key in keys
    }


def report(
    ledger: Ledger, panel: Panel | None, settings: Settings, now: datetime, latest: int = 20
) -> LedgerReport:
    """The ledger's figures, after taking in the actuals that the panel knows."""
    joined = 0 if panel is None else take_in(ledger, panel, settings, now)
    outcomes = resolved(ledger)
    levels = levels_after(outcomes, settings.ledger.gamma)
    return LedgerReport(
        forecasts=ledger.count(FORECAST),
        outcomes=len(outcomes),
        newly_joined=joined,
        adaptive=settings.ledger.adaptive,
        slices=tuple(slices(outcomes)),
        drift=tuple(drift(outcomes)),
        campaigns=tuple(campaign_outcomes(ledger.read(CAMPAIGN), ledger.read(ACTUAL))),
        steps=tuple(
            Step(target=t, window=w, outcomes=of.outcomes, alpha=of.alpha, stretch=of.stretch)
            for (t, w), of in sorted(levels.items())
        ),
        latest=tuple(_pair(r) for r in outcomes[-latest:][::-1]),
    )


def _pair(of: Resolved) -> Pair:
    named = {name: getattr(of, name) for name in Pair.model_fields}
    return Pair(**named)


def panel_of_lake(settings: Settings) -> Panel:
    """The lake's posts and counts now."""
    return load_panel(Lake(settings.lake_root, settings.storage_options))
