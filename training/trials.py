"""Which blocks of columns a target's model reads: those that lower its error on posts held out.

The trial's posts are the latest of those before the calibration's, so that intervals are
calibrated on posts that chose nothing (docs/adr/012-blocks-where-they-help.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from features.blocks import NAMES, columns_in
from features.panel import F64, I64
from features.rows import Rows
from features.state import State
from reelcast.settings import Settings
from reelcast.tables import TARGETS
from training.forecaster import columns_of
from training.heads import fit_median
from training.metrics import MIN_CREATORS, paired_bootstrap

_SHARE = 0.4  # latest share of the rows before calibration that the trial forecasts
_FEWEST = 100  # older rows that must know anything of a block; of the trial's a third of it


@dataclass(frozen=True, slots=True)
class Choice:
    """The blocks that are read, and how each one's trial went, in words."""

    reads: tuple[str, ...]
    words: Mapping[str, str]

    def columns(self, target: str, state: State) -> tuple[str, ...]:
        """The columns of the target's model, with those of the blocks it reads."""
        of = columns_in(state)
        return columns_of(target, tuple(c for name in self.reads for c in of[name]))


def choose(target: str, known: tuple[Rows, F64], state: State, settings: Settings) -> Choice:
    """The blocks for a target: `known` are rows before the calibration's, by time, and logs."""
    rows, _ = known
    cut = int(len(rows) * (1 - _SHARE))
    parts = np.arange(cut), np.arange(cut, len(rows))
    trial = _Trial(target, known, parts, settings)
    reads, words = [], {}
    for name, columns in columns_in(state).items():
        setting = getattr(settings.features, name)
        if not columns or setting != "auto":
            is_read = bool(columns) and setting == "always"
            words[name] = f"{name} {'read (setting)' if is_read else 'not available or off'}"
        else:
            is_read, words[name] = trial.of(name, columns)
        if is_read:
            reads.append(name)
    return Choice(tuple(name for name in NAMES if name in reads), words)


class _Trial:
    """Rows to fit on and later ones to forecast, both with known mature log counts."""

    def __init__(
        self, target: str, known: tuple[Rows, F64], parts: tuple[I64, I64], settings: Settings
    ) -> None:
        self._target = target
        self._rows, self._log = known
        self._older, self._later = parts
        self._settings = settings.training
        self._without: F64 | None = None

    def of(self, name: str, columns: tuple[str, ...]) -> tuple[bool, str]:
        """Whether the block helps on the later rows that know it, and harms all of them not."""
        has = np.asarray(~np.isnan(self._rows.pick(columns)).all(axis=1), bool)
        older, later = has[self._older], has[self._later]
        creators = self._rows.creator[self._later][later]
        if older.sum() < _FEWEST or later.sum() * 3 < _FEWEST:
            n = int(older.sum() + later.sum())
            return (
                False,
                f"{name} left out: known of {n:,} posts before calibration, too few to try",
            )
        if self._without is None:
            self._without = self._misses(())
        apart = self._misses(columns) - self._without
        gain = paired_bootstrap(apart[later], creators)
        helps = gain["high"] < 0 and apart.mean() < 0
        helps = helps and len(np.unique(creators)) >= MIN_CREATORS
        return bool(helps), (
            f"{name} {'read' if helps else 'left out'}: log MAE {gain['mean']:+.3f} with it "
            f"(95% interval {gain['low']:+.3f} to {gain['high']:+.3f}, {int(later.sum()):,} posts "
            "held out before calibration)"
        )

    def _misses(self, extra: tuple[str, ...]) -> F64:
        columns, level = columns_of(self._target, extra), TARGETS.index(self._target)
        rows = self._rows.take(self._older)
        response = self._log[self._older] - rows.level[:, level]
        head = fit_median(rows.pick(columns), response, columns, self._settings)
        later = self._rows.take(self._later)
        forecast = head.predict(later.pick(columns)) + later.level[:, level]
        return np.asarray(np.abs(self._log[self._later] - forecast))
