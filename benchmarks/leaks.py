"""Leak tests on each collection: shuffled targets give no skill, a future row changes nothing.

    python -m benchmarks.leaks

*Shuffled*: counts handed out at random among posts before anything is learned; the forecasts' rank
correlation with what came must then be none. *Future*: counts of posts published after each
decision (and within the gap before it) are multiplied at random, so are followers counted after it
(but a creator's first count, which stands in for its tier in hindsight, as is said), and texts'
embeddings, tags and what is said in videos of posts published after it are redrawn, on the
collections that have them; no row may change. Repeatedly counted videos:
`benchmarks.leaks_trajectories`.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import evidence, leaks_trajectories
from benchmarks.content import COMPONENTS, format_words, hotel_words, smp_words, with_content
from benchmarks.evidence import target
from benchmarks.splits import load, median_of, plain_columns, split_at
from content_tagging.tags.tagger import Tagger
from features.dataset import Dataset
from features.panel import DAY_S, Panel
from features.shown import Shown
from reelcast.packages import require
from reelcast.settings import Settings
from reelcast.tables import TARGETS
from training.backtest import origins

NAMES = ("vi", "famous", "news", "hotels", "smp", "formats")
WORDS_OF = {"hotels": hotel_words, "formats": format_words, "smp": smp_words}
MOST_RHO, MOST_SKILL = 0.1, 0.02
_SECONDS = (1 << 34) - 1  # of a follower key


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    found = {}
    for name in NAMES:
        dataset = load(name, folder)
        found[name] = {"shuffled_rho": shuffled(dataset), **future(with_texts(name, folder))}
        print(name, found[name], flush=True)
    rows = []
    for name, of in found.items():
        rho, changed = of["shuffled_rho"], of["rows_changed"]
        goal = f"|rho| < {MOST_RHO}"
        rows += [
            target(f"{name}: shuffled targets", rho, "rho", goal, abs(rho) < MOST_RHO),
            target(f"{name}: future rows", changed, "changed", "0", changed == 0),
        ]
    tracks = leaks_trajectories.figures(folder)
    for name, of in tracks.items():
        skill, changed = of["shuffled_skill"], of["rows_changed"]
        goal = f"below {MOST_SKILL}"
        rows += [
            target(f"{name}: shuffled outcomes", skill, "skill", goal, skill < MOST_SKILL),
            target(f"{name}: future counts", changed, "changed", "0", changed == 0),
        ]
    figures = {"data": found, "trajectories": tracks, "off": names_off(), "targets": rows}
    print("wrote", evidence.write("leaks", figures, started))


def with_texts(name: str, folder: Path) -> Dataset:
    """The collection with embedded texts, and tagged as read where its videos' words are known;
    drawn embeddings for the others, of which embedding takes minutes."""
    if name not in WORDS_OF:
        dataset = load(name, folder)
        drawn = np.random.default_rng(3).normal(0, 0.05, (dataset.panel.n_posts, 384))
        vectors = drawn.astype(np.float32)  # stand in: as of which time they are read is the same
        return replace(dataset, panel=dataset.panel.with_vectors(vectors))
    dataset = load(name, folder, "always")
    tagger = Tagger.from_settings(Settings(home=str(evidence.ROOT / "var" / "bench")))
    return with_content(dataset, WORDS_OF[name](folder), tagger)


def shuffled(dataset: Dataset) -> float:
    """Rank correlation of forecasts learned from shuffled counts with those counts."""
    panel = dataset.panel
    order = np.random.default_rng(9).permutation(len(panel.obs_s))
    mixed = replace(dataset, panel=replace(panel, obs_counts=panel.obs_counts[order]))
    split = split_at(mixed, origins(mixed, "views", 1, 0.2)[0])
    # the age at the count is left out: it says nothing of these counts, but growth grows them
    made = median_of(split, plain_columns()) - split.share
    statistic = require("scipy.stats").spearmanr(made, split.test_log).statistic
    return float(statistic)


def future(dataset: Dataset) -> dict[str, Any]:
    """How many rows decided by the middle of the test window change with what came from then on,
    how many later ones do (so that the test can fail), and what was disturbed."""
    origin = origins(dataset, "views", 1, 0.2)[0]
    middle = (origin.start_s + origin.end_s) // 2
    panel, disturbed = disturb(dataset.panel, middle, int((dataset.gap_days or 0.0) * DAY_S))
    asked, outcomes = dataset.ask(origin.start_s)
    state = dataset.fit(asked, outcomes, COMPONENTS)
    questions, _ = dataset.ask()
    one, two = (of.rows(questions, state).values for of in (dataset, replace(dataset, panel=panel)))
    moved = (~np.isclose(one, two, equal_nan=True)).any(axis=1)
    early = questions.decided_s <= middle
    return {
        "rows_changed": int(moved[early].sum()),
        "later_rows_changed": int(moved[~early].sum()),
        "disturbed": disturbed,
    }


def disturb(panel: Panel, middle_s: int, gap_s: int) -> tuple[Panel, list[str]]:
    """The panel with all that came after a second changed, and the names of what was."""
    rng = np.random.default_rng(5)
    post = np.repeat(np.arange(panel.n_posts), np.diff(panel.obs_start))
    later = panel.published_s[post] > middle_s - gap_s
    counts = panel.obs_counts.copy()
    counts[later] *= rng.uniform(2, 50, (int(later.sum()), counts.shape[1]))
    known = [name for i, name in enumerate(TARGETS) if (~np.isnan(counts[later, i])).any()]
    made, names = replace(panel, obs_counts=counts), known
    first = np.zeros(len(panel.followers), bool)
    first[panel.follower_start[:-1][np.diff(panel.follower_start) > 0]] = True
    late = ((panel.follower_key & _SECONDS) > middle_s) & ~first
    if late.any():
        followers = panel.followers.copy()
        followers[late] *= rng.uniform(2, 50, int(late.sum()))
        made, names = replace(made, followers=followers), [*names, "followers"]
    new = panel.published_s > middle_s
    if panel.vectors is not None:
        vectors = panel.vectors.copy()
        vectors[new] = rng.normal(size=vectors[new].shape)
        made, names = made.with_vectors(vectors), [*names, "texts"]
    if panel.shown is not None:
        made, names = replace(made, shown=_other(panel.shown, new, rng)), [*names, "tags", "words"]
    return made, names


def _other(shown: Shown, new: npt.NDArray[np.bool_], rng: np.random.Generator) -> Shown:
    """What videos show, of new posts (n_posts,) redrawn."""
    rows = shown.of_post[new]
    rows = rows[rows >= 0]
    values = shown.values.copy()
    values[rows] = rng.uniform(0, 1, values[rows].shape)
    words = None if shown.words is None else shown.words.copy()
    if words is not None:
        words[rows] = rng.normal(size=words[rows].shape)
    return replace(shown, values=values, words=words)


def names_off() -> dict[str, Any]:
    """Fields counted at the crawl that a forecast before posting does not read, by collection."""
    from benchmarks.smp import CRAWL_TIME

    return {"smp": CRAWL_TIME, "famous, hotels, formats, vi": ["followers as scraped, as a column"]}


if __name__ == "__main__":
    main()
