"""What commands that ask a model share: the model loaded, and the ledger open while they ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api.cli_options import settings_of

if TYPE_CHECKING:
    from inference.ledger_keeping import DirectKeeping
    from inference.ledger_store import Ledger
    from inference.predictor import Predictor
    from reelcast.settings import Settings


@dataclass(frozen=True, slots=True)
class Opened:
    """A model with the ledger that keeps what it says, as of `now`."""

    settings: Settings
    predictor: Predictor
    keeping: DirectKeeping
    ledger: Ledger
    now: datetime


@contextmanager
def opened(home: str | None, what: str) -> Iterator[Opened]:
    """The model of the home; the ledger is closed at the end. `what` is said while it loads."""
    from api.cli_show import status
    from inference.ledger import open_ledger
    from inference.ledger_keeping import DirectKeeping
    from inference.predictor import Predictor

    settings = settings_of(home)
    ledger = open_ledger(settings)
    try:
        with status(what) as progress:
            progress("loading the model")
            predictor = Predictor.load(settings.model, settings)
        yield Opened(settings, predictor, DirectKeeping(settings), ledger, datetime.now(UTC))
    finally:
        ledger.close()
