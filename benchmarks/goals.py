"""What the forecasts must reach, and whether they do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.evidence import target, within

MAX_MAE = {"vi": 1.060, "famous": 0.760}
LAST5 = {"vi": 1.181, "famous": 0.830}  # published: shows that the rows are the same
COVERAGE = (0.77, 0.83)
TIER_COVERAGE = (0.73, 0.87)
SPLITS = ("plain", "rolling")


def goals_of(collections: dict[str, Any]) -> list[dict[str, Any]]:
    """A row per goal: reach under the reference protocol, coverage overall and by tier."""
    rows = []
    for name, of_data in collections.items():
        if of_data["is_check"]:
            continue
        rows.append(_reach(name, of_data["protocols"]["reference"]["plain"]["history_3_up"]))
        for protocol, of_protocol in of_data["protocols"].items():
            for split in SPLITS:
                where = f"{name}, {protocol} protocol, {split} split"
                rows += _coverage(where, of_protocol[split]["all"])
    return rows


def _reach(name: str, scores: dict[str, Any]) -> dict[str, Any]:
    value = scores["model"]["mae_log"]
    return target(
        f"{name}: MAE of log1p views, reference protocol, 3 or more earlier posts",
        value,
        "log",
        f"at most {MAX_MAE[name]:.3f}",
        value <= MAX_MAE[name],
    )


def _coverage(where: str, scores: dict[str, Any]) -> Iterator[dict[str, Any]]:
    value = scores["model"]["coverage_80"]
    yield target(
        f"{where}: coverage of the 80% interval", value, "share", ".77 to .83",
        within(value, *COVERAGE),
    )  # fmt: skip
    tiers = {tier: of["coverage_80"] for tier, of in scores["by_tier"].items()}
    outside = {t: v for t, v in tiers.items() if not within(v, *TIER_COVERAGE)}
    shown = ", ".join(f"{tier} {value:.2f}" for tier, value in outside.items())
    yield target(
        f"{where}: tiers with 100+ posts inside .73 to .87",
        f"{len(tiers) - len(outside)} of {len(tiers)}" + (f" (not {shown})" if shown else ""),
        "tiers",
        "all",
        not outside,
    )
