"""The worlds that measurement is judged in: what happened is known, since it was made.

`regions` makes daily orders of regions, some of them exposed; `campaign` makes a campaign of
overlapping posts and what each signal sees of it. Same seed, same world. Seeds below REPORTED were
for developing the methods; figures are reported from REPORTED on, which no method was tuned on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from measurement.lift.panel import Panel

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
REPORTED = 1_000_000
WEEK = np.array([-0.06, -0.08, -0.04, 0.0, 0.05, 0.10, 0.03])


@dataclass(frozen=True, slots=True)
class Regions:
    """How regions' orders come about, in logs: level, shared trend and shocks, week, own noise.

    The sizes were set so that differences in differences with independent errors and in-space
    synthetic control err as often as published for this design (.313 of nulls called, .41 of
    lifts found); the methods were improved afterwards.
    """

    units: int = 20
    treated: int = 1
    before: int = 60
    after: int = 28
    orders_a_day: float = 150.0
    level_sd: float = 0.5
    trend_sd: float = 0.012  # of a day's step of the shared random walk
    factor_sd: float = 0.035  # two slow cycles that regions follow unequally
    loading_sd: float = 0.25  # how unequally regions follow what is shared
    shock_chance: float = 0.04  # of a day on which all regions jump
    shock_sd: float = 0.15
    noise_sd: float = 0.06
    noise_rho: float = 0.4


def regions(seed: int, lift: float = 0.0, of: Regions | None = None) -> Panel:
    """A panel (before + after, units); the first `treated` regions gain `lift` from the start."""
    of = of or Regions()
    rng = np.random.default_rng(seed)
    days = of.before + of.after
    follows = rng.normal(1.0, of.loading_sd, of.units)
    trend = np.cumsum(rng.normal(0, of.trend_sd, days))
    shocks = (rng.random(days) < of.shock_chance) * rng.normal(0, of.shock_sd, days)
    cycles = np.stack([autocorrelated(days, 0.95, of.factor_sd, rng) for _ in range(2)], 1)
    own = np.stack(
        [autocorrelated(days, of.noise_rho, of.noise_sd, rng) for _ in range(of.units)], 1
    )
    week = WEEK[np.arange(days) % 7][:, None] * rng.normal(1.0, 0.3, of.units)
    logs = np.log(of.orders_a_day) + rng.normal(0, of.level_sd, of.units) + week + own
    logs = logs + np.outer(trend + shocks, follows) + cycles @ rng.normal(0, 1, (2, of.units))
    treated = np.arange(of.units) < of.treated
    gained = np.outer(np.arange(days) >= of.before, treated) * np.log1p(lift)
    return Panel(rng.poisson(np.exp(logs + gained)).astype(np.float64), treated, of.before)


def autocorrelated(n: int, rho: float, sd: float, rng: np.random.Generator) -> F64:
    """A stationary AR(1) series (n,) with this standard deviation."""
    steps = rng.normal(0, sd * np.sqrt(1 - rho**2), n)
    out = np.empty(n)
    out[0] = rng.normal(0, sd)
    for t in range(1, n):
        out[t] = rho * out[t - 1] + steps[t]
    return out
