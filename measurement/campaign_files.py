"""Campaigns as files: YAML and CSV in, CSV out. Handles are hashed here and are not kept.

A CSV has a line for each deliverable: the campaign's columns (said on its first line, or on all),
`target_METRIC` columns, then the deliverable's. Times without a zone are of the campaign's
`timezone`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from reelcast.campaigns import Campaign, Deliverable, TypeDefaults
from reelcast.errors import InputError, NotFoundError
from reelcast.records import creator_id_of
from reelcast.zones import zone_of

TARGET = "target_"
OF_CAMPAIGN = tuple(n for n in Campaign.model_fields if n not in ("targets", "deliverables"))
OF_DELIVERABLE = {n: "post_stage" if n == "stage" else n for n in Deliverable.model_fields}
ALIASES = {"whitelisted": "spark_ads", "whitelisting": "spark_ads", "sparks": "spark_ads"}
_TIMES = ("starts_at", "ends_at", "set_at", "planned_at")
_LINKS = (
    ("tiktok", re.compile(r"tiktok\.com/.*/(?:video|photo)/(\d+)")),
    ("youtube", re.compile(r"youtube\.com/(?:shorts/|watch\?v=)([\w-]{11})")),
    ("youtube", re.compile(r"youtu\.be/([\w-]{11})")),
)


@dataclass(frozen=True, slots=True)
class Defined:
    """A campaign of a file, and the handles it names by creator id: for words, never stored."""

    campaign: Campaign
    handles: Mapping[str, str]


def read_campaigns(path: Path, salt: str, now: datetime) -> list[Defined]:
    """The campaigns of a .yaml, .yml, .json or .csv file; `set_at` is `now` where it says none.

    Raises NotFoundError without the file, InputError naming what is wrong in it.
    """
    if not path.is_file():
        raise NotFoundError(f"no file {path}: give a campaign as YAML or CSV")
    try:
        text = path.read_text(encoding="utf-8-sig")
        given = _of_csv(text) if path.suffix.lower() == ".csv" else _of_yaml(text)
    except (ValueError, yaml.YAMLError, csv.Error) as exc:  # no text, dates that are none
        raise InputError(f"{path.name} cannot be read: {exc}") from exc
    if not given:
        raise InputError(f"{path.name} holds no campaign: see docs/measurement.md for its form")
    return [_defined(one, salt, now) for one in given]


def to_csv(campaigns: Sequence[Campaign]) -> str:
    """The campaigns as CSV that `read_campaigns` reads back to the same campaigns."""
    targets = sorted({f"{TARGET}{name}" for of in campaigns for name in of.targets})
    head = [*OF_CAMPAIGN, *targets, *OF_DELIVERABLE.values()]
    written = io.StringIO()
    writer = csv.DictWriter(written, head, restval="", lineterminator="\n")
    writer.writeheader()
    for of in campaigns:
        first = {name: _cell(getattr(of, name), of.zone) for name in OF_CAMPAIGN}
        first |= {f"{TARGET}{name}": _cell(value, of.zone) for name, value in of.targets.items()}
        for one in of.deliverables or (None,):
            writer.writerow({**first, **_deliverable_cells(one, of.zone)})
    return written.getvalue()


def _deliverable_cells(one: Deliverable | None, zone: tzinfo) -> dict[str, str]:
    if one is None:
        return {}
    return {column: _cell(getattr(one, name), zone) for name, column in OF_DELIVERABLE.items()}


def _cell(value: object, zone: tzinfo) -> str:
    """The value as text; times by the campaign's clocks, with their offset."""
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return "" if value is None else str(value)


def _of_yaml(text: str) -> list[dict[str, Any]]:
    data = yaml.safe_load(text)
    listed = data.get("campaigns", [data]) if isinstance(data, dict) else data or []
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise InputError("a campaign is written as `key: value` lines, several as a list of them")
    return listed


def _of_csv(text: str) -> list[dict[str, Any]]:
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",")
    found: dict[str, dict[str, Any]] = {}
    name = ""
    for row in reader:
        if any(row.get(None) or ()):
            raise InputError(f"line {reader.line_num} has more cells than columns: quote commas")
        cells = {k.strip(): v.strip() for k, v in row.items() if k and isinstance(v, str) and v}
        cells = {k: v for k, v in cells.items() if v}
        name = cells.get("campaign_id", name)
        if not name:
            raise InputError(f"line {reader.line_num} names no campaign: fill campaign_id")
        _add(found.setdefault(name, {"targets": {}, "deliverables": []}), cells, reader.line_num)
    return list(found.values())


