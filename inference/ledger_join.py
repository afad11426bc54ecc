"""Joins the ledger's forecasts to what their posts counted, once that is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from features.panel import DAY_S, Panel
from inference.ledger_freeze import KIND as FORECAST
from inference.ledger_store import Entry, Ledger
from reelcast.errors import InputError, NotFoundError
from reelcast.mentions import without_mentions
from reelcast.tables import TARGETS

ACTUAL, LINK = "actual", "link"
NEAR = 0.25  # how far, as a share of the horizon, the age of a count may be from it
_LATE_S = 3600  # a forecast made so long after publication still counts as made before


def link(ledger: Ledger, forecast_id: str, post_id: str, now: datetime) -> None:
    """Say which post a forecast was about, where creator and posting time do not.

    Raises NotFoundError for an unknown forecast, InputError where it is linked already, or to what
    is no id: the ledger would keep an account's name for ever.
    """
    if not post_id.strip() or without_mentions(post_id) != post_id:
        raise InputError(
            f"{post_id!r} is no post id: give it as the lake keeps it, e.g. tiktok:7700, without "
            "an account's name"
        )
    found = ledger.find(forecast_id)
    if found is None or found.kind != FORECAST:
        raise NotFoundError(f"the ledger holds no forecast {forecast_id!r}: see `reelcast ledger`")
    body = {"forecast_id": forecast_id, "post_id": post_id, "at": now.isoformat()}
    if not ledger.append([Entry(LINK, f"link:{forecast_id}", body)]):
        raise InputError(
            f"forecast {forecast_id} is linked to a post already, and the ledger is append-only: "
            "a link cannot be changed"
        )


def join(ledger: Ledger, panel: Panel, match_hours: float, now: datetime) -> int:
    """How many actuals became known: counts of due forecasts' posts, near the horizon's age.

    A forecast's post is the one linked to it, else its creator's post nearest to the planned
    time, at most `match_hours` from it. Either was published after the forecast was made.
    """
    links = {e.body["forecast_id"]: e.body["post_id"] for e in ledger.read(LINK)}
    known = {entry.entry_id for entry in ledger.read(ACTUAL)}
    index = {post_id: at for at, post_id in enumerate(panel.post_ids)}
    found: list[Entry] = []
    for entry in ledger.read(FORECAST):
        open_targets = [t for t in entry.body["targets"] if _id(entry, t) not in known]
        if not open_targets:
            continue
        linked = links.get(entry.entry_id)
        post = index.get(linked) if linked else _own_post(panel, entry, match_hours)
        if post is not None and _is_ahead(panel, entry, post):
            found += _actuals(panel, entry, _Match(post, bool(linked), now), open_targets)
    return ledger.append(found)


def made_before(ledger: Ledger, panel: Panel, post: int, match_hours: float) -> list[Entry]:
    """The forecasts of a post that were made before it was out, matched to it as `join` does."""
    links = {e.body["forecast_id"]: e.body["post_id"] for e in ledger.read(LINK)}
    creator_id = panel.creator_ids[int(panel.creator[post])]
    linked = [ledger.find(id_) for id_, of in links.items() if of == panel.post_ids[post]]
    own = [
        entry
        for entry in ledger.read(FORECAST, creator_id)
        if entry.entry_id not in links and _own_post(panel, entry, match_hours) == post
    ]
    found = [entry for entry in (*linked, *own) if entry is not None]
    return [entry for entry in found if _is_ahead(panel, entry, post)]


@dataclass(frozen=True, slots=True)
class _Match:
    post: int
    is_linked: bool
    now: datetime


def _id(forecast: Entry, target: str) -> str:
    return f"actual:{forecast.entry_id}:{target}"


def _is_ahead(panel: Panel, forecast: Entry, post: int) -> bool:
    """Whether the forecast was made before the post was out: later it is no forecast."""
    made = datetime.fromisoformat(forecast.body["made_at"]).timestamp()
    return bool(panel.published_s[post] >= made - _LATE_S)


def _own_post(panel: Panel, forecast: Entry, match_hours: float) -> int | None:
    creator = panel.creator_index(forecast.creator_id) if forecast.creator_id else -1
    if creator < 0:
        return None
    posts = np.arange(panel.creator_start[creator], panel.creator_start[creator + 1])
    planned = datetime.fromisoformat(forecast.body["post_at"]).timestamp()
    apart = np.abs(panel.published_s[posts] - planned)
    ahead = np.array([_is_ahead(panel, forecast, post) for post in posts.tolist()], bool)
    fits = (apart <= match_hours * 3600) & ahead
    return int(posts[fits][apart[fits].argmin()]) if fits.any() else None


def _actuals(panel: Panel, forecast: Entry, match: _Match, targets: list[str]) -> Iterator[Entry]:
    """The count of each target whose age is nearest to the horizon, where one is near enough."""
    horizon = float(forecast.body["horizon_days"])
    rows = np.arange(panel.obs_start[match.post], panel.obs_start[match.post + 1])
    age = (panel.obs_s[rows] - panel.published_s[match.post]) / DAY_S
    near = (np.abs(age - horizon) <= NEAR * horizon) & (panel.obs_s[rows] <= match.now.timestamp())
    for target in targets:
        counts = panel.obs_counts[rows, TARGETS.index(target)]
        usable = np.flatnonzero(near & ~np.isnan(counts))
        if len(usable):
            at = usable[np.abs(age[usable] - horizon).argmin()]
            published = datetime.fromtimestamp(int(panel.published_s[match.post]), UTC)
            body: dict[str, Any] = {
                "forecast_id": forecast.entry_id,
                "target": target,
                "post_id": panel.post_ids[match.post],
                "is_linked": match.is_linked,
                "published_at": published.isoformat(),
                "observed_at": (published + timedelta(days=float(age[at]))).isoformat(),
                "age_days": round(float(age[at]), 4),
                "count": float(counts[at]),
                "joined_at": match.now.isoformat(),
            }
            yield Entry(ACTUAL, _id(forecast, target), body)
