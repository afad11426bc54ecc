"""The loudness curve as SVG on the report's time axis."""

from __future__ import annotations

from collections.abc import Sequence

from content_tagging.records import Sound
from content_tagging.report.scale import Scale

HIGH_PX, TOP_PX, BOTTOM_PX = 150, 8, 118
LOW_LUFS, TOP_LUFS = -60.0, 0.0
GRID_LUFS = (0, -20, -40, -60)
FLOOR_PX = 2


def loudness(sound: Sound, scale: Scale) -> str:
    """Short-term loudness (of 3 s) over time and the integrated value, with titled axes."""
    return (
        f'<svg class="loudness" role="img" width="{scale.width_px}" height="{HIGH_PX}" '
        f'viewBox="0 0 {scale.width_px} {HIGH_PX}" aria-label="{_in_words(sound)}">'
        f"{_grid(scale)}{_curve(sound.loudness_curve, scale)}{_integrated(sound, scale)}"
        f"{_titles()}</svg>"
    )


def y_px(lufs: float) -> float:
    """Where a loudness stands, kept within the axis.

    >>> y_px(0), y_px(-60), y_px(-100)
    (8.0, 118.0, 118.0)
    """
    share = (min(max(lufs, LOW_LUFS), TOP_LUFS) - TOP_LUFS) / (LOW_LUFS - TOP_LUFS)
    return round(TOP_PX + share * (BOTTOM_PX - TOP_PX), 1)


def _in_words(sound: Sound) -> str:
    if sound.loudness_lufs is None:
        return "Loudness over time: silence or no sound"
    levels = [value for _, value in sound.loudness_curve]
    ends = f", from {min(levels):.0f} to {max(levels):.0f} LUFS" if levels else ""
    return f"Loudness over time{ends}; {sound.loudness_lufs:.1f} LUFS over the whole"


def _grid(scale: Scale) -> str:
    lines = "".join(
        f'<line class="grid" x1="0" x2="{scale.width_px}" y1="{y_px(lufs)}" y2="{y_px(lufs)}"/>'
        for lufs in GRID_LUFS
    )
    times = "".join(
        f'<line class="grid" x1="{scale.px(at)}" x2="{scale.px(at)}" y1="{TOP_PX}" '
        f'y2="{BOTTOM_PX}"/><text class="tick" x="{scale.px(at)}" y="{BOTTOM_PX + 15}" '
        f'text-anchor="{_anchor(at, scale)}">{at:g}</text>'
        for at in scale.ticks_s()
    )
    return lines + times


def _titles() -> str:
    """The levels and the axes' names, over the curve."""
    levels = "".join(
        f'<text class="tick" x="4" y="{y_px(lufs) + (12 if lufs == 0 else -3)}">{lufs}</text>'
        for lufs in GRID_LUFS
    )
    return (
        f'{levels}<text class="axis" x="30" y="{TOP_PX + 12}">short-term loudness, LUFS</text>'
        f'<text class="axis" x="4" y="{HIGH_PX - 3}">time, s</text>'
    )


def _anchor(at_s: float, scale: Scale) -> str:
    px = scale.px(at_s)
    return "start" if px < FLOOR_PX else "end" if px > scale.width_px - 12 else "middle"


def _curve(curve: Sequence[tuple[float, float]], scale: Scale) -> str:
    if not curve:
        return ""
    points = " ".join(f"{scale.px(at)},{y_px(lufs)}" for at, lufs in curve)
    first, last = scale.px(curve[0][0]), scale.px(curve[-1][0])
    return (
        f'<polygon class="loud" points="{first},{BOTTOM_PX} {points} {last},{BOTTOM_PX}"/>'
        f'<polyline class="level" points="{points}"/>'
    )


def _integrated(sound: Sound, scale: Scale) -> str:
    if sound.loudness_lufs is None:
        return ""
    y = y_px(sound.loudness_lufs)
    return f'<line class="whole" x1="0" x2="{scale.width_px}" y1="{y}" y2="{y}"/>'
