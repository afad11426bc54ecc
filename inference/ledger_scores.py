"""Predicted against actual: coverage and bias by slice, each with n and interval, and drift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
from pydantic import Field
from scipy.special import ndtri

from inference.clustered import Clustered, holm
from inference.ledger_adaptive import window_of
from inference.ledger_freeze import KIND as FORECAST
from inference.ledger_join import ACTUAL
from inference.ledger_store import Ledger
from inference.quantiles import logs_of, score_of
from reelcast.records import Record

_Z80 = float(ndtri(0.9))
RECENT = 100  # latest outcomes that drift is looked for in
FEWEST = 20  # outcomes of a target and window: drift is looked for from here on
_SURE = 0.02  # chance of a false alarm at one look, over all targets and windows


@dataclass(frozen=True, slots=True)
class Resolved:
    """A forecast with its outcome. Scores are normal scores of the actual: 0 at the median."""

    forecast_id: str
    target: str
    window: str
    tier: str
    made_at: str
    source: str  # the door, or that it was replayed
    due_at: str
    post_id: str
    creator_id: str | None
    campaign_id: str | None
    median: float
    low: float  # of the 80% interval that was shown
    high: float
    mean: float
    actual: float
    score: float  # in the distribution that was shown
    own_score: float  # in the model's own, before the adaptive step

    @property
    def held(self) -> bool:
        return abs(self.score) <= _Z80 + 1e-9

    @property
    def whose(self) -> str:
        """The creator; of an unknown one each post stands for itself."""
        return self.creator_id or f"post {self.post_id}"


class Slice(Record):
    """One row of the ledger's table: forecasts with outcomes, their coverage and their bias."""

    by: Literal["all", "tier", "window", "format"]
    name: str
    target: str
    n: int = Field(description="outcomes: a post counts once for each window")
    posts: int
    creators: int
    coverage_80: float
    coverage_interval: tuple[float, float] = Field(description="95%, clustered by creator")
    bias_log: float = Field(description="mean of log(1 + actual) - log(1 + median)")
    bias_interval: tuple[float, float] = Field(description="95%, clustered by creator")
    total_ratio: float | None = Field(description="sum of means over sum of actuals")


class Drift(Record):
    """A drift in words, with the outcomes behind it."""

    target: str
    window: str
    kind: Literal["coverage", "bias"]
    n: int
    posts: int
    creators: int
    value: float
    p_value: float = Field(description="chance of as much without drift, at this test alone")
    words: str


def resolved(ledger: Ledger, creator_id: str | None = None) -> list[Resolved]:
    """Forecasts with a known outcome, in the order they were due; of one creator where given.

    Of several forecasts of one post's count at one horizon the last one made before it was
    published counts, so that asking often does not count double.
    """
    actuals = ledger.read(ACTUAL)  # before the forecasts, which then hold all that they name
    forecasts = {entry.entry_id: entry.body for entry in ledger.read(FORECAST, creator_id)}
    last: dict[tuple[Any, ...], Resolved] = {}
    for entry in actuals:
        actual = entry.body
        if creator_id is not None and actual["forecast_id"] not in forecasts:
            continue
        body = forecasts[actual["forecast_id"]]
        made = _resolved(actual, body)
        key = (made.post_id, made.target, body["horizon_days"])
        if key not in last or _time(last[key].made_at) < _time(made.made_at):
            last[key] = made
    return sorted(last.values(), key=lambda r: (_time(r.due_at), r.forecast_id, r.target))