def _add(campaign: dict[str, Any], cells: dict[str, str], line: int) -> None:
    """Take up a CSV line: its campaign columns must not contradict those before it."""
    known = {*OF_CAMPAIGN, *OF_DELIVERABLE.values(), "handle"}
    odd = [name for name in cells if name not in known and not name.startswith(TARGET)]
    if odd:
        raise InputError(f"line {line}: no column is called {', '.join(odd)}")
    for name, cell in cells.items():
        place = campaign["targets"] if name.startswith(TARGET) else campaign
        key = name.removeprefix(TARGET)
        if (name in OF_CAMPAIGN or place is not campaign) and place.setdefault(key, cell) != cell:
            raise InputError(f"line {line}: {name} is {cell}, but was {place[key]} before")
    own = {k: v for k, v in cells.items() if k not in OF_CAMPAIGN and not k.startswith(TARGET)}
    own = {("stage" if name == "post_stage" else name): cell for name, cell in own.items()}
    if own:
        campaign["deliverables"].append(own)


def _defined(given: dict[str, Any], salt: str, now: datetime) -> Defined:
    zone = zone_of(str(given.get("timezone") or "UTC").strip())
    data = {"set_at": now, **_typed(given, zone)}
    handles: dict[str, str] = {}
    listed = data.get("deliverables") or []
    if not isinstance(listed, list):
        raise InputError(f"deliverables are {listed!r}: write them as a list")
    planned = [_typed(_named(one, salt, handles), zone) for one in listed]
    try:
        return Defined(Campaign.model_validate({**data, "deliverables": planned}), handles)
    except ValidationError as exc:
        raise InputError(
            f"campaign {given.get('campaign_id', '?')} is not valid: {_said(exc)}"
        ) from exc


def _said(exc: ValidationError) -> str:
    """What is wrong, field by field; without a type, not also all that a type would have set."""
    errors = [(".".join(map(str, one["loc"])), one["msg"]) for one in exc.errors()]
    has_type = all(field != "type" for field, _ in errors)
    told = [(f, msg) for f, msg in errors if has_type or f not in TypeDefaults.model_fields]
    return "; ".join(
        f"{field}: {message}" if field else message.removeprefix("Value error, ")
        for field, message in told[:20]
    )


def _typed(given: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
    """The values with aware times, a known type, and days as a list."""
    data: dict[str, Any] = {
        k: _aware(v, zone) if k in _TIMES else v for k, v in given.items() if v is not None
    }
    if "type" in data:
        name = str(data["type"]).strip().lower().replace("-", "_").replace(" ", "_")
        data["type"] = ALIASES.get(name, name)
    if isinstance(data.get("promo_days"), str):
        data["promo_days"] = data["promo_days"].split()
    for name in ("window_days", "slot"):
        if isinstance(data.get(name), str) and data[name].isdigit():
            data[name] = int(data[name])
    return data


def _named(given: object, salt: str, handles: dict[str, str]) -> dict[str, Any]:
    """The deliverable with its creator's id in the place of platform and handle."""
    if not isinstance(given, dict):
        raise InputError(f"a deliverable is {given!r}: write {{handle: ..., platform: ...}}")
    one = dict(given)
    if one.get("platform") is not None:
        one["platform"] = str(one["platform"]).strip().lower()
    handle = one.pop("handle", None)
    if handle is not None:
        if not one.get("platform"):
            raise InputError("a handle needs its platform, e.g. tiktok")
        one["creator_id"] = creator_id_of(one["platform"], str(handle), salt)
        handles[one["creator_id"]] = str(handle).strip().lstrip("@")
    if one.get("post_id"):
        one["post_id"] = _post_id(str(one["post_id"]).strip(), one.get("platform"))
    return one


def _post_id(given: str, platform: str | None) -> str:
    """The post's id in the lake, of an id or a post's address, which may hold a handle."""
    for name, pattern in _LINKS:
        found = pattern.search(given)
        if found:
            return f"{name}:{found[1]}"
    if "/" in given:
        raise InputError(f"no post id can be read from {given!r}: give it as PLATFORM:ID")
    return given if ":" in given or not platform else f"{platform}:{given}"


def _aware(value: object, zone: tzinfo) -> object:
    """A time with its zone; what is no time stays for validation to name."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return value
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value.replace(tzinfo=zone) if isinstance(value, datetime) and not value.tzinfo else value
