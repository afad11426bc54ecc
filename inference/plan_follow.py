"""A frozen plan against what came, window by window, with early warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from inference.horizons import name_of
from inference.ledger_freeze import KIND as FORECAST
from inference.ledger_join import ACTUAL
from inference.ledger_store import Ledger
from reelcast.plans import Total
from reelcast.rosters import Followed, FollowedWindow, FrozenPlan, FrozenPost
from training.conversions_lake import SoldPost
from training.trajectories import WINDOWS_DAYS

State = Literal["waiting", "below", "as expected", "above"]
Counted = Mapping[tuple[str, str], tuple[str, float]]  # (forecast, target): (post, count)


def follow(
    plan: FrozenPlan, ledger: Ledger, now: datetime, sold: Sequence[SoldPost] = ()
) -> Followed:
    """Each window's forecast total beside what its posts have counted so far.

    The ledger's actuals must be joined before (`take_in`). `sold` are the campaign's finished
    posts, of which clicks, conversions and revenue are told once all are there.
    """
    counted = _counted(ledger)
    forecasts = {e.entry_id: e.body for e in ledger.read(FORECAST)}
    windows = [
        _window(plan, days, (target, total), counted, now)
        for days in WINDOWS_DAYS
        for target, total in plan.windows[name_of(days)].items()
        if target != "engagements"
    ]
    posts = [one for post in plan.posts for one in _outside(post, counted, forecasts)]
    waiting = [w for w in windows if w.state == "waiting" and w.due]
    notes = ["counts of due posts are missing: import what was counted"] if waiting else []
    return Followed(
        plan_id=plan.plan_id,
        name=plan.name,
        made_at=plan.made_at,
        windows=tuple(windows),
        posts=tuple(posts),
        sold=tuple(_sold(plan, sold)),
        notes=tuple(notes),
    )


def _counted(ledger: Ledger) -> Counted:
    bodies = [entry.body for entry in ledger.read(ACTUAL)]
    return {(of["forecast_id"], of["target"]): (of["post_id"], of["count"]) for of in bodies}


def _window(
    plan: FrozenPlan, days: float, of: tuple[str, Total], counted: Counted, now: datetime
) -> FollowedWindow:
    (target, forecast), window = of, name_of(days)
    due = sum(post.planned_at + timedelta(days=days) <= now for post in plan.posts)
    found = [counted.get((post.forecast_ids[window] or "", target)) for post in plan.posts]
    known = dict(each for each in found if each is not None)
    is_whole = len(known) == len(plan.posts)
    actual = sum(known.values()) if is_whole else None
    state = _state(forecast, actual)
    said = f"{len(known)} of {len(plan.posts)} posts counted"
    return FollowedWindow(
        window=window,
        target=target,
        forecast=forecast,
        due=due,
        counted=len(known),
        actual=actual,
        state=state,
        words=said if actual is None else _said(window, target, forecast, actual),
    )


def _state(forecast: Total, actual: float | None) -> State:
    if actual is None:
        return "waiting"
    if actual < forecast.p10:
        return "below"
    return "above" if actual > forecast.p90 else "as expected"


def _said(window: str, target: str, forecast: Total, actual: float) -> str:
    ends = f"{forecast.p10:,.0f} to {forecast.p90:,.0f}"
    state = _state(forecast, actual)
    where = {"below": "below its P10", "above": "above its P90"}.get(state, "as expected")
    return f"{actual:,.0f} {target} at {window}, {where}: forecast were {ends}"


def _outside(
    post: FrozenPost, counted: Counted, forecasts: Mapping[str, Mapping[str, object]]
) -> list[FollowedWindow]:
    """The latest window in which a post's views lie outside P10 to P90: the early warning."""
    for window, forecast_id in reversed(post.forecast_ids.items()):
        actual = counted.get((forecast_id or "", "views"))
        if actual is None or forecast_id is None or forecast_id not in forecasts:
            continue
        forecast = _total_of(forecasts[forecast_id])
        state = _state(forecast, actual[1])
        if state == "as expected":
            return []
        words = f"{post.name}: {_said(window, 'views', forecast, actual[1])}"
        return [
            FollowedWindow(
                window=window,
                target="views",
                forecast=forecast,
                due=1,
                counted=1,
                actual=actual[1],
                state=state,
                words=words,
            )
        ]
    return []


def _total_of(body: Mapping[str, object]) -> Total:
    views = body["targets"]["views"]  # type: ignore[index]
    q = views["quantiles"]
    return Total(p10=q["q10"], p50=q["q50"], p90=q["q90"], mean=views["mean"])


def _sold(plan: FrozenPlan, posts: Sequence[SoldPost]) -> list[FollowedWindow]:
    """Clicks, conversions and revenue, once the windows of all posts have closed."""
    forecast = plan.totals.totals
    if "conversions" not in forecast or len(posts) < len(plan.posts):
        return []
    kinds = [[o for o in post.orders if o.kind == post.kind] for post in posts]
    actual: dict[str, float | None] = {
        "clicks": _sum([post.clicks for post in posts]),
        "conversions": float(sum(len(of) for of in kinds)),
        "revenue": _sum([o.value for of in kinds for o in of]),
    }
    return [
        FollowedWindow(
            window="campaign",
            target=name,
            forecast=forecast[name],
            due=len(plan.posts),
            counted=len(posts),
            actual=value,
            state=_state(forecast[name], value),
            words=f"{name} are not known: nothing imported says them"
            if value is None
            else _said("the windows' end", name, forecast[name], value),
        )
        for name, value in actual.items()
        if name in forecast
    ]


def _sum(values: Sequence[float | None]) -> float | None:
    """The sum of what is known; None where there are values, and none is known."""
    known = [value for value in values if value is not None]
    return float(sum(known)) if known or not values else None
