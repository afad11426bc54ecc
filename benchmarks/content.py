"""Does content help? Tags and embeddings against the same model without.

    python -m benchmarks.content

*Gain*: the median head learned with and without what the words say (tags of hook, format, theme
and call to action read from caption, on-screen text and speech; components of the caption's
embedding), on the same posts, split by time, with a paired bootstrap by creator. Pairs of one
format: `benchmarks.formats`.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import evidence
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


if __name__ == "__main__":
    main()