def _resolved(actual: dict[str, Any], body: dict[str, Any]) -> Resolved:
    target = actual["target"]
    said = body["targets"][target]
    own = body.get("adapted_from", {}).get(target, said)["quantiles"]
    return Resolved(
        forecast_id=actual["forecast_id"],
        target=target,
        window=window_of(float(body["horizon_days"])),
        tier=body["tier"],
        made_at=body["made_at"],
        source=body["source"],
        due_at=body["due_at"],
        post_id=actual["post_id"],
        creator_id=body["creator_id"],
        campaign_id=body.get("campaign_id"),
        median=float(said["quantiles"]["q50"]),
        low=float(said["quantiles"]["q10"]),
        high=float(said["quantiles"]["q90"]),
        mean=float(said["mean"]),
        actual=float(actual["count"]),
        score=score_of(logs_of(said["quantiles"]), actual["count"]),
        own_score=score_of(logs_of(own), actual["count"]),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def slices(outcomes: Sequence[Resolved], formats: Mapping[str, str]) -> list[Slice]:
    """The table: for each target all outcomes, then by tier, window and format.

    `formats`: of posts by id; a post whose video was not tagged stands in no format's row.
    """
    rows = []
    format_of = {r.post_id: formats[r.post_id] for r in outcomes if r.post_id in formats}
    for target in dict.fromkeys(r.target for r in outcomes):
        own = [r for r in outcomes if r.target == target]
        rows.append(_slice("all", "all", own))
        for by, names in (
            ("tier", [r.tier for r in own]),
            ("window", [r.window for r in own]),
            ("format", [format_of.get(r.post_id) for r in own]),
        ):
            for name in sorted({name for name in names if name is not None}):
                chosen = [r for r, of in zip(own, names, strict=True) if of == name]
                rows.append(_slice(by, name, chosen))
    return rows


def _slice(by: Any, name: str, own: Sequence[Resolved]) -> Slice:
    held = _clustered(own, [r.held for r in own])
    miss = _clustered(own, [np.log1p(r.actual) - np.log1p(r.median) for r in own])
    total = sum(r.actual for r in own)
    return Slice(
        by=by,
        name=name,
        target=own[0].target,
        n=len(own),
        posts=len({r.post_id for r in own}),
        creators=len({r.whose for r in own}),
        coverage_80=held.mean,
        coverage_interval=held.share_interval(),
        bias_log=miss.mean,
        bias_interval=miss.mean_interval(),
        total_ratio=sum(r.mean for r in own) / total if total > 0 else None,
    )


def _clustered(own: Sequence[Resolved], values: Sequence[float]) -> Clustered:
    """The values by creator; of one creator alone by post, and then they hold for it only."""
    names = [r.whose for r in own]
    return Clustered.of(values, names if len(set(names)) > 1 else [r.post_id for r in own])


def drift(outcomes: Sequence[Resolved]) -> list[Drift]:
    """Warnings where the latest outcomes of a target and window are not what was promised.

    Tests of the last RECENT outcomes: the share inside the 80% interval against .8, the share
    above the median against .5, ties left out. A creator's outcomes count as far as they are
    independent, and Holm's rule allows for all tests of a look: without drift one look in 50
    warns. Looks again at much the same outcomes add to that: a reason to look, not a verdict.
    """
    found: list[Drift] = []
    for target, window in sorted({(r.target, r.window) for r in outcomes}):
        own = [r for r in outcomes if (r.target, r.window) == (target, window)][-RECENT:]
        if len(own) >= FEWEST:
            found += _tests(target, window, own)
    sure = holm([test.p_value for test in found], _SURE)
    return [test for test, is_drift in zip(found, sure, strict=True) if is_drift]


def _tests(target: str, window: str, own: Sequence[Resolved]) -> Iterable[Drift]:
    """What a warning would say of each test, with its p value."""
    held = _clustered(own, [r.held for r in own])
    narrow = held.mean < 0.8
    yield _drift(
        (target, window, "coverage"),
        own,
        (held.mean, held.p_value(0.8)),
        f"80% intervals held {held.values.sum():.0f} of the last {_whose(own)} ({held.mean:.0%}): "
        f"they are too {'narrow' if narrow else 'wide'}; train again, or set ledger.adaptive",
    )
    apart = [r for r in own if r.score != 0]  # counts at the median, often 0, speak for no side
    if apart:
        above = _clustered(apart, [r.score > 0 for r in apart])
        yield _drift(
            (target, window, "bias"),
            apart,
            (above.mean, above.p_value(0.5)),
            f"{above.values.sum():.0f} of the last {_whose(apart)} lay above the median "
            f"({above.mean:.0%}): forecasts are too {'low' if above.mean > 0.5 else 'high'}; "
            "train again",
        )


def _drift(
    what: tuple[str, str, Any], own: Sequence[Resolved], found: tuple[float, float], words: str
) -> Drift:
    target, window, kind = what
    return Drift(
        target=target,
        window=window,
        kind=kind,
        n=len(own),
        posts=len({r.post_id for r in own}),
        creators=len({r.whose for r in own}),
        value=found[0],
        p_value=found[1],
        words=f"{target} at {window}: {words}",
    )


def _whose(own: Sequence[Resolved]) -> str:
    creators = len({r.whose for r in own})
    return f"{len(own)} outcomes of {creators} creator{'s' * (creators != 1)}"
