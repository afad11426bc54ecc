"""What several benchmarks share: a collection as a dataset, and questions split by time."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import evidence
from features.dataset import Dataset, load_dataset
from features.gather import Questions
from features.panel import F64
from features.questions import Outcomes
from features.rows import Rows
from features.state import State
from ingest import ImportOptions, import_file
from reelcast.settings import FeatureSettings, Settings, TrainingSettings
from reelcast.store import Lake
from reelcast.tables import TARGETS
from training.backtest import Origin
from training.forecaster import columns_of
from training.heads import fit_median

ONE_THREAD = TrainingSettings(threads=1)  # several threads on busy cores wait for each other


@dataclass(frozen=True, slots=True)
class Collection:
    """A file, its mapping, and which of its observations are read (None: all)."""

    file: str
    mapping: str
    collection: str | None = None


COLLECTIONS = {
    "vi": Collection("tiktok_vi_observations.csv.gz", "tiktok_vi", "history"),
    "vi, all collections": Collection("tiktok_vi_observations.csv.gz", "tiktok_vi"),
    "famous": Collection("tiktok_famous_2020.csv.gz", "tiktok_famous"),
    "news": Collection("tiktok_news_codes.csv.gz", "tiktok_news"),
    "hotels": Collection("tiktok_apify_hotels.csv.gz", "tiktok_hotels"),
    "formats": Collection("tiktok_formats.jsonl.gz", "tiktok_formats"),
    "smp": Collection("smp_video_2025_train.jsonl.gz", "smp_video"),
}


def settings_with(text: str) -> Settings:
    """Hindsight as the other benchmarks; text `auto`, `always` or `never`."""
    features = FeatureSettings.model_validate({"history": "hindsight", "text": text})
    return Settings(features=features, training=ONE_THREAD)


def load(name: str, folder: Path, text: str = "never") -> Dataset:
    """A collection as a dataset, texts embedded unless `text` is never."""
    of = COLLECTIONS[name]
    with tempfile.TemporaryDirectory() as place:
        lake = Lake(place)
        import_file(folder / of.file, lake, ImportOptions(evidence.SALT, mapping=of.mapping))
        return load_dataset(lake, settings_with(text).features, evidence.CACHE, of.collection)


@dataclass(frozen=True, slots=True)
class Split:
    """Rows to learn from with their mature log counts, and test rows with log1p counts."""

    state: State
    train: Rows
    train_log: F64
    asked: Questions
    test: Rows
    outcomes: Outcomes
    test_log: F64

    @property
    def share(self) -> F64:
        """What the growth curve takes off at the test rows' ages, logs (n,)."""
        return np.asarray(self.state.growth.log_share(self.asked.horizon_days))


def split_at(dataset: Dataset, origin: Origin, components: int = 0) -> Split:
    """The dataset cut at an origin, for views."""
    views = TARGETS.index("views")
    learned, learned_out = dataset.ask(origin.start_s)
    order = np.lexsort((np.array(dataset.panel.post_ids)[learned_out.post], learned.decided_s))
    learned, learned_out = learned.take(order), learned_out.take(order)
    state = dataset.fit(learned, learned_out, components)
    log = learned_out.mature_log(state.growth)[:, views]
    known = np.flatnonzero(~np.isnan(log))
    asked, outcomes = dataset.ask()
    inside = (asked.post_s >= origin.start_s) & (asked.post_s < origin.end_s)
    at = np.flatnonzero(inside & ~np.isnan(outcomes.counts[:, views]))
    asked, outcomes = asked.take(at), outcomes.take(at)
    return Split(
        state,
        dataset.rows(learned.take(known), state),
        log[known],
        asked,
        dataset.rows(asked, state),
        outcomes,
        np.log1p(outcomes.counts[:, views]),
    )


def median_of(split: Split, columns: tuple[str, ...]) -> F64:
    """The median head's log1p forecasts (n,) of the test rows."""
    level = TARGETS.index(columns[0].split("_")[0])
    response = split.train_log - split.train.level[:, level]
    head = fit_median(split.train.pick(columns), response, columns, ONE_THREAD)
    made = (
        head.predict(split.test.pick(columns), num_threads=1)
        + split.test.level[:, level]
        + split.share
    )
    return np.maximum(np.asarray(made, np.float64), 0.0)


def plain_columns() -> tuple[str, ...]:
    """The columns of the views model without text."""
    return columns_of("views")
