"""facebook_ads_funnel: impressions, enquiries and sales of ads, split by campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.special import logit

from benchmarks.conversions_chain import Asked, Step, both, levels_at, scored, together
from features.panel import I64
from training.conversions_fit import Trials
from training.conversions_prior import RatePrior

FOLDS = 5
_AD_SPREAD = {"account": 0.5, "ad_set": 0.3, "age": 0.3, "gender": 0.3, "interest": 0.3}
_AD_SPREAD |= {"spend": 0.5}
AD_PRIORS = (  # impressions -> enquiries, enquiries -> sales
    RatePrior(sd=2.0, spread=_AD_SPREAD, slope_sd=0.3, reference=100_000.0, shape=3.0),
    RatePrior(sd=2.0, spread=_AD_SPREAD, slope_sd=0.3, reference=3.0, shape=3.0),
)


def read_ads(folder: Path) -> dict[str, Any]:
    """The columns, in order of the campaigns' ids, levels as text."""
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


def later(ads: Mapping[str, Any]) -> I64:
    """Rows of the last quarter of the campaigns' ids, which grow with time."""
    ids = ads["fb_campaign_id"]
    return np.flatnonzero(ids >= ids[int(0.75 * len(ids))])


def folds(ads: Mapping[str, Any]) -> list[I64]:
    """Rows of each fifth of the campaigns, at random: every row is tested once."""
    ids = np.unique(ads["fb_campaign_id"])
    part = dict(zip(ids, np.random.default_rng(0).permutation(len(ids)) % FOLDS, strict=True))
    of_row = np.array([part[name] for name in ads["fb_campaign_id"]])
    return [np.flatnonzero(of_row == fold) for fold in range(FOLDS)]


def facebook(ads: Mapping[str, Any], tests: Sequence[I64]) -> dict[str, Any]:
    """Sales and enquiries from impressions, and clicks beside, on all test rows together."""
    parts = [_facebook_part(ads, test) for test in tests]
    rows = np.concatenate(tests)
    group = ads["fb_campaign_id"][rows]
    found: dict[str, Any] = {"n_test": len(rows), "n_train": [p["n_train"] for p in parts]}
    for name in ("conversions", "enquiries", "clicks"):
        found[name] = together([part[name] for part in parts], group)
    return found


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
            both(ads["Impressions"], test, train),
            both(ads["Spent"], test, train),
            ads[count][train].astype(np.float64),
        )

    return {
        "n_train": len(train),
        "conversions": scored(steps, asked("Approved_Conversion")),
        "enquiries": scored(steps[:1], asked("Total_Conversion")),
        "clicks": scored([clicks], asked("Clicks")),
    }


def _ad_step(
    ads: Mapping[str, Any], columns: tuple[str, str], rows: tuple[I64, I64], prior: RatePrior
) -> Step:
    (of, to), (train, test) = columns, rows
    k, n = ads[to][train].astype(np.int64), ads[of][train].astype(np.int64)
    centre = float(logit(k.sum() / n.sum()))
    trials = Trials(k, n, np.full(len(train), centre), levels_at(ads, _AD_SPREAD, train))
    return Step(trials, np.full(len(test), centre), levels_at(ads, _AD_SPREAD, test), prior)
