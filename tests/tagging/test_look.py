from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from content_tagging.media.frame import Frame
from content_tagging.media.guard import WorkerPool
from content_tagging.media.memory import peak_mb
from content_tagging.picture import look as looking
from content_tagging.picture.look import Extractors, all_extractors, look
from content_tagging.picture.motion import Motion
from content_tagging.picture.shots import Shots
from content_tagging.records import Faces, Pictures, TextLine
from reelcast.settings import TaggingSettings
from tests.tagging.media_files import (
    U8,
    Video,
    scene,
    tone,
    write_repeated,
    write_tones,
    write_video,
)

SETTINGS = TaggingSettings(threads=1, workers=1)


class Counting:
    """Stands in for text: keeps the times that it saw."""

    def __init__(self) -> None:
        self.seen_s: list[float] = []

    def see(self, frame: Frame) -> None:
        self.seen_s.append(frame.time_s)

    def result(self) -> tuple[TextLine, ...]:
        text = str(len(self.seen_s))
        box = (0.0, 0.0, 1.0, 1.0)
        return (TextLine(start_s=0, end_s=1, text=text, box=box, confidence=1, kind="overlay"),)


class OneFace:
    def see(self, frame: Frame) -> None: ...

    def result(self) -> tuple[Faces, ...]:
        return (Faces(at_s=0, count=1, largest_height=0.5, largest_area=0.2),)


def few(settings: TaggingSettings) -> Extractors:
    return Extractors(Shots(), Motion(), Counting(), OneFace())


def two_shots() -> list[U8]:
    return [scene(1, 256, 144)] * 25 + [scene(2, 256, 144)] * 25


def test_one_pass_serves_all_extractors(tmp_path: Path) -> None:
    media, pictures = look(write_video(tmp_path / "a.mp4", two_shots()), SETTINGS, few)
    assert media.frames == 50
    assert [cut.at_s for cut in pictures.cuts] == [1.0]
    assert pictures.lines[0].text == "50"
    assert pictures.faces[0].count == 1
    assert len(pictures.motion) == 6


def test_a_part_can_be_left_out(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", two_shots())
    _, pictures = look(path, SETTINGS, lambda _: Extractors(Shots(), Motion(), None, None))
    assert (pictures.lines, pictures.faces) == ((), ())


def test_sound_alone_has_no_pictures_and_loads_nothing(tmp_path: Path) -> None:
    def loads(settings: TaggingSettings) -> Extractors:
        raise AssertionError("loaded")

    media, pictures = look(write_tones(tmp_path / "a.wav", [(0, tone(1))]), SETTINGS, loads)
    assert media.width_px is None
    assert pictures == Pictures(detectors=looking.detectors(SETTINGS))


def test_every_part_has_a_version_and_all_are_in_the_one_word() -> None:
    parts = looking.detectors(SETTINGS)
    assert set(parts) == {"frames", "shots", "motion", "text", "faces"}
    assert all(of in looking.version(SETTINGS) for of in parts.values())


def test_the_same_file_gives_the_same_pictures(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", two_shots())
    found = {
        look(path, TaggingSettings(threads=threads), all_extractors)[1].model_dump_json()
        for threads in (1, 2)
    }
    assert len(found) == 1


def look_and_weigh(path: Path) -> tuple[int, float]:
    """Frames seen by all extractors, and the most memory that the process held, in MB."""
    media, _ = look(path, SETTINGS)
    return media.frames, peak_mb()


@pytest.mark.slow
def test_a_minute_of_full_size_video_takes_less_than_1500_mb(tmp_path: Path) -> None:
    wide = cv2.resize(scene(1), (1080, 1920), interpolation=cv2.INTER_CUBIC)
    images = [np.roll(wide, 8 * index, axis=0) for index in range(30)]
    for index, image in enumerate(images):
        cv2.putText(image, f"PART {index // 10}", (90, 900), 0, 6, (255, 255, 255), 20)
    second = write_video(tmp_path / "second.mp4", images, Video(frames_per_s=30))
    minute = write_repeated(tmp_path / "minute.mp4", second, 60, len(images))
    with WorkerPool(SETTINGS) as pool:
        frames, peak = pool.submit(look_and_weigh, minute).result()
    assert frames == 1800
    assert peak < 1500
