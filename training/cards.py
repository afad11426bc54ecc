"""The model card and the data card of a training run, written from its manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from features.dataset import Dataset
from reelcast.tables import TARGETS
from training.totals import is_off, total_words

MODEL_CARD, DATA_CARD = "model-card.md", "data-card.md"
HELD = (0.75, 0.85)  # a slice covered outside of this is named among the failures
_SCORES = ("count", "posts", "log MAE", "last-5 median", "less it (95%)", "CRPS", "80% held",
           "width (log)", "rank unevenness", "mean ratio")  # fmt: skip
Json = Mapping[str, Any]


def facts_of(dataset: Dataset) -> dict[str, Any]:
    """What the data is, as numbers: how much, from when, what is missing."""
    panel = dataset.panel
    n_counts, posts = np.diff(panel.obs_start), np.diff(panel.creator_start)
    first = panel.obs_counts[panel.obs_start[:-1][n_counts > 0]]
    return {
        "n_posts": panel.n_posts,
        "n_creators": int((posts > 0).sum()),
        "n_counts": len(panel.obs_s),
        "published_from": _day(panel.published_s.min()) if panel.n_posts else None,
        "published_until": _day(panel.published_s.max()) if panel.n_posts else None,
        "counted_from": _day(panel.obs_s.min()) if len(panel.obs_s) else None,
        "counted_until": _day(panel.obs_s.max()) if len(panel.obs_s) else None,
        "median_posts_per_creator": float(np.median(posts[posts > 0])) if posts.any() else 0.0,
        "counted_once": float((n_counts[n_counts > 0] == 1).mean()) if len(panel.obs_s) else 0.0,
        "never_counted": float((n_counts == 0).mean()) if panel.n_posts else 0.0,
        "missing": {
            **{t: float(np.isnan(first[:, i]).mean()) for i, t in enumerate(TARGETS) if len(first)},
            "duration_s": float(np.isnan(panel.duration_s).mean()) if panel.n_posts else 1.0,
            "caption": float(np.mean([0.0 if text else 1.0 for text in panel.texts] or [1.0])),
            "sound": float((panel.sound == 0).mean()) if panel.n_posts else 1.0,
            "followers": float((np.diff(panel.follower_start) == 0).mean()),
        },
    }


def _day(seconds: Any) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()


def model_card(manifest: Json) -> str:
    """Markdown: what the model is, how it was tested, where it fails, coverage by slice."""
    return "\n\n".join(_model_parts(manifest)) + "\n"


def _model_parts(manifest: Json) -> Iterator[str]:
    facts, scores = manifest["data"], manifest["scores"]
    yield "# Model card"
    yield (
        f"Made {manifest['created_at']} by reelcast {manifest['code_version']} on data "
        f"`{manifest['data_version']}`: {facts['n_posts']:,} posts of {facts['n_creators']:,} "
        "creators. Seven LightGBM quantile heads for each count on features of a creator's past "
        "and the draft, conformally calibrated by follower tier and number of earlier posts, "
        "wider at ages younger than all learned from; counts drawn jointly, so that engagement "
        "never exceeds views."
    )
    yield (
        "**For** ranking creators, expectations before a post, and knowing how uncertain they "
        "are. **Not for** paying or rejecting a person by a number, accounts unlike those in the "
        "data, or causes."
    )
    yield "## How it was tested"
    yield (
        f"On posts published from {manifest['test_from'][:10]} to {manifest['test_until'][:10]}, "
        f"which neither heads nor calibration saw. History: {manifest['history']}."
        + "".join(f"\n- In hindsight: {words}" for words in manifest["hindsight"])
    )
    yield _table(_SCORES, [_score_row(target, of) for target, of in scores.items()])
    if "totals" in manifest:
        yield "## Means, and what came in total"
        yield "\n".join(f"- {total_words(*pair)}" for pair in manifest["totals"].items())
    yield "## Coverage of the 80% interval by slice"
    yield _table(("count", "slice", "posts", "log MAE", "held", "width (log)"), _slices(scores))
    yield "## Where it fails"
    yield "\n".join(f"- {words}" for words in failings(manifest))
    yield "## Posts of one creator"
    yield "\n".join(f"- {target}: {_pairs(of.get('pairs'))}" for target, of in scores.items())


def _score_row(target: str, of: Json) -> tuple[str, ...]:
    model, last = of["model"], of["baselines"]["last5_median"]
    less = last["model_less_baseline"]
    return (
        target,
        f"{model['n']:,}",
        f"{model['mae_log']:.3f}",
        f"{last['mae_log']:.3f}",
        f"{less['mean']:+.3f} ({less['low']:+.3f} to {less['high']:+.3f})",
        f"{model['crps_log']:.3f}",
        f"{model['coverage_80']:.0%}",
        f"{model['width_80_log']:.2f}",
        f"{model['rank_unevenness']:.3f}",
        f"{of['mean_ratio']:.2f}",
    )


def _slices(scores: Json) -> list[tuple[str, ...]]:
    return [
        (
            target,
            words,
            f"{of['n']:,}",
            f"{of['mae_log']:.3f}",
            f"{of['coverage_80']:.0%}",
            f"{of['width_80_log']:.2f}",
        )
        for target, of_target in scores.items()
        for words, of in _named_slices(of_target)
    ]


def _named_slices(of_target: Json) -> Iterator[tuple[str, Json]]:
    for tier, of in of_target["by_tier"].items():
        yield f"tier {tier}", of
    for depth, of in of_target["by_history"].items():
        yield f"earlier posts: {depth}", of


def failings(manifest: Json) -> Iterator[str]:
    """What the test found wanting, then what no test of this kind can find."""
    for target, of in manifest["scores"].items():
        less = of["baselines"]["last5_median"]["model_less_baseline"]
        if less["high"] >= 0:
            yield f"{target}: not shown to be better at the typical post than the last-5 median"
        for words, held in _named_slices(of):
            if not HELD[0] <= held["coverage_80"] <= HELD[1]:
                yield (
                    f"{target}, {words}: the 80% interval held {held['coverage_80']:.0%} of "
                    f"{held['n']:,} posts"
                )
    for target, of in manifest.get("totals", {}).items():
        if is_off(of) or not 0.8 <= of["ratio"] <= 1.25:
            yield f"{target}: {total_words(target, of)}"
    mixture = manifest.get("mixture") or {"reference": "", "shifts": ()}
    for shift in mixture["shifts"]:
        if shift["clear"]:
            yield (
                f"posts of the collection {shift['name']!r} differ by {np.exp(shift['shift']):.1f} "
                f"times from {mixture['reference']!r} for the way they were picked: not learned "
                "from, and not forecast"
            )
    yield "slices with fewer than 100 test posts are not measured"
    yield "what changes after the test (an algorithm, a season, a scandal) is not known"


def _pairs(pairs: Json | None) -> str:
    if not pairs or pairs["right"] is None:
        return "no creator has two test posts to tell apart"
    return (
        f"{pairs['right']:.0%} of {pairs['n_pairs']:,} pairs in the right order (95% interval "
        f"{pairs['low']:.0%} to {pairs['high']:.0%}); {pairs['slope']:.2f} of a forecast "
        "difference came true"
    )


def data_card(manifest: Json) -> str:
    """Markdown: how much data, from when and where, what is missing, how it was collected."""
    facts = manifest["data"]
    rows = [
        ("Data version", f"`{manifest['data_version']}`"),
        ("How much?", _amount(facts)),
        ("Published", f"{facts['published_from']} to {facts['published_until']}"),
        ("Counted", f"{facts['counted_from']} to {facts['counted_until']}"),
        ("Counted once only", f"{facts['counted_once']:.0%} of the counted posts"),
        ("Never counted", f"{facts['never_counted']:.0%} of the posts"),
        ("As-of or hindsight?", manifest["history"]),
        ("Collection", manifest["collection"] or "all"),
        ("Collected in ways that differ?", _mixed(manifest.get("mixture"))),
        *((f"Missing: {name}", f"{share:.0%}") for name, share in facts["missing"].items()),
    ]
    asked = (
        "Who is missing: creators whom nobody exported; deleted and private posts. Boosted posts "
        "look like success where exports do not tell them apart. Ids of accounts are salted "
        "hashes; captions and post ids can lead to their authors."
    )
    return f"# Data card\n\n{_table(('question', 'answer'), rows)}\n\n{asked}\n"


def _amount(facts: Json) -> str:
    return (
        f"{facts['n_posts']:,} posts of {facts['n_creators']:,} creators (median "
        f"{facts['median_posts_per_creator']:g} each), {facts['n_counts']:,} counts"
    )


def _mixed(mixture: Json | None) -> str:
    if mixture is None or not mixture["shifts"]:
        return "no second collection of 100 posts"
    return "; ".join(
        f"{s['name']}: {np.exp(s['shift']):.2f} times {mixture['reference']}"
        f"{'' if s['clear'] else ' (not clear)'}, {s['n_posts']:,} posts"
        for s in mixture["shifts"]
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
