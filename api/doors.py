"""What the server's doors share: the model in use, the ledger behind it, its jobs, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from api.work import Doing
from inference.catalog import Catalog
from inference.creative import Creative
from inference.dossier import Dossiers
from inference.ledger_serving import Keeping
from inference.overrides import Overrides
from inference.planner import Planner
from inference.ranking import Ranker
from inference.serving import Serving
from reelcast.database import database_url
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
    creative: Creative
    ranker: Ranker
    dossiers: Dossiers
    overrides: Overrides
    planner: Planner
    now: Callable[[], datetime]

    @classmethod
    def of(
        cls, settings: Settings, serving: Serving, keeping: Keeping, now: Callable[[], datetime]
    ) -> Doors:
        """The doors of an application; nothing is connected yet."""
        overrides = Overrides(database_url(settings))
        return cls(
            settings=settings,
            serving=serving,
            keeping=keeping,
            doing=Doing(settings),
            catalog=Catalog(settings),
            creative=Creative(settings, serving.current),
            ranker=Ranker(serving.current, settings),
            dossiers=Dossiers(serving.current, settings, keeping.ledger, overrides),
            overrides=overrides,
            planner=Planner(serving.current, keeping, keeping.ledger, settings),
            now=now,
        )

    def close(self) -> None:
        """Give the database's connections back."""
        self.overrides.close()

    @property
    def lake(self) -> Lake:
        return Lake(self.settings.lake_root, self.settings.storage_options)
