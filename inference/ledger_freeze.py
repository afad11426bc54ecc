"""A forecast as the ledger keeps it: what was asked, but not by whom, and what which model said."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from inference.ledger_store import Entry, canonical
from reelcast.mentions import without_mentions
from reelcast.records import (
    Brief,
    CreatorQuestion,
    Forecast,
    ForecastRequest,
    ModelName,
    TargetForecast,
    creator_id_of,
)
from reelcast.tracks import UpdateRequest, UpdateResponse

KIND = "forecast"
REPLAY = "replay"  # the source of a forecast that was made later, as of its `made_at`
UPDATE = "update"


def freeze(
    asked: ForecastRequest,
    answer: tuple[ModelName, Sequence[Forecast]],
    made: tuple[datetime, str],
    salt: str | None,
    changes: Sequence[dict[str, Any]] = (),
) -> list[Entry]:
    """One entry per forecast of an answer, in its order; `made` says when and by which door.

    The id follows from all that the entry says, so the same forecast is kept once. Handles and
    labels are left out, @mentions read @user, and posts given inline are kept as their digest.
    `changes` says for each forecast what the adaptive step did to it.
    """
    at, source = made
    brief, model = _brief(asked.brief), _model(answer[0])
    entries = []
    for i, (person, forecast) in enumerate(zip(asked.creators, answer[1], strict=True)):
        creator_id = forecast.creator_id or _hashed(person, salt)
        body = {
            "made_at": at.isoformat(),
            "source": source,
            "model": model,
            "creator_id": creator_id,
            "question": {"creator": _person(person), "brief": brief},
            **_said(forecast),
            **(changes[i] if changes else {}),
        }
        digest = hashlib.sha256(canonical(body)).hexdigest()
        entries.append(Entry(KIND, f"f{digest[:24]}", body, creator_id))
    return entries


@lru_cache(maxsize=8)
def _model(model: ModelName) -> dict[str, Any]:
    return model.model_dump(mode="json")


def _said(forecast: Forecast) -> dict[str, Any]:
    due = forecast.post_at + timedelta(days=forecast.horizon_days)
    return {
        "tier": forecast.tier,
        "followers": forecast.followers,
        "n_history": forecast.n_history,
        "grade": forecast.grade.grade,
        "post_at": forecast.post_at.isoformat(),
        "horizon_days": forecast.horizon_days,
        "due_at": due.isoformat(),
        "targets": {name: _numbers(of) for name, of in forecast.targets.items()},
    }


def _numbers(of: TargetForecast) -> dict[str, Any]:
    return {"quantiles": of.quantiles, "mean": of.mean, "baselines": of.baselines}


def _brief(brief: Brief) -> dict[str, Any]:
    """The brief as given, without mentions; of a script, which is long, the digest."""
    said = brief.model_dump(mode="json", exclude_none=True)
    if brief.script is not None:
        said["script"] = f"sha256:{hashlib.sha256(brief.script.encode()).hexdigest()}"
    return {key: _unnamed(value) for key, value in said.items()}


def _unnamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_unnamed(each) for each in value]
    return without_mentions(value) if isinstance(value, str) else value


def _person(person: CreatorQuestion) -> dict[str, Any]:
    said: dict[str, Any] = {"platform": person.platform, "followers": person.followers}
    if person.niche is not None:
        said["niche"] = person.niche
    if person.posts is not None:
        posts = canonical([post.model_dump(mode="json") for post in person.posts])
        said["posts"] = {"n": len(person.posts), "sha256": hashlib.sha256(posts).hexdigest()}
    return said


def _hashed(person: CreatorQuestion, salt: str | None) -> str | None:
    if salt is None or person.platform is None or person.handle is None:
        return None
    return creator_id_of(person.platform, person.handle, salt)


def update_entry(asked: UpdateRequest, made: UpdateResponse, now: datetime) -> Entry:
    """The ledger's entry of an update: what was counted by then, and what was said."""
    body = {
        "made_at": now.isoformat(),
        "creator_id": made.creator_id,
        "brief": _brief(asked.brief),
        "published_at": None if asked.published_at is None else asked.published_at.isoformat(),
        "observed": [seen.model_dump(mode="json", exclude_none=True) for seen in asked.observed],
        "forecast_id": asked.forecast_id,
        **made.model_dump(mode="json", exclude={"creator_id"}),
    }
    digest = hashlib.sha256(canonical(body)).hexdigest()
    return Entry(UPDATE, f"u{digest[:24]}", body, made.creator_id)
