"""Do chances that one post beats another come true, where the slope is from other posts?

    python -m benchmarks.duels [--data vi|famous|hotels|all] [--pairs 3000]

Pairs of two posts of one creator in one origin of the rolling backtest. How much of a forecast
difference to believe, and how much noise such posts share, is learned from the origins before
(posts that no head was fitted or calibrated on, and other than those asked about). Beside stands
the same with the whole difference believed, and a coin.
"""

from __future__ import annotations

import argparse
import time
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.campaign_posts import Posts, posts_of
from features.panel import F64, I64
from inference.compare_samples import draw_together
from inference.duels import forecast_part, tells_apart
from training.joint import MEDIAN
from training.metrics import paired_bootstrap
from training.pairs import pair_skill, shared_noise

DATA = ("vi", "famous", "hotels")
ONE_AGE = 0.2  # of logs: a pair's posts were counted at about one age, as drafts are forecast
BINS = (0.5, 0.55, 0.6, 0.7, 0.8, 1.001)


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=[*DATA, "all"], default="all")
    parser.add_argument("--pairs", type=int, default=3000, help="of one origin, drawn at random")
    given = parser.parse_args()
    folder = evidence.real_data_or_exit()
    names = list(DATA) if given.data == "all" else [given.data]
    measured = {name: measure(posts_of(name, folder, ("views",)), given.pairs) for name in names}
    print("wrote", evidence.write("duels", {"collections": measured, "targets": []}, started))


def measure(posts: Posts, n: int) -> dict[str, Any]:
    """Chances against outcomes over all origins but the first."""
    found: list[tuple[float, float, float, int]] = []
    skills = []
    apart = posts.creator * (int(posts.origin.max()) + 1) + posts.origin  # pairs of one origin
    for origin in np.unique(posts.origin)[1:].tolist():
        before = np.flatnonzero(posts.origin < origin)
        logs, views = posts.logs["views"], posts.counts["views"]
        skill = pair_skill(
            views[before], posts.medians["views"][before], apart[before], posts.age_days[before]
        )
        shared = shared_noise(logs[before], views[before], posts.creator[before])
        skills.append({**skill, "shared_noise": shared})
        for i, j in _pairs(posts, origin, n):
            two = logs[[i, j]]
            chances = _chance(two, skill, shared), _chance(two, None, shared)
            found.append((*chances, float(views[i] > views[j]), int(posts.creator[i])))
    believed, whole, came, creator = (np.array(of) for of in zip(*found, strict=True))
    return {
        "n_pairs": len(came),
        "skills": skills,
        "believed": _calibration(believed, came, creator.astype(np.int64)),
        "whole": _calibration(whole, came, creator.astype(np.int64)),
    }


def _pairs(posts: Posts, origin: int, n: int) -> list[tuple[int, int]]:
    """Pairs of posts of one creator of an origin, at most `n`, at most 10 of a creator."""
    rng = np.random.default_rng(origin)
    views = posts.counts["views"]
    pairs: list[tuple[int, int]] = []
    for own in posts.rows_by_creator[int(np.flatnonzero(np.unique(posts.origin) == origin)[0])]:
        of_one = [
            (i, j)
            for i, j in combinations(own.tolist(), 2)
            if views[i] != views[j] and abs(np.log(posts.age_days[i] / posts.age_days[j])) < ONE_AGE
        ]
        pairs += [of_one[k] for k in rng.permutation(len(of_one))[:10]]
    return [pairs[k] for k in np.sort(rng.permutation(len(pairs))[:n])]


def _chance(logs: F64, skill: dict[str, Any] | None, shared: float) -> float:
    """That the first gets more; the whole forecast difference is believed without a skill."""
    medians = logs[:, MEDIAN]
    believed = medians - medians.mean()
    if skill is not None:
        believed = forecast_part(medians, skill).believed if tells_apart(skill) else 0 * believed
    moved = logs - medians[:, None] + (medians.mean() + believed)[:, None]
    drawn = draw_together({"views": np.maximum(moved, 0.0)}, 0, {}, shared)["views"]
    return float((drawn[0] > drawn[1]).mean() + 0.5 * (drawn[0] == drawn[1]).mean())


def _calibration(chance: F64, came: F64, creator: I64) -> dict[str, Any]:
    """Brier score less a coin's, with its interval, and bins of the likelier one's chance."""
    better = np.maximum(chance, 1 - chance)
    right = np.where(chance == 0.5, 0.5, (chance > 0.5) == (came > 0.5))
    loss = (chance - came) ** 2 - 0.25
    rows = []
    for low, high in pairwise(BINS):
        inside = (better >= low) & (better < high)
        if inside.any():
            row = {"n": int(inside.sum()), "said": float(better[inside].mean())}
            rows.append({**row, "came": float(right[inside].mean())})
    return {"brier_less_coin": paired_bootstrap(loss, creator), "bins": rows}


if __name__ == "__main__":
    main()
