"""The forecast benchmark's part of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import difference, table

HOW_TO_READ = """\
All methods forecast the same rows in one run: views at the age at which a post was counted, asked
at its publication. MAE, pinball and width are of log1p views (.7 is a factor of 2); R2 is of
log1p views; rho is Spearman's rank correlation, overall and as the mean within creators of 5 or
more test posts; MdAPE is the median of |forecast - views| / views. "Model less it" is the
difference in MAE with a 95% interval from 2,000 bootstrap draws of whole creators: below 0 the
model is better. Beside a coverage stands its own 95% interval, from such draws too. "Mean ratio"
is the sum of forecast means over the sum of views. In "In short", "3+" are the posts with 3 or
more counted earlier ones, and "less plain" is the model less the plain LightGBM.

**Protocols.** These collections were scraped after all their posts, so no count is known as of a
decision. `rule` is the project's own: the scraped counts of posts published 3 days or more before
the decision stand in. `reference` is the one under which the published figures were taken: every
earlier post stands in, however young. Its test rows have 3 or more counted earlier posts, and its
cut is the 80% date among these; "all" adds the posts with fewer after the same cut. Under both,
the outcomes that are learned from are as scraped too, and a creator's tier comes from followers
as scraped where none were counted before. **Splits.** `plain`: one cut at the 80% date.
`rolling`: origins over the latest 40%.

**Beside it.** *Plain LightGBM*: 16 simple columns and no growth curve, fitted here on the same
rows; it sees followers and age as of the scrape, as the published one. *Without followers*: the
15 that a forecast before posting may know. *Without followers and age*: 14, as published too. A
baseline that has nothing to go by takes the tier's median."""
METHODS = {
    "plain_lightgbm": "plain LightGBM",
    "plain_no_followers": "without followers",
    "plain_before": "without followers and age",
    "last5_median": "last-5 median",
    "tier_median": "tier median",
    "followers_rate": "followers x rate",
}
ROWS = {"all": "all test posts", "history_3_up": "posts with 3 or more earlier ones"}


def forecast_part(figures: dict[str, Any]) -> Iterator[str]:
    yield HOW_TO_READ
    yield "### In short"
    yield _short(figures["collections"])
    for name, of_data in figures["collections"].items():
        check = ": a check, on which nothing was chosen" if of_data["is_check"] else ""
        yield f"### {name}{check}"
        yield f"`{of_data['file']}`, sha256 `{of_data['file_sha256'][:12]}`."
        for protocol, of_protocol in of_data["protocols"].items():
            for split in ("plain", "rolling"):
                yield f"#### {name}, {protocol} protocol, {split} split"
                yield from _split(of_protocol[split])


def _short(collections: dict[str, Any]) -> str:
    rows = []
    for name, of_data in collections.items():
        for protocol, of_protocol in of_data["protocols"].items():
            for split in ("plain", "rolling"):
                for part, words in (("all", "all"), ("history_3_up", "3+")):
                    rows.append(
                        (f"{name}, {protocol}, {split}", words, *_line(of_protocol[split][part]))
                    )
    head = (
        "data, protocol, split",
        "posts",
        "n",
        "MAE",
        "plain",
        "last-5",
        "less plain",
        "80%",
        "mean ratio",
    )
    return table(head, rows)


def _line(of: dict[str, Any]) -> tuple[Any, ...]:
    beside, model = of["baselines"], of["model"]
    return (
        model["n"],
        model["mae_log"],
        beside["plain_lightgbm"]["mae_log"],
        beside["last5_median"]["mae_log"],
        difference(beside["plain_lightgbm"]["model_less_baseline"]),
        _coverage(model),
        of["mean_ratio"],
    )


def _split(of: dict[str, Any]) -> Iterator[str]:
    train = ", ".join(f"{n:,}" for n in of["n_train"])
    days = f"{of['from'][:10]} to {of['until'][:10]}"
    yield f"Train {train} posts; test {days}; {of['seconds']:.0f} s."
    parts = {part: words for part, words in ROWS.items() if part == "all" or _differs(of)}
    for part, words in parts.items():
        scores = of[part]
        n, creators = scores["model"]["n"], scores["model"]["n_creators"]
        without = scores["n_without_last5"]
        nothing = f", {without:,} of them without any history" if without else ""
        yield f"{words.capitalize()}: {n:,} of {creators:,} creators{nothing}."
        yield _methods(scores)
    yield _intervals(of)
    for part, words in parts.items():
        if len(of[part]["by_origin"]) > 1:
            yield f"By origin, {words}:"
            yield _origins(of[part]["by_origin"])


def _differs(of: dict[str, Any]) -> bool:
    return bool(of["all"]["model"]["n"] != of["history_3_up"]["model"]["n"])


def _methods(scores: dict[str, Any]) -> str:
    names = ("mae_log", "r2_log", "spearman", "spearman_within_creator", "mdape")
    rows = [("**reelcast**", *(scores["model"][c] for c in names), "")]
    for method, words in METHODS.items():
        of = scores["baselines"][method]
        rows.append((words, *(of[c] for c in names), difference(of["model_less_baseline"])))
    return table(("", "MAE", "R2", "rho", "rho within", "MdAPE", "model less it"), rows)


def _intervals(of: dict[str, Any]) -> str:
    rows = []
    for part, words in ROWS.items():
        rows.append((words, *_interval(of[part]["model"]), of[part]["mean_ratio"]))
    for tier, scores in of["all"]["by_tier"].items():
        rows.append((f"tier {tier}", *_interval(scores), ""))
    for history, scores in of["all"]["by_history"].items():
        rows.append((f"earlier posts: {history}", *_interval(scores), ""))
    head = ("", "n", "creators", "MAE", "pinball", "50%", "80%", "90%", "80% width", "mean ratio")
    return f"Coverage, and slices of 100 posts or more:\n\n{table(head, rows)}"


def _interval(of: dict[str, Any]) -> tuple[Any, ...]:
    first = ("n", "n_creators", "mae_log", "pinball_log", "coverage_50")
    last = ("coverage_90", "width_80_log")
    return (*(of.get(name, "") for name in first), _coverage(of), *(of[name] for name in last))


def _coverage(of: dict[str, Any]) -> str:
    """The share inside the 80% interval, with its own 95% interval where it is known."""
    low, high = of.get("coverage_80_95", (None, None))
    between = "" if low is None else f" [{low:.2f}, {high:.2f}]"
    return f"{of['coverage_80']:.3f}{between}"


def _origins(by_origin: list[dict[str, Any]]) -> str:
    names = ("n", "median_age_days", "model", "plain_lightgbm", "last5_median")
    head = ("from", "n", "median age, days", "MAE", "plain", "last-5", "less plain", "80%")
    rows = []
    for of in by_origin:
        less = difference(of["less_plain"])
        rows.append((of["from"][:10], *(of[c] for c in names), less, of["coverage_80"]))
    return table(head, rows)
