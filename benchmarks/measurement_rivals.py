"""What other packages say of the same panels, run by an interpreter that has them.

PYTHON measurement_rivals.py causal_impact|causalpy PANELS.npz ANSWERS.npy

Stands alone: it imports none of the project. PANELS holds `outcome` (n, n_days, n_units), the
first unit exposed from day `start`; ANSWERS becomes (n, 3): the relative effect and its 95% ends.
Exits with status 3 where the package is not installed.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def causal_impact(outcome: Any, start: int) -> tuple[float, float, float]:
    """bsts-causalimpact, a port of Google's CausalImpact, as its page shows it."""
    import pandas as pd
    from causal_impact import CausalImpact

    names = ["y", *(f"x{i}" for i in range(1, outcome.shape[1]))]
    frame = pd.DataFrame(outcome, columns=names)
    made = CausalImpact(frame, [0, start - 1], [start, len(frame) - 1]).summary_stats
    base = outcome[start:, 0].mean() - made["point_effect_mean"]
    ends = (made["point_effect_mean"], made["ci_lower"], made["ci_upper"])
    return tuple(float(end / base) for end in ends)  # type: ignore[return-value]


def causalpy(outcome: Any, start: int) -> tuple[float, float, float]:
    """CausalPy's SyntheticControl with its Bayesian weights, on shares of the mean before."""
    import causalpy as cp
    import pandas as pd

    names = ["exposed", *(f"c{i}" for i in range(1, outcome.shape[1]))]
    frame = pd.DataFrame(outcome / outcome[:start].mean(0), columns=names)
    sampled = {"draws": 300, "tune": 500, "chains": 2, "cores": 1, "progressbar": False}
    model = cp.pymc_models.WeightedSumFitter(sample_kwargs={**sampled, "random_seed": 1})
    made = cp.SyntheticControl(
        frame, start, control_units=names[1:], treated_units=names[:1], model=model
    )
    row = made.effect_summary(direction="two-sided").table.loc["average"]
    return tuple(float(row[name]) / 100 for name in RELATIVE)  # type: ignore[return-value]


RELATIVE = ("relative_mean", "relative_hdi_lower", "relative_hdi_upper")
RIVALS = {"causal_impact": causal_impact, "causalpy": causalpy}


def main() -> None:
    name, panels, answers = sys.argv[1:]
    with np.load(panels) as given:
        outcomes, start = given["outcome"], int(given["start"])
    try:
        said = [RIVALS[name](outcome, start) for outcome in outcomes]
    except ImportError:
        sys.exit(3)
    np.save(answers, np.array(said, np.float64))


if __name__ == "__main__":
    main()
