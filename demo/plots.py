"""Charts as SVG text. Colours come from the page's CSS, so that they follow light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from inference.drawings import Axis

F64 = npt.NDArray[np.float64]
_CHAR_PX = 7.0
_ROW_PX, _NARROW_ROW_PX = 40, 50


@dataclass(frozen=True, slots=True)
class Bar:
    """One forecast of views: `q` holds the 10, 25, 50, 75 and 90% quantiles."""

    label: str
    q: tuple[float, float, float, float, float]
    baseline: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """A measured share with its 95% interval, all 0 to 1, of `n` posts."""

    label: str
    n: int
    share: float
    low: float
    high: float


def compact(value: float) -> str:
    """A count in few characters.

    >>> compact(950), compact(12_340), compact(1_500_000), compact(100_000)
    ('950', '12k', '1.5M', '100k')
    """
    for unit, name in ((1e6, "M"), (1e3, "k")):
        if value >= unit * 0.9995:
            scaled = value / unit
            return (
                f"{scaled:.1f}".removesuffix(".0") + name
                if scaled < 9.95
                else f"{scaled:.0f}{name}"
            )
    return f"{value:.0f}"


def interval_bars(bars: Sequence[Bar], width_px: int) -> str:
    """One row a forecast: a thin bar for 80%, a thick one for 50%, the median, the baseline."""
    is_narrow = width_px < 500
    label_px = 0 if is_narrow else max((len(b.label) for b in bars), default=0) * _CHAR_PX + 16
    known = [v for b in bars for v in (*b.q, b.baseline) if v is not None and v > 0]
    axis = log_axis(known or [1.0, 10.0], label_px + 8, width_px - 20)
    row_px = _NARROW_ROW_PX if is_narrow else _ROW_PX
    height_px = row_px * len(bars) + 56
    parts = [
        *_grid_x(axis, 4, height_px - 44),
        _title_x(axis, height_px, "views (log scale)"),
    ]
    for row, bar in enumerate(bars):
        y_px = row_px * (row + (0.75 if is_narrow else 0.5)) + 4
        at = (2.0, y_px - 16) if is_narrow else (label_px, y_px + 4)
        anchor = "start" if is_narrow else "end"
        parts.append(_text(*at, bar.label, anchor, "label"))
        parts += _interval(bar, axis, y_px)
    title = "Forecast views of each creator: median, 50% and 80% intervals, and last-5 baseline"
    return _svg(width_px, height_px, title, parts)


def _interval(bar: Bar, axis: Axis, y_px: float) -> list[str]:
    low, lower, median, upper, high = (axis.px(max(v, axis.low)) for v in bar.q)
    parts = [
        f'<rect class="bar80" x="{low}" y="{y_px - 3}" width="{high - low:.1f}" height="6"'
        ' rx="3"/>',
        f'<rect class="bar50" x="{lower}" y="{y_px - 6}" width="{upper - lower:.1f}" height="12"'
        ' rx="3"/>',
        f'<line class="median" x1="{median}" x2="{median}" y1="{y_px - 9}" y2="{y_px + 9}"/>',
    ]
    if bar.baseline is not None:
        parts.append(_diamond(axis.px(max(bar.baseline, axis.low)), y_px))
    return parts


def predicted_against_actual(
    predicted: F64, actual: F64, is_inside: npt.NDArray[np.bool_], width_px: int
) -> str:
    """A point a post, (n,) counts on log scales; those outside their 80% interval are hollow."""
    side_px = min(width_px, 560)
    both = np.maximum(np.concatenate([predicted, actual]), 1.0)
    x = log_axis(both.tolist(), 56, side_px - 16)
    y = log_axis(both.tolist(), side_px - 48, 12)
    parts = [*_grid_x(x, 12, side_px - 48), *_grid_y(y, 56, side_px - 16)]
    parts.append(
        f'<line class="diagonal" x1="{x.start_px}" y1="{y.start_px}"'
        f' x2="{x.end_px}" y2="{y.end_px}"/>'
    )
    for p, a, inside in zip(predicted, actual, is_inside, strict=True):
        kind = "inside" if inside else "outside"
        parts.append(f'<circle class="{kind}" cx="{x.px(p)}" cy="{y.px(a)}" r="2.6"/>')
    parts.append(_title_x(x, side_px, "forecast median, views (log scale)"))
    parts.append(_title_y(y, "actual views (log scale)"))
    title = "Predicted against actual views of each test post"
    return _svg(side_px, side_px, title, parts)


def coverage_dots(shares: Sequence[Share], promised: float, width_px: int) -> str:
    """Measured coverage a row with its 95% interval, and a line at what was promised."""
    is_narrow = width_px < 500
    names = [f"{s.label}, {s.n:,} posts" for s in shares]
    label_px = max((len(name) for name in names), default=0) * _CHAR_PX + 12
    axis = Axis(0.5, 1.0, label_px + 8, width_px - 24, is_log=False)
    height_px = 30 * len(shares) + 60
    bottom_px = height_px - 44
    at_px = axis.px(promised)
    parts = [
        *_grid_x(axis, 4, bottom_px, percent=True),
        f'<line class="promised" x1="{at_px}" x2="{at_px}" y1="4" y2="{bottom_px}"/>',
    ]
    words = "measured coverage (%)" if is_narrow else "share of posts inside their 80% interval (%)"
    parts.append(_title_x(axis, height_px, words))
    for row, (share, name) in enumerate(zip(shares, names, strict=True)):
        y_px = 20 + 30 * row
        parts.append(_text(label_px, y_px + 4, name, "end", "label"))
        parts.append(
            f'<line class="whisker" x1="{axis.px(share.low)}" x2="{axis.px(share.high)}"'
            f' y1="{y_px}" y2="{y_px}"/>'
        )
        parts.append(f'<circle class="dot" cx="{axis.px(share.share)}" cy="{y_px}" r="5"/>')
    return _svg(width_px, height_px, "Measured coverage of the 80% interval by tier", parts)


def log_axis(values: Iterable[float], start_px: float, end_px: float) -> Axis:
    """A log axis around all values, at least one power of ten long."""
    positive = [value for value in values if value > 0]
    low, high = min(positive) / 1.4, max(positive) * 1.4
    if high < 12 * low:
        low, high = low / 3.5, high * 3.5
    return Axis(low, high, start_px, end_px)


def _ticks(axis: Axis) -> list[float]:
    """Powers of ten, or tenths of a linear axis from 0 to 1."""
    if not axis.is_log:
        return [tenth / 10 for tenth in range(11) if axis.low <= tenth / 10 <= axis.high]
    first, last = math.ceil(math.log10(axis.low)), math.floor(math.log10(axis.high))
    return [10.0**power for power in range(first, last + 1)]


def _grid_x(axis: Axis, top_px: float, bottom_px: float, percent: bool = False) -> list[str]:
    parts = []
    for tick in _ticks(axis):
        x_px = axis.px(tick)
        words = f"{tick * 100:.0f}" if percent else compact(tick)
        parts.append(f'<line class="grid" x1="{x_px}" x2="{x_px}" y1="{top_px}" y2="{bottom_px}"/>')
        parts.append(_text(x_px, bottom_px + 16, words, "middle", "tick"))
    return parts


def _grid_y(axis: Axis, left_px: float, right_px: float) -> list[str]:
    parts = []
    for tick in _ticks(axis):
        y_px = axis.px(tick)
        parts.append(f'<line class="grid" x1="{left_px}" x2="{right_px}" y1="{y_px}" y2="{y_px}"/>')
        parts.append(_text(left_px - 6, y_px + 4, compact(tick), "end", "tick"))
    return parts


def _title_x(axis: Axis, height_px: float, words: str) -> str:
    return _text((axis.start_px + axis.end_px) / 2, height_px - 8, words, "middle", "axis")


def _title_y(axis: Axis, words: str) -> str:
    middle_px = (axis.start_px + axis.end_px) / 2
    return (
        '<text class="axis" text-anchor="middle"'
        f' transform="translate(14 {middle_px}) rotate(-90)">{escape(words)}</text>'
    )


def _text(x_px: float, y_px: float, words: str, anchor: str, kind: str) -> str:
    return (
        f'<text class="{kind}" x="{x_px:.1f}" y="{y_px:.1f}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def _diamond(x_px: float, y_px: float) -> str:
    return (
        f'<path class="baseline" d="M{x_px} {y_px - 7}L{x_px + 7:.1f} {y_px}L{x_px} {y_px + 7}'
        f'L{x_px - 7:.1f} {y_px}Z"/>'
    )


def _svg(width_px: int, height_px: float, title: str, parts: Iterable[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width_px} {height_px:.0f}" width="{width_px}" height="{height_px:.0f}"'
        f' role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f"{''.join(parts)}</svg>"
    )
