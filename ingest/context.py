"""What holds for all rows of an import: as told, as mapped, or as the file's name and time say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from ingest.columns import Reader
from ingest.fields import POST_GRAINS
from ingest.mapping import Column, Mapping
from ingest.options import ImportOptions
from ingest.sources import Batch
from ingest.times import date_in, year_in
from ingest.values_campaign import slug
from reelcast.errors import InputError, MappingError
from reelcast.zones import zone_of


@dataclass(frozen=True, slots=True)
class Context:
    """`observed_at` completes rows without one; `zone_name` None: times must name their own.

    `constants` are those of a campaign's mapping, read as cells are. `brand` is whose shop it is.
    """

    mapping: Mapping
    salt: str
    platform: str | None
    creator: str | None
    observed_at: datetime
    observed_at_is_assumed: bool
    year: int | None
    zone: tzinfo
    zone_name: str | None = "UTC"
    brand: str | None = None
    constants: dict[str, object] = field(default_factory=dict)


def context_of(path: Path, mapping: Mapping, options: ImportOptions) -> Context:
    """The context of a file. Raises InputError naming what must be told."""
    platform = _platform(options.platform or mapping.constants.get("platform"))
    creator = options.creator or mapping.constants.get("creator")
    of_posts = mapping.grain in POST_GRAINS
    if of_posts and platform is None:
        raise InputError(f"{path.name} names no platform: give --platform, e.g. tiktok")
    if of_posts and creator is None and "creator" not in mapping.read:
        raise InputError(
            f"{path.name} names no account: give --creator with its handle, e.g. @fern.diary"
        )
    zone = mapping.timezone or options.timezone
    return Context(
        mapping,
        options.salt,
        platform,
        None if creator is None else str(creator),
        _observed_at(path, mapping, options),
        (options.observed_at or mapping.constants.get("observed_at")) is None,
        options.year or year_in(path.name),
        zone_of(zone or "UTC"),
        zone or ("UTC" if of_posts else None),
        options.brand,
        {} if of_posts else _constants(mapping, options, platform, zone),
    )


def _platform(given: object) -> str | None:
    try:
        return slug(given)
    except ValueError as exc:
        raise InputError(f"platform {str(given)[:40]!r} {exc}: write e.g. tiktok") from exc


def _constants(
    mapping: Mapping, options: ImportOptions, platform: str | None, zone: str | None
) -> dict[str, object]:
    """The mapping's constants read by their fields' kinds. Raises MappingError."""
    given = {name: cell for name, cell in mapping.constants.items() if name != "platform"}
    if options.brand is not None and mapping.grain == "orders":
        given["brand"] = options.brand
    own = {name: Column.model_validate({"from": name}) for name in given}
    as_row = mapping.model_copy(update={"columns": own})
    reader = Reader(as_row, tuple(given), zone, options.salt, platform)
    fields, bad = reader.read(Batch({name: [cell] for name, cell in given.items()}, [0]))
    if bad:
        said = f"{bad[0].column} {bad[0].reason}"
        raise MappingError(f"mapping {mapping.name}: a constant is wrong: {said}")
    return {name: cells[0] for name, cells in fields.items()}


def _observed_at(path: Path, mapping: Mapping, options: ImportOptions) -> datetime:
    """When the counts were read: as told, as mapped, the name's date, else the file's time."""
    given = options.observed_at or mapping.constants.get("observed_at") or date_in(path.name)
    if given is None:
        return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    zone = zone_of(mapping.timezone or options.timezone or "UTC")
    try:
        at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError as exc:
        raise InputError(f"observed_at {given!r} is no time: write e.g. 2026-03-01T12:00Z") from exc
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
