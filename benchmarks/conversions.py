"""Conversions forecast against the pooled rate and spend x constant: real ads, simulated campaigns.

    python -m benchmarks.conversions [--worlds 60]

facebook_ads_funnel: impressions -> enquiries (Total_Conversion) -> sales (Approved_Conversion),
split in order of the campaigns' ids and, a second time, by campaign. Clicks stand beside: there,
spend is known only afterwards and is billed by the click. Simulated: views -> clicks ->
conversions of posts in later campaigns, learned from earlier ones; views are given, clicks are not.
Coverage is that of a randomised PIT, in expectation: counts are often 0 or 1.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.optimize import minimize_scalar
from scipy.special import logit

from benchmarks import evidence
from benchmarks.conversions_scores import (
    compared,
    covered,
    deviance,
    from_draws,
    mixture_log_pmf,
    negative_binomial_log_pmf,
    poisson_log_pmf,
)
from benchmarks.conversions_world import simulated_funnel
from features.panel import F64, I64
from inference.conversions_draw import draw_counts, draw_scores
from training.conversions_fit import Levels, Rates, Trials, fit_rates
from training.conversions_prior import (
    CLICK_PRIOR,
    CLICKS_PER_VIEW,
    CONVERSION_PRIOR,
    CONVERSIONS_PER_CLICK,
    RatePrior,
)

DRAWS = 2000
COVERAGE = (0.75, 0.85)
_AD_SPREAD = {"account": 0.5, "ad_set": 0.3, "age": 0.3, "gender": 0.3, "interest": 0.3}
AD_PRIORS = (  # impressions -> enquiries, enquiries -> sales
    RatePrior(sd=2.0, spread=_AD_SPREAD, slope_sd=0.3, reference=100_000.0, shape=3.0),
    RatePrior(sd=2.0, spread=_AD_SPREAD, slope_sd=0.3, reference=3.0, shape=3.0),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a funnel on training and test rows: counts, trials, levels, prior."""

    train: Trials
    offset: F64  # (test rows,)
    levels: Levels
    prior: RatePrior

    def fit(self) -> Rates:
        return fit_rates(self.train, self.prior)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is scored: outcomes k (n,), exposure and spend of test and training rows, groups."""

    k: F64
    exposure: tuple[F64, F64]
    spend: tuple[F64, F64]
    learned: F64
    group: I64


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=60)
    given = parser.parse_args()
    folder = evidence.real_data_or_exit()
    ads = _ads(folder)
    measured = {
        "facebook_ads_funnel, later campaigns": _facebook(ads, _later(ads)),
        "facebook_ads_funnel, other campaigns": _facebook(ads, _others(ads)),
        "simulated": _simulated(given.worlds),
    }
    figures = {"worlds": given.worlds, "measured": measured, "targets": goals_of(measured)}
    print("wrote", evidence.write("conversions", figures, started))
    for goal in figures["targets"]:
        print(f"{goal['what']}: {goal['value']} ({goal['target']}) {goal['met']}", flush=True)


def _ads(folder: Path) -> dict[str, Any]:
    from pyarrow import csv

    table = csv.read_csv(folder / "facebook_ads_funnel.csv")
    table = table.sort_by([("fb_campaign_id", "ascending"), ("ad_id", "ascending")])
    names = {"xyz_campaign_id": "account", "fb_campaign_id": "ad_set"}
    found: dict[str, Any] = {n: table[n].to_numpy() for n in table.column_names}
    for column in ("xyz_campaign_id", "fb_campaign_id", "age", "gender", "interest"):
        text = table[column].cast(pa.string()).to_pylist()
        found[names.get(column, column)] = np.array(text, object)
    return found


def _later(ads: Mapping[str, Any]) -> I64:
    """Rows of the last quarter of the campaigns' ids, which grow with time."""
    ids = ads["fb_campaign_id"]
    return np.flatnonzero(ids >= ids[int(0.75 * len(ids))])


