"""Totals of campaigns of random creators, against what their posts came to.

    python -m benchmarks.campaigns [--data vi|famous|hotels|all] [--campaigns 1000]

Posts are those of the rolling backtest: each was forecast from what came before its origin. A
campaign is K different creators of one origin with one post each; a smaller campaign is the first
creators of a larger one, who are as random as all of them. Counts are drawn jointly. The naive
total beside is the sum of medians (of exp of the log forecasts). The prior of how posts move
together was chosen on vi and famous; hotels is a check of it, of views alone.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.campaign_bounds import bias_of_posts, bounds
from benchmarks.campaign_posts import Posts, by_creator, draw_campaign, posts_of
from features.panel import F64, I64
from inference.campaign import ENGAGING, total_of
from inference.dependence import Willing, prior, scores_of
from inference.quantiles import score_of
from inference.sampling import ENGAGEMENTS, WILLING, JointSampler, Scores

SIZES = (5, 10, 30)
DATA = ("vi", "famous", "hotels")
_USUAL = ("views", *ENGAGING)
CHECK = "hotels"  # looked at once the prior was settled on the other two
COUNTS = {"hotels": ("views",)}  # else views and what engagements are
DRAWS = 400  # futures of a campaign: P10 and P90 lie within .015 of their levels
_BOUNDS = 300  # campaigns that the bounds are measured on
BIAS, MAPE, COVERAGE = 0.05, 0.16, (0.75, 0.88)
TRIED = {
    "bias": "bias: its interval by creators is wider than the goal, and it differs from origin to "
    "origin by far more than it is off (docs/experiments.md). Tried: tails read up to normal "
    "scores of 1.8 to 3 (2 kept), shocks of 0, .05 and .08 (taken).",
    "MAPE": "MAPE of campaigns: bounded by the noise of single posts. Were every forecast exactly "
    "calibrated, totals drawn from it would miss by as much; the table of bounds says how small "
    "the noise would have to be. Tried: the mean in place of P50 (worse), the number that is best "
    "by MAPE (1/x-weighted median).",
    "coverage": "coverage of campaigns: the shock shared by a campaign's posts was settled on "
    "views; engagement has no shock of its own.",
}


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=[*DATA, "all"], default="all")
    parser.add_argument("--campaigns", type=int, default=1000)
    given = parser.parse_args()
    folder = evidence.real_data_or_exit()
    names = list(DATA) if given.data == "all" else [given.data]
    measured = {
        name: measure(posts_of(name, folder, COUNTS.get(name, _USUAL)), given.campaigns)
        for name in names
    }
    figures = {
        "campaigns": given.campaigns,
        "prior": prior().model_dump(mode="json"),
        "collections": measured,
        "targets": goals_of(measured),
    }
    print("wrote", evidence.write("campaigns", figures, started))
    for goal in figures["targets"]:
        print(f"{goal['what']}: {goal['value']:.3f} ({goal['target']})", flush=True)


def measure(posts: Posts, n: int) -> dict[str, Any]:
    """Scores by size and target, what bounds them, and how strongly posts move together."""
    logs, views = posts.logs["views"], posts.counts["views"]
    score = np.clip([score_of(log, count) for log, count in zip(logs, views, strict=True)], -4, 4)
    week = posts.published_s // (7 * 86_400)
    return {
        "n_posts": len(posts),
        "n_creators": len(np.unique(posts.creator)),
        "together_creator": _within(score, posts.creator),
        "together_week": _between(score, week, posts.creator),
        "bias_of_posts": bias_of_posts(posts),
        "bounds": bounds(posts, SIZES[-1], min(n, _BOUNDS)),
        "sizes": campaigns(posts, n),
    }


def campaigns(posts: Posts, n: int) -> dict[str, dict[str, dict[str, float]]]:
    """By size and target: bias, MAPE and coverage of `n` campaigns, seed 0.

    Each is drawn once, with the most creators: its first five are a campaign of five.
    """
    rng = np.random.default_rng(0)
    rows: dict[str, dict[str, list[tuple[float, ...]]]] = {str(size): {} for size in SIZES}
    for _ in range(n):
        chosen = draw_campaign(posts, max(SIZES), rng)
        sampled = _sampled(posts, chosen, rng)
        for size in SIZES:
            for target, of in sampled.items():
                row = _row(posts, target, chosen[:size], of[:size].sum(axis=0))
                rows[str(size)].setdefault(target, []).append(row)
    return {
        size: {target: _scores(np.array(of).T) for target, of in by_target.items()}
        for size, by_target in rows.items()
    }


def _row(posts: Posts, target: str, chosen: I64, sampled: F64) -> tuple[float, ...]:
    naive, actual = (_added(by, target, chosen) for by in (posts.medians, posts.counts))
    return (*total_of(sampled), _least_ape(sampled), naive, actual)


def _sampled(posts: Posts, chosen: I64, rng: np.random.Generator) -> dict[str, F64]:
    """Counts (n, DRAWS) by target of these posts, each of another creator."""
    shape = (len(ENGAGEMENTS), WILLING, DRAWS)
    scores = scores_of((np.arange(len(chosen)), DRAWS), prior(), rng)
    drawn = []
    for at, post in enumerate(chosen.tolist()):
        sampler = JointSampler(posts.rates[int(posts.origin[post])])
        logs = {target: of[post] for target, of in posts.logs.items()}
        willing = Willing(shape, rng).of_post() if len(logs) > 1 else np.empty((0, 0, 0))
        of_post = Scores(scores[:, at], willing)
        drawn.append(sampler.of_logs(logs, int(posts.n_history[post]), of_post, rng))
    found = {target: np.array([of[target] for of in drawn]) for target in drawn[0]}
    if set(ENGAGING) <= found.keys():
        found["engagements"] = np.sum([found[target] for target in ENGAGING], axis=0)
    return found


def _added(by: dict[str, F64], target: str, chosen: I64) -> float:
    names = ENGAGING if target == "engagements" else (target,)
    return float(sum(by[name][chosen].sum() for name in names))


def _least_ape(sampled: F64) -> float:
    """The number of least expected absolute percentage error: the median weighted by 1/total."""
    ordered = np.sort(np.maximum(sampled, 1.0))
    weight = np.cumsum(1 / ordered)
    return float(ordered[np.searchsorted(weight, weight[-1] / 2)])


def _scores(rows: F64) -> dict[str, float]:
    p10, p50, p90, mean, least, naive, actual = rows
    return {
        "bias": _bias(mean, actual),
        "bias_naive": _bias(naive, actual),
        "mape_mean": _mape(mean, actual),
        "mape_median": _mape(p50, actual),
        "mape_least": _mape(least, actual),
        "mape_naive": _mape(naive, actual),
        "mdape_median": float(np.median(np.abs(p50 / np.maximum(actual, 1) - 1))),
        "coverage_80": float(((actual >= p10) & (actual <= p90)).mean()),
        "below": float((actual < p10).mean()),
    }


def _bias(forecast: F64, actual: F64) -> float:
    return float(forecast.sum() / actual.sum() - 1)


def _mape(forecast: F64, actual: F64) -> float:
    return float(np.abs(forecast / np.maximum(actual, 1) - 1).mean())


def _within(score: F64, group: I64) -> float:
    """Mean product of two posts' scores of one group over the mean square."""
    total, pairs = 0.0, 0.0
    for own in by_creator(np.arange(len(score)), group):
        n = len(own)
        if n > 1:
            product = (score[own].sum() ** 2 - (score[own] ** 2).sum()) / (n * (n - 1))
            total, pairs = total + product * min(n, 10), pairs + min(n, 10)
    return float(total / pairs / (score**2).mean())


