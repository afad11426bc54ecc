"""What the lake's tagged videos show, as numbers, joined to the posts that show them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.contents import corrections
from content_tagging.records import Signals
from reelcast.store import Lake

GROUPS = ("hook", "format", "theme", "cta")
LABEL_GROUPS = tuple(f"{group}_" for group in GROUPS)
MEASURE, WORDS, OWN = "measure", "words", "own_content"
_FEWEST = 40  # training posts that must hold a label, or know a measure, for it to be a column
F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shown:
    """Of each video (n_videos, n_names) labels' probabilities and measures, NaN where unknown.

    `words` (n_videos, 384) embeds what is said and written in it, NaN for nothing. Row -1 of any
    lookup means no video.
    """

    names: tuple[str, ...]
    values: F64
    words: F32 | None
    of_post: I64  # (n_posts,) the row of each of the panel's posts, -1 without a tagged video
    of_content: Mapping[str, int]  # the row of each content

    def column(self, name: str) -> F64:
        """The column of this name (n_videos,), NaN throughout where there is none."""
        if name in self.names:
            return self.values[:, self.names.index(name)]
        return np.full(len(self.values), np.nan)

    def with_drafts(self, rows: F64) -> Shown:
        """The same with videos of drafts (n, n_names) after the others."""
        return replace(self, values=np.vstack([self.values, rows]))


@dataclass(frozen=True, slots=True)
class Basis:
    """Mean (384,) and leading principal axes (384, k) of embeddings."""

    mean: F32
    axes: F32

    def reduce(self, vectors: F32 | None, n: int) -> F64:
        """Components (n, k); NaN where there are no words."""
        if vectors is None:
            return np.full((n, self.axes.shape[1]), np.nan)
        return np.asarray((vectors - self.mean) @ self.axes, np.float64)

    @classmethod
    def of(cls, vectors: F32 | None, rows: I64, k: int) -> Basis | None:
        """The basis of these rows, each axis' largest entry positive; None if thin."""
        known = None if vectors is None else vectors[rows].astype(np.float64)
        known = None if known is None else known[~np.isnan(known[:, 0])]
        if not k or known is None or len(known) < 4 * k:
            return None
        mean = known.mean(axis=0)
        _, found = np.linalg.eigh(np.cov(known - mean, rowvar=False))
        axes = found[:, ::-1][:, :k]
        axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
        return cls(mean.astype(np.float32), axes.astype(np.float32))


@dataclass(frozen=True, slots=True)
class ContentState:
    """Which labels and measures become columns, and the basis of words; of training posts only."""

    names: tuple[str, ...] = ()
    words: Basis | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names in the order of features.content.columns; none where nothing was learned."""
        n_words = 0 if self.words is None else self.words.axes.shape[1]
        return (*self.names, *(f"{WORDS}_{i}" for i in range(n_words)), OWN) if self.names else ()

    def reduce(self, shown: Shown | None) -> Shown | None:
        """Of each video what the columns hold, in their order (but the last)."""
        if shown is None or not self.names:
            return None
        parts = [shown.column(name)[:, None] for name in self.names]
        if self.words is not None:
            parts.append(self.words.reduce(shown.words, len(shown.values)))
        return replace(shown, names=self.columns[:-1], values=np.hstack(parts), words=None)


def fit_content(shown: Shown | None, row: I64, n_components: int) -> ContentState:
    """The state of training posts' videos: `row` (n,) of each in `shown`, -1 without one."""
    known = row[row >= 0]
    if shown is None or len(known) < _FEWEST:
        return ContentState()
    values = shown.values[known]
    is_label = np.array([name.startswith(LABEL_GROUPS) for name in shown.names], bool)
    held = np.where(is_label, values > 0, ~np.isnan(values)).sum(axis=0) >= _FEWEST
    varies = np.array([len(np.unique(of[~np.isnan(of)])) > 1 for of in values.T], bool)
    names = tuple(name for name, use in zip(shown.names, held & varies, strict=True) if use)
    return ContentState(names, Basis.of(shown.words, known, n_components) if names else None)