def _others(ads: Mapping[str, Any]) -> I64:
    """Rows of a random quarter of the campaigns."""
    ids = np.unique(ads["fb_campaign_id"])
    chosen = np.random.default_rng(0).choice(ids, len(ids) // 4, replace=False)
    return np.flatnonzero(np.isin(ads["fb_campaign_id"], chosen))


def _facebook(ads: Mapping[str, Any], test: I64) -> dict[str, Any]:
    """Sales and enquiries from impressions, and clicks beside."""
    train = np.setdiff1d(np.arange(len(ads["Clicks"])), test)
    columns = ("Impressions", "Total_Conversion", "Approved_Conversion")
    steps = [
        _ad_step(ads, (a, b), (train, test), p)
        for a, b, p in zip(columns, columns[1:], AD_PRIORS, strict=False)
    ]
    clicks = _ad_step(ads, ("Impressions", "Clicks"), (train, test), AD_PRIORS[0])

    def asked(count: str) -> Asked:
        return Asked(
            ads[count][test].astype(np.float64),
            _both(ads["Impressions"], test, train),
            _both(ads["Spent"], test, train),
            ads[count][train].astype(np.float64),
            ads["fb_campaign_id"][test],
        )

    return {
        "n_train": len(train),
        "n_test": len(test),
        "conversions": _scored(steps, asked("Approved_Conversion")),
        "enquiries": _scored(steps[:1], asked("Total_Conversion")),
        "clicks": _scored([clicks], asked("Clicks")),
    }


def _both(of: Any, test: I64, train: I64) -> tuple[F64, F64]:
    return of[test].astype(np.float64), of[train].astype(np.float64)


def _ad_step(
    ads: Mapping[str, Any], columns: tuple[str, str], rows: tuple[I64, I64], prior: RatePrior
) -> Step:
    (of, to), (train, test) = columns, rows
    k, n = ads[to][train].astype(np.int64), ads[of][train].astype(np.int64)
    centre = float(logit(k.sum() / n.sum()))
    trials = Trials(k, n, np.full(len(train), centre), _levels(ads, _AD_SPREAD, train))
    return Step(trials, np.full(len(test), centre), _levels(ads, _AD_SPREAD, test), prior)


def _levels(of: Mapping[str, Any], factors: Sequence[str] | Mapping[str, float], at: I64) -> Levels:
    return {factor: [of[factor][i] for i in at] for factor in factors}


def _scored(steps: Sequence[Step], asked: Asked, seed: int = 0) -> dict[str, Any]:
    """The chain of steps and its rivals on the same rows."""
    ours, held = _forecast(steps, asked, seed)
    return {**compared(ours, _rivals(asked), asked.group), "coverage_80": held}


def _forecast(steps: Sequence[Step], asked: Asked, seed: int) -> tuple[tuple[F64, F64], float]:
    """Log probabilities and deviances (n,), and the coverage of P10 to P90."""
    rng = np.random.default_rng(seed)
    shown = np.broadcast_to(asked.exposure[0][:, None], (len(asked.k), DRAWS)).astype(np.int64)
    for step in steps[:-1]:
        shown = draw_counts(step.fit(), (step.levels, step.offset), shown, rng)
    last = steps[-1]
    rates = last.fit()
    scores = draw_scores(rates, (last.levels, last.offset), DRAWS, rng)
    logs = mixture_log_pmf(asked.k, shown.astype(np.float64), rates, scores)
    drawn = draw_counts(rates, (last.levels, last.offset), shown, rng)
    mean = np.maximum(drawn.mean(axis=1), 1 / DRAWS)
    held = float(covered(*from_draws(asked.k, drawn)).mean())
    return (logs, deviance(asked.k, mean)), held


def _rivals(asked: Asked) -> dict[str, tuple[F64, F64]]:
    """Pooled rate and spend x constant, as Poisson counts and with dispersion learned."""
    found = {}
    known_by = {"pooled rate": asked.exposure, "spend x constant": asked.spend}
    for name, (test, train) in known_by.items():
        constant = asked.learned.sum() / train.sum()
        floor = 0.0 if name == "pooled rate" else _floor(asked.learned, train, constant)
        mean, known = constant * test + floor, constant * train + floor
        shape = _dispersion(asked.learned, known)
        distance = deviance(asked.k, mean)
        found[name] = (poisson_log_pmf(asked.k, mean), distance)
        spread = negative_binomial_log_pmf(asked.k, mean, shape)
        found[f"{name}, dispersion learned"] = (spread, distance)
    return found


def _floor(k: F64, spend: F64, constant: float) -> float:
    """What a row counts without spend: a mean of 0 would make a single sale impossible."""

    def depth(log_floor: float) -> float:
        return -float(poisson_log_pmf(k, constant * spend + np.exp(log_floor)).sum())

    return float(np.exp(minimize_scalar(depth, bounds=(-9.0, 2.0), method="bounded").x))


def _dispersion(k: F64, mean: F64) -> float:
    def depth(log_shape: float) -> float:
        return -float(negative_binomial_log_pmf(k, mean, float(np.exp(log_shape))).sum())

    return float(np.exp(minimize_scalar(depth, bounds=(-3.0, 6.0), method="bounded").x))


def _simulated(worlds: int) -> dict[str, Any]:
    """All worlds' test rows together; differences are resampled by world."""
    parts = [_world(seed) for seed in range(worlds)]
    names = parts[0]["rivals"].keys()
    group = np.concatenate([np.full(len(p["ours"][0]), i) for i, p in enumerate(parts)])
    ours = _joined([p["ours"] for p in parts])
    rivals = {name: _joined([p["rivals"][name] for p in parts]) for name in names}
    seen = np.concatenate([p["campaigns_seen"] for p in parts])
    held = np.concatenate([p["held"] for p in parts])
    of_world = np.array([p["held"].mean() for p in parts])
    return {
        "n_test": len(group),
        "conversions": {
            **compared(ours, rivals, group),
            "coverage_80": float(held.mean()),
            "coverage_80_of_worlds": [float(x) for x in np.quantile(of_world, [0.1, 0.9])],
        },
        "by_campaigns_of_the_brand": {
            words: {
                "n": int(at.sum()),
                "log_score": float(-ours[0][at].mean()),
                "log_score_pooled": float(-rivals["pooled rate, dispersion learned"][0][at].mean()),
                "coverage_80": float(held[at].mean()),
            }
            for words, at in (
                ("none", seen == 0), ("one", seen == 1), ("two or three", (seen > 1) & (seen < 4)),
                ("four or more", seen > 3),
            )
        },
    }  # fmt: skip


def _joined(parts: Sequence[tuple[F64, F64]]) -> tuple[F64, F64]:
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def _world(seed: int) -> dict[str, Any]:
    """One world: learned from its first 4 to 24 campaigns, tested on those after."""
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
        trials = Trials(k[train], n[train], offset[train], _levels(made.levels, made.levels, train))
        steps.append(Step(trials, offset[test], _levels(made.levels, made.levels, test), prior))
    asked = Asked(
        made.conversions[test].astype(np.float64),
        _both(made.views, test, train),
        _both(made.fee, test, train),
        made.conversions[train].astype(np.float64),
        made.campaign[test],
    )
    rng = np.random.default_rng([seed, 2])
    ours, _ = _forecast(steps, asked, seed)
    drawn = np.broadcast_to(asked.exposure[0][:, None], (len(test), DRAWS)).astype(np.int64)
    for step in steps:
        drawn = draw_counts(step.fit(), (step.levels, step.offset), drawn, rng)
    brands = np.array(made.levels["brand"])
    seen = [len(np.unique(made.campaign[train][brands[train] == b])) for b in brands[test]]
    return {
        "ours": ours,
        "rivals": _rivals(asked),
        "held": covered(*from_draws(asked.k, drawn)),
        "campaigns_seen": np.array(seen),
    }


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
