"""The ledger behind a server: forecasts are handed to a writer's queue, none waits for a disk."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from inference.ledger import LedgerReport, open_ledger, posts_of_lake, report
from inference.ledger_keeping import Keeper, Recorder
from inference.ledger_store import Entry
from inference.ledger_writer import LedgerWriter
from reelcast.errors import ReelcastError
from reelcast.settings import Settings

log = logging.getLogger(__name__)


class Keeping(Keeper):
    """Keeps what a server forecasts, from `start` to `stop`; without a ledger it hands it on."""

    source = "api"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
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

    def recorder(self) -> Recorder:
        """The one whose levels `refresh` looks up."""
        return self._recorder

    def append(self, entries: Sequence[Entry]) -> None:
        """Hand entries to the writer."""
        self._writer.put(entries)

    def report(self, now: datetime, latest: int = 20) -> LedgerReport:
        """Predicted against actual, as far as the lake knows it now, with the latest pairs."""
        return report(self.ledger, posts_of_lake(self._settings), self._settings, now, latest)

    def health(self) -> dict[str, Any]:
        """Whether entries are written, how many wait for it, and how many were lost."""
        return {
            "writing": self._writer.is_writing,
            "pending": self._writer.pending,
            "dropped": self._writer.dropped,
        }

    def stop(self) -> None:
        """Write what waits, and give the database back."""
        if self._settings.ledger.enabled:
            self._writer.stop()
        self.ledger.close()
