"""The ledger behind a server: forecasts are handed to a writer's queue, none waits for a disk."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from inference.ledger import LedgerReport, Recorder, open_ledger, panel_of_lake, report
from inference.ledger_store import Entry
from inference.ledger_writer import LedgerWriter
from reelcast.errors import ReelcastError
from reelcast.records import ForecastRequest, ForecastResponse
from reelcast.settings import Settings

log = logging.getLogger(__name__)


class Keeping:
    """Keeps what a server forecasts, from `start` to `stop`; without a ledger it hands it on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.ledger = open_ledger(settings)
        self._recorder = Recorder(settings)
        self._writer = LedgerWriter(self.ledger)

    def start(self) -> None:
        """Open the database and begin to write; a database that is down is tried again."""
        if self._settings.ledger.enabled:
            self.refresh()
            self._writer.start()

    def refresh(self) -> None:
        """Look up where the adaptive step stands."""
        if not self._settings.ledger.enabled:
            return
        try:
            self._recorder.refresh(self.ledger)
        except ReelcastError as exc:
            log.warning("the adaptive step cannot be looked up: %s", exc)

    def keep(
        self,
        asked: ForecastRequest,
        answer: ForecastResponse,
        now: datetime,
        campaign_id: str | None = None,
    ) -> ForecastResponse:
        """The response as it is to be shown, its entries on their way into the ledger."""
        if not self._settings.ledger.enabled:
            return answer
        shown, entries = self._recorder.record(asked, answer, (now, "api"), campaign_id)
        self._writer.put(entries)
        return shown

    def put(self, entries: Sequence[Entry]) -> None:
        """Hand other entries over."""
        if self._settings.ledger.enabled:
            self._writer.put(entries)

    def report(self, now: datetime) -> LedgerReport:
        """Predicted against actual, as far as the lake knows it now."""
        return report(self.ledger, panel_of_lake(self._settings), self._settings, now)

    def health(self) -> dict[str, Any]:
        """Entries that wait to be written, and those lost while the database failed."""
        return {"pending": self._writer.pending, "dropped": self._writer.dropped}

    def stop(self) -> None:
        """Write what waits, and give the database back."""
        if self._settings.ledger.enabled:
            self._writer.stop()
        self.ledger.close()
