from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from content_tagging.media.frame import Frame
from content_tagging.media.frames import FrameReader, read_frames
from content_tagging.records import Media
from reelcast.errors import MediaLimitError
from reelcast.settings import TaggingSettings
from tests.tagging.media_files import Video, scene, tone, write_still, write_tones, write_video

SETTINGS = TaggingSettings(threads=1)


def halves(height: int = 96, width: int = 160) -> np.ndarray:
    """Red to the left, blue to the right."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2, 0] = 220
    image[:, width // 2 :, 2] = 220
    return image


def read(path: Path, settings: TaggingSettings = SETTINGS) -> tuple[list[Frame], Media]:
    reader = FrameReader(path, settings)
    return [*reader], reader.media


def digest(frames: list[Frame]) -> str:
    whole = hashlib.sha256()
    for frame in frames:
        whole.update(repr((frame.index, frame.time_s)).encode() + frame.small.tobytes())
        whole.update(b"" if frame.picture is None else frame.picture.tobytes())
    return whole.hexdigest()


def moving(count: int) -> list[np.ndarray]:
    return [np.roll(scene(3, 96, 160), 4 * index, axis=1) for index in range(count)]


def test_every_frame_comes_small_in_order(tmp_path: Path) -> None:
    frames, media = read(write_video(tmp_path / "a.mp4", [halves(480, 640)] * 30))
    assert [frame.index for frame in frames] == list(range(30))
    assert [frame.time_s for frame in frames] == pytest.approx([i / 25 for i in range(30)])
    assert {frame.small.shape for frame in frames} == {(192, 256, 3)}
    assert media.frames == 30


def test_whole_pictures_are_dense_in_the_opening_and_sparse_after(tmp_path: Path) -> None:
    frames, _ = read(write_video(tmp_path / "a.mp4", [halves()] * 200))
    at_s = [frame.time_s for frame in frames if frame.picture is not None]
    assert sum(at < 3 for at in at_s) == 24
    assert sum(at >= 3 for at in at_s) == pytest.approx(5 / 0.4, abs=1)
    assert {f.picture.shape for f in frames if f.picture is not None} == {(96, 160, 3)}


def test_a_large_picture_is_capped(tmp_path: Path) -> None:
    frames, media = read(write_still(tmp_path / "a.mov", (3840, 2160), 2, 10))
    assert frames[0].picture is not None
    assert frames[0].picture.shape == (1080, 1920, 3)
    assert media.width_px == 3840


def test_a_rotated_video_is_upright(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [halves()] * 3, Video(rotation_deg=-90))
    frames, _ = read(path)  # shown turned clockwise: the left half comes to the top
    assert frames[0].small.shape == (160, 96, 3)
    assert frames[0].small[20, 48].argmax() == 0
    assert frames[0].small[140, 48].argmax() == 2


def test_a_mirrored_video_is_shown_mirrored(tmp_path: Path) -> None:
    frames, _ = read(write_video(tmp_path / "a.mp4", [halves()] * 3, Video(mirrored=True)))
    assert frames[0].small[48, 20].argmax() == 2


def test_ten_bits_come_as_eight(tmp_path: Path) -> None:
    grey = np.full((64, 64, 3), 128, np.uint8)
    frames, media = read(write_video(tmp_path / "a.mp4", [grey] * 3, Video(pix_fmt="yuv420p10le")))
    assert frames[0].picture is not None
    assert abs(int(frames[0].picture.mean()) - 128) <= 2
    assert not media.hdr


def test_hdr_is_mapped_to_a_plain_screen(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 255, 128).astype(np.uint8)[None, :, None], (64, 1, 3))
    path = write_video(tmp_path / "a.mp4", [ramp], Video(pix_fmt="yuv420p10le", transfer=16))
    frames, media = read(path)
    assert frames[0].picture is not None
    row = frames[0].picture[32].mean(axis=1)
    assert media.hdr
    assert (np.diff(row) >= -2).all()
    assert row[65] == pytest.approx(156, abs=6)  # 100 nits, stored as 130
    assert row[-1] == pytest.approx(255, abs=3)


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    uneven = Video(times=lambda index: index + index // 3)
    frames, media = read(write_video(tmp_path / "a.mp4", [halves()] * 9, uneven))
    assert [frame.time_s for frame in frames[:4]] == pytest.approx([0, 0.04, 0.08, 0.16])
    assert media.variable_rate


def test_broken_packets_are_left_out_and_noted(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", moving(100))
    content = bytearray(path.read_bytes())
    for at in range(len(content) // 3, len(content) // 2, 50):
        content[at : at + 8] = b"\xff" * 8
    path.write_bytes(bytes(content))
    frames, media = read(path)
    assert 20 < len(frames) <= 100
    assert any("broken packets" in note for note in media.notes)


def test_a_file_that_ends_early_gives_what_it_holds(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", moving(100))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    frames, media = read(path)
    assert 20 < len(frames) < 90
    assert any("pictures end at" in note for note in media.notes)


def test_more_frames_than_the_header_says_are_counted(tmp_path: Path) -> None:
    fast = Video(codec="mpeg4", frames_per_s=1000)
    path = write_video(tmp_path / "a.avi", [halves()] * 300, fast)
    content = bytearray(path.read_bytes())
    at = content.index(b"strh") + 8 + 32  # the header's number of frames
    content[at : at + 4] = (5).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    with pytest.raises(MediaLimitError, match="max_frames"):
        read(path, TaggingSettings(max_frames=100))


def test_sound_alone_has_no_frames(tmp_path: Path) -> None:
    frames, media = read(write_tones(tmp_path / "a.wav", [(0, tone(1))]))
    assert (frames, media.frames, media.notes) == ([], 0, ("no pictures, only sound",))


def test_the_same_bytes_give_the_same_frames_with_any_threads(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", moving(60))
    one = digest([*read_frames(path, TaggingSettings(threads=1))])
    assert {digest([*read_frames(path, TaggingSettings(threads=n))]) for n in (1, 2, 4)} == {one}
