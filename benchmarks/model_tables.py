"""The parts of docs/benchmarks.md on cold start, coverage, SMP, content, leaks and speed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import difference, table

COLD = """A third of the creators is set apart and never learned from. Scored are their posts after
the cut that have 0, 1 or 2 counted earlier posts (rule protocol). *Line*: log views on log
followers with the least absolute errors. Followers are as scraped, for all three."""
LEVELS = """A third of the creators is set apart; at each of four cuts in time a model learns from
the others and forecasts those creators' posts, with their history and as if they had none: once
with platform and niche, once without (below 0: knowing helps). Simulated: three worlds of 400
creators whose niches differ by that much (standard deviation, logs; at 0 by their themes alone).
The real collections name no niche or a single one, and one platform: there random names stand in,
and the row says what knowing those costs."""
COVERAGE = """Rule protocol, the latest fifth of the posts. *raw*: the heads' own quantiles. *CQR*:
one shift for all, heads not fitted again. *reelcast*: shifts by tier and number of earlier posts,
heads fitted again. *followed*: the same, following outcomes day by day as they are known. *Width at
.80*: how wide the intervals would be, stretched about their medians in hindsight until they hold
80% of these posts; it compares methods that hold different shares."""
SMP = """First 3,200 posts by time forecast the last 800; label: log2 of views a day. *Before
posting* reads followers, following and videos as of the crawl and no count that holds the post's
own success; *strict* reads no account count at all. *Best 10 of 100*: of 100 posts drawn at random,
the views a day of the 10 ranked highest by expected views, over those of the best 10."""
CONTENT = """The median head with what the words say and without, on the same posts with words,
four rolling origins (rule protocol); below 0 content helps. *Tags*: probabilities of hook, format,
theme and call to action."""
FORMATS = """Two videos of one format by different creators, forecast from other formats: the
share put in the right order, intervals by format. A coin gets .50."""


def cold_start_part(figures: dict[str, Any]) -> Iterator[str]:
    yield COLD
    head = ("data", "n", "creators", "MAE", "line", "tier median", "lower by", "less better", "80%")
    rows = [
        (
            name,
            of["n"],
            of["n_creators"],
            of["mae"]["model"],
            of["mae"]["followers_line"],
            of["mae"]["tier_median"],
            f"{of['lower_by']:.1%}",
            difference(of["model_less_better"]),
            of["coverage_80"],
        )
        for name, of in figures["data"].items()
    ]
    yield table(head, rows)


def levels_part(figures: dict[str, Any]) -> Iterator[str]:
    yield LEVELS
    measured = [
        (f"simulated, {spread}, world {number}", of)
        for spread, worlds in figures["simulated_by_spread"].items()
        for number, of in enumerate(worlds, 1)
    ]
    measured += [(f"{name}, random names", of) for name, of in figures["random_niches"].items()]
    rows = [
        (
            f"{words}, {how.replace('_', ' ')}",
            each["n"],
            *(each["mae"][name] for name in ("known", "hidden")),
            difference(each["known_less_hidden"]),
            f"{each['better_at']} of {each['cuts']}",
            *(each["coverage_80"][name] for name in ("known", "hidden")),
        )
        for words, of in measured
        for how, each in of.items()
    ]
    head = ("data, history", "n", "MAE", "without", "less without", "better", "80%", "without")
    yield table(head, rows)


def coverage_part(figures: dict[str, Any]) -> Iterator[str]:
    yield COVERAGE
    rows = [
        (
            f"{name}, {method}",
            of["n"],
            held["coverage_80"],
            held["width_80_log"],
            held.get("width_at_80_log", ""),
            ", ".join(f"{tier} {value:.2f}" for tier, value in held["by_tier"].items()),
        )
        for name, of in figures["data"].items()
        for method, held in of["views"].items()
    ]
    yield table(("data, method", "n", "80%", "width", "width at .80", "by tier"), rows)
    yield "Samples drawn jointly, all counts:"
    names = ("n", "mae_log", "crps_log", "coverage_50", "coverage_80", "coverage_90")
    rows = [
        (f"{name}, {count}", *(of[c] for c in (*names, "rank_unevenness")))
        for name, of_data in figures["data"].items()
        for count, of in of_data["samples"].items()
    ]
    head = ("data, count", "n", "MAE", "CRPS", "50%", "80%", "90%", "rank unevenness")
    yield table(head, rows)


def smp_part(figures: dict[str, Any]) -> Iterator[str]:
    yield SMP
    rows: list[tuple[Any, ...]] = []
    for mode in ("all fields", "before posting", "strict"):
        for method, of in figures["modes"][mode].items():
            less = of.get("reelcast less it")
            name = f"{mode}, {method}"
            rows.append((name, of["mape"], of["mae"], of["rho"], difference(less) if less else ""))
    for method, of in figures["published"].items():
        rows.append((f"all fields, {method}", *of, ""))
    yield table(("", "MAPE", "MAE", "rho", "ours less it"), rows)
    shares = figures["best 10 of 100"].items()
    yield table(("best 10 of 100 by", "share of the oracle's views"), shares)
    off = [f"{why}: {', '.join(names)}" for why, names in figures["crawl_time"].items()]
    yield "Fields of the crawl's time. " + "; ".join(off) + "."


def content_part(figures: dict[str, Any]) -> Iterator[str]:
    yield CONTENT
    rows = [
        (
            f"{name}, {kind}",
            of["n"],
            of["n_creators"],
            of["mae_without"],
            difference(gain),
            sum(value < 0 for value in gain["by_origin"]),
        )
        for name, of in figures["gains"].items()
        for kind, gain in of["all"].items()
    ]
    head = ("data, content", "posts", "creators", "MAE without", "difference", "better, of 4")
    yield table(head, rows)


def formats_part(figures: dict[str, Any]) -> Iterator[str]:
    yield FORMATS
    pairs = figures["pairs"]
    yield f"Pairs: {pairs['n_pairs']:,} in {pairs['n_formats']:,} formats."
    shares = [(name, difference(of)) for name, of in pairs.items() if isinstance(of, dict)]
    yield table(("pairs ordered by", "share right, or difference [95%]"), shares)


def leaks_part(figures: dict[str, Any]) -> Iterator[str]:
    yield (
        "What is learned from shuffled counts, and what disturbing the future changes (rows "
        "decided later do change, as they must):"
    )
    head = ("data", "rho of shuffled", "rows changed", "later rows changed", "disturbed")
    rows = [
        (n, of["shuffled_rho"], of["rows_changed"], of["later_rows_changed"],
         ", ".join(of["disturbed"]))
        for n, of in figures["data"].items()
    ]  # fmt: skip
    yield table(head, rows)
    yield "Videos counted repeatedly: skill of the stage model over the constant ratio."
    tracks = figures["trajectories"].items()
    yield table(
        ("data", "skill on shuffled", "rows changed", "later rows changed"),
        [
            (n, of["shuffled_skill"], of["rows_changed"], of["later_rows_changed"])
            for n, of in tracks
        ],
    )


def speed_part(figures: dict[str, Any]) -> Iterator[str]:
    yield f"Heads of three counts, {figures['trees']:,} trees, on rows already made."
    names = {
        "one_ms": "21 heads, one creator, ms",
        "many_s": "21 heads, 10,000 creators, s",
        "samples_one_ms": "joint samples, one creator, ms",
        "samples_many_s": "joint samples, 10,000 creators, s",
        "training_s": "training on famous with backtest, s",
    }
    rows = [(words, figures[name]) for name, words in names.items() if name in figures]
    yield table(("", "measured"), rows)
