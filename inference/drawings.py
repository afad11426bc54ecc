"""Charts as SVG text, for pages and for paper: one drawing, both ways. Pure.

Colours stand in the drawing for paper; a page's CSS names them anew by class, for light and dark.
Marks differ in shape too, not in colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from inference.wording import count

INK, SOFT, GRID = "#17212b", "#51606f", "#d5dde5"
INTERVAL, INNER, BASELINE, SPONSORED = "#8db9e3", "#3d84c6", "#b3261e", "#7a4b00"
FILLS = {
    "bar80": INTERVAL,
    "bar50": INNER,
    "dot": INNER,
    "baseline": BASELINE,
    "sponsored": SPONSORED,
    "band": INTERVAL,
}
STROKES = {
    "grid": GRID,
    "median": INK,
    "line": SOFT,
    "outside": BASELINE,
    "whisker": INNER,
    "promised": SOFT,
}


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps values from `low` to `high` on `start_px` to `end_px`, values outside to its ends."""

    low: float
    high: float
    start_px: float
    end_px: float
    is_log: bool = True

    def px(self, value: float) -> float:
        """The position of a value.

        >>> Axis(1, 100, 0, 200).px(10), Axis(0, 10, 0, 100, is_log=False).px(20)
        (100.0, 100.0)
        """
        value, low, high = min(max(value, self.low), self.high), self.low, self.high
        if self.is_log:
            value, low, high = math.log(value), math.log(low), math.log(high)
        along = (value - low) / (high - low)
        return round(self.start_px + along * (self.end_px - self.start_px), 1)

    def ticks(self) -> list[float]:
        """Powers of ten (and their halves on short axes), or five even steps."""
        if not self.is_log:
            return [self.low + step * (self.high - self.low) / 5 for step in range(6)]
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        steps = (1.0, 2.0, 5.0) if last - first <= 2 else (1.0,)
        found = [step * 10.0**power for power in range(first, last + 1) for step in steps]
        return [tick for tick in found if self.low <= tick <= self.high]


def log_axis(values: Iterable[float | None], start_px: float, end_px: float) -> Axis:
    """A log axis around all positive values, at least one power of ten long."""
    positive = [value for value in values if value is not None and value > 0] or [1.0, 10.0]
    low, high = min(positive) / 1.25, max(positive) * 1.25
    if high < 10 * low:
        middle = math.sqrt(low * high)
        low, high = middle / math.sqrt(10), middle * math.sqrt(10)
    return Axis(low, high, start_px, end_px)


def shape(name: str, kind: str, **given: object) -> str:
    """A shape of a kind, with the kind's colour.

    >>> shape("line", "grid", x1=1, x2=2)
    '<line class="grid" stroke="#d5dde5" x1="1" x2="2"/>'
    """
    fill = f' fill="{FILLS[kind]}"' if kind in FILLS else ""
    stroke = f' stroke="{STROKES[kind]}"' if kind in STROKES else ""
    hollow = ' fill="none"' if kind == "outside" else ""
    rest = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in given.items())
    return f'<{name} class="{kind}"{fill}{hollow}{stroke}{rest}/>'


def label(x_px: float, y_px: float, words: str, anchor: str = "middle", kind: str = "tick") -> str:
    """Words at a place."""
    colour = INK if kind == "label" else SOFT
    return (
        f'<text class="{kind}" x="{x_px:.1f}" y="{y_px:.1f}" text-anchor="{anchor}" '
        f'font-size="12" font-family="DejaVu, system-ui, sans-serif" fill="{colour}">'
        f"{escape(words)}</text>"
    )


def diamond(x_px: float, y_px: float, kind: str = "baseline", size_px: float = 6) -> str:
    """A mark that is told from a dot without its colour."""
    path = (
        f"M{x_px} {y_px - size_px}L{x_px + size_px} {y_px}"
        f"L{x_px} {y_px + size_px}L{x_px - size_px} {y_px}Z"
    )
    return shape("path", kind, d=path)


