"""Keeps what a door forecasts: makes the ledger's entries of it, and hands them over."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import ClassVar

from inference.ledger import open_ledger
from inference.ledger_adaptive import Level, Slice, adapt, kept_levels
from inference.ledger_freeze import freeze
from inference.ledger_store import Entry, Ledger
from reelcast.records import Forecast, ForecastRequest, ForecastResponse
from reelcast.salt import read_salt
from reelcast.settings import Settings


class Recorder:
    """Makes ledger entries of responses; `levels` are the adaptive step's, as last looked up."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._salt = read_salt(settings)
        self.levels: dict[Slice, Level] = {}

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


class Keeper(ABC):
    """Keeps forecasts and other entries; where the ledger is off it hands forecasts on as made."""

    source: ClassVar[str]  # the door, as the ledger names it

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def keep(
        self,
        asked: ForecastRequest,
        answer: ForecastResponse,
        now: datetime,
        campaign_id: str | None = None,
    ) -> ForecastResponse:
        """The response as it is to be shown, its entries handed over."""
        if not self._settings.ledger.enabled:
            return answer
        made = (now, self.source)
        shown, entries = self.recorder().record(asked, answer, made, campaign_id)
        self.append(entries)
        return shown

    def put(self, entries: Sequence[Entry]) -> None:
        """Keep other entries."""
        if self._settings.ledger.enabled:
            self.append(entries)

    @abstractmethod
    def recorder(self) -> Recorder:
        """Makes the entries, at the adaptive step's present width."""

    @abstractmethod
    def append(self, entries: Sequence[Entry]) -> None:
        """Hand entries to the ledger."""


class DirectKeeping(Keeper):
    """Keeps a forecast before it is shown: what the command line does."""

    source = "cli"

    def recorder(self) -> Recorder:
        """One that has looked the levels up."""
        made = Recorder(self._settings)
        with closing(open_ledger(self._settings)) as ledger:
            made.refresh(ledger)
        return made

    def append(self, entries: Sequence[Entry]) -> None:
        """Write the entries."""
        with closing(open_ledger(self._settings)) as ledger:
            ledger.append(entries)
