"""What the forecasts must reach, and whether they do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.evidence import target, within

REACH = {  # of log1p views: highest MAE, least R2 and rank correlation
    "vi": {"mae_log": 1.02, "r2_log": 0.745, "spearman": 0.855},
    "famous": {"mae_log": 0.735, "r2_log": 0.825, "spearman": 0.878},
}
NAMES = {"mae_log": "MAE", "r2_log": "R2", "spearman": "rho"}
REACH_TRIED = (
    "vi: accuracy. Tried: random thresholds (taken), several seeds, CatBoost, quantile forests, "
    "other losses, levels and sizes, popularity of sounds and hashtags, the platform's level, past "
    "views filled in from likes, columns of the last five posts and of runs (taken), a learned "
    "level, means of unlike heads (docs/experiments.md, 2026-11-26)."
)
COVERAGE = (0.78, 0.82)
TIER_COVERAGE = (0.75, 0.85)
SPLITS = ("plain", "rolling")
TRIED = {
    "vi": "vi: intervals of one split come out a few points too wide or too narrow, for the shifts "
    "come from one block of a few weeks before the cut. The intervals beside the coverages show "
    "that a group's coverage is known to a few points only. Tried: shifts from several past blocks "
    "(steadier here, too narrow on famous), symmetric shifts, one shift for all tiers, heads "
    "fitted again after calibration (taken), widths drawn to the usual (taken).",
    "famous": "famous: the nano tier has about 20 creators among big ones, too few to calibrate "
    "by, and no split of them is like the next. Tried: one shift for all tiers, one per tier, "
    "shifts pooled by size (taken), several past blocks, wider at ages younger than learned "
    "from (taken).",
}


def goals_of(collections: dict[str, Any]) -> list[dict[str, Any]]:
    """A row per goal: reach under the reference protocol, coverage overall and by tier."""
    rows = []
    for name, of_data in collections.items():
        if of_data["is_check"]:
            continue
        rows += _reach(name, of_data["protocols"]["reference"]["plain"]["history_3_up"])
        for protocol, of_protocol in of_data["protocols"].items():
            for split in SPLITS:
                where = f"{name}, {protocol} protocol, {split} split"
                for row in _coverage(where, of_protocol[split]["all"]):
                    rows.append(row if row["met"] else {**row, "note": TRIED[name]})
    return rows


def _reach(name: str, scores: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for metric, goal in REACH[name].items():
        value, low_is_good = scores["model"][metric], metric == "mae_log"
        met = value <= goal if low_is_good else value >= goal
        row = target(
            f"{name}: {NAMES[metric]} of log1p views, reference protocol, 3 or more earlier posts",
            value,
            "log" if low_is_good else "",
            f"{'at most' if low_is_good else 'at least'} {goal:.3f}",
            met,
        )
        yield row if met else {**row, "note": REACH_TRIED}


def _coverage(where: str, scores: dict[str, Any]) -> Iterator[dict[str, Any]]:
    value = scores["model"]["coverage_80"]
    yield target(
        f"{where}: coverage of the 80% interval", value, "share", ".78 to .82",
        within(value, *COVERAGE),
    )  # fmt: skip
    tiers = {tier: of["coverage_80"] for tier, of in scores["by_tier"].items()}
    outside = {t: v for t, v in tiers.items() if not within(v, *TIER_COVERAGE)}
    shown = ", ".join(f"{tier} {value:.2f}" for tier, value in outside.items())
    yield target(
        f"{where}: tiers with 100+ posts inside .75 to .85",
        f"{len(tiers) - len(outside)} of {len(tiers)}" + (f" (not {shown})" if shown else ""),
        "tiers",
        "all",
        not outside,
    )
