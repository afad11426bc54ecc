"""Which of two videos of one format got more views: by followers, by a model, with content.

    python -m benchmarks.formats

Pairs of two creators' videos of one format (the same sound, idea or trend), so that the format
says nothing of which won. Forecast with the pair's formats left out of training (ten folds); shares
in the right order with intervals by format. A coin gets .50.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.content import COMPONENTS, Words, format_words, json_lines, tags_of
from benchmarks.evidence import target
from benchmarks.splits import load
from content_tagging.tags.tagger import Tagger
from features.dataset import Dataset
from features.panel import F64, I64
from reelcast.settings import Settings
from training.metrics import paired_bootstrap


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    tagger = Tagger.from_settings(Settings(home=str(evidence.ROOT / "var" / "bench")))
    pairs = pairs_of_formats(load("formats", folder, "always"), format_words(folder), tagger)
    print(pairs, flush=True)
    without, above = pairs["model less followers"], pairs["model with content less followers"]
    rows = [
        target("two videos of one format: model", pairs["model"]["mean"],
               "share right", "above .50 (a coin)", pairs["model"]["low"] > 0.5),
        target("two videos of one format: model above followers alone",
               without["mean"], "share", "interval above 0", without["low"] > 0),
        target("two videos of one format: model with content above followers alone",
               above["mean"], "share", "interval above 0", above["low"] > 0),
    ]  # fmt: skip
    figures = {"version": tagger.version, "pairs": pairs, "targets": rows}
    print("wrote", evidence.write("formats", figures, started))


def pairs_of_formats(dataset: Dataset, words: Words, tagger: Tagger) -> dict[str, Any]:
    """Shares of pairs in the right order, cross-fitted over formats, with intervals by format."""
    folder = evidence.real_data_or_exit()
    records = json_lines(folder / "tiktok_formats.jsonl.gz")
    format_of: dict[str, int] = {}
    for number, record in enumerate(records):
        for video in record["videos"]:
            format_of.setdefault(str(video["video_id"]), number)
    x, y, group, creator = _format_table(dataset, words, tagger, format_of)
    made = {"followers": x["followers"][:, 0]}
    made["model"] = _cross_fitted(x["followers"], x["plan"], None, y, group)
    made["model with content"] = _cross_fitted(x["followers"], x["plan"], x["content"], y, group)
    right, of_format = _pairs(made, y, group, creator)
    result: dict[str, Any] = {"n_pairs": len(of_format), "n_formats": len(np.unique(of_format))}
    for name, hits in right.items():
        result[name] = paired_bootstrap(hits, of_format)
    for name in ("model", "model with content"):
        result[f"{name} less followers"] = paired_bootstrap(
            right[name] - right["followers"], of_format
        )
    return result


def _format_table(
    dataset: Dataset, words: Words, tagger: Tagger, format_of: dict[str, int]
) -> tuple[dict[str, F64], F64, I64, I64]:
    panel = dataset.panel
    asked, outcomes = dataset.ask()
    _, tags = tags_of(dataset, words, tagger)
    state = dataset.fit(asked, outcomes, COMPONENTS)
    rows = dataset.rows(asked, state)
    vectors = state.reduce(panel.vectors)
    ids = [panel.post_ids[i].split(":")[-1] for i in outcomes.post]
    use = np.flatnonzero([key in format_of for key in ids] & ~np.isnan(outcomes.counts[:, 0]))
    post = outcomes.post[use]
    plan = rows.pick(("horizon", "hour_sin", "hour_cos", "weekday", "duration", "caption_length"))
    content = np.column_stack([tags[post], np.asarray(vectors)[post]])
    table = {
        "followers": np.log1p(rows.followers[use])[:, None],
        "plan": plan[use],
        "content": content,
    }
    group = np.array([format_of[ids[i]] for i in use], np.int64)
    return table, np.log1p(outcomes.counts[use, 0]), group, asked.creator[use]


def _cross_fitted(followers: F64, plan: F64, content: F64 | None, y: F64, group: I64) -> F64:
    """Forecasts of each post from formats other than its own (ten folds)."""
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    parts = [followers, followers**2, plan] + ([] if content is None else [content])
    x = np.nan_to_num(np.column_stack(parts))
    made = np.zeros(len(y))
    for fold in range(10):
        out = group % 10 == fold
        model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(0, 4, 9)))
        made[out] = model.fit(x[~out], y[~out]).predict(x[out])
    return made


def _pairs(made: dict[str, F64], y: F64, group: I64, creator: I64) -> tuple[dict[str, F64], I64]:
    """Whether each pair is put in the right order (a tie is half), and its format."""
    first, second = _index_pairs(y, group, creator)
    truth = np.sign(y[first] - y[second])
    right = {
        name: 0.5 + 0.5 * np.sign(np.nan_to_num(of[first] - of[second])) * truth
        for name, of in made.items()
    }
    return right, group[first]


def _index_pairs(y: F64, group: I64, creator: I64) -> tuple[I64, I64]:
    pairs: list[tuple[int, int]] = []
    for each in np.unique(group):
        own = np.flatnonzero(group == each).tolist()
        pairs += [
            (i, j)
            for at, i in enumerate(own)
            for j in own[at + 1 :]
            if y[i] != y[j] and creator[i] != creator[j]
        ]
    return _column(pairs, 0), _column(pairs, 1)


def _column(pairs: Sequence[tuple[int, int]], at: int) -> I64:
    return np.array([pair[at] for pair in pairs], np.int64)


if __name__ == "__main__":
    main()
