"""Contents, tags, posts and corrections in the lake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from content_tagging.contents import (
    Content,
    corrections,
    find,
    keep,
    keep_corrections,
    keep_posts,
    load,
)
from content_tagging.records import Media, Signals, Tag, Transcript, Word
from content_tagging.tags.corrections import Correction
from reelcast.errors import InputError, NotFoundError
from reelcast.store import Lake

ID, OTHER = "ab" * 32, "cd" * 32
AT = datetime(2026, 1, 1, tzinfo=UTC)
HOOK = Tag(
    group="hook",
    label="listicle",
    probability=0.8,
    primary=True,
    modality="on_screen",
    start_s=0.0,
    end_s=1.5,
    evidence="3 things",
    detector="rules/1",
)
CTA = Tag(group="cta", label="follow", probability=0.6, detector="rules/1")


def content_of(content_id: str = ID, **others: object) -> Content:
    signals = Signals(
        content_id=content_id,
        media=Media(duration_s=2.0, width_px=9, height_px=16),
        transcript=Transcript(status="no_sound", engine="none"),
    )
    given: dict[str, object] = {
        "content_id": content_id,
        "name": "clip",
        "signals": signals,
        "measures": {"vertical": True, "motion": 0.1, "first_cut_s": None},
        "tags": (HOOK, CTA),
        "tags_version": "1.aaaa",
        "taxonomy_version": "1",
        "versions": {"look": "1"},
    }
    return Content.model_validate({**given, **others})


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def correct(lake: Lake, *labels: str, days: int = 0, reason: str | None = None) -> None:
    keep_corrections(
        lake,
        [
            Correction(
                content_id=ID,
                group="hook",
                labels=labels,
                at=AT + timedelta(days=days),
                reason=reason,
            )
        ],
    )


def test_a_content_reads_as_it_was_kept(lake: Lake) -> None:
    keep(lake, [content_of(), content_of(OTHER, caption="a draft")])
    assert load(lake, [ID, OTHER]) == {
        ID: content_of(),
        OTHER: content_of(OTHER, caption="a draft"),
    }


def test_times_are_to_the_millisecond(lake: Lake) -> None:
    late = HOOK.model_copy(update={"start_s": 1.2 * 3})
    keep(lake, [content_of(tags=(late.model_dump(),))])
    (kept,) = load(lake, [ID])[ID].tags
    assert (late.start_s, kept.start_s) == (3.5999999999999996, 3.6)
    assert Word(start_s=0.1 + 0.2, end_s=1, text="a").model_dump()["start_s"] == 0.3


def test_keeping_the_same_again_writes_nothing(lake: Lake) -> None:
    keep(lake, [content_of()])
    before = lake.versions()
    keep(lake, [content_of()])
    assert lake.versions() == before


def test_earlier_tags_stay_under_their_version(lake: Lake) -> None:
    keep(lake, [content_of()])
    keep(lake, [content_of(tags=(CTA,), tags_version="2.bbbb", taxonomy_version="2")])
    assert load(lake, [ID])[ID].tags == (CTA,)
    kept = lake.query("SELECT version, count(*) AS n FROM tags GROUP BY 1 ORDER BY 1").to_pylist()
    assert kept == [{"version": "1.aaaa", "n": 2}, {"version": "2.bbbb", "n": 1}]


def test_no_folder_stands_in_the_lake(lake: Lake) -> None:
    keep(lake, [content_of()])
    assert lake.read("contents")["name"].to_pylist() == ["clip"]


def test_tags_join_to_posts(lake: Lake) -> None:
    keep(lake, [content_of()])
    keep_posts(lake, {"tiktok:1": ID, "tiktok:2": ID})
    sql = (
        "SELECT post_id, label FROM post_contents JOIN taggings USING (content_id) "
        'JOIN tags USING (content_id, version) WHERE "primary" ORDER BY post_id'
    )
    assert [*map(tuple, (row.values() for row in lake.query(sql).to_pylist()))] == [
        ("tiktok:1", "listicle"),
        ("tiktok:2", "listicle"),
    ]


def test_a_correction_wins_over_the_tags_of_its_group(lake: Lake) -> None:
    keep(lake, [content_of()])
    correct(lake, "question", "storytime")
    tags = load(lake, [ID])[ID].tags
    assert [(tag.group, tag.label, tag.primary, tag.detector) for tag in tags] == [
        ("cta", "follow", False, "rules/1"),
        ("hook", "question", True, "person"),
        ("hook", "storytime", False, "person"),
    ]


def test_the_latest_correction_wins_and_the_earlier_stays(lake: Lake) -> None:
    correct(lake, "question", reason="it asks")
    correct(lake, "storytime", days=1)
    (latest,) = corrections(lake)
    assert (latest.labels, latest.reason) == (("storytime",), None)
    assert lake.read("tag_corrections").num_rows == 2


@pytest.mark.parametrize("name", [ID, ID[:8], "clip"])
def test_a_content_is_found_by_its_id_its_beginning_or_its_name(lake: Lake, name: str) -> None:
    keep(lake, [content_of(), content_of(OTHER, name="another")])
    assert find(lake, name) == ID


def test_a_content_that_is_not_there_is_named(lake: Lake) -> None:
    with pytest.raises(NotFoundError, match="'lost'"):
        find(lake, "lost")


def test_a_name_of_several_contents_asks_for_an_id(lake: Lake) -> None:
    keep(lake, [content_of(), content_of(OTHER)])
    with pytest.raises(InputError, match="2 contents are called 'clip'"):
        find(lake, "clip")
