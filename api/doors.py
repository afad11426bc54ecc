"""What the server's doors share: the model in use, the ledger behind it, its jobs, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from api.work import Doing
from inference.catalog import Catalog
from inference.ledger_serving import Keeping
from inference.serving import Serving
from reelcast.settings import Settings
from reelcast.store import Lake


@dataclass(frozen=True, slots=True)
class Doors:
    """One for each application; routes and pages ask it and hold nothing themselves."""

    settings: Settings
    serving: Serving
    keeping: Keeping
    doing: Doing
    catalog: Catalog
    now: Callable[[], datetime]

    @property
    def lake(self) -> Lake:
        return Lake(self.settings.lake_root, self.settings.storage_options)