def _between(score: F64, week: I64, creator: I64) -> float:
    """The same of two creators' mean scores of one week."""
    total, weight = 0.0, 0.0
    for rows in by_creator(np.arange(len(score)), week):
        means = np.array([score[own].mean() for own in by_creator(rows, creator)])
        n = len(means)
        if n > 1:
            product = (means.sum() ** 2 - (means**2).sum()) / (n * (n - 1))
            total, weight = total + product * n, weight + n
    return float(total / weight / (score**2).mean())


def goals_of(measured: dict[str, Any]) -> list[dict[str, Any]]:
    """The goals for campaigns, met or not."""
    goals: list[dict[str, Any]] = []
    held = ".75 to .88"
    for name, of in measured.items():
        if name == CHECK:
            continue
        of30, of5 = of["sizes"]["30"], of["sizes"]["5"]
        rows = [
            ("30 creators, bias of the mean", of30["views"]["bias"], "within .05", (-BIAS, BIAS)),
            ("30 creators, MAPE of P50", of30["views"]["mape_median"], "at most .16", (0.0, MAPE)),
        ]
        for target in [t for t in ("views", "engagements") if t in of30]:
            for size, at in ((30, of30), (5, of5)):
                what = f"{size} creators, coverage of P10 to P90, {target}"
                rows.append((what, at[target]["coverage_80"], held, COVERAGE))
        for what, value, goal, span in rows:
            met = evidence.within(value, *span)
            row = evidence.target(f"{name}: campaigns of {what}", value, "share", goal, met)
            note = next(words for key, words in TRIED.items() if key in what)
            goals.append(row if met else {**row, "note": note})
    return goals


if __name__ == "__main__":
    main()
