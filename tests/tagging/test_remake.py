"""Tags are made anew from stored signals; earlier ones stay under their version."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from content_tagging import remake as remaking
from content_tagging.contents import About, Content, keep, keep_corrections, load
from content_tagging.reader import Reader
from content_tagging.records import (
    Media,
    Pictures,
    Segment,
    Signals,
    TextLine,
    Transcript,
)
from content_tagging.remake import remake
from content_tagging.tags.corrections import Correction
from reelcast.settings import Settings
from reelcast.store import Lake
from tests.support import NOW

TEXTS = (
    "3 things I wish I knew before my first marathon",
    "Stop washing your hair like this, it breaks it",
    "POV: you told everyone you train and now you have to",
    "How to make sourdough without a scale",
    "I was wrong about index funds",
)


class LaterReader(Reader):
    """The reader of a later tagger, under whose version no tags stand yet."""

    def tags_version(self, versions: Mapping[str, str], about: About) -> str:
        return f"{super().tags_version(versions, about)}later"


def signals_of(text: str) -> Signals:
    box = (0.1, 0.2, 0.8, 0.1)
    line = TextLine(start_s=0, end_s=3, text=text, box=box, confidence=0.9, kind="overlay")
    said = Segment(start_s=0.2, end_s=4.0, text=f"{text}.")
    return Signals(
        content_id=sha256(text.encode()).hexdigest(),
        media=Media(duration_s=5.0, width_px=9, height_px=16, audio_codec="aac"),
        pictures=Pictures(lines=(line,)),
        transcript=Transcript(status="speech", engine="captions", segments=(said,)),
    )


def untagged(text: str) -> Content:
    """A content whose tags are of a taxonomy long gone."""
    signals = signals_of(text)
    return Content(
        content_id=signals.content_id,
        tags_version="0.gone",
        taxonomy_version="0",
        tags=(),
        measures={},
        name=text[:8],
        signals=signals,
        versions={"look": "1"},
    )


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One home for all: texts are embedded once."""
    return Settings(home=str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    keep(lake, [untagged(text) for text in TEXTS])
    return lake


def hooks(lake: Lake) -> list[str]:
    """The primary hook, else the first, of each text in order."""
    ids = [signals_of(text).content_id for text in TEXTS]
    found = load(lake, ids)
    return [next(t.label for t in found[id_].tags if t.group == "hook") for id_ in ids]


def tags_by_version(lake: Lake) -> dict[str, int]:
    rows = lake.query("SELECT version, count(*) AS n FROM tags GROUP BY 1").to_pylist()
    return {row["version"]: row["n"] for row in rows}


def test_tags_are_made_from_stored_signals(lake: Lake, settings: Settings) -> None:
    done = remake(lake, partial(Reader.load, settings), 1)
    assert (done.made, done.known, done.failures) == (5, 0, ())
    assert hooks(lake)[:3] == ["listicle", "negative_warning", "pov_relatable"]


def test_measures_are_made_too(lake: Lake, settings: Settings) -> None:
    remake(lake, partial(Reader.load, settings), 1)
    (content,) = load(lake, [signals_of(TEXTS[0]).content_id]).values()
    assert content.measures["supers"] is True
    assert content.measures["vertical"] is True


def test_the_brand_that_a_content_was_tagged_with_is_looked_for(
    lake: Lake, settings: Settings
) -> None:
    about = {"brand": "marathon", "product": "gloves"}
    keep(lake, [untagged(TEXTS[0]).model_copy(update=about)])
    remake(lake, partial(Reader.load, settings), 1)
    (content,) = load(lake, [signals_of(TEXTS[0]).content_id]).values()
    assert content.measures["brand_first5"] is True
    assert content.measures["product_first5"] is False


def test_a_remake_again_changes_nothing(lake: Lake, settings: Settings) -> None:
    remake(lake, partial(Reader.load, settings), 1)
    before = lake.versions()
    done = remake(lake, partial(Reader.load, settings), 1)
    assert (done.made, done.known) == (0, 5)
    assert lake.versions() == before


def test_earlier_tags_stay_and_signals_are_not_written(lake: Lake, settings: Settings) -> None:
    remake(lake, partial(Reader.load, settings), 1)
    before, signals = tags_by_version(lake), lake.versions()["contents"]
    remake(lake, partial(LaterReader.load, settings), 1)
    after = tags_by_version(lake)
    assert before.items() <= after.items()
    assert {f"{version}later" for version in before} == after.keys() - before.keys()
    assert lake.versions()["contents"] == signals


def test_a_correction_outlives_a_remake(lake: Lake, settings: Settings) -> None:
    content_id = signals_of(TEXTS[0]).content_id
    given = Correction(content_id=content_id, group="hook", labels=("storytime",), at=NOW)
    keep_corrections(lake, [given])
    remake(lake, partial(Reader.load, settings), 1)
    assert hooks(lake)[0] == "storytime"


def test_signals_of_another_release_fail_and_stop_no_other(lake: Lake, settings: Settings) -> None:
    spoilt = lake.read("contents").slice(0, 1)
    at = spoilt.column_names.index("signals")
    lake.merge("contents", spoilt.set_column(at, "signals", [['{"smell": "roses"}']]))
    done = remake(lake, partial(Reader.load, settings), 1)
    assert (done.made, len(done.failures)) == (4, 1)
    assert done.failures[0].kind == "MismatchError"
    assert "tag its file again" in done.failures[0].reason


def test_several_processes_read_what_one_reads(
    lake: Lake, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Lake(tmp_path / "other")
    keep(other, [untagged(text) for text in TEXTS])
    remake(lake, partial(Reader.load, settings), 1)
    monkeypatch.setattr(remaking, "LOT", 2)
    told: list[tuple[int, int | None]] = []
    remake(other, partial(Reader.load, settings), 2, lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert other.read("tags").sort_by("content_id") == lake.read("tags").sort_by("content_id")
