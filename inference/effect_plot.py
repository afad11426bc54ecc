"""Effects as a picture: one line per label, its interval, grouped and sorted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inference.effects import Effect
from reelcast.packages import require

_INK, _CLEAR, _SOFT = "#1f2933", "#0b6bcb", "#9fb3c8"
_LINE_IN, _LEAST_IN = 0.26, 2.2


def plot_effects(effects: Sequence[Effect], target: str, path: Path) -> Path:
    """Write the picture (PNG, SVG or PDF by the file's name) and return its path."""
    ordered = sorted(effects, key=lambda e: (e.group, e.factor), reverse=True)
    height = max(_LEAST_IN, 1.0 + _LINE_IN * len(ordered))
    figure = require("matplotlib.figure").Figure(figsize=(7.6, height), layout="constrained")
    axes = figure.add_subplot()
    axes.axvline(1.0, color=_INK, linewidth=1)
    for line, effect in enumerate(ordered):
        colour = _CLEAR if effect.is_clear else _SOFT
        axes.plot([effect.low, effect.high], [line, line], color=colour, linewidth=2)
        axes.plot(effect.factor, line, "o", color=colour)
    names = [f"{effect.group}: {effect.label} ({effect.n_posts:,})" for effect in ordered]
    axes.set_yticks(range(len(ordered)), names, fontsize=8)
    axes.set_xscale("log")
    ticks = [0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel(f"{target} against the creator's own average post, times (95% interval)")
    axes.set_title("What content goes with; blue: clear after control of false discoveries",
                   color=_INK, loc="left", fontsize=10)  # fmt: skip
    axes.spines[["top", "right", "left"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130)
    return path
