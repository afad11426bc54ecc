"""The lake's posts as questions with outcomes: where training and backtests start from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from content_tagging.sentences import embed
from features.gather import Questions, gather, kinds_asked, tier_followers
from features.growth import growth_of
from features.mixture import Mixture, Ways, learnable, mixture_of, ways_of
from features.panel import DAY_S, I64, Panel, panel_from
from features.questions import Outcomes, ask_of_posts
from features.rows import Rows, build_rows
from features.shown import fit_content, load_shown
from features.state import Learned, State, fit_state
from reelcast.errors import NotEnoughDataError
from reelcast.settings import FeatureSettings
from reelcast.store import Lake

log = logging.getLogger(__name__)

HistoryMode = Literal["as_of", "hindsight"]
HORIZON_DAYS = 30.0
_SAMPLE = 4000
_YOUNGEST_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class Dataset:
    """A panel with its embeddings, and how its past may be seen.

    `gap_days` is None in the as-of mode. In the hindsight mode counts scraped later stand in for
    posts published so many days before a decision, and every report says so.
    """

    panel: Panel
    gap_days: float | None
    data_version: str
    collection: str | None = None
    ways: Ways = field(default_factory=dict)  # in which posts were collected, where none is chosen
    niches: Mapping[str, str] = field(default_factory=dict)  # of creators, by id

    @property
    def history(self) -> HistoryMode:
        return "as_of" if self.gap_days is None else "hindsight"

    def ask(self, before_s: int | None = None) -> tuple[Questions, Outcomes]:
        """Questions and outcomes of all posts; with `before_s`, of those to learn from by then.

        In the as-of mode their outcomes were observed before it; in hindsight they stand in, for
        posts published the gap before it. A count of less than a day's age is too noisy to learn.
        """
        if before_s is None:
            return ask_of_posts(self.panel, HORIZON_DAYS)
        if self.gap_days is None:
            asked, outcomes = ask_of_posts(self.panel, HORIZON_DAYS, before_s)
            published_by = before_s
        else:
            asked, outcomes = ask_of_posts(self.panel, HORIZON_DAYS)
            published_by = before_s - int(self.gap_days * DAY_S)
        can_learn = (asked.post_s < published_by) & (outcomes.age_days >= _YOUNGEST_DAYS)
        can_learn &= self.counts_for(outcomes, before_s)
        rows = np.flatnonzero(can_learn)
        return asked.take(rows), outcomes.take(rows)

    def mixture(self, before_s: int) -> Mixture | None:
        """What was known before a second of the ways that posts were collected in."""
        return mixture_of(self.panel, self.ways, before_s, self.gap_days)

    def counts_for(self, outcomes: Outcomes, before_s: int) -> npt.NDArray[np.bool_]:
        """Which outcomes (n,) a model of what is known before a second learns and is tested on.

        Where posts were by then clearly collected in ways that differ, those of the way with
        whole histories alone; the others' posts stay visible as past.
        """
        mixture = self.mixture(before_s) if len(self.ways) > 1 else None
        if mixture is None or not mixture.is_one:
            return np.ones(len(outcomes.post), bool)
        return learnable(self.panel, self.ways, mixture)[outcomes.post]

    def fit(self, asked: Questions, outcomes: Outcomes, n_components: int) -> State:
        """The state of these training rows."""
        followers = tier_followers(self.panel, asked, self.gap_days)
        growth = growth_of(self.panel, outcomes.post, int(outcomes.observed_s.max(initial=0)))
        learned = Learned(asked, outcomes, followers, kinds_asked(self.panel, asked))
        state = fit_state(growth, learned, n_components)
        content = fit_content(self.panel.shown, asked.shown_row, n_components)
        has_places = bool((self.panel.place[outcomes.post] >= 0).any())
        return replace(state, content=content, has_places=has_places)

    def rows(self, asked: Questions, state: State) -> Rows:
        """The rows of questions, with this dataset's panel and mode."""
        panel = replace(
            self.panel,
            vectors=state.reduce(self.panel.vectors),
            shown=state.content.reduce(self.panel.shown),
        )
        asked = replace(asked, vectors=state.reduce(asked.vectors))
        return build_rows(panel, asked, state, self.gap_days)


def load_panel(lake: Lake, collection: str | None = None) -> Panel:
    """The lake's posts as a panel; with `collection`, only observations collected that way."""
    return _load(lake, collection)[0]


def _load(lake: Lake, collection: str | None) -> tuple[Panel, pa.Table]:
    """The panel and the observations behind it."""
    observations = lake.read("post_observations")
    posts = lake.read("posts")
    if collection is not None:
        observations = observations.filter(pc.equal(observations["collection"], collection))
        posts = posts.filter(pc.is_in(posts["post_id"], observations["post_id"].combine_chunks()))
    people = lake.read("creator_observations")
    return panel_from(posts, observations, people, lake.read("creators")), observations


def niches_of(lake: Lake) -> dict[str, str]:
    """The niche of each creator whose niche is known, by id."""
    creators = lake.read("creators").select(["creator_id", "niche"]).to_pylist()
    return {row["creator_id"]: row["niche"] for row in creators if row["niche"] is not None}


def load_dataset(
    lake: Lake,
    settings: FeatureSettings,
    cache: Path,
    collection: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Dataset:
    """The lake as a dataset, texts embedded (once, into `cache`).

    Raises NotEnoughDataError where the lake has no observed posts.
    """
    panel, observations = _load(lake, collection)
    if not len(panel.obs_s):
        kind = f" of collection {collection!r}" if collection else ""
        raise NotEnoughDataError(
            f"the lake under {lake.root} has no observed posts{kind}: "
            "import exports first, e.g. `reelcast import auto FILE`"
        )
    ways = ways_of(panel, observations) if collection is None else {}
    reads = partial(embed, cache_path=cache, progress=progress)
    if settings.text != "never":
        panel = panel.with_vectors(reads(panel.texts))
    if settings.content != "never":
        panel = replace(panel, shown=load_shown(lake, panel.post_ids, reads))
    gap = history_gap(panel, settings)
    return Dataset(panel, gap, lake.data_version(), collection, ways, niches_of(lake))


def warn_of_mixture(dataset: Dataset, before_s: int) -> None:
    """Say so where posts were collected in ways that differ, and which alone are learned from."""
    mixture = dataset.mixture(before_s)
    if mixture is not None and mixture.is_one:
        n = int(learnable(dataset.panel, dataset.ways, mixture).sum())
        log.warning(
            "posts were collected in ways that differ: %s; learning from the %s posts of %r alone "
            "(choose another by --collection)",
            mixture.words, f"{n:,}", mixture.reference,
        )  # fmt: skip


def history_gap(panel: Panel, settings: FeatureSettings) -> float | None:
    """None for the as-of mode, else the days that a post must precede a decision to stand in.

    `auto` is as-of where at least half of the earlier posts that hindsight shows had been
    observed before the decision too; a collection scraped once has next to none.
    """
    gap = settings.hindsight_gap_days
    if settings.history != "auto":
        return None if settings.history == "as_of" else gap
    asked, _ = ask_of_posts(panel, HORIZON_DAYS)
    sample: I64 = np.linspace(0, len(asked) - 1, min(_SAMPLE, len(asked))).astype(np.int64)
    past = gather(panel, asked.take(sample), gap)
    stood_in, seen = past.stand_in.sum(), past.seen.sum()
    return gap if seen == 0 or stood_in > 0.5 * seen else None
