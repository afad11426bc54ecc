"""Coverage of the 80% interval on every collection, by method, and scores of joint samples.

    python -m benchmarks.coverage

*raw*: the heads' own quantiles. *CQR*: one shift for all, of heads that are not fitted again (the
plain method). *reelcast*: shifts by tier and number of earlier posts, heads fitted again.
*followed*: the same, following outcomes day by day as they are known, by the ledger's adaptive
step (inference.ledger_adaptive). Counts of each target: CRPS and calibration of samples drawn
jointly. *Width at .80*: the intervals stretched or drawn in until they hold 80% of the test rows.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.evidence import target, within
from benchmarks.splits import ONE_THREAD, load, plain_columns, settings_with, split_at
from features.dataset import Dataset
from features.panel import DAY_S, F64, I64
from features.state import TIER_NAMES
from inference.ledger_adaptive import Level, follow
from inference.quantiles import SCORES, at_scores, score_of
from reelcast.settings import LedgerSettings
from reelcast.tables import TARGETS
from training.backtest import Origin, forecast_between, origins
from training.conformal import Calibration, moved, scores_of, shifts_of
from training.fit import fit_model
from training.forecaster import TargetForecaster
from training.metrics import MIN_SLICE, score

NAMES = ("vi", "hotels", "news", "smp", "famous", "formats")
METHODS = ("raw", "CQR", "reelcast", "followed")
_LOW, _MEDIAN, _HIGH = 1, 3, 5


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    found: dict[str, Any] = {}
    for name in NAMES:
        dataset = load(name, folder)
        found[name] = measure(dataset)
        print(name, {m: of["coverage_80"] for m, of in found[name]["views"].items()}, flush=True)
        goals = [row for each, of in found.items() for row in _goals(each, of["views"])]
        figures = {"data": found, "targets": goals}
        path = evidence.write("coverage", figures, started)
    print("wrote", path)


def measure(dataset: Dataset) -> dict[str, Any]:
    """Views' intervals by method on the latest fifth of the posts, and all targets' samples."""
    origin = origins(dataset, "views", 1, 0.2)[0]
    model = fit_model(dataset, origin.start_s, settings_with("never"))
    split = split_at(dataset, origin)
    logs = model.forecasters["views"].predict(split.test, split.asked.horizon_days)
    gap_s = int((dataset.gap_days or 0.0) * DAY_S)
    known_s = np.maximum(split.asked.post_s + gap_s, 0)
    raw, plain = _plain(dataset, origin)
    made = {
        "raw": raw,
        "CQR": plain,
        "reelcast": logs,
        "followed": followed(logs, split.test_log, (split.asked.decided_s, known_s)),
    }
    views = {name: _held(of, split.test_log, split.test.tier) for name, of in made.items()}
    samples = {}
    for each in model.forecasters:
        table = forecast_between(dataset, model, each, origin)
        if table.num_rows:
            samples[each] = score(table)["model"]
    return {"n": len(split.test_log), "views": views, "samples": samples}


def followed(logs: F64, outcome: F64, times: tuple[I64, I64]) -> F64:
    """The forecasts (n, n_quantiles) as made day by day, each at the step's width by then.

    `times`: when each was decided and when its outcome (n,) was known, seconds. Unknown outcomes
    (NaN) teach nothing.
    """
    decided_s, known_s = times
    known = np.flatnonzero(~np.isnan(outcome))
    known = known[np.argsort(known_s[known], kind="stable")]
    scores = [score_of(logs[i], float(np.expm1(outcome[i]))) for i in known]
    day, gamma = decided_s // int(DAY_S), LedgerSettings().gamma
    made, level, taken = logs.copy(), Level(), 0
    for of_day in np.unique(day):
        until = int(np.searchsorted(known_s[known], of_day * int(DAY_S), side="right"))
        level, taken = follow(scores[taken:until], gamma, level), until
        if level.stretch != 1.0:
            today = np.flatnonzero(day == of_day)
            wanted = np.tile(SCORES * level.stretch, (len(today), 1))
            made[today] = at_scores(logs[today], wanted)
    return made


def _plain(dataset: Dataset, origin: Origin) -> tuple[F64, F64]:
    """Raw quantiles and plain CQR of the test rows: heads of the older four fifths, one shift."""
    _, learned = dataset.ask(origin.start_s)
    published = dataset.panel.published_s[learned.post]
    cut = int(np.quantile(published, 1 - ONE_THREAD.calibration_share))
    older = split_at(dataset, Origin(0, cut, origin.start_s))
    columns = plain_columns()
    heads = TargetForecaster("views", columns, older.state.growth)
    heads.fit(older.train, older.train_log, ONE_THREAD)
    heads.calibration = none_of()
    asked, outcomes = dataset.ask()
    inside = (asked.post_s >= origin.start_s) & (asked.post_s < origin.end_s)
    at = np.flatnonzero(inside & ~np.isnan(outcomes.counts[:, TARGETS.index("views")]))
    test = dataset.rows(asked.take(at), older.state)
    raw = heads.predict(test, asked.horizon_days[at])
    early = heads.predict(older.test, older.asked.horizon_days)
    return raw, moved(raw, shifts_of(scores_of(early, older.test_log)))


def none_of() -> Calibration:
    """The calibration that moves nothing."""
    nothing = np.zeros(len(TIER_NAMES), np.int64)
    return Calibration(np.zeros((1, 7)), nothing, np.array([0]), np.zeros((4, 7)), widths_kept=1.0)


def _held(logs: F64, y: F64, tier: I64) -> dict[str, Any]:
    inside = (y >= logs[:, _LOW]) & (y <= logs[:, _HIGH])
    tiers = [t for t in range(len(TIER_NAMES)) if (tier == t).sum() >= MIN_SLICE]
    return {
        "coverage_80": float(inside.mean()),
        "width_80_log": float((logs[:, _HIGH] - logs[:, _LOW]).mean()),
        "width_at_80_log": _width_at_80(logs, y),
        "by_tier": {TIER_NAMES[t]: float(inside[tier == t].mean()) for t in tiers},
    }


def _width_at_80(logs: F64, y: F64) -> float:
    """How wide the intervals would be, stretched about their medians to hold 80% of these rows.

    Tells methods apart that hold different shares. Chosen with the outcomes, so nothing serves it.
    """
    median = logs[:, [_MEDIAN]]
    below, above = (np.maximum(np.abs(logs[:, [k]] - median), 1e-6) for k in (_LOW, _HIGH))
    needed = np.abs(y[:, None] - median) / np.where(y[:, None] < median, below, above)
    return float(np.quantile(needed, 0.8) * (logs[:, _HIGH] - logs[:, _LOW]).mean())


def _goals(name: str, views: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for method in ("reelcast", "followed"):
        held, where = views[method], f"{name}, {method}: 80% interval of views"
        value, width, most = held["coverage_80"], held["width_80_log"], views["CQR"]["width_80_log"]
        outside = [t for t, v in held["by_tier"].items() if not within(v, 0.75, 0.85)]
        words = f"{len(held['by_tier']) - len(outside)} of {len(held['by_tier'])}"
        rows += [
            target(f"{where}, held", value, "share", ".78-.82", within(value, 0.78, 0.82)),
            target(f"{where}, tiers held .75-.85", words, "tiers", "all", not outside),
            target(f"{where}, width", width, "log", f"<= CQR's {most:.2f}", width <= most),
        ]
    return rows


if __name__ == "__main__":
    main()
