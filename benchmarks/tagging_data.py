"""The labelled openings of the tagging benchmark, their folds, and YouTube categories as themes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.tags.corpus import Example, example_of
from content_tagging.tags.reading import Reading, reading_of_item

FOLDS = 5
SAME_WORDS, SAME_MEANING = 0.5, 0.85  # cosines from which on two openings are of one template
THEMES_OF_CATEGORY = {
    "1": "entertainment_comedy",  # film and animation
    "2": "auto",
    "10": "music_dance",
    "15": "pets",
    "17": "sports",
    "19": "travel",
    "20": "gaming",
    "23": "entertainment_comedy",  # comedy
    "24": "entertainment_comedy",  # entertainment
    "25": "news_politics",
    "26": "home, style and food",
    "27": "education",
    "28": "tech_gadgets",
}  # 22 people and blogs, 29 nonprofits: a kind of uploader, no theme
HOWTO_AND_STYLE = {"beauty_skincare", "fashion", "food_drink", "home_garden", "fitness_wellness"}


@dataclass(frozen=True, slots=True)
class Gold:
    """Openings with the answers that count, by group, and the template each follows."""

    readings: tuple[Reading, ...]
    accepted: dict[str, list[tuple[str, ...]]]
    examples: tuple[Example, ...]

    def __len__(self) -> int:
        return len(self.readings)


def load_gold(path: Path) -> Gold:
    """The gold file: `hook`, `format`, `theme` list the accepted answers, `cta` the agreed ones."""
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return Gold(
        readings=tuple(reading_of_item(item) for item in items),
        accepted={
            group: [tuple(item[group]) for item in items]
            for group in ("hook", "format", "theme", "cta")
        },
        examples=tuple(example_of({**item, "cta": item["cta"] or ["none"]}) for item in items),
    )


def templates_of(texts: Sequence[str], meaning: npt.NDArray[np.float32]) -> list[int]:
    """The template of each opening: those that share most of their letters or their meaning with
    any other of it, by single linkage."""
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import TfidfVectorizer

    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    grams = letters.fit_transform(texts)
    alike = (grams @ grams.T).toarray() >= SAME_WORDS
    alike |= meaning @ meaning.T >= SAME_MEANING
    return [int(label) for label in connected_components(alike, directed=False)[1]]


def folds_of(templates: Sequence[int]) -> npt.NDArray[np.int64]:
    """The fold of each row: templates whole, the largest first, each into the emptiest fold."""
    sizes = Counter(templates)
    filled = [0] * FOLDS
    place: dict[int, int] = {}
    for template, n in sorted(sizes.items(), key=lambda of: (-of[1], of[0])):
        place[template] = filled.index(min(filled))
        filled[place[template]] += n
    return np.array([place[template] for template in templates])


@dataclass(frozen=True, slots=True)
class Titles:
    """YouTube titles with descriptions, and the class that the uploader chose."""

    readings: list[Reading]
    texts: list[str]
    classes: list[str]


def load_titles(path: Path) -> tuple[Titles, Titles]:
    """Training and test titles of the mapped categories: one in five by the hash of its id."""
    import pyarrow.parquet as pq

    rows = pq.read_table(path).to_pylist()
    known = [row for row in rows if row["category_id"] in THEMES_OF_CATEGORY]
    test = [row for row in known if _hash(row["video_id"]) % 5 == 0]
    train = [row for row in known if _hash(row["video_id"]) % 5]
    return _titles(train), _titles(test)


def class_of(theme: str) -> str:
    """The class of YouTube that a theme falls into.

    >>> class_of("fashion"), class_of("pets")
    ('home, style and food', 'pets')
    """
    return "home, style and food" if theme in HOWTO_AND_STYLE else theme


def _titles(rows: list[dict[str, Any]]) -> Titles:
    texts = [f"{row['title']} {(row['description'] or '')[:200]}" for row in rows]
    return Titles(
        readings=[
            Reading(id=row["video_id"], caption=text) for row, text in zip(rows, texts, strict=True)
        ],
        texts=texts,
        classes=[THEMES_OF_CATEGORY[row["category_id"]] for row in rows],
    )


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
