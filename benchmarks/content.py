"""Does content help? Tags and embeddings against the same model without.

    python -m benchmarks.content

*Gain*: the median head with and without the columns of what the words say (tags of hook, format,
theme and call to action read from caption, on-screen text and speech; components of the embedding
of what is said and shown; how the creator's posts like it did), on the same posts, split by time,
with a paired bootstrap by creator; and what the trial that a training run makes decides before each
cut (`trials`). Pairs of one format: `benchmarks.formats`.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.splits import load, median_of, settings_with, split_at
from content_tagging.sentences import embed
from content_tagging.tags.reading import Reading, reading_of_item
from content_tagging.tags.tagger import Tagger
from features.blocks import columns_in
from features.dataset import Dataset
from features.panel import F64, I64
from features.shown import LABEL_GROUPS, WORDS, Shown
from features.state import State
from reelcast.settings import Settings
from training.backtest import origins
from training.forecaster import columns_of
from training.metrics import paired_bootstrap
from training.trials import choose

GROUPS = ("hook", "format", "theme", "cta")
COMPONENTS = 8
N_ORIGINS = 4
SAID = ("speech", "text_overlay")
Words = dict[str, dict[str, Any]]


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    tagger = Tagger.from_settings(Settings(home=str(evidence.ROOT / "var" / "bench")))
    gains = {}
    words_of = {"hotels": hotel_words, "formats": format_words, "smp": smp_words}
    for name, read in words_of.items():
        dataset = load(name, folder, "always")
        gains[name] = gain(with_content(dataset, read(folder), tagger))
        print(name, gains[name]["all"], flush=True)
    figures = {"version": tagger.version, "gains": gains, "targets": []}
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
    for record in json_lines(folder / "tiktok_formats.jsonl.gz"):
        for video in record["videos"]:
            found[str(video["video_id"])] = {
                "caption": video.get("caption") or "",
                "text_overlay": video.get("text_overlay") or video.get("onscreen_text") or "",
                "speech": video.get("speech") or video.get("transcript") or "",
            }
    return found


def smp_words(folder: Path) -> Words:
    """Of SMP: the caption by the post's id."""
    rows = json_lines(folder / "smp_video_2025_train.jsonl.gz")
    return {row["pid"]: {"caption": row["post_content"] or ""} for row in rows}


def json_lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tags_of(dataset: Dataset, words: Words, tagger: Tagger) -> tuple[tuple[str, ...], F64]:
    """Names and (n_posts, n_labels) probabilities of all labels, NaN for posts without words."""
    ids = [post_id.split(":")[-1] for post_id in dataset.panel.post_ids]
    named = [(i, words[key]) for i, key in enumerate(ids) if key in words]
    readings: list[Reading] = [reading_of_item({"id": str(i), **fields}) for i, fields in named]
    answers = tagger.answers(readings)
    columns = [(g, label) for g in GROUPS for label in sorted(answers[0][g].probabilities)]
    made = np.full((len(ids), len(columns)), np.nan)
    for (i, _), answer in zip(named, answers, strict=True):
        made[i] = [answer[group].probabilities[label] for group, label in columns]
    return tuple(f"{group}_{label}" for group, label in columns), made


def with_content(dataset: Dataset, words: Words, tagger: Tagger) -> Dataset:
    """The dataset with each post's words tagged and embedded, as if its video had been."""
    names, tags = tags_of(dataset, words, tagger)
    has = np.flatnonzero(~np.isnan(tags[:, 0]))
    ids = [dataset.panel.post_ids[i].split(":")[-1] for i in has]
    said = [" ".join(str(words[key].get(part) or "") for part in SAID) for key in ids]
    row = np.full(dataset.panel.n_posts, -1, np.int64)
    row[has] = np.arange(len(has))
    shown = Shown(names, tags[has], embed(said, evidence.CACHE), row, {})
    return replace(dataset, panel=replace(dataset.panel, shown=shown))


def gain(dataset: Dataset) -> dict[str, Any]:
    """Per block of columns: errors with and without over rolling origins, on posts with words."""
    misses: dict[str, list[F64]] = {"without": []}
    creators: list[I64] = []
    choices: list[str] = []
    at = origins(dataset, "views", N_ORIGINS)
    for origin in at:
        split = split_at(dataset, origin, COMPONENTS)
        said = split.asked.shown_row >= 0
        for name, extra in _kinds(split.state).items():
            made = median_of(split, columns_of("views", extra))
            misses.setdefault(name, []).append(np.abs(split.test_log - made)[said])
        creators.append(split.test.creator[said])
        chosen = choose("views", (split.train, split.train_log), split.state, settings_with("auto"))
        choices.append(chosen.words["content"])
    creator = np.concatenate(creators)
    result: dict[str, Any] = {"n": len(creator), "n_creators": len(np.unique(creator)), "all": {}}
    without = np.concatenate(misses["without"])
    result |= {"mae_without": float(without.mean()), "trials": choices}
    for kind in (name for name in misses if name != "without"):
        less = np.concatenate(misses[kind]) - without
        better = [
            float((a - b).mean()) for a, b in zip(misses[kind], misses["without"], strict=True)
        ]
        result["all"][kind] = {**paired_bootstrap(less, creator), "by_origin": better}
    return result


def _kinds(state: State) -> dict[str, tuple[str, ...]]:
    """Sets of columns beside the model's own."""
    of = columns_in(state)
    tags = tuple(name for name in state.content.names if name.startswith(LABEL_GROUPS))
    words = tuple(name for name in of["content"] if name.startswith(WORDS))
    return {
        "without": (),
        "tags": tags,
        "words' embedding": words,
        "content": of["content"],
        "caption's embedding": of["text"],
        "content and caption": (*of["text"], *of["content"]),
        "calendar": of["calendar"],
    }


if __name__ == "__main__":
    main()
