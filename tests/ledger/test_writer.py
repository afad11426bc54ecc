"""The writer behind a server: nothing waits for it, and nothing is lost at the end."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from inference.ledger_store import Entry, Ledger, Sealed
from inference.ledger_writer import LedgerWriter
from reelcast.errors import RefusedError, StoreError


def entries(n: int) -> list[Entry]:
    return [Entry("forecast", f"f{i}", {"n": i, "creator_id": None}) for i in range(n)]


class Failing(Ledger):
    """A ledger whose database is down until told otherwise."""

    down = True

    def append(self, entries: object) -> int:
        if self.down:
            raise StoreError("the database is down")
        return super().append(entries)  # type: ignore[arg-type]


def test_what_was_put_is_written_at_the_end(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'l.db'}")
    writer = LedgerWriter(ledger)
    writer.start()
    writer.put(entries(1200))
    writer.stop()
    assert (ledger.count("forecast"), writer.pending) == (1200, 0)
    ledger.close()


def test_putting_does_not_wait_for_the_database(tmp_path: Path) -> None:
    writer = LedgerWriter(Failing(f"sqlite:///{tmp_path / 'l.db'}"))
    writer.start()
    began = time.monotonic()
    writer.put(entries(5000))
    assert time.monotonic() - began < 1.0
    writer.stop()


def test_entries_wait_while_the_database_is_down(tmp_path: Path) -> None:
    ledger = Failing(f"sqlite:///{tmp_path / 'l.db'}")
    writer = LedgerWriter(ledger)
    writer.start()
    writer.put(entries(10))
    time.sleep(0.5)
    assert writer.pending == 10
    ledger.down = False
    writer.stop()
    assert ledger.count("forecast") == 10
    ledger.close()


def test_what_does_not_fit_the_queue_is_dropped_counted_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = LedgerWriter(Failing(f"sqlite:///{tmp_path / 'l.db'}"), queued=5)
    with caplog.at_level(logging.ERROR):
        writer.put(entries(8))
        writer.stop()
    assert writer.dropped == 3
    assert "cannot keep up" in caplog.text
    assert "are lost" in caplog.text


class Picky(Ledger):
    """A ledger whose database refuses one entry for what it says."""

    def append(self, entries: Sequence[Entry | Sealed]) -> int:
        if any(entry.entry_id == "f3" for entry in entries):
            raise RefusedError("the database refuses a value")
        return super().append(entries)


def test_an_entry_that_is_refused_holds_up_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = Picky(f"sqlite:///{tmp_path / 'l.db'}")
    writer = LedgerWriter(ledger)
    with caplog.at_level(logging.ERROR):
        writer.start()
        writer.put(entries(10))
        writer.stop()
    assert (ledger.count("forecast"), writer.dropped, writer.pending) == (9, 1, 0)
    assert "an entry of the ledger is lost" in caplog.text
    ledger.close()


class Broken(Ledger):
    """A ledger with an error of ours."""

    def append(self, entries: object) -> int:
        raise RuntimeError("a bug")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_ended_by_an_error_of_ours_says_so(tmp_path: Path) -> None:
    writer = LedgerWriter(Broken(f"sqlite:///{tmp_path / 'l.db'}"))
    writer.start()
    assert writer.is_writing
    writer.put(entries(1))
    until = time.monotonic() + 5
    while writer.is_writing and time.monotonic() < until:
        time.sleep(0.05)
    assert (writer.is_writing, writer.pending) == (False, 1)
