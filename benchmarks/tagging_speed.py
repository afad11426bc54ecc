"""How long tagging takes: by step, cold and cached, one and two workers, against the obvious way.

python -m benchmarks.tagging_speed

The obvious way decodes every frame with OpenCV, reads text once a second with RapidOCR as it comes,
and gives the whole sound to pocketsphinx, one after the other. Both sides are whole processes that
start cold, one after the other on the same machine, and the faster of two runs counts for each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import evidence
from benchmarks.evidence import target

VERTICAL = (
    "captioned.mp4",
    "combo_0_v.mp4",
    "final_short_0_0385ef2.mp4",
    "final_short_1_e229cd7.mp4",
    "final_short_4_4cc8616.mp4",
    "video.mp4",
)
FULL_HD = "final_short_4_4cc8616.mp4"  # 1080 x 1920, speech and text
CUT_S = 30.0
RUNS = 2
MAX_S, MIN_RATIO = 20.0, 4.0


def main() -> None:
    if "--child" in sys.argv:
        print(evidence.as_line(_child(*sys.argv[sys.argv.index("--child") + 1 :])))
        return
    started = time.monotonic()
    videos = evidence.real_data_or_exit().parent / "media" / "videos"
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        seconds = cut(videos / FULL_HD, clip, CUT_S)
        figures: dict[str, Any] = {
            "clip": {"from": FULL_HD, "seconds": seconds, "size": "1080x1920"},
            "whole": _against_the_obvious(clip, seconds),
            "steps": _steps(videos),
            "batches": _batches(videos),
        }
    figures["targets"] = _goals(figures)
    print("wrote", evidence.write("tagging_speed", figures, started))


def cut(source: Path, there: Path, seconds: float) -> float:
    """The seconds written: packets of the first `seconds`, as they are, no frame coded anew."""
    import av

    with av.open(str(source)) as whole, av.open(str(there), "w") as part:
        streams = {
            stream.index: part.add_stream_from_template(stream)
            for stream in (whole.streams.video[0], whole.streams.audio[0])
        }
        for packet in whole.demux([whole.streams[index] for index in streams]):
            if packet.dts is None or packet.dts * packet.time_base >= seconds:
                continue
            packet.stream = streams[packet.stream.index]
            part.mux(packet)
    with av.open(str(there)) as made:
        return round(float(made.duration) / 1e6, 2)


def _against_the_obvious(clip: Path, seconds: float) -> dict[str, Any]:
    """Whole commands, taken in turn; `cached`: the step cache is there, the lake is not."""
    ours, obvious, cached, one = [], [], [], []
    for run in range(RUNS):
        home = clip.parent / f"home{run}"
        ours.append(_tag([clip], home, 2))
        (home / "lake").rename(clip.parent / f"lake{run}")
        cached.append(_tag([clip], home, 2))
        obvious.append(evidence.in_child("benchmarks.tagging_speed", "obvious", str(clip)))
        one.append(_tag([clip], clip.parent / f"one{run}", 1))
        print(f"ours {ours[-1]:.1f} s, obvious {obvious[-1]['seconds']:.1f} s", flush=True)
    best = min(obvious, key=lambda of: float(of["seconds"]))
    return {
        "video_s": seconds,
        "cold_2_workers_s": min(ours),
        "cold_1_worker_s": min(one),
        "cached_s": min(cached),
        "obvious": best,
        "times_faster": best["seconds"] / min(ours),
        "runs": {"ours_s": ours, "obvious_s": [of["seconds"] for of in obvious]},
    }


def _steps(videos: Path) -> dict[str, Any]:
    """Seconds of each step for each second of video, one process, threads as in a worker of two."""
    rows = {}
    for name in VERTICAL:
        rows[name] = evidence.in_child("benchmarks.tagging_speed", "steps", str(videos / name))
        print(name, rows[name], flush=True)
    return rows


def _batches(videos: Path) -> dict[str, Any]:
    """All vertical clips in one command, cold, then cached, by workers."""
    files = [videos / name for name in VERTICAL]
    made = {}
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as home:
            cold = _tag(files, Path(home), workers)
            (Path(home) / "lake").rename(Path(home) / "lake-before")
            cached = _tag(files, Path(home), workers)
        made[str(workers)] = {"cold_s": cold, "cached_s": cached}
        print(f"{workers} workers: {made[str(workers)]}", flush=True)
    return made


def _tag(files: list[Path], home: Path, workers: int) -> float:
    """Seconds of `reelcast tag FILES`, the process's start included."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("REELCAST_")}
    command = [sys.executable, "-m", "api.cli", "tag", *map(str, files), "--json"]
    began = time.monotonic()
    subprocess.run(
        [*command, "--home", str(home), "--workers", str(workers)],
        cwd=evidence.ROOT,
        env=clean,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.monotonic() - began


def _child(what: str, clip: str) -> dict[str, Any]:
    return {"steps": _time_steps, "obvious": _time_the_obvious}[what](Path(clip))


def _time_steps(clip: Path) -> dict[str, Any]:
    """Each step alone, its weights loaded before on a short piece of the clip."""
    from content_tagging.batch.join import signals_of
    from content_tagging.batch.outcomes import Heard, Looked, Watched
    from content_tagging.contents import About
    from content_tagging.media.threads import bound_threads
    from content_tagging.picture.look import look
    from content_tagging.reader import Reader, Unread
    from content_tagging.sound.hear import hear
    from content_tagging.speech.transcribe import transcribe
    from reelcast.settings import load_settings

    bound_threads(1)
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(home=home)
        of = settings.tagging.model_copy(update={"workers": 2, "threads": 1})
        short = Path(home) / "short.mp4"
        cut(clip, short, 2.0)
        for step in (look, hear, transcribe):
            step(short, of)
        (media, pictures), looking = _timed(lambda: look(clip, of))
        sound, hearing = _timed(lambda: hear(clip, of))
        transcript, transcribing = _timed(lambda: transcribe(clip, of, sound))
        watched = Watched(
            content_id="0" * 64,
            looked=Looked(media=media, pictures=pictures),
            heard=Heard(sound=sound, transcript=transcript),
        )
        reader = Reader.load(settings)
        unread = Unread("clip", About(), signals_of(watched), {})
        reader.warm()
        _, reading = _timed(lambda: reader.read([unread]))
    each = {"look": looking, "hear": hearing, "transcribe": transcribing, "tag": reading}
    return {"video_s": media.duration_s, "seconds": each, "engine": transcript.engine}


def _timed(work: Any) -> tuple[Any, float]:
    began = time.monotonic()
    return work(), time.monotonic() - began


def _time_the_obvious(clip: Path) -> dict[str, Any]:
    """Decode, read and listen, one after the other, each library as it comes."""
    began = time.monotonic()
    frames, texts = _read_every_second(clip)
    read = time.monotonic()
    words = _listen_to_all(clip)
    ended = time.monotonic()
    return {
        "seconds": ended - began,
        "pictures_s": read - began,
        "sound_s": ended - read,
        "frames": frames,
        "texts": texts,
        "words": words,
    }


def _read_every_second(clip: Path) -> tuple[int, int]:
    """Frames decoded, and texts read on one of each second."""
    import cv2
    from rapidocr import RapidOCR

    video, engine = cv2.VideoCapture(str(clip)), RapidOCR()
    every = max(1, round(video.get(cv2.CAP_PROP_FPS)))
    frames = texts = 0
    while True:
        there, picture = video.read()
        if not there:
            return frames, texts
        if frames % every == 0:
            texts += len(engine(picture).txts or ())
        frames += 1


def _listen_to_all(clip: Path) -> int:
    """Words that pocketsphinx makes out in the whole sound."""
    import av
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=16_000, loglevel="FATAL")
    resampler = av.AudioResampler("s16", "mono", 16_000)
    with av.open(str(clip)) as container:
        sound = b"".join(
            bytes(part.to_ndarray().tobytes())
            for frame in container.decode(audio=0)
            for part in resampler.resample(frame)
        )
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    said = decoder.hyp()
    return len(said.hypstr.split()) if said else 0


def _goals(figures: dict[str, Any]) -> list[dict[str, Any]]:
    whole = figures["whole"]
    what = f"a {whole['video_s']:.0f} s clip of 1080x1920 with speech and text, 2 workers, cold"
    ours, times = whole["cold_2_workers_s"], whole["times_faster"]
    return [
        target(f"tag {what}", ours, "s", f"at most {MAX_S:.0f}", ours <= MAX_S),
        target(
            f"the same against the obvious way ({whole['obvious']['seconds']:.0f} s)",
            times,
            "times faster",
            f"at least {MIN_RATIO:.0f}",
            times >= MIN_RATIO,
        ),
    ]


if __name__ == "__main__":
    main()
