from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from content_tagging.media.display import Turn, fit, turn_of
from content_tagging.media.probe import probe
from reelcast.errors import MediaError, MediaLimitError, NotFoundError
from reelcast.settings import TaggingSettings
from tests.tagging.media_files import Video, scene, tone, write_still, write_tones, write_video

SETTINGS = TaggingSettings(threads=1)


def images(count: int = 10, height: int = 48, width: int = 64) -> list[np.ndarray]:
    return [scene(1, height, width)] * count


def test_a_plain_video_is_described(tmp_path: Path) -> None:
    media = probe(write_video(tmp_path / "a.mp4", images(50)), SETTINGS)
    assert (media.width_px, media.height_px, media.frames) == (64, 48, 50)
    assert (media.duration_s, media.frames_per_s) == (2.0, 25.0)
    assert (media.video_codec, media.audio_codec) == ("h264", None)
    assert (media.variable_rate, media.hdr, media.rotation_deg) == (False, False, 0)


def test_a_rotated_video_has_the_size_that_is_shown(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", images(), Video(rotation_deg=-90))
    media = probe(path, SETTINGS)
    assert (media.width_px, media.height_px, media.rotation_deg) == (48, 64, 90)


def test_wide_pixels_make_a_wide_picture(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", images(), Video(aspect=Fraction(4, 3)))
    media = probe(path, SETTINGS)
    assert (media.width_px, media.height_px) == (85, 48)


def test_a_clip_in_pq_is_hdr(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", images(), Video(pix_fmt="yuv420p10le", transfer=16))
    assert probe(path, SETTINGS).hdr


def test_uneven_times_are_a_variable_rate(tmp_path: Path) -> None:
    uneven = Video(times=lambda index: index + index // 3)
    assert probe(write_video(tmp_path / "a.mp4", images(30), uneven), SETTINGS).variable_rate


def test_sound_alone_is_a_result_without_a_size(tmp_path: Path) -> None:
    media = probe(write_tones(tmp_path / "a.wav", [(0, tone(1))]), SETTINGS)
    assert (media.width_px, media.video_codec, media.audio_codec) == (None, None, "pcm_s16le")
    assert media.duration_s == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp4", b""),
        ("text.txt", b"no video " * 500),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
        ("join.ffconcat", b"ffconcat version 1.0\nfile 'a.mp4'\n"),
        ("zeros.mp4", bytes(5000)),
        ("picture.png", cv2.imencode(".png", scene(1))[1].tobytes()),
        ("words.srt", b"1\n00:00:00,000 --> 00:00:02,000\nHello\n"),
    ],
)
def test_what_is_no_media_file_is_an_error(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MediaError, match=name):
        probe(path, SETTINGS)


def test_a_cut_off_file_without_its_index_is_an_error(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", images(50))
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(MediaError, match="cut off"):
        probe(path, SETTINGS)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"a\.mp4"):
        probe(tmp_path / "a.mp4", SETTINGS)


def test_a_name_that_looks_like_an_address_is_a_file(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        probe(Path("http://127.0.0.1:9/a.mp4"), SETTINGS)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"max_bytes": 100}, "max_bytes"),
        ({"max_duration_s": 1.5}, "max_duration_s"),
        ({"max_frames": 49}, "max_frames"),
        ({"max_gigapixels": 1e-4}, "max_gigapixels"),
    ],
)
def test_a_limit_is_named(limit: dict[str, float], words: str, tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", images(50))
    with pytest.raises(MediaLimitError, match=words):
        probe(path, TaggingSettings(**limit))  # type: ignore[arg-type]


def test_a_small_file_that_unpacks_to_20000_frames_of_4k_is_refused(tmp_path: Path) -> None:
    path = write_still(tmp_path / "a.mov", (3840, 2160), 20_000, 60)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(MediaLimitError, match="166 gigapixels"):
        probe(path, SETTINGS)


def test_a_picture_larger_than_any_screen_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.y4m"
    path.write_bytes(b"YUV4MPEG2 W12000 H8000 F25:1 C420\nFRAME\n" + bytes(144_000_000))
    with pytest.raises(MediaLimitError, match="12000 x 8000"):
        probe(path, SETTINGS)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("mirror_x", [False, True])
@pytest.mark.parametrize("mirror_y", [False, True])
def test_every_display_matrix_puts_each_corner_where_it_says(
    transposed: bool, mirror_x: bool, mirror_y: bool
) -> None:
    across, down = (-1 if mirror_x else 1), (-1 if mirror_y else 1)
    a, b, c, d = (0, down, across, 0) if transposed else (across, 0, 0, down)
    matrix = np.array([a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30], "<i4")
    turn, _ = turn_of(matrix.tobytes())
    assert turn == Turn(transposed, mirror_x, mirror_y)
    picture = np.arange(6, dtype=np.uint8).reshape(2, 3, 1)  # the point (x, y) holds 3 y + x
    shown = turn.of(picture)
    points = {(a * x + c * y, b * x + d * y): 3 * y + x for x in range(3) for y in range(2)}
    left, top = min(x for x, _ in points), min(y for _, y in points)
    assert all(shown[y - top, x - left, 0] == value for (x, y), value in points.items())


def test_a_size_keeps_a_pixel_at_least() -> None:
    assert fit(10_000, 2, 256) == (256, 1)
