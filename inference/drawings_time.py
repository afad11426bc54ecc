"""Drawings over time, and of predicted against actual. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inference.drawings import (
    Axis,
    Bar,
    across,
    diamond,
    drawing,
    label,
    log_axis,
    shape,
    upright,
)
from inference.wording import count

_WIDTH_PX, _HEIGHT_PX = 820, 300
_LEFT_PX, _RIGHT_PX, _TOP_PX = 62, 92, 24


@dataclass(frozen=True, slots=True)
class Point:
    """A post: when it went out, its count at the window, whether it was paid for."""

    at: datetime
    value: float
    is_sponsored: bool


def history(points: Sequence[Point], ahead: Bar, unit: str) -> str:
    """Past posts as dots (diamonds: sponsored), and the next one's forecast at the right.

    Dashed lines carry the forecast's 80% interval back over the past.
    """
    bottom_px = _HEIGHT_PX - 46
    end_px = _WIDTH_PX - _RIGHT_PX
    known = [point.value for point in points if point.value > 0]
    y = log_axis([*known, *ahead.quantiles.values(), ahead.baseline], bottom_px, _TOP_PX)
    parts = [*upright(y, _LEFT_PX, end_px), *_dates(points, end_px, bottom_px)]
    for name in ("q10", "q90"):
        at_px = y.px(max(ahead.quantiles[name], y.low))
        parts.append(
            shape("line", "line", x1=_LEFT_PX, x2=end_px, y1=at_px, y2=at_px,
                  stroke_dasharray="5 4")
        )  # fmt: skip
    x = _time_axis(points, end_px)
    for point in points:
        x_px, y_px = x.px(point.at.timestamp()), y.px(max(point.value, y.low))
        parts.append(
            diamond(x_px, y_px, "sponsored", 5)
            if point.is_sponsored
            else shape("circle", "dot", cx=x_px, cy=y_px, r=3.4)
        )
    parts += _ahead(ahead, y, end_px + 34)
    parts.append(label(end_px + 34, bottom_px + 15, "next post", kind="label"))
    parts.append(label(4, 12, f"{unit} (log scale)", "start", "axis"))
    parts.append(label((_LEFT_PX + end_px) / 2, bottom_px + 36, "posted on", kind="axis"))
    return drawing(_WIDTH_PX, _HEIGHT_PX, _words(points, ahead, unit), parts)


def _time_axis(points: Sequence[Point], end_px: float) -> Axis:
    times = [point.at.timestamp() for point in points] or [0.0]
    spare = max(max(times) - min(times), 86_400.0) * 0.03
    return Axis(min(times) - spare, max(times) + spare, _LEFT_PX, end_px, is_log=False)


def _dates(points: Sequence[Point], end_px: float, bottom_px: float) -> list[str]:
    """Dates along the axis, four at most."""
    if not points:
        return []
    x = _time_axis(points, end_px)
    steps = 1 if points[-1].at - points[0].at < timedelta(days=10) else 3
    steps_px = (end_px - _LEFT_PX - 60) / steps
    return [
        label(_LEFT_PX + 20 + step * steps_px, bottom_px + 15,
              f"{_date_at(x, _LEFT_PX + 20 + step * steps_px):%d %b %y}")
        for step in range(steps + 1)
    ]  # fmt: skip


def _date_at(x: Axis, at_px: float) -> datetime:
    share = (at_px - x.start_px) / (x.end_px - x.start_px)
    return datetime.fromtimestamp(x.low + share * (x.high - x.low), UTC)


def _ahead(bar: Bar, y: Axis, x_px: float) -> list[str]:
    """The forecast, standing."""
    low, lower, middle, upper, high = (
        y.px(max(bar.quantiles[name], y.low)) for name in ("q10", "q25", "q50", "q75", "q90")
    )
    naive = [] if bar.baseline is None else [diamond(x_px, y.px(max(bar.baseline, y.low)))]
    return [
        shape("rect", "bar80", x=x_px - 3, y=high, width=6, height=round(low - high, 1), rx=3),
        shape("rect", "bar50", x=x_px - 7, y=upper, width=14, height=round(lower - upper, 1), rx=3),
        shape("line", "median", x1=x_px - 11, x2=x_px + 11, y1=middle, y2=middle, stroke_width=2),
        *naive,
    ]


def _words(points: Sequence[Point], ahead: Bar, unit: str) -> str:
    values = sorted(point.value for point in points)
    past = (
        f"{len(values)} earlier posts from {count(values[0])} to {count(values[-1])}"
        if values
        else "no earlier post"
    )
    return (
        f"{unit}: {past}; the next is expected at {count(ahead.quantiles['q50'])}, 80% from "
        f"{count(ahead.quantiles['q10'])} to {count(ahead.quantiles['q90'])}"
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A forecast's median and 80% interval beside what came."""

    median: float
    low: float
    high: float
    actual: float
    held: bool


def predicted_against_actual(outcomes: Sequence[Outcome], unit: str, width_px: int = 560) -> str:
    """A mark for each forecast with its 80% interval; hollow where the interval did not hold."""
    bottom_px = width_px - 50
    both = [v for of in outcomes for v in (of.low, of.high, of.actual)]
    x = log_axis(both, _LEFT_PX, width_px - 18)
    y = log_axis(both, bottom_px, _TOP_PX)
    parts = [
        *across(x, _TOP_PX, bottom_px, f"forecast {unit} (log scale)"),
        *upright(y, _LEFT_PX, width_px - 18),
        label(4, 12, f"actual {unit} (log scale)", "start", "axis"),
        shape("line", "line", x1=x.start_px, y1=y.start_px, x2=x.end_px, y2=y.end_px),
    ]
    for of in outcomes:
        y_px = y.px(max(of.actual, y.low))
        low, high = x.px(max(of.low, x.low)), x.px(max(of.high, x.low))
        parts.append(shape("line", "whisker", x1=low, x2=high, y1=y_px, y2=y_px, opacity=0.35))
        kind = "dot" if of.held else "outside"
        size = {"cx": x.px(max(of.median, x.low)), "cy": y_px, "r": 3.6}
        parts.append(shape("circle", kind, stroke_width=1.8, **size))
    held = sum(of.held for of in outcomes)
    words = (
        f"{len(outcomes)} forecasts of {unit} against what came: {held} lay inside their 80% "
        "interval"
    )
    return drawing(width_px, width_px, words, parts)
