"""The library finds findings by their words, keeps each once, and knows what they rest on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from measurement.learnings import Learning, add, search
from reelcast.errors import InputError
from reelcast.store import Lake
from tests.support import table_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)
QUESTIONS = Learning(
    title="Questions open best",
    text="Hooks that ask a question brought 1.4 times the views",
    metric="views",
    effect=1.4,
    low=1.1,
    high=1.8,
    n=42,
    campaign_id="spring",
)
LISTS = Learning(title="Lists are saved", text="Saves of numbered lists, above all in café themes")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    add(lake, [QUESTIONS], NOW)
    add(lake, [LISTS], NOW + timedelta(days=1))
    return lake


def test_a_finding_is_found_by_another_form_of_its_words(lake: Lake) -> None:
    assert [one.title for one in search(lake, "asked question")] == ["Questions open best"]


def test_accents_and_capitals_do_not_matter(lake: Lake) -> None:
    assert [one.title for one in search(lake, "CAFE")] == ["Lists are saved"]


def test_all_words_must_be_found(lake: Lake) -> None:
    assert search(lake, "question café") == []


def test_a_title_weighs_more_than_the_text(lake: Lake) -> None:
    add(
        lake,
        [Learning(title="Saved by many", text="-"), Learning(title="x y z", text="saved")],
        NOW,
    )
    assert [one.title for one in search(lake, "saved")][-1] == "x y z"


def test_without_words_the_latest_comes_first(lake: Lake) -> None:
    assert [one.title for one in search(lake)] == ["Lists are saved", "Questions open best"]


@pytest.mark.parametrize("words", ['"', "*", "title:", "AND", "a OR (b", "-", "^x NEAR/2"])
def test_signs_of_the_index_are_only_signs(lake: Lake, words: str) -> None:
    search(lake, words)


def test_the_same_finding_again_changes_nothing(lake: Lake) -> None:
    assert add(lake, [QUESTIONS], NOW + timedelta(days=9)).inserted == 0
    assert search(lake, campaign_id="spring")[0].at == NOW


def test_names_and_addresses_are_taken_out(lake: Lake) -> None:
    add(lake, [Learning(title="Ask @fern.diary", text="or fern@a.example")], NOW)
    found = search(lake, "user")[0]
    assert (found.title, found.text) == ("Ask @user", "or @user")


def test_a_finding_of_an_unknown_post_is_refused(lake: Lake) -> None:
    with pytest.raises(InputError, match="tiktok:1"):
        add(lake, [Learning(title="Odd", post_ids=("tiktok:1",))], NOW)


def test_findings_are_found_by_the_post_they_rest_on(lake: Lake) -> None:
    lake.merge("posts", table_of("posts", [{"post_id": "tiktok:1", "creator_id": "c"}]))
    add(lake, [Learning(title="Early posts win", post_ids=("tiktok:1",))], NOW)
    assert [one.title for one in search(lake, post_ids=["tiktok:1"])] == ["Early posts win"]
