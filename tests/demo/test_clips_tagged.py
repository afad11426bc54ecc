"""The demo's clips, watched for real, against what their manifest says."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_tagging.batch.items import Item
from content_tagging.batch.run import tag_files
from content_tagging.contents import Content, load
from content_tagging.timeline import tokens
from demo.clips_tag import CLIPS_FOLDER, Truth, truths
from reelcast.store import Lake
from tests.support import fast_settings

pytestmark = pytest.mark.slow
CLOSE_S = 0.1
TRUTHS = {truth.file: truth for truth in truths()}


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Content]:
    """Each clip's content by file."""
    settings = fast_settings(tmp_path_factory.mktemp("clips"))
    lake = Lake(settings.lake_root)
    items = [Item(path=CLIPS_FOLDER / name) for name in TRUTHS]
    done = tag_files(items, lake, settings)
    assert done.failures == ()
    found = load(lake, list(done.content_of.values()))
    return {path.name: found[content_id] for path, content_id in done.content_of.items()}


def cuts(content: Content) -> list[float]:
    return [cut.at_s for cut in content.signals.pictures.cuts if cut.kind == "hard"]


@pytest.mark.parametrize("name", TRUTHS)
def test_every_cut_is_found_where_it_is_and_no_other(
    name: str, contents: dict[str, Content]
) -> None:
    assert cuts(contents[name]) == pytest.approx(list(TRUTHS[name].cuts_s), abs=CLOSE_S)


def shown_words(truth: Truth) -> list[str]:
    return [w for each in (*truth.texts, *truth.captions) for w in tokens(str(each["text"]))]


def test_nine_words_of_ten_on_screen_are_read(contents: dict[str, Content]) -> None:
    found = total = 0
    for name, truth in TRUTHS.items():
        read = {w for line in contents[name].signals.pictures.lines for w in tokens(line.text)}
        total += len(shown_words(truth))
        found += sum(word in read for word in shown_words(truth))
    assert found / total >= 0.9


def test_subtitles_beside_a_clip_are_its_words(contents: dict[str, Content]) -> None:
    transcript = contents["chickpeas_howto.mp4"].signals.transcript
    assert transcript.engine == "captions"
    said = " ".join(str(each["text"]) for each in TRUTHS["chickpeas_howto.mp4"].speech)
    assert tokens(transcript.text) == tokens(said)


def test_music_without_speech_gives_no_words(contents: dict[str, Content]) -> None:
    assert contents["cat_meme.mp4"].signals.transcript.status == "no_speech"


def test_at_least_five_of_six_hooks_are_what_the_clip_was_made_for(
    contents: dict[str, Content],
) -> None:
    hooks = {
        name: [tag.label for tag in content.tags if tag.group == "hook" and tag.primary]
        for name, content in contents.items()
    }
    right = [name for name in TRUTHS if set(hooks[name]) & set(TRUTHS[name].labels("hook"))]
    assert len(right) >= 5, hooks


@pytest.mark.parametrize("name", ["skincare_question.mp4", "headphones_offer.mp4"])
def test_a_link_and_a_code_are_found_as_calls_to_action(
    name: str, contents: dict[str, Content]
) -> None:
    found = {tag.label for tag in contents[name].tags if tag.group == "cta"}
    assert found & set(TRUTHS[name].labels("cta"))
    assert contents[name].measures["cta_speech"] is True
    assert contents[name].measures["cta_text"] is True


def test_a_clip_is_named_as_its_file(contents: dict[str, Content]) -> None:
    assert all(content.name == Path(name).stem for name, content in contents.items())
