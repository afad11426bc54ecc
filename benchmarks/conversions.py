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
FOLDS = 5
COVERAGE = (0.75, 0.85)
_AD_SPREAD = {"account": 0.5, "ad_set": 0.3, "age": 0.3, "gender": 0.3, "interest": 0.3}
_AD_SPREAD |= {"spend": 0.5}
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
    """What is scored: outcomes k (n,), exposure and spend of test and training rows."""

    k: F64
    exposure: tuple[F64, F64]
    spend: tuple[F64, F64]
    learned: F64


@dataclass(frozen=True, slots=True)
class Scored:
    """Log probabilities and deviances (n,) of ours and the rivals', and how far each was held."""

    ours: tuple[F64, F64]
    rivals: dict[str, tuple[F64, F64]]
    held: F64


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=60)
    given = parser.parse_args()
    folder = evidence.real_data_or_exit()
    ads = _ads(folder)
    measured = {
        "facebook_ads_funnel, later campaigns": _facebook(ads, [_later(ads)]),
        "facebook_ads_funnel, other campaigns": _facebook(ads, _folds(ads)),
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
    spent = np.floor(np.log2(np.maximum(found["Spent"], 0.25))).astype(int)
    found["spend"] = np.array([f"2^{power}" for power in spent], object)
    return found


def _later(ads: Mapping[str, Any]) -> I64:
    """Rows of the last quarter of the campaigns' ids, which grow with time."""
    ids = ads["fb_campaign_id"]
    return np.flatnonzero(ids >= ids[int(0.75 * len(ids))])


def _folds(ads: Mapping[str, Any]) -> list[I64]:
    """Rows of each fifth of the campaigns, at random: every row is tested once."""
    ids = np.unique(ads["fb_campaign_id"])
    part = dict(zip(ids, np.random.default_rng(0).permutation(len(ids)) % FOLDS, strict=True))
    of_row = np.array([part[name] for name in ads["fb_campaign_id"]])
    return [np.flatnonzero(of_row == fold) for fold in range(FOLDS)]


def _facebook(ads: Mapping[str, Any], tests: Sequence[I64]) -> dict[str, Any]:
    """Sales and enquiries from impressions, and clicks beside, on all test rows together."""
    parts = [_facebook_part(ads, test) for test in tests]
    rows = np.concatenate(tests)
    group = ads["fb_campaign_id"][rows]
    found: dict[str, Any] = {"n_test": len(rows), "n_train": [p["n_train"] for p in parts]}
    for name in ("conversions", "enquiries", "clicks"):
        found[name] = _together([part[name] for part in parts], group)
    return found


def _together(parts: Sequence[Scored], group: Any) -> dict[str, Any]:
    rivals = {name: _joined([p.rivals[name] for p in parts]) for name in parts[0].rivals}
    return {
        **compared(_joined([p.ours for p in parts]), rivals, group),
        "coverage_80": float(np.concatenate([p.held for p in parts]).mean()),
    }


def _facebook_part(ads: Mapping[str, Any], test: I64) -> dict[str, Any]:
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
        )

    return {
        "n_train": len(train),
        "conversions": scored(steps, asked("Approved_Conversion")),
        "enquiries": scored(steps[:1], asked("Total_Conversion")),
        "clicks": scored([clicks], asked("Clicks")),
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


def scored(steps: Sequence[Step], asked: Asked, seed: int = 0) -> Scored:
    """The chain of steps and its rivals on the same rows."""
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
    held = covered(*from_draws(asked.k, drawn))
    return Scored((logs, deviance(asked.k, mean)), _rivals(asked), held)


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
    made = [part for part, _ in parts]
    group = np.concatenate([np.full(len(p.held), i) for i, p in enumerate(made)])
    seen = np.concatenate([of for _, of in parts])
    ours = np.concatenate([p.ours[0] for p in made])
    pooled = np.concatenate([p.rivals["pooled rate, dispersion learned"][0] for p in made])
    held = np.concatenate([p.held for p in made])
    spans = {"none": (0, 0), "one": (1, 1), "two or three": (2, 3), "four or more": (4, 99)}
    return {
        "n_test": len(group),
        "conversions": _together(made, group),
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


def _joined(parts: Sequence[tuple[F64, F64]]) -> tuple[F64, F64]:
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


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
        trials = Trials(k[train], n[train], offset[train], _levels(made.levels, made.levels, train))
        steps.append(Step(trials, offset[test], _levels(made.levels, made.levels, test), prior))
    asked = Asked(
        made.conversions[test].astype(np.float64),
        _both(made.views, test, train),
        _both(made.fee, test, train),
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