def drawing(width_px: float, height_px: float, words: str, parts: Iterable[str]) -> str:
    """The whole drawing; `words` say what it shows to those who do not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width_px:.0f} {height_px:.0f}" '
        f'width="{width_px:.0f}" height="{height_px:.0f}" role="img" '
        f'aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def across(axis: Axis, top_px: float, bottom_px: float, title: str) -> list[str]:
    """Grid lines, ticks and title of an axis that lies across."""
    parts = [
        part
        for tick in axis.ticks()
        for part in (
            shape("line", "grid", x1=axis.px(tick), x2=axis.px(tick), y1=top_px, y2=bottom_px),
            label(axis.px(tick), bottom_px + 15, count(tick)),
        )
    ]
    middle_px = (axis.start_px + axis.end_px) / 2
    return [*parts, label(middle_px, bottom_px + 33, title, kind="axis")]


def upright(axis: Axis, left_px: float, right_px: float) -> list[str]:
    """Grid lines and ticks of an axis that stands."""
    return [
        part
        for tick in axis.ticks()
        for part in (
            shape("line", "grid", x1=left_px, x2=right_px, y1=axis.px(tick), y2=axis.px(tick)),
            label(left_px - 6, axis.px(tick) + 4, count(tick), "end"),
        )
    ]


@dataclass(frozen=True, slots=True)
class Bar:
    """A forecast to draw: quantiles by their names (q10, q50, q90 at least), and beside it the
    naive baseline, or what came, where there is one."""

    name: str
    quantiles: dict[str, float]
    baseline: float | None


def bar_parts(bar: Bar, axis: Axis, y_px: float) -> list[str]:
    """A thin bar for 80%, a thick one for 50% where it is known, a line at the median, a diamond
    at the baseline."""
    at = {name: axis.px(max(value, axis.low)) for name, value in bar.quantiles.items()}
    low, middle, high = at["q10"], at["q50"], at["q90"]
    parts = [shape("rect", "bar80", x=low, y=y_px - 3, width=_wide(low, high), height=6, rx=3)]
    if "q25" in at:
        wide = {"width": _wide(at["q25"], at["q75"]), "height": 12, "rx": 3}
        parts.append(shape("rect", "bar50", x=at["q25"], y=y_px - 6, **wide))
    ends = {"y1": y_px - 9, "y2": y_px + 9, "stroke_width": 2}
    parts.append(shape("line", "median", x1=middle, x2=middle, **ends))
    if bar.baseline is not None:
        parts.append(diamond(axis.px(max(bar.baseline, axis.low)), y_px))
    return parts


def _wide(start_px: float, end_px: float) -> float:
    return round(max(end_px - start_px, 1.0), 1)


def interval_bars(bars: Sequence[Bar], unit: str, width_px: int = 760) -> str:
    """A row for each forecast on one log scale; on narrow drawings names stand above the bars."""
    is_narrow = width_px < 500
    left_px = 8.0 if is_narrow else 18 + 7.2 * max((len(bar.name) for bar in bars), default=0)
    row_px = 46 if is_narrow else 34
    known = [value for bar in bars for value in (*bar.quantiles.values(), bar.baseline)]
    axis = log_axis(known, left_px, width_px - 24)
    bottom_px = row_px * len(bars) + 8
    parts = across(axis, 4, bottom_px, f"{unit} (log scale)")
    for row, bar in enumerate(bars):
        y_px = row_px * (row + (0.72 if is_narrow else 0.5)) + 6
        at = (left_px, y_px - 15, "start") if is_narrow else (left_px - 10, y_px + 4, "end")
        parts.append(label(at[0], at[1], bar.name, at[2], "label"))
        parts += bar_parts(bar, axis, y_px)
    words = "; ".join(
        f"{bar.name}: median {count(bar.quantiles['q50'])}, 80% from "
        f"{count(bar.quantiles['q10'])} to {count(bar.quantiles['q90'])}"
        for bar in bars
    )
    return drawing(width_px, bottom_px + 42, f"{unit}. {words}", parts)


def inline_bar(bar: Bar, axis: Axis) -> str:
    """One forecast within a table's cell, on an axis that all rows share."""
    words = (
        f"80% from {count(bar.quantiles['q10'])} to {count(bar.quantiles['q90'])}, "
        f"median {count(bar.quantiles['q50'])}"
    )
    return drawing(axis.start_px + axis.end_px, 22, words, bar_parts(bar, axis, 11))
