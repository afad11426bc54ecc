"""Overlapping posts taken together, and signals combined into orders by creator, truth known.

python -m benchmarks.measurement_signals [--draws 200]
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import evidence
from benchmarks.measurement_campaign import Campaign, Seen, campaign
from benchmarks.measurement_world import REPORTED
from measurement.attribution.combine import Combined, Signal, combine
from measurement.attribution.spike import DECAYS_DAYS, SpikeLift, response, spike_lift
from measurement.attribution.survey import survey_orders
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
SCENARIOS = {
    "no bias in the survey": Campaign(bias_sd=0.0, remembered=0.95, misnamed=0.0),
    "few and biased answers": Campaign(answers=0.06, bias_sd=0.5, remembered=0.6),
    "most codes leaked": Campaign(leaking=0.7, leaked=1.0),
}
TOTAL, COVERED, AHEAD = 0.10, (0.85, 0.95), 0.10
NOTE = (
    "combined orders: rank correlation. The best single signal alone already ranks creators at "
    ".84 here, which leaves little room. Tried: views as a second thing that orders follow (taken, "
    "adds .01 to .02), links and codes apart, Gaussian updates in orders in place of logs (totals "
    "20% low)."
)
WIDE = (
    "combined orders or spike: an interval a little too wide or narrow. Its width comes from "
    "placebo dates and from documented priors of the survey's bias, which no single campaign tells."
)


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=100)
    given = parser.parse_args()
    made = measure(Campaign(), given.draws)
    print(made, flush=True)
    figures = {
        "seeds_from": REPORTED,
        "main": made,
        "scenarios": {
            name: measure(world, max(given.draws // 8, 3)) for name, world in SCENARIOS.items()
        },
        "targets": goals_of(made),
    }
    print("wrote", evidence.write("measurement_signals", figures, started))
    for goal in figures["targets"]:
        print(f"{goal['what']}: {goal['value']} ({goal['target']})", flush=True)


def measure(world: Campaign, draws: int) -> dict[str, Any]:
    """Mean scores over so many campaigns of this world."""
    rows = [_scored(campaign(REPORTED + i, world), world) for i in range(draws)]
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    errors = {
        f"{name}_se": float(np.std([row[name] for row in rows]) / np.sqrt(draws))
        for name in rows[0]
    }
    return {"n": draws, **means, **errors}


def _scored(seen: Seen, world: Campaign) -> dict[str, float]:
    spike = spike_lift(seen.days, seen.posts, world.window)
    survey = survey_orders(seen.named, seen.respondents, seen.orders)
    loose = by_creator(spike.loose_draws, seen)
    signals = [Signal.of_draws("spike", loose), Signal.of_draws("survey", survey.draws)]
    views = np.bincount(seen.creator, seen.posts.size, world.creators)
    return {
        **_overlap(seen, spike, one_at_a_time(seen, world.window)),
        **_combination("", combine(seen.proven, signals, views=views), seen),
        **_combination("without_views_", combine(seen.proven, signals), seen),
        "rank_links": _rank(seen.links, seen),
        "rank_codes": _rank(seen.codes, seen),
        "rank_survey": _rank(survey.mean, seen),
        "rank_spike": _rank(by_creator(spike.mean[None, :], seen)[0], seen),
        "links_of_total": float(seen.links.sum() / seen.caused_by_post.sum()),
        "codes_of_total": float(seen.codes.sum() / seen.caused_by_post.sum()),
        "survey_of_total": float(survey.mean.sum() / seen.caused_by_post.sum()),
    }


def _overlap(seen: Seen, spike: SpikeLift, alone: F64) -> dict[str, float]:
    truth = seen.caused_by_post
    total = float(truth.sum())
    return {
        "spike_bias": spike.total / total - 1,
        "spike_error": abs(spike.total / total - 1),
        "alone_error": abs(float(alone.sum()) / total - 1),
        "spike_total_covered": float(spike.total_low <= total <= spike.total_high),
        "spike_posts_covered": float(np.mean((spike.low <= truth) & (truth <= spike.high))),
        "post_error": float(np.abs(spike.mean - truth).mean()),
        "post_error_alone": float(np.abs(alone - truth).mean()),
        "posts_better": float(np.mean(np.abs(spike.mean - truth) < np.abs(alone - truth))),
    }


def _combination(name: str, made: Combined, seen: Seen) -> dict[str, float]:
    truth = seen.caused_by_creator
    total = float(truth.sum())
    return {
        f"{name}bias": made.total / total - 1,
        f"{name}error": abs(made.total / total - 1),
        f"{name}total_covered": float(made.total_low <= total <= made.total_high),
        f"{name}creators_covered": float(np.mean((made.low <= truth) & (truth <= made.ceiling))),
        f"{name}rank": _rank(made.best, seen),
    }


def by_creator(draws: F64, seen: Seen) -> F64:
    """Draws of posts (n, n_posts) summed by creator."""
    of = np.zeros((len(seen.creator), len(seen.proven)))
    of[np.arange(len(seen.creator)), seen.creator] = 1
    return np.asarray(draws @ of)


def one_at_a_time(seen: Seen, window: int) -> F64:
    """Each post's lift (n_posts,) by least squares with that post alone: what is often done."""
    n = len(seen.days.outcome)
    weekday = (seen.days.weekday[:, None] == np.arange(1, 7)).astype(np.float64)
    base = np.column_stack([np.ones(n), np.linspace(-1, 1, n), weekday, seen.days.regressors])
    found = []
    for at in seen.posts.day:
        fits = []
        for decay in DECAYS_DAYS:
            x = np.column_stack([base, response(n, at, decay, window)])
            coefficients = np.linalg.lstsq(x, seen.days.outcome, rcond=None)[0]
            left = seen.days.outcome - x @ coefficients
            fits.append((float(left @ left), float(coefficients[-1])))
        found.append(min(fits)[1])
    return np.array(found)


