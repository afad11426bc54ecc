from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import av
import pytest
from PIL import ImageChops

from content_tagging.tags.taxonomy import load_taxonomy
from demo.clips_draw import DRAWN, Moment, picture, write_caption, write_text
from demo.clips_make import subtitles
from demo.clips_plan import CLIPS, HEIGHT_PX, WIDTH_PX
from demo.clips_sound import RATE_HZ, levels, music
from demo.clips_tag import CLIPS_FOLDER, Truth, posts_of_clips, truths
from reelcast.simulated import World

MOST_BYTES = 3_000_000
NAMES = [truth.file for truth in truths()]


def test_there_are_six_clips_and_they_weigh_under_three_megabytes() -> None:
    assert [f"{clip.name}.mp4" for clip in CLIPS] == NAMES
    assert len(NAMES) == 6
    assert sum(path.stat().st_size for path in CLIPS_FOLDER.iterdir()) < MOST_BYTES


def test_the_clips_travel_with_the_package() -> None:
    root = Path(__file__).parents[2]
    build = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert "demo" in build["targets"]["wheel"]["packages"]
    assert root / "demo" / "clips" == CLIPS_FOLDER


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_is_the_file_that_the_manifest_tells_of(name: str) -> None:
    digest = hashlib.sha256((CLIPS_FOLDER / name).read_bytes()).hexdigest()
    assert digest in (CLIPS_FOLDER / "manifest.json").read_text()


@pytest.mark.parametrize("truth", truths(), ids=NAMES)
def test_a_clip_is_upright_and_as_long_as_told(truth: Truth) -> None:
    with av.open(str(CLIPS_FOLDER / truth.file)) as file:
        video = file.streams.video[0]
        assert (video.codec_context.width, video.codec_context.height) == (WIDTH_PX, HEIGHT_PX)
        assert file.streams.audio[0].codec_context.name == "aac"
        assert float((file.duration or 0) / av.time_base) == pytest.approx(
            truth.duration_s, abs=0.1
        )
    assert 6 <= truth.duration_s <= 12.5


@pytest.mark.parametrize("truth", truths(), ids=NAMES)
def test_what_a_clip_was_made_to_be_are_labels_of_the_taxonomy(truth: Truth) -> None:
    for group in ("hook", "format", "theme", "cta"):
        assert set(truth.labels(group)) <= set(load_taxonomy().names(group))


def test_no_two_clips_are_made_for_the_same_hook_theme_or_call() -> None:
    for group in ("hook", "theme", "cta"):
        assert len({truth.labels(group)[0] for truth in truths()}) == 6


def test_every_sentence_and_text_stands_within_its_clip() -> None:
    for truth in truths():
        for each in (*truth.speech, *truth.texts, *truth.captions):
            assert 0 <= float(each["start_s"]) < float(each["end_s"]) <= truth.duration_s


def test_every_drawing_of_the_plan_exists_and_moves() -> None:
    used = {scene.drawing for clip in CLIPS for scene in clip.scenes}
    assert used == set(DRAWN)
    for name in used:
        first, later = (picture(DRAWN[name], Moment(at, 0.5)).tobytes() for at in (0.1, 1.3))
        assert first != later


def test_text_is_wrapped_into_the_frame() -> None:
    image = picture(DRAWN["sunset"], Moment(0.0))
    before = image.copy()
    write_text(image, "a text so long that it takes more than a line", "top")
    write_caption(image, "and a caption that takes more than one line too")
    left, top, right, bottom = ImageChops.difference(before, image).getbbox() or (0, 0, 0, 0)
    assert 0 < left < right < WIDTH_PX
    assert 0 < top < bottom < HEIGHT_PX


def test_music_is_as_long_as_asked_and_never_clips() -> None:
    samples = music(3.0)
    assert len(samples) == 3 * RATE_HZ
    assert 0.05 < abs(samples).max() <= 1


def test_levels_of_silence_are_zero() -> None:
    assert levels(music(1.0) * 0, 25, 25).tolist() == [0.0] * 25


def test_the_subtitles_beside_a_clip_say_its_sentences() -> None:
    truth = next(each for each in truths() if each.file == "chickpeas_howto.mp4")
    text = (CLIPS_FOLDER / "chickpeas_howto.srt").read_text()
    assert [str(each["text"]) for each in truth.speech] == text.splitlines()[2::4]
    assert text.startswith("1\n00:00:00,200 --> ")
    assert subtitles([]) == ""


def test_each_clip_is_another_post_of_its_theme_where_there_is_one(world: World) -> None:
    chosen = posts_of_clips(world)
    themes = {f"{post.platform}:{post.post_id}": post.theme for post in world.posts}
    assert len(set(chosen.values())) == 6
    for truth in truths():
        theme = truth.labels("theme")[0]
        assert themes[chosen[truth.file]] == theme or theme not in themes.values()
