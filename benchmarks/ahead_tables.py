"""The page's parts on trajectories and campaigns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import difference, table

_TRAJECTORIES = """All methods learn from the same rows and are asked about the same videos.
MdAPE is the median of |forecast / actual - 1|; MAE is of the log. The differences are the stage
model less the reference, with 95% intervals from resampling creators; below 0 (ratios: below 1) it
is better.
Split by time, learned from is what was known at the cut. Re-tracking lasted two weeks, so it is
split into five parts by creator."""
_FIRST_DAY = """The error in the log with the first count against none. Without it stands the
project's own forecast before posting, fitted on the same collection as of the cut, text off."""
_UPDATE = """The growth update, by the age of the count: no stage model, any age."""
_CAMPAIGNS = """Random campaigns of one post each of so many creators, from the rolling backtest's
test posts under the project's own protocol. Bias is the sum of forecasts over the sum of actuals,
less 1. Naive is the sum of medians. The prior of how posts move together was chosen on vi and
famous, so their coverage is no independent test; hotels is one. Least: the number with the least
expected MAPE, which is no forecast to plan by. Engagements are likes, comments and shares."""
_DUELS = """Two posts of one creator, counted at about one age: how often the likelier one got more
views. The slope is from the origins before; the drafts' comparison believes a difference by it."""
_BOUNDS = """What MAPE perfect forecasts would have: totals are drawn from the forecasts
themselves, so that location and width of each post are right, its width about the median times a
factor, and no shock is shared."""


def trajectory_part(figures: dict[str, Any]) -> Iterator[str]:
    """Tables of methods, of the first day's worth, and of the update by age."""
    yield _TRAJECTORIES
    head = ("collection, method", "videos", "MdAPE", "MAE", "MdAPE ratio", "MAE difference")
    yield table((*head, "80% coverage", "width"), _methods(figures["collections"]))
    timed = {n: of for n, of in figures["collections"].items() if "lower_by" in of}
    yield _FIRST_DAY
    yield table(
        ("", "MAE before posting", "with the first day", "lower by", "difference"),
        (
            (
                name,
                of["mae_before_posting"],
                of["mae_with_first_day"],
                f"{of['lower_by']:.0%}",
                difference(of["difference"]),
            )
            for name, of in timed.items()
        ),
    )
    yield _UPDATE
    yield table(
        ("collection, age in days", "counts", "MAE", "80% coverage", "width"),
        (
            (f"{name}, {age}", at["n"], at["mae_log"], _covered(at), at["width_80_log"])
            for name, of in timed.items()
            for age, at in of["update_by_age"].items()
            if "mae_log" in at
        ),
    )


def _methods(collections: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for name, of in collections.items():
        for method, scores in of["methods"].items():
            ratio = scores.get("mdape_ratio")
            yield (
                f"{name}, {method.replace('_', ' ')}",
                of["n_test"],
                scores["mdape"],
                scores["mae_log"],
                "" if ratio is None else _ratio(ratio),
                "" if ratio is None else difference(scores["model_less_this"]),
                _covered(scores) if "coverage_80" in scores else "",
                scores.get("width_80_log", ""),
            )


def _ratio(of: dict[str, float]) -> str:
    return f"{of['ratio']:.2f} [{of['low']:.2f}, {of['high']:.2f}]"


def _covered(of: dict[str, Any]) -> str:
    low, high = of["coverage_80_95"]
    return f"{of['coverage_80']:.3f} [{low:.3f}, {high:.3f}]"


def campaign_part(figures: dict[str, Any]) -> Iterator[str]:
    """The tables of campaigns by collection, size and count, and of what bounds them."""
    yield _CAMPAIGNS
    yield table(
        (
            "collection, creators, total",
            "bias",
            "naive",
            "MAPE of P50",
            "of the mean",
            "least",
            "naive",
            "MdAPE of P50",
            "P10 to P90 held",
        ),
        (
            (
                f"{name}, {size}, {target}",
                f"{at['bias']:+.3f}",
                f"{at['bias_naive']:+.3f}",
                at["mape_median"],
                at["mape_mean"],
                at.get("mape_least", ""),
                at["mape_naive"],
                at["mdape_median"],
                at["coverage_80"],
            )
            for name, of in figures["collections"].items()
            for size, by_target in of["sizes"].items()
            for target, at in by_target.items()
        ),
    )
    bounded = {n: of for n, of in figures["collections"].items() if "bounds" in of}
    if bounded:
        yield from _bounds(bounded)
    yield "Correlation of scores: " + "; ".join(
        f"{name} {of['together_creator']:.2f} of one creator's posts, "
        f"{of['together_week']:.2f} of two creators' posts of one week"
        for name, of in figures["collections"].items()
    )


def duel_part(figures: dict[str, Any]) -> Iterator[str]:
    """The table of chances against outcomes."""
    yield _DUELS
    yield table(
        ("collection, believed", "chance of the likelier", "pairs", "said", "came true"),
        (
            (f"{name}, {words}", f"{row['said']:.0%}", row["n"], row["said"], row["came"])
            for name, of in figures["collections"].items()
            for key, words in (("believed", "the tested slope"), ("whole", "the whole difference"))
            for row in of[key]["bins"]
        ),
    )
    yield "Brier score less a coin's, below 0 is better: " + "; ".join(
        f"{name} {difference(of['believed']['brier_less_coin'])} by the tested slope, "
        f"{difference(of['whole']['brier_less_coin'])} by the whole difference"
        for name, of in figures["collections"].items()
    )


def _bounds(collections: dict[str, Any]) -> Iterator[str]:
    yield _BOUNDS
    yield table(
        ("collection", "noise of a post", "its log MAE", "MAPE of P50, 30 creators"),
        (
            (name, f"times {row['factor']:g}", row["mae_log"], row["mape"])
            for name, of in collections.items()
            for row in of["bounds"]["by_noise"]
        ),
    )
    yield "Noise left where each creator's own level is known in hindsight: " + "; ".join(
        f"{name} {of['bounds']['hindsight_factor']:.2f}" for name, of in collections.items()
    )
    yield "Bias of all test posts, creators counting evenly, with its 95% interval: " + "; ".join(
        f"{name} {_bias(of['bias_of_posts'])}" for name, of in collections.items()
    )


def _bias(of: dict[str, Any]) -> str:
    by_origin = ", ".join(f"{value:+.2f}" for value in of["by_origin"])
    return f"{of['mean']:+.3f} [{of['low']:+.3f}, {of['high']:+.3f}], by origin {by_origin}"
