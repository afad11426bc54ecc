"""Conversions forecast against the pooled rate and spend x constant: real ads, simulated campaigns.

    python -m benchmarks.conversions [--worlds 60]

facebook_ads_funnel: impressions -> enquiries (Total_Conversion) -> sales (Approved_Conversion),
split in order of the campaigns' ids and, a second time, into fifths of campaigns. The model knows
what its rivals know, impressions and spend (in powers of two). Enquiries and clicks stand beside:
spend is billed by the click there, so that no rate can tell clicks better than it. Simulated:
views -> clicks -> conversions of posts in later campaigns, learned from earlier ones; views are
given, clicks are not.
Coverage is that of a randomised PIT, in expectation: counts are often 0 or 1.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import logit

from benchmarks import evidence
from benchmarks.conversions_ads import facebook, folds, later, read_ads
from benchmarks.conversions_chain import Asked, Scored, Step, both, levels_at, scored, together
from benchmarks.conversions_world import simulated_funnel
from features.panel import I64
from training.conversions_fit import Trials
from training.conversions_prior import (
    CLICK_PRIOR,
    CLICKS_PER_VIEW,
    CONVERSION_PRIOR,
    CONVERSIONS_PER_CLICK,
)

COVERAGE = (0.75, 0.85)


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=60)
    given = parser.parse_args()
    folder = evidence.real_data_or_exit()
    ads = read_ads(folder)
    measured = {
        "facebook_ads_funnel, later campaigns": facebook(ads, [later(ads)]),
        "facebook_ads_funnel, other campaigns": facebook(ads, folds(ads)),
        "simulated": _simulated(given.worlds),
    }
    figures = {"worlds": given.worlds, "measured": measured, "targets": goals_of(measured)}
    print("wrote", evidence.write("conversions", figures, started))
    for goal in figures["targets"]:
        print(f"{goal['what']}: {goal['value']} ({goal['target']}) {goal['met']}", flush=True)


def _simulated(worlds: int) -> dict[str, Any]:
    """All worlds' test rows together; differences are resampled by world."""
    parts = [_world(seed) for seed in range(worlds)]
    made = [part for part, _ in parts]
    group = np.concatenate([np.full(len(p.held), i) for i, p in enumerate(made)])
    seen = np.concatenate([of for _, of in parts])
    ours = np.concatenate([p.ours[0] for p in made])
    pooled = np.concatenate([p.rivals["pooled rate, dispersion learned"][0] for p in made])
    held = np.concatenate([p.held for p in made])
    spans = {"none": (0, 0), "one": (1, 1), "two or three": (2, 3), "four or more": (4, 99)}
    return {
        "n_test": len(group),
        "conversions": together(made, group),
        "by_campaigns_of_the_brand": {
            words: {
                "n": int(at.sum()),
                "log_score": float(-ours[at].mean()),
                "log_score_pooled": float(-pooled[at].mean()),
                "coverage_80": float(held[at].mean()),
            }
            for words, (low, high) in spans.items()
            for at in [(seen >= low) & (seen <= high)]
        },
    }


def _world(seed: int) -> tuple[Scored, I64]:
    """One world, learned from its first 4 to 24 campaigns and tested on those after.

    Beside the scores: how many campaigns of each test row's brand were learned from.
    """
    made = simulated_funnel(seed)
    cut = int(np.random.default_rng([seed, 1]).integers(4, 25))
    train, test = np.flatnonzero(made.campaign < cut), np.flatnonzero(made.campaign >= cut)
    conversions_per_click = CONVERSIONS_PER_CLICK["purchase"].rate
    steps = []
    for k, n, centre, prior in (
        (made.clicks, made.views, CLICKS_PER_VIEW.rate, CLICK_PRIOR),
        (made.conversions, made.clicks, conversions_per_click, CONVERSION_PRIOR),
    ):
        offset = np.full(len(k), logit(centre))
        trials = Trials(
            k[train], n[train], offset[train], levels_at(made.levels, made.levels, train)
        )
        steps.append(Step(trials, offset[test], levels_at(made.levels, made.levels, test), prior))
    asked = Asked(
        made.conversions[test].astype(np.float64),
        both(made.views, test, train),
        both(made.fee, test, train),
        made.conversions[train].astype(np.float64),
    )
    brands = np.array(made.levels["brand"])
    seen = [len(np.unique(made.campaign[train][brands[train] == b])) for b in brands[test]]
    return scored(steps, asked, seed), np.array(seen, np.int64)


def goals_of(measured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Lower log score and deviance than both rivals, and intervals that hold."""
    goals: list[dict[str, Any]] = []
    for name, of in measured.items():
        scores = of["conversions"]
        for rival, of_rival in scores["rivals"].items():
            for metric in ("log score", "deviance"):
                if metric == "deviance" and "dispersion" in rival:
                    continue  # the same means as without
                gap = of_rival[f"{metric.replace(' ', '_')}_difference"]
                what = f"{name}: {metric} of conversions less that of {rival}"
                below = "below 0 beyond doubt"
                goals.append(evidence.target(what, gap["mean"], "", below, gap["high"] < 0))
        held = scores["coverage_80"]
        what = f"{name}: coverage of conversions' 80% interval (randomised PIT)"
        met = evidence.within(held, *COVERAGE)
        goals.append(evidence.target(what, held, "share", ".75 to .85", met))
    return goals


if __name__ == "__main__":
    main()
