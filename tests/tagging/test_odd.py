"""Every sample file ends in a result or a typed error, as docs/media-files.md says."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from content_tagging.media.guard import WorkerPool
from content_tagging.media.memory import peak_mb
from content_tagging.media.sound import SAMPLES_PER_S, read_sound
from content_tagging.picture.look import Extractors, look
from content_tagging.picture.motion import Motion
from content_tagging.picture.shots import Shots
from content_tagging.records import Media, Pictures
from reelcast.errors import MediaError
from reelcast.settings import TaggingSettings
from tests.docs.pages import section, table_rows, text_of

MEDIA = Path(__file__).parents[3] / "shared" / "media"
pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(not MEDIA.is_dir(), reason="../shared/media is not beside the project"),
]
SETTINGS = TaggingSettings(max_wall_s=120, max_memory_mb=3000)
NO_VIDEO = {"bad.wav", "null.wav", "result.webm"}


@dataclass(frozen=True)
class Read:
    """What decoding, shots, motion and sound made of a file."""

    media: Media
    pictures: Pictures
    sound_s: float
    finite: bool
    peak_mb: float
    took_s: float


def plain(settings: TaggingSettings) -> Extractors:
    return Extractors(Shots(), Motion(), None, None)


def read(path: Path) -> Read:
    began = time.monotonic()
    media, pictures = look(path, SETTINGS, plain)
    samples, finite = 0, True
    for chunk in read_sound(path, SETTINGS):
        samples, finite = samples + len(chunk), finite and bool(np.isfinite(chunk).all())
    took_s = time.monotonic() - began
    return Read(media, pictures, samples / SAMPLES_PER_S, finite, peak_mb(), took_s)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Read | BaseException]:
    """What came of each file, by name, two at a time."""
    files = sorted((*MEDIA.glob("videos/*"), *MEDIA.glob("odd/*")))
    with WorkerPool(SETTINGS) as pool:
        futures: dict[str, Future[Read]] = {path.name: pool.submit(read, path) for path in files}
        return {name: of.exception() or of.result() for name, of in futures.items()}


def test_every_file_ends_in_a_result_or_a_typed_error(
    outcomes: dict[str, Read | BaseException],
) -> None:
    assert len(outcomes) > 35
    wrong = {n: of for n, of in outcomes.items() if not isinstance(of, Read | MediaError)}
    assert wrong == {}


def test_only_files_without_media_are_errors(outcomes: dict[str, Read | BaseException]) -> None:
    failed = {name for name, of in outcomes.items() if not isinstance(of, Read)}
    assert failed == NO_VIDEO | {name for name in outcomes if name.endswith(".srt")}


def test_none_takes_two_minutes_or_three_gigabytes(
    outcomes: dict[str, Read | BaseException],
) -> None:
    read_ = [of for of in outcomes.values() if isinstance(of, Read)]
    assert max(of.took_s for of in read_) < 120
    assert max(of.peak_mb for of in read_) < 3000


def test_what_was_read_makes_sense(outcomes: dict[str, Read | BaseException]) -> None:
    for name, of in outcomes.items():
        if isinstance(of, Read):
            assert of.finite, name
            assert of.sound_s <= of.media.duration_s + 0.2, name
            assert (of.sound_s > 0) == (of.media.audio_codec is not None), name
            assert (of.media.frames > 0) == (of.media.video_codec is not None), name
            assert all(0 < cut.at_s <= of.media.duration_s for cut in of.pictures.cuts), name


def test_the_page_says_how_each_file_ends(outcomes: dict[str, Read | BaseException]) -> None:
    rows = table_rows(section(text_of("docs/media-files.md"), "The sample files, one by one"))
    told = {name.strip("`"): cells[0] for name, cells in rows.items()}
    assert {name: told.get(name) for name in outcomes} == {
        name: "result" if isinstance(of, Read) else "error" for name, of in outcomes.items()
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("issue-134-rotate.mp4", {"width_px": 544, "height_px": 1280, "rotation_deg": 90}),
        ("fire2.mp4", {"rotation_deg": 180}),
        ("hdr10-av1.mp4", {"hdr": True, "width_px": 720}),
        ("8k24fps_300ms.mp4", {"width_px": 7680, "frames": 8}),
        ("goldeneye-vfr-drop3.mp4", {"variable_rate": True, "frames": 160}),
        ("nasa_13013.mp4", {"width_px": 320, "frames": 325}),
        ("with-attached-pic.mp3", {"width_px": None, "frames": 0}),
        ("corrupted.mp4", {"notes": ("broken packets: 1",)}),
        ("sample_empty_track.mp4", {"frames": 30}),
    ],
)
def test_what_is_odd_about_a_file_is_seen(
    name: str, expected: dict[str, object], outcomes: dict[str, Read | BaseException]
) -> None:
    of = outcomes[name]
    assert isinstance(of, Read)
    assert {key: getattr(of.media, key) for key in expected} == expected
