"""A small panel with known lift, for the tests of lift."""

from __future__ import annotations

import numpy as np

from measurement.lift.panel import Panel

N_UNITS, BEFORE, AFTER = 12, 42, 21


def panel(seed: int, lift: float = 0.0, treated: int = 1) -> Panel:
    """Units that share a slow walk, each with its own level, week and noise."""
    rng = np.random.default_rng(seed)
    days = BEFORE + AFTER
    common = np.cumsum(rng.normal(0, 0.02, (days, 1)), axis=0)
    week = 0.1 * np.sin(2 * np.pi * np.arange(days) / 7)[:, None]
    outcome = np.exp(rng.normal(5, 0.4, N_UNITS) + common + week)
    outcome *= np.exp(rng.normal(0, 0.05, (days, N_UNITS)))
    outcome[BEFORE:, :treated] *= 1 + lift
    return Panel(outcome, np.arange(N_UNITS) < treated, BEFORE)
