"""Writes entries to the ledger behind the requests that make them."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence

from inference.ledger_store import Entry, Ledger, Sealed, seal
from reelcast.errors import ReelcastError, RefusedError

log = logging.getLogger(__name__)
QUEUED = 20_000  # entries that wait at most; more are dropped, counted and logged
_BATCH = 50  # about two milliseconds of work: a request that comes meanwhile waits no longer
_PAUSE_S = 0.2  # between looks at the queue, so that many entries share a transaction
_BREATH_S = 0.002  # between batches, for the requests
_RETRY_S = 2.0


class LedgerWriter:
    """A background thread that appends what is put into its queue; `stop` writes what is left.

    A process that is killed loses what came in the last fraction of a second. While the database
    fails, up to QUEUED entries wait; then new ones are dropped and counted in `dropped`. So is an
    entry that the database refuses for what it says: the others do not wait for it.
    """

    def __init__(self, ledger: Ledger, queued: int = QUEUED) -> None:
        self._ledger = ledger
        self._queue: queue.Queue[Sealed] = queue.Queue(queued)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._waiting: list[Sealed] = []
        self.dropped = 0

    def start(self) -> None:
        self._thread.start()

    def put(self, entries: Sequence[Entry]) -> None:
        """Hand entries over; returns at once."""
        for entry in entries:
            try:
                self._queue.put_nowait(seal(entry))
            except queue.Full:
                if not self.dropped:
                    log.error("the ledger cannot keep up: forecasts are made but not kept")
                self.dropped += 1

    @property
    def pending(self) -> int:
        """Entries not yet written."""
        return self._queue.qsize() + len(self._waiting)

    @property
    def is_writing(self) -> bool:
        """Whether the thread runs: where it ended by an error of ours, entries only wait."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Write what waits, then end; what the database refuses then is lost, and logged."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        while self.pending:
            if not self._write():
                log.error("%d entries of the ledger are lost", self.pending)
                return

    def _run(self) -> None:
        while not self._stopped.wait(_PAUSE_S):
            while self.pending and not self._stopped.is_set():
                self._stopped.wait(_BREATH_S if self._write() else _RETRY_S)

    def _write(self) -> bool:
        while len(self._waiting) < _BATCH and not self._queue.empty():
            self._waiting.append(self._queue.get_nowait())
        try:
            self._ledger.append(self._waiting)
        except RefusedError:
            return self._write_each()
        except ReelcastError as exc:
            log.warning("the ledger cannot be written, tried again: %s", exc)
            return False
        self._waiting = []
        return True

    def _write_each(self) -> bool:
        """Write what waits one by one, less what the database refuses; whether it is all done."""
        while self._waiting:
            try:
                self._ledger.append(self._waiting[:1])
            except RefusedError as exc:
                log.error("an entry of the ledger is lost: %s", exc)
                self.dropped += 1
            except ReelcastError as exc:
                log.warning("the ledger cannot be written, tried again: %s", exc)
                return False
            del self._waiting[0]
        return True
