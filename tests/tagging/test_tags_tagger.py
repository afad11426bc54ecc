"""The tagger that ships, on readings written for these tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from content_tagging.records import Tag
from content_tagging.tags.reading import Line, Reading, Seen
from content_tagging.tags.tagger import Tagger, trained_folder
from content_tagging.tags.taxonomy import GROUPS, ONE_ANSWER, load_taxonomy
from content_tagging.tags.text_items import tag_items
from content_tagging.tags.visual import visual_hooks
from reelcast.errors import NotFoundError
from reelcast.settings import Settings, load_settings

LIST = Reading(
    id="list",
    caption="save this for your next trip! use code FLY10 #travel #packing",
    on_screen=(Line(text="5 things I always pack", start_s=0.0, end_s=3.0),),
    spoken=(
        Line(text="Stop packing three pairs of shoes.", start_s=0.4, end_s=2.1),
        Line(text="Here are five things for your suitcase.", start_s=2.1, end_s=4.0),
    ),
    duration_s=30,
)
MEME = Reading(
    id="meme",
    caption="#dogsoftiktok",
    on_screen=(Line(text="pov: your dog hears the cheese drawer"),),
    duration_s=7,
)
EMPTY = Reading(id="empty")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(home=str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def tagger(settings: Settings) -> Tagger:
    return Tagger.from_settings(settings)


@pytest.fixture(scope="module")
def tags(tagger: Tagger) -> dict[str, tuple[Tag, ...]]:
    readings = [LIST, MEME, EMPTY]
    return {r.id: t for r, t in zip(readings, tagger.tag(readings), strict=True)}


def of_group(tags: tuple[Tag, ...], group: str) -> list[Tag]:
    return [tag for tag in tags if tag.group == group]


def test_every_tag_has_a_label_of_the_taxonomy_and_a_detector(
    tags: dict[str, tuple[Tag, ...]],
) -> None:
    for tag in (tag for of in tags.values() for tag in of):
        assert tag.label in load_taxonomy().names(tag.group)
        assert tag.detector.startswith("heads/")


def test_a_meme_is_told_as_one(tags: dict[str, tuple[Tag, ...]]) -> None:
    primary = {tag.group: tag.label for tag in tags["meme"] if tag.primary}
    assert primary == {"hook": "pov_relatable", "format": "text_meme", "theme": "pets"}


def test_hooks_of_what_is_said_and_of_what_is_shown_stand_apart(
    tags: dict[str, tuple[Tag, ...]],
) -> None:
    hooks = {(tag.label, tag.modality) for tag in of_group(tags["list"], "hook")}
    assert ("listicle", "on_screen") in hooks
    assert ("negative_warning", "spoken") in hooks
    assert sum(tag.primary for tag in of_group(tags["list"], "hook")) == 1


def test_a_tag_quotes_its_words_with_their_time(tags: dict[str, tuple[Tag, ...]]) -> None:
    hook = next(t for t in of_group(tags["list"], "hook") if t.label == "negative_warning")
    assert hook.evidence == "Stop packing three pairs of shoes."
    assert (hook.start_s, hook.end_s) == (0.4, 2.1)


def test_calls_to_action_are_all_told(tags: dict[str, tuple[Tag, ...]]) -> None:
    asked = {tag.label: tag for tag in of_group(tags["list"], "cta")}
    assert {"save", "use_code"} <= set(asked)
    assert asked["use_code"].modality == "caption"
    assert asked["use_code"].start_s is None


def test_without_words_nothing_is_sure(tags: dict[str, tuple[Tag, ...]]) -> None:
    assert [tag.evidence for tag in tags["empty"]] == [None] * len(tags["empty"])
    assert [tag.label for tag in of_group(tags["empty"], "cta")] == ["none"]
    assert not any(tag.primary for tag in tags["empty"] if tag.group == "theme")


def test_a_reading_has_the_same_tags_in_any_company(
    tagger: Tagger, tags: dict[str, tuple[Tag, ...]]
) -> None:
    assert tagger.tag([MEME]) == [tags["meme"]]
    assert tagger.tag([EMPTY, LIST, LIST])[2] == tags["list"]


def test_no_readings_have_no_tags(tagger: Tagger) -> None:
    assert tagger.tag([]) == []


def test_probabilities_of_one_answer_groups_sum_to_one(tagger: Tagger) -> None:
    (answers,) = tagger.answers([LIST])
    assert set(answers) == set(GROUPS)
    for group in ONE_ANSWER:
        assert sum(answers[group].probabilities.values()) == pytest.approx(1, abs=0.01)


def test_fast_cuts_at_the_start_are_a_visual_hook_that_says_it_is_a_guess() -> None:
    (tag,) = visual_hooks(Seen(cuts_s=(0.4, 0.9, 1.5, 8.0)))
    assert (tag.label, tag.modality, tag.primary) == ("pattern_interrupt", "visual", False)
    assert tag.evidence == "3 cuts in the first 2 s"
    assert "not calibrated" in tag.detector
    assert visual_hooks(Seen(cuts_s=(5.0,))) == ()


def test_heads_that_do_not_fit_are_passed_over_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = load_settings(home=str(tmp_path))
    folder = trained_folder(settings)
    folder.mkdir(parents=True)
    for name, text in (("manifest.json", '{"format": 0}'), ("vocabulary.txt", "")):
        (folder / name).write_text(text)
    (folder / "weights.npz").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    assert Tagger.from_settings(settings).heads.manifest.corrections == 0
    assert "the shipped tagger is used" in caplog.text


def test_text_items_lose_no_line(settings: Settings, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a", "speech": "How to fold a shirt", "text_overlay": None}),
        "{broken",
        "",
        json.dumps({"id": "a", "caption": "again"}),
        json.dumps({"id": "b", "caption": 7}),
        json.dumps([1]),
        json.dumps({"id": "c", "caption": "follow for more"}),
    ]
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text("\n".join(lines))
    told: list[tuple[int, int]] = []
    report = tag_items(path, out, settings, lambda done, of: told.append((done, of)))
    answers = [json.loads(line) for line in out.read_text().splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "c"]
    assert answers[0]["hook"] == "how_to"
    assert answers[1]["cta"] == ["follow"]
    assert set(answers[0]["probabilities"]) == {"hook", "format", "theme", "cta"}
    assert (report.read, report.tagged) == (6, 2)
    assert [failure.line for failure in report.failures] == [2, 4, 5, 6]
    assert "stands in line 1 already" in report.failures[1].reason
    assert told == [(2, 2)]


def test_a_file_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no\.jsonl"):
        tag_items(tmp_path / "no.jsonl", tmp_path / "out", settings)


def test_a_folder_to_write_to_that_is_not_there_is_named(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "in.jsonl").write_text("")
    with pytest.raises(NotFoundError, match="there is no folder"):
        tag_items(tmp_path / "in.jsonl", tmp_path / "no" / "out.jsonl", settings)


def test_halves_of_characters_and_deep_json_lose_no_other_line(
    settings: Settings, tmp_path: Path
) -> None:
    lines = ['{"id": "\\ud83d", "caption": "half \\ud83d"}', "[" * 200_000, '{"id": "b"}']
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text("\n".join(lines))
    report = tag_items(path, out, settings)
    assert (report.read, report.tagged) == (3, 2)
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["\ufffd", "b"]
