"""Sound of the demo's clips: a voice synthesised by flite, and a music bed of plain tones."""

from __future__ import annotations

import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reelcast.errors import MissingPackageError

RATE_HZ = 48_000
BEAT_S = 0.5
_CHORDS_HZ = ((220.0, 261.63, 329.63), (174.61, 220.0, 261.63), (196.0, 246.94, 293.66))
F32 = npt.NDArray[np.float32]


def spoken(text: str, voice: str, slower: float, folder: Path) -> F32:
    """(n_samples,) float32 at RATE_HZ: flite's voice saying `text`; `folder` takes its file."""
    if shutil.which("flite") is None:
        raise MissingPackageError("flite speaks in the clips: install it (apt-get install flite)")
    path = folder / "spoken.wav"
    pace = f"duration_stretch={slower}"
    said = ["flite", "-voice", voice, "--setf", pace, "-t", text, "-o", str(path)]
    subprocess.run(said, check=True, stdin=subprocess.DEVNULL)
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32)
        times = np.arange(len(samples)) * (RATE_HZ / file.getframerate())
    at = np.arange(int(times[-1]))
    return np.interp(at, times, samples / 32768).astype(np.float32)


def music(duration_s: float) -> F32:
    """(n_samples,) float32 at RATE_HZ: a chord a bar, a pluck and a soft drum on each beat."""
    times = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    in_beat = times % BEAT_S
    bar = (times // (4 * BEAT_S)).astype(int) % len(_CHORDS_HZ)
    tones = np.array(_CHORDS_HZ)[bar]
    pad = np.sin(2 * np.pi * tones * times[:, None]).mean(1) * 0.5
    note = tones[np.arange(len(times)), (times // BEAT_S).astype(int) % 3] * 2
    pluck = np.sin(2 * np.pi * note * times) * np.exp(-in_beat * 9)
    drum = np.sin(2 * np.pi * 55 * in_beat) * np.exp(-in_beat * 24)
    return np.asarray(0.5 * (0.35 * pad + 0.3 * pluck + 0.5 * drum), np.float32)


def levels(samples: F32, frames: int, frames_per_s: int) -> npt.NDArray[np.float64]:
    """(frames,) float64: how loud each frame is, 0 to 1 of the loudest."""
    size = RATE_HZ // frames_per_s
    padded = np.zeros(frames * size)
    padded[: min(len(samples), len(padded))] = samples[: len(padded)]
    loud = np.sqrt((padded.reshape(frames, size) ** 2).mean(1))
    return np.asarray(loud / max(float(loud.max()), 1e-9), np.float64)
