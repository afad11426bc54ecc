"""Does content help? Tags and embeddings against the same model without; pairs of one format.

    python -m benchmarks.content

*Gain*: the median head learned with and without what the words say (tags of hook, format, theme
and call to action read from caption, on-screen text and speech; components of the caption's
embedding), on the same posts, split by time, with a paired bootstrap by creator. *Pairs*: two
videos of one format by different creators; which got more views, by followers alone, by the model,
by the model with content; forecast with the pair's formats left out of training.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.evidence import target
from benchmarks.splits import Split, load, median_of, plain_columns_of, split_at
from content_tagging.tags.reading import Reading, reading_of_item
from content_tagging.tags.tagger import Tagger
from features.dataset import Dataset
from features.panel import F64, I64
from reelcast.settings import Settings
from training.backtest import origins
from training.metrics import paired_bootstrap

GROUPS = ("hook", "format", "theme", "cta")
COMPONENTS = 8
N_ORIGINS = 4
Words = dict[str, dict[str, Any]]


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    tagger = Tagger.from_settings(Settings(home=str(evidence.ROOT / "var" / "bench")))
    gains = {}
    words_of = {"hotels": hotel_words, "formats": format_words, "smp": smp_words}
    for name, read in words_of.items():
        dataset = load(name, folder, "always")
        tags = tags_of(dataset, read(folder), tagger)
        gains[name] = gain(dataset, tags)
        print(name, gains[name]["all"], flush=True)
    pairs = pairs_of_formats(load("formats", folder, "always"), format_words(folder), tagger)
    print("pairs", pairs, flush=True)
    above = pairs["model with content less followers"]
    rows = [
        target(
            "two videos of one format: model with content above followers alone",
            above["mean"], "share", "interval above 0", above["low"] > 0,
        )
    ]  # fmt: skip
    figures = {"version": tagger.version, "gains": gains, "pairs": pairs, "targets": rows}
    print("wrote", evidence.write("content", figures, started))


def hotel_words(folder: Path) -> Words:
    """Of hotels with a transcript: speech and caption by the video's id."""
    with gzip.open(folder / "tiktok_apify_hotels.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {
        row["id"]: {"caption": row.get("text") or "", "speech": row["transcript"]}
        for row in rows
        if (row.get("transcript") or "").strip()
    }


def format_words(folder: Path) -> Words:
    """Of formats: caption, on-screen text and speech by the video's id."""
    found: Words = {}
    for record in _json_lines(folder / "tiktok_formats.jsonl.gz"):
        for video in record["videos"]:
            found[str(video["video_id"])] = {
                "caption": video.get("caption") or "",
                "text_overlay": video.get("text_overlay") or video.get("onscreen_text") or "",
                "speech": video.get("speech") or video.get("transcript") or "",
            }
    return found


def smp_words(folder: Path) -> Words:
    """Of SMP: the caption by the post's id."""
    rows = _json_lines(folder / "smp_video_2025_train.jsonl.gz")
    return {row["pid"]: {"caption": row["post_content"] or ""} for row in rows}


def _json_lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tags_of(dataset: Dataset, words: Words, tagger: Tagger) -> F64:
    """(n_posts, n_labels) probabilities of all labels, NaN for posts without words."""
    ids = [post_id.split(":")[-1] for post_id in dataset.panel.post_ids]
    named = [(i, words[key]) for i, key in enumerate(ids) if key in words]
    readings: list[Reading] = [reading_of_item({"id": str(i), **fields}) for i, fields in named]
    answers = tagger.answers(readings)
    columns = [(g, label) for g in GROUPS for label in sorted(answers[0][g].probabilities)]
    made = np.full((len(ids), len(columns)), np.nan)
    for (i, _), answer in zip(named, answers, strict=True):
        made[i] = [answer[group].probabilities[label] for group, label in columns]
    return made


def gain(dataset: Dataset, tags: F64) -> dict[str, Any]:
    """Per kind of content: errors with and without, over rolling origins, on posts with words."""
    columns = plain_columns_of()
    kinds = ("tags", "embeddings", "both")
    misses: dict[str, list[F64]] = {name: [] for name in ("without", *kinds)}
    creators: list[I64] = []
    at = origins(dataset, "views", N_ORIGINS)
    for origin in at:
        split = split_at(dataset, origin, COMPONENTS)
        learned, of_test = _posts(dataset, split, origin.start_s)
        said = ~np.isnan(tags[of_test, 0])
        extras = _extras(dataset, split, tags, (learned, of_test))
        for name in misses:
            made = median_of(split, columns, extras.get(name))
            misses[name].append(np.abs(split.test_log - made)[said])
        creators.append(split.test.creator[said])
    creator = np.concatenate(creators)
    result: dict[str, Any] = {"n": len(creator), "n_creators": len(np.unique(creator)), "all": {}}
    without = np.concatenate(misses["without"])
    result["mae_without"] = float(without.mean())
    for kind in kinds:
        less = np.concatenate(misses[kind]) - without
        better = [
            float((a - b).mean()) for a, b in zip(misses[kind], misses["without"], strict=True)
        ]
        result["all"][kind] = {**paired_bootstrap(less, creator), "by_origin": better}
    return result


def _posts(dataset: Dataset, split: Split, cut_s: int) -> tuple[I64, I64]:
    """The panel's posts of the split's train and test rows."""
    asked, learned = dataset.ask(cut_s)
    order = np.lexsort((np.array(dataset.panel.post_ids)[learned.post], asked.decided_s))
    known = ~np.isnan(learned.counts[order, 0])
    return learned.post[order][known], split.outcomes.post


def _extras(
    dataset: Dataset, split: Split, tags: F64, posts: tuple[I64, I64]
) -> dict[str, tuple[F64, F64]]:
    vectors = split.state.reduce(dataset.panel.vectors)
    if vectors is None:
        raise RuntimeError("the dataset has no text")
    parts = {"tags": tags, "embeddings": np.asarray(vectors, np.float64)}
    parts["both"] = np.column_stack(list(parts.values()))
    return {name: (of[posts[0]], of[posts[1]]) for name, of in parts.items()}


def pairs_of_formats(dataset: Dataset, words: Words, tagger: Tagger) -> dict[str, Any]:
    """Shares of pairs in the right order, cross-fitted over formats, with intervals by format."""
    folder = evidence.real_data_or_exit()
    records = _json_lines(folder / "tiktok_formats.jsonl.gz")
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
    tags = tags_of(dataset, words, tagger)
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
