"""The ledger in use: takes in actuals, and reports predicted against actual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from features.dataset import load_panel
from features.panel import Panel
from inference.ledger_adaptive import Level, follow, keep_levels
from inference.ledger_adaptive import Slice as StepSlice
from inference.ledger_campaigns import CAMPAIGN, CampaignOutcome, campaign_outcomes
from inference.ledger_freeze import KIND as FORECAST
from inference.ledger_freeze import REPLAY
from inference.ledger_join import ACTUAL, join
from inference.ledger_scores import Drift, Resolved, Slice, drift, resolved, slices
from inference.ledger_store import Ledger
from inference.tagged import primary_labels
from reelcast.database import database_url
from reelcast.records import Record
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
    source: str = Field(description="the door that made it; replay: made later, as of `made_at`")
    due_at: str
    median: float
    low: float = Field(description="of the 80% interval, as it was shown")
    high: float
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
    notes: tuple[str, ...] = Field(description="what else to know of these figures")


def open_ledger(settings: Settings) -> Ledger:
    """The ledger of the settings' database; connected at its first use."""
    return Ledger(database_url(settings))


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


@dataclass(frozen=True, slots=True)
class Lately:
    """What the lake knows now: its posts and counts, and the formats of tagged posts by id."""

    panel: Panel
    formats: Mapping[str, str]


def posts_of_lake(settings: Settings) -> Lately:
    """What the settings' lake knows now."""
    lake = Lake(settings.lake_root, settings.storage_options)
    return Lately(load_panel(lake), primary_labels(lake, "format"))


def report(
    ledger: Ledger, known: Lately, settings: Settings, now: datetime, latest: int = 20
) -> LedgerReport:
    """The ledger's figures, after taking in the actuals that the lake knows."""
    joined = take_in(ledger, known.panel, settings, now)
    outcomes = resolved(ledger)
    levels = levels_after(outcomes, settings.ledger.gamma)
    return LedgerReport(
        forecasts=ledger.count(FORECAST),
        outcomes=len(outcomes),
        newly_joined=joined,
        adaptive=settings.ledger.adaptive,
        slices=tuple(slices(outcomes, known.formats)),
        drift=tuple(drift(outcomes)),
        campaigns=tuple(campaign_outcomes(ledger.read(CAMPAIGN), ledger.read(ACTUAL))),
        steps=tuple(
            Step(target=t, window=w, outcomes=of.outcomes, alpha=of.alpha, stretch=of.stretch)
            for (t, w), of in sorted(levels.items())
        ),
        latest=tuple(_pair(r) for r in outcomes[-latest:][::-1]),
        notes=tuple(_notes(outcomes)),
    )


def _notes(outcomes: Sequence[Resolved]) -> Iterator[str]:
    replayed = sum(r.source == REPLAY for r in outcomes)
    if replayed:
        yield (
            f"{replayed:,} of {len(outcomes):,} outcomes are of forecasts that were replayed: made "
            "afterwards, each as of the time that it names, by a model that had learned from "
            "nothing known later"
        )


def _pair(of: Resolved) -> Pair:
    named = {name: getattr(of, name) for name in Pair.model_fields}
    return Pair(**named)