def load_shown(
    lake: Lake, post_ids: Sequence[str], embed: Callable[[Sequence[str]], F32] | None
) -> Shown | None:
    """What the posts' tagged videos show, None where none is tagged.

    Corrections of people win. `embed` gives vectors of words; None leaves these out.
    """
    joined = lake.read("post_contents").to_pylist()
    if not joined:
        return None
    read = {row["content_id"]: row for row in lake.read("taggings").to_pylist()}
    number = {post_id: i for i, post_id in enumerate(post_ids)}
    ids = sorted({row["content_id"] for row in joined} & read.keys())
    of_content = {content_id: i for i, content_id in enumerate(ids)}
    of_post = np.full(len(post_ids), -1, np.int64)
    for row in joined:
        if row["post_id"] in number and row["content_id"] in of_content:
            of_post[number[row["post_id"]]] = of_content[row["content_id"]]
    if (of_post < 0).all():
        return None
    cells = _cells(lake, {content_id: read[content_id] for content_id in ids})
    names = tuple(sorted({name for of in cells for name in of}))
    values = table_of(cells, names)
    words = None
    if embed is not None and len(ids) >= _FEWEST:  # fewer make no basis
        words = embed(_words(lake, ids))
    return Shown(names, values, words, of_post, of_content)


def table_of(cells: Sequence[Mapping[str, float]], names: Sequence[str]) -> F64:
    """(n, n_names): a label that a video's group does not name is 0, a measure not made NaN."""
    at = {name: i for i, name in enumerate(names)}
    values = np.full((len(cells), len(names)), np.nan)
    for row, of in enumerate(cells):
        for group in GROUPS:
            if any(name.startswith(f"{group}_") for name in of):
                mine = [i for name, i in at.items() if name.startswith(f"{group}_")]
                values[row, mine] = 0.0
        for name, value in of.items():
            if name in at:
                values[row, at[name]] = value
    return values


def labels_of(tags: Mapping[Any, Sequence[str]]) -> dict[str, float]:
    """The cells of a draft's tags: of each group that is given the labels it has.

    >>> labels_of({"hook": ["question"], "cta": []})
    {'hook_question': 1.0, 'cta_none': 1.0}
    """
    return {f"{group}_{label}": 1.0 for group, of in tags.items() for label in (of or ("none",))}


def _cells(lake: Lake, read: Mapping[str, Mapping[str, Any]]) -> list[dict[str, float]]:
    """By name the labels' probabilities and the measures of each content."""
    cells: dict[str, dict[str, float]] = {
        content_id: {
            f"{MEASURE}_{name}": float(value)
            for name, value in json.loads(row["measures"] or "{}").items()
            if value is not None
        }
        for content_id, row in read.items()
    }
    for tag in lake.read("tags").to_pylist():
        of = cells.get(tag["content_id"])
        if of is None or tag["group"] not in GROUPS:
            continue
        if tag["version"] == read[tag["content_id"]]["version"]:
            name = f"{tag['group']}_{tag['label']}"
            of[name] = max(of.get(name, 0.0), float(tag["probability"]))
    for said in corrections(lake):
        of = cells.get(said.content_id)
        if of is not None and said.group in GROUPS:
            for name in [name for name in of if name.startswith(f"{said.group}_")]:
                del of[name]
            of |= labels_of({said.group: said.labels})
    return list(cells.values())


def _words(lake: Lake, ids: Sequence[str]) -> list[str]:
    """What is said in each content, else what is written in it."""
    found = dict.fromkeys(ids, "")
    for row in lake.read_columns("contents", ["content_id", "signals"]).to_pylist():
        if row["content_id"] in found:
            signals = Signals.model_validate_json(row["signals"])
            written = " ".join(line.text for line in signals.pictures.lines)
            found[row["content_id"]] = signals.transcript.text or written
    return list(found.values())
