"""What a planner types: the fields of a plan, and the plan that they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args

from pydantic import ValidationError

from api.web.parts_creators import WINDOW_CHOICES
from api.web.pieces import choice, entry, lines
from reelcast.campaigns import Objective
from reelcast.errors import InputError
from reelcast.rosters import Candidate, Metric, RosterPlan

FORM = "plan"
METRICS: tuple[str, ...] = get_args(Metric)
_OBJECTIVES = {name: name.replace("_", " ") for name in get_args(Objective)}
_RULES = {"chance": "in that share of futures", "cvar": "on average in the worst futures"}
_CHANCES = {"0.5": "50%", "0.7": "70%", "0.8": "80%", "0.9": "90%", "0.95": "95%"}
_POSTED_AT = time(17, tzinfo=UTC)
_NAMES = {
    "budget": "budget",
    "target.at_least": "target",
    "selling.aov": "value of one conversion",
    "currency": "currency",
    "selling.currency": "currency",
    "name": "campaign",
}


def new_fields(now: datetime) -> dict[str, str]:
    """What the form starts with: posts in the two weeks from three days on."""
    return {
        "starts": f"{now + timedelta(days=3):%Y-%m-%d}",
        "ends": f"{now + timedelta(days=17):%Y-%m-%d}",
        "currency": "USD",
        "window": "30",
        "maximise": "views",
        "metric": "views",
        "chance": "0.8",
        "rule": "chance",
        "objective": "sales",
    }


def plan_form(fields: Mapping[str, str]) -> str:
    """The fields of a plan; the button that sends them stands elsewhere."""

    def box(label: str, name: str, kind: str = "text", **more: str) -> str:
        return entry(label, name, fields.get(name, ""), kind, **more)

    def number_box(label: str, name: str, **more: str) -> str:
        return box(label, name, "number", min="0", step="any", **more)

    def chosen(label: str, name: str, options: Mapping[str, str]) -> str:
        return choice(label, name, options, fields.get(name, ""))

    metrics = {name: name for name in METRICS}
    return "".join(
        (
            box("Campaign", "name", placeholder="e.g. spring-serum"),
            number_box("Budget", "budget", required="required"),
            box("Currency", "currency", maxlength="3"),
            box("First post", "starts", "date"),
            box("Last post", "ends", "date"),
            chosen("Window after each post", "window", WINDOW_CHOICES),
            lines("Draft caption", "caption", fields.get("caption", ""), 2, "may stay empty"),
            chosen("Get the most", "maximise", metrics),
            number_box("Target to reach", "at_least", placeholder="none"),
            chosen("of", "metric", metrics),
            chosen("with a chance of", "chance", _CHANCES),
            chosen("counted", "rule", _RULES),
            '<fieldset class="wide"><legend>What is sold (for clicks, conversions, revenue)'
            '</legend><div class="fields">',
            box("Brand", "brand", placeholder="none: no sales are forecast"),
            chosen("Objective", "objective", _OBJECTIVES),
            box("Offer", "offer", placeholder="e.g. percent_off"),
            number_box("Value of one conversion", "aov", placeholder="from orders"),
            "</div></fieldset>",
        )
    )


def plan_of(
    fields: Mapping[str, str], candidates: Sequence[Candidate], now: datetime
) -> RosterPlan:
    """The plan that the fields mean. Raises InputError naming what is missing or wrong."""
    if not candidates:
        raise InputError("no candidate yet: find creators and add them, or paste rows")
    given = {name: value.strip() for name, value in fields.items() if value.strip()}
    if "budget" not in given:
        raise InputError("give a budget: what all fees may sum to")
    asked: dict[str, Any] = {
        "name": given.get("name"),
        "budget": given["budget"],
        "currency": given.get("currency", "USD").upper(),
        "horizon_days": given.get("window", "30"),
        "maximise": given.get("maximise", "views"),
        "starts_at": _starts(given, now),
        "ends_at": _day(given, "ends"),
        "target": _target(given),
        "selling": _selling(given),
        "candidates": [_with_caption(one, given.get("caption")) for one in candidates],
    }
    try:
        return RosterPlan.model_validate(asked)
    except ValidationError as exc:
        raise InputError("; ".join(_said(of) for of in exc.errors()[:5])) from exc


def _said(of: Any) -> str:
    where = ".".join(str(part) for part in of["loc"])
    message = of["msg"].removeprefix("Value error, ")
    return f"{_NAMES.get(where, where)}: {message}" if where else str(message)


def _starts(given: Mapping[str, str], now: datetime) -> datetime:
    """The day's post time; now, where it has passed today."""
    at = _day(given, "starts") or now
    return now if at.date() == now.date() and at < now else at


def _day(given: Mapping[str, str], name: str) -> datetime | None:
    if name not in given:
        return None
    try:
        return datetime.combine(date.fromisoformat(given[name]), _POSTED_AT)
    except ValueError as exc:
        raise InputError(f"{given[name]!r} is no date: write e.g. 2026-12-01") from exc


def _target(given: Mapping[str, str]) -> dict[str, Any] | None:
    if "at_least" not in given:
        return None
    named = {"metric": "metric", "at_least": "at_least", "chance": "chance", "rule": "rule"}
    return {key: given[name] for key, name in named.items() if name in given}


def _selling(given: Mapping[str, str]) -> dict[str, Any] | None:
    if "brand" not in given:
        return None
    keys = ("brand", "objective", "offer", "aov")
    money = {"currency": given.get("currency", "USD").upper()}
    return {name: given[name] for name in keys if name in given} | money


def _with_caption(one: Candidate, caption: str | None) -> Candidate:
    brief = one.brief.model_copy(update={"caption": caption})
    return one.model_copy(update={"brief": brief})
