"""Charts of a campaign as SVG: days and posts, methods side by side, when orders came. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from inference.drawings import Axis, across, diamond, drawing, label, shape, upright
from inference.wording import count
from measurement.results import DayCounts, Lag, MethodResult

_WIDTH_PX, _LEFT_PX, _TOP_PX = 760, 58.0, 30.0
_HEIGHT_PX = 190.0
METHOD_NAMES = {
    "last_click": "last click",
    "promo_code": "promo code",
    "reconciled": "each order once",
    "spike": "spike of orders",
    "survey": "survey",
    "holdout": "holdout",
    "combined": "combined",
}


def timeline(days: Sequence[DayCounts], zone: str) -> str:
    """Orders a day, those credited to the campaign dark, diamonds where a post went out.

    `zone` names the time zone whose days these are.
    """
    right_px, bottom_px = _WIDTH_PX - 14.0, _TOP_PX + _HEIGHT_PX
    step_px = (right_px - _LEFT_PX) / max(len(days), 1)
    axis = _from_zero(max((of.orders for of in days), default=1), bottom_px, _TOP_PX)
    parts = upright(axis, _LEFT_PX, right_px)
    for i, of in enumerate(days):
        x_px = round(_LEFT_PX + i * step_px, 1)
        wide_px = max(round(step_px - 1, 1), 0.6)
        if of.is_promo:
            band = {"y": _TOP_PX, "height": _HEIGHT_PX, "opacity": 0.25}
            parts.append(shape("rect", "sponsored", x=x_px, width=wide_px, **band))
        for kind, value in (("bar80", of.orders), ("bar50", of.credited)):
            y_px = axis.px(value)
            high = {"y": y_px, "height": round(bottom_px - y_px, 1)}
            parts.append(shape("rect", kind, x=x_px, width=wide_px, **high))
        if of.posts:
            parts.append(diamond(x_px + step_px / 2, _TOP_PX - 10, size_px=5))
            if len(of.posts) > 1:
                parts.append(label(x_px + step_px / 2, _TOP_PX - 18, str(len(of.posts))))
    parts += _dates(days, step_px, bottom_px)
    middle_px = _LEFT_PX + len(days) * step_px / 2
    parts.append(label(middle_px, bottom_px + 34, f"day ({zone})", kind="axis"))
    parts.append(label(_LEFT_PX - 50, 12, "orders a day", "start", "axis"))
    said = f"Orders a day from {_day(days[0])} to {_day(days[-1])}" if days else "No days"
    return drawing(_WIDTH_PX, bottom_px + 42, said, parts)


def _dates(days: Sequence[DayCounts], step_px: float, bottom_px: float) -> list[str]:
    """A date about every 90 px."""
    every = max(math.ceil(90 / step_px), 1)
    return [
        label(_LEFT_PX + (i + 0.5) * step_px, bottom_px + 16, f"{days[i].day:%-d %b}")
        for i in range(0, len(days), every)
    ]


def methods(results: Sequence[MethodResult]) -> str:
    """Orders by each method that has a number: a dot, and its interval where it has one."""
    known = [(of, of.total) for of in results if of.total is not None]
    left_px, row_px = 140.0, 34.0
    most = max((total.high or total.orders for _, total in known), default=1.0)
    bottom_px = row_px * len(known) + 8
    axis = _from_zero(most, left_px, _WIDTH_PX - 24.0)
    parts = across(axis, 4, bottom_px, "orders; a bar is the interval of the method")
    for row, (of, total) in enumerate(known):
        y_px = row_px * (row + 0.5) + 6
        parts.append(label(left_px - 10, y_px + 4, METHOD_NAMES[of.method], "end", "label"))
        if total.low is not None and total.high is not None:
            low_px, high_px = axis.px(total.low), axis.px(total.high)
            wide = {"width": round(max(high_px - low_px, 1), 1), "height": 8, "rx": 3}
            parts.append(shape("rect", "bar80", x=low_px, y=y_px - 4, **wide))
            if total.low < 0:  # the axis begins at 0
                parts.append(label(high_px + 10, y_px + 4, f"from {total.low:,.0f}", "start"))
        parts.append(shape("circle", "dot", cx=axis.px(total.orders), cy=y_px, r=5))
        if of.at_least:
            parts.append(label(axis.px(total.orders) + 10, y_px + 4, "or more", "start"))
    words = "; ".join(f"{METHOD_NAMES[of.method]} {count(t.orders)}" for of, t in known)
    return drawing(_WIDTH_PX, bottom_px + 42, f"Orders by method: {words}", parts)


def lag_chart(lag: Lag) -> str:
    """The share of credited orders that had come by each day after the post."""
    right_px, bottom_px = _WIDTH_PX - 24.0, _TOP_PX + _HEIGHT_PX
    upward = Axis(0, 1, bottom_px, _TOP_PX, is_log=False)
    along = Axis(0, max(lag.days[-1] if lag.days else 1, 1), _LEFT_PX, right_px, is_log=False)
    parts = [
        part
        for tick in (0.0, 0.25, 0.5, 0.75, 1.0)
        for part in (
            shape("line", "grid", x1=_LEFT_PX, x2=right_px, y1=upward.px(tick), y2=upward.px(tick)),
            label(_LEFT_PX - 6, upward.px(tick) + 4, f"{tick:.0%}", "end"),
        )
    ]
    every = max(round(len(lag.days) / 8), 1)
    parts += [label(along.px(day), bottom_px + 16, str(day)) for day in lag.days[::every]]
    points = " ".join(
        f"{along.px(day)},{upward.px(share)}"
        for day, share in zip((0, *lag.days), (0.0, *lag.share), strict=True)
    )
    parts.append(shape("polyline", "whisker", points=points, fill="none", stroke_width=2))
    middle_px = (_LEFT_PX + right_px) / 2
    parts.append(label(middle_px, bottom_px + 34, "days after the post", kind="axis"))
    parts.append(label(_LEFT_PX - 50, 12, "share of credited orders", "start", "axis"))
    return drawing(_WIDTH_PX, bottom_px + 42, f"When orders came: {lag.said}", parts)


def _from_zero(most: float, start_px: float, end_px: float) -> Axis:
    """A linear axis from 0 to a round number above `most`."""
    power = 10.0 ** math.floor(math.log10(max(most, 1.0)))
    top = next(step * power for step in (1, 2, 5, 10) if step * power >= max(most, 1.0))
    return Axis(0, top, start_px, end_px, is_log=False)


def _day(of: DayCounts) -> str:
    return f"{of.day:%-d %B %Y}"
