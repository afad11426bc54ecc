"""Makes the demo's clips and says in their manifest what is in them. Run by hand, with flite:

python -m demo.clips_make demo/clips
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from demo.clips_draw import (
    DRAWN,
    Moment,
    picture,
    write_caption,
    write_text,
    write_watermark,
)
from demo.clips_plan import CLIPS, FRAMES_PER_S, HEIGHT_PX, WIDTH_PX, Clip, Scene
from demo.clips_sound import F32, RATE_HZ, levels, music, spoken
from reelcast.packages import require

if TYPE_CHECKING:
    from PIL.Image import Image

LEAD_S, TAIL_S = 0.2, 0.3  # silence around a sentence
MUSIC_UNDER_SPEECH = 0.18
VIDEO_OPTIONS = {"crf": "27", "preset": "slow", "threads": "1", "g": "50"}
AUDIO_BITS_PER_S = 64_000


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene with its time: `voice` is silence where nothing is said."""

    scene: Scene
    start_s: float
    frames: int
    voice: F32

    @property
    def end_s(self) -> float:
        return self.start_s + self.frames / FRAMES_PER_S

    @property
    def spoken_s(self) -> tuple[float, float]:
        return self.start_s + LEAD_S, self.end_s - TAIL_S


def make_clips(folder: Path) -> None:
    """Write every clip, the subtitles beside it, and manifest.json."""
    folder.mkdir(parents=True, exist_ok=True)
    told = []
    for clip in CLIPS:
        shots = shots_of(clip)
        path = folder / f"{clip.name}.mp4"
        write_video(path, clip, shots)
        if clip.subtitles:
            path.with_suffix(".srt").write_text(subtitles(shots), encoding="utf-8")
        told.append(truth(clip, shots, path))
    manifest = json.dumps({"clips": told}, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")


def shots_of(clip: Clip) -> list[Shot]:
    """The scenes, each as long as its sentence with a breath around it, in whole frames."""
    shots: list[Shot] = []
    with tempfile.TemporaryDirectory() as folder:
        for scene in clip.scenes:
            start_s = shots[-1].end_s if shots else 0.0
            shots.append(_shot(clip, scene, start_s, Path(folder)))
    return shots


def _shot(clip: Clip, scene: Scene, start_s: float, folder: Path) -> Shot:
    if not scene.spoken:
        frames = round(scene.silent_s * FRAMES_PER_S)
        return Shot(scene, start_s, frames, np.zeros(frames * _SAMPLES, np.float32))
    said = spoken(scene.spoken, clip.voice, clip.slower, folder)
    frames = int(np.ceil((len(said) / RATE_HZ + LEAD_S + TAIL_S) * FRAMES_PER_S))
    samples = np.zeros(frames * _SAMPLES, np.float32)
    first = round(LEAD_S * RATE_HZ)
    samples[first : first + len(said)] = said
    return Shot(scene, start_s, frames, samples)


_SAMPLES = RATE_HZ // FRAMES_PER_S  # a frame


def pictures(clip: Clip, shots: list[Shot]) -> Iterator[Image]:
    """Every frame in order."""
    for shot in shots:
        loud = levels(shot.voice, shot.frames, FRAMES_PER_S)
        for frame in range(shot.frames):
            moment = Moment(frame / FRAMES_PER_S, float(loud[frame]))
            image = picture(DRAWN[shot.scene.drawing], moment)
            for line in shot.scene.lines:
                write_text(image, line.text, line.place)
            if shot.scene.captioned and moment.time_s >= LEAD_S:
                write_caption(image, shot.scene.spoken)
            if clip.watermark:
                write_watermark(image, clip.watermark)
            yield image


def sound(clip: Clip, shots: list[Shot]) -> F32:
    """(n_samples,) float32 at RATE_HZ, -1 to 1: the voice, over music where the clip has it."""
    voice = np.concatenate([shot.voice for shot in shots])
    if not clip.music:
        return voice
    share = MUSIC_UNDER_SPEECH if voice.any() else 1.0
    under = music(len(voice) / RATE_HZ)[: len(voice)]
    return np.asarray(np.clip(voice + share * under, -1, 1), np.float32)


def write_video(path: Path, clip: Clip, shots: list[Shot]) -> None:
    """H.264 and AAC in MP4, the same bytes for the same frames and encoder."""
    av = require("av")
    with av.open(str(path), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as file:
        video = file.add_stream("libx264", rate=FRAMES_PER_S, options=VIDEO_OPTIONS)
        video.width, video.height, video.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        audio = file.add_stream("aac", rate=RATE_HZ, layout="mono")
        audio.bit_rate = AUDIO_BITS_PER_S
        for image in pictures(clip, shots):
            file.mux(video.encode(av.VideoFrame.from_image(image)))
        file.mux(video.encode(None))
        for frame in _sound_frames(av, sound(clip, shots)):
            file.mux(audio.encode(frame))
        file.mux(audio.encode(None))


def _sound_frames(av: Any, samples: F32) -> Iterator[Any]:
    for first in range(0, len(samples), 1024):
        frame = av.AudioFrame.from_ndarray(samples[None, first : first + 1024], "fltp", "mono")
        frame.sample_rate, frame.pts = RATE_HZ, first
        yield frame


def subtitles(shots: list[Shot]) -> str:
    """The sentences as SubRip."""
    said = [shot for shot in shots if shot.scene.spoken]
    return "\n".join(
        f"{number}\n{' --> '.join(map(_clock, shot.spoken_s))}\n{shot.scene.spoken}\n"
        for number, shot in enumerate(said, 1)
    )


def _clock(time_s: float) -> str:
    """A time as SubRip writes it.

    >>> _clock(63.25)
    '00:01:03,250'
    """
    whole, thousandths = divmod(round(time_s * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{thousandths:03}"


def truth(clip: Clip, shots: list[Shot], path: Path) -> dict[str, object]:
    """What the manifest says of a clip: words, texts, cuts with their times, right labels."""
    return {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "duration_s": round(shots[-1].end_s, 3),
        "voice": clip.voice if any(shot.scene.spoken for shot in shots) else None,
        "music": clip.music,
        "brand": clip.brand,
        "product": clip.product,
        "watermark": clip.watermark or None,
        "cuts_s": [round(shot.start_s, 3) for shot in shots[1:]],
        "speech": [
            _timed(*shot.spoken_s, shot.scene.spoken) for shot in shots if shot.scene.spoken
        ],
        "texts": [
            _timed(shot.start_s, shot.end_s, line.text)
            for shot in shots
            for line in shot.scene.lines
        ],
        "captions": [
            _timed(shot.start_s + LEAD_S, shot.end_s, shot.scene.spoken)
            for shot in shots
            if shot.scene.captioned
        ],
        "right": asdict(clip.meaning),
    }


def _timed(start_s: float, end_s: float, text: str) -> dict[str, object]:
    return {"start_s": round(start_s, 3), "end_s": round(end_s, 3), "text": text}


if __name__ == "__main__":
    make_clips(Path(sys.argv[1]))