def _rank(of: F64, seen: Seen) -> float:
    stats = require("scipy.stats")
    return float(stats.spearmanr(of, seen.caused_by_creator).statistic)


def goals_of(of: dict[str, Any]) -> list[dict[str, Any]]:
    """The goals for overlapping posts and for orders by creator, met or not."""
    best = max(of[f"rank_{name}"] for name in ("links", "codes", "survey", "spike"))
    n = f"{of['n']} campaigns"
    less = of["post_error"] / of["post_error_alone"]
    rows = [
        _at_most(f"overlapping posts: error of the total, {n}", of["spike_error"], TOTAL),
        _covered(f"overlapping posts: 90% interval of the total, {n}", of["spike_total_covered"]),
        _covered(f"overlapping posts: 90% interval of each, {n}", of["spike_posts_covered"]),
        evidence.target(
            f"overlapping posts: each one's error over that of one at a time, {n}",
            less, "ratio", "below 1", less < 1,
        ),
        _at_most(f"combined orders by creator: error of the total, {n}", of["error"], TOTAL),
        _covered(f"combined orders: 90% interval of the total, {n}", of["total_covered"]),
        _covered(f"combined orders: 90% interval of each creator, {n}", of["creators_covered"]),
        evidence.target(
            f"combined orders: rank correlation above the best single signal's {best:.2f}, {n}",
            of["rank"] - best, "rho", "at least .1", of["rank"] - best >= AHEAD,
        ),
    ]  # fmt: skip
    notes = [WIDE, WIDE, WIDE, WIDE, WIDE, WIDE, WIDE, NOTE]
    return [
        row if row["met"] else {**row, "note": note} for row, note in zip(rows, notes, strict=True)
    ]


def _at_most(what: str, value: float, most: float) -> dict[str, Any]:
    return evidence.target(what, value, "share", f"at most {most:.2f}", value <= most)


def _covered(what: str, value: float) -> dict[str, Any]:
    return evidence.target(what, value, "share", ".85 to .95", evidence.within(value, *COVERED))


if __name__ == "__main__":
    main()
