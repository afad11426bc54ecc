"""How a file is to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is read. Only `salt`, the secret for hashing names, must be given.

    `format` is a registry name and `mapping` a YAML file or the name of a shipped one; without
    both the format is recognised. `creator` is the handle for exports of one's own account.
    `timezone` holds for times without a zone (posts: UTC; orders, events and answers must name
    it), `year` for dates without a year (that of the earliest date). `brand` says whose shop orders
    and survey answers are of, where a lake holds several brands. A killed import loses at most
    one batch of `batch_rows` and can be run again.
    """

    salt: str
    format: str | None = None
    mapping: Path | str | None = None
    creator: str | None = None
    platform: str | None = None
    observed_at: datetime | None = None
    timezone: str | None = None
    brand: str | None = None
    year: int | None = None
    batch_rows: int = 50_000
