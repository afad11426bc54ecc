"""Accuracy and coverage on real posts, beside the baselines, all on the same rows in one run.

    python -m benchmarks.forecast [--data vi|famous|news|hotels|all] [--origins 4]

Each collection is split in two ways (one cut at the 80% date; rolling origins over the latest
40%) under two protocols of what history may hold (see `PROTOCOLS`).
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc

from benchmarks import evidence
from benchmarks.goals import goals_of
from benchmarks.scores import by_origin, scored, with_plain
from features.dataset import Dataset, load_dataset
from features.gather import gather
from ingest import ImportOptions, import_file
from reelcast.settings import FeatureSettings, Settings
from reelcast.store import Lake
from reelcast.tables import TARGETS
from training.backtest import Origin, backtest, origins
from training.run import code_version, hindsight_words

VIEWS = TARGETS.index("views")
MIN_HISTORY = 3  # earlier posts that the reference figures ask for
PLAIN_SHARE = 0.2
PROTOCOLS = {
    "rule": "the project's own: earlier posts count from 3 days before the decision",
    "reference": "that of the published reference figures: every earlier post counts, gap 0",
}


@dataclass(frozen=True, slots=True)
class Collection:
    """A file, its mapping, which of its observations are read (None: all), and what it is for.

    A `check` was looked at once the model was settled: no setting, feature or curve was chosen
    on it. It is scored under the project's own protocol alone.
    """

    file: str
    mapping: str
    collection: str | None = None
    is_check: bool = False


COLLECTIONS = {
    "vi": Collection("tiktok_vi_observations.csv.gz", "tiktok_vi", "history"),
    "famous": Collection("tiktok_famous_2020.csv.gz", "tiktok_famous"),
    "news": Collection("tiktok_news_codes.csv.gz", "tiktok_news", is_check=True),
    "hotels": Collection("tiktok_apify_hotels.csv.gz", "tiktok_hotels", is_check=True),
}


def main() -> None:
    started, version = time.monotonic(), code_version()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=[*COLLECTIONS, "all"], default="all")
    parser.add_argument("--origins", type=int, default=4)
    given = parser.parse_args()
    folder = evidence.real_data_or_exit()
    names = list(COLLECTIONS) if given.data == "all" else [given.data]
    collections = {name: measure(COLLECTIONS[name], folder, given.origins) for name in names}
    figures = {
        "code_version": version,
        "protocols": PROTOCOLS,
        "collections": collections,
        "targets": goals_of(collections),
    }
    print("wrote", evidence.write("forecast", figures, started))


def measure(collection: Collection, folder: Path, n_origins: int) -> dict[str, Any]:
    """All scores of one collection, by protocol and split."""
    settings = Settings(features=FeatureSettings(history="hindsight"))
    with tempfile.TemporaryDirectory() as lake:
        dataset = _load(collection, folder, Lake(lake), settings)
    about = {
        "file": collection.file,
        "file_sha256": hashlib.sha256((folder / collection.file).read_bytes()).hexdigest(),
        "is_check": collection.is_check,
    }
    results: dict[str, Any] = {**about, "data_version": dataset.data_version, "protocols": {}}
    for protocol in ("rule",) if collection.is_check else PROTOCOLS:
        seen = dataset if protocol == "rule" else replace(dataset, gap_days=0.0)
        results["protocols"][protocol] = {
            "gap_days": seen.gap_days,
            "hindsight": hindsight_words(seen),
            **{
                split: _scores(seen, at, settings)
                for split, at in _splits(seen, protocol, n_origins)
            },
        }
    return results


def _load(collection: Collection, folder: Path, lake: Lake, settings: Settings) -> Dataset:
    options = ImportOptions(salt=evidence.SALT, mapping=collection.mapping)
    import_file(folder / collection.file, lake, options)
    print(f"{collection.file}: imported; embedding what is new", flush=True)
    return load_dataset(lake, settings.features, evidence.CACHE, collection.collection)


def _splits(dataset: Dataset, protocol: str, n: int) -> Iterator[tuple[str, list[Origin]]]:
    if protocol == "rule":
        yield "plain", origins(dataset, "views", 1, PLAIN_SHARE)
    else:
        yield "plain", [reference_cut(dataset)]
    yield "rolling", origins(dataset, "views", n)


def reference_cut(dataset: Dataset) -> Origin:
    """The reference figures' cut: the 80% date among posts with 3 or more counted earlier ones."""
    asked, outcomes = dataset.ask()
    counted = (~np.isnan(gather(dataset.panel, asked, 0.0).counts[:, :, VIEWS])).sum(axis=1)
    rows = (counted >= MIN_HISTORY) & ~np.isnan(outcomes.counts[:, VIEWS])
    cut = int(np.quantile(asked.post_s[rows], 1 - PLAIN_SHARE))
    return Origin(1, cut, int(asked.post_s.max()) + 1)


def _scores(dataset: Dataset, at: list[Origin], settings: Settings) -> dict[str, Any]:
    """Scores of one split, on all test rows and on those with enough history."""
    began = time.monotonic()
    table, n_train = with_plain(dataset, backtest(dataset, "views", at, settings), at)
    seconds = time.monotonic() - began
    print(f"  {len(at)} origin(s), {table.num_rows} posts, {seconds:.0f} s", flush=True)
    deep = table.filter(pc.greater_equal(table["n_counted"], MIN_HISTORY))
    return {
        "n_train": n_train,
        "from": str(np.datetime64(at[0].start_s, "s")),
        "until": str(np.datetime64(at[-1].end_s, "s")),
        "seconds": seconds,
        "all": {**scored(table), "by_origin": by_origin(table, at)},
        "history_3_up": {**scored(deep), "by_origin": by_origin(deep, at)},
    }


if __name__ == "__main__":
    main()
