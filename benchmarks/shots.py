"""Cuts found in the labelled videos, beside PySceneDetect's detectors on the same frames.

python -m benchmarks.shots
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import evidence
from benchmarks.evidence import target
from benchmarks.shots_limits import leave_one_out
from content_tagging.media.frame import Frame
from content_tagging.media.frames import read_frames
from content_tagging.picture.shots import Shots
from reelcast.packages import require
from reelcast.settings import TaggingSettings

TOLERANCE_S = 0.1
GOAL_F1 = 0.93
Labels = dict[str, Any]  # cut_times_s; ambiguous: (first, last) frame


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_media()
    if folder is None:
        print(
            "skipped: the labelled videos are not beside the project (../shared/media). "
            "benchmarks/out keeps its last figures."
        )
        sys.exit(0)
    labels = json.loads((folder / "shots.json").read_text())
    videos = {name: [*read_frames(folder / name, TaggingSettings())] for name in labels}
    methods = {name: _run(method, videos, labels) for name, method in METHODS.items()}
    left_out = leave_one_out(videos, labels, counts)
    of_grid = [scores(each)["f1"] for each in left_out["grid"]]
    figures = {
        "videos": len(videos),
        "cuts": sum(len(of["cut_times_s"]) for of in labels.values()),
        "frames": sum(len(frames) for frames in videos.values()),
        "methods": methods,
        "leave_one_out": {**scores(left_out["counts"]), "equal": left_out["equal"]},
        "grid": {
            "limits": len(of_grid),
            "lowest_f1": min(of_grid),
            "reach_goal": sum(f1 >= GOAL_F1 for f1 in of_grid) / len(of_grid),
        },
        "targets": _goals(methods),
    }
    for name, of in (*methods.items(), ("left out", figures["leave_one_out"])):
        print(
            f"{name}: precision {of['precision']:.3f} recall {of['recall']:.3f} F1 {of['f1']:.3f}"
        )
    print("wrote", evidence.write("shots", figures, started))


def _ours(frames: Iterable[Frame]) -> list[float]:
    shots = Shots()
    for frame in frames:
        shots.see(frame)
    return [cut.at_s for cut in shots.result()]


def _scenedetect(detector: str, frames: Sequence[Frame]) -> list[float]:
    """The cuts of a PySceneDetect detector with its defaults."""
    package = require("scenedetect")
    finder = getattr(package, detector)()
    rate = len(frames) / (frames[-1].time_s or 1)
    cuts: list[Any] = []
    for frame in frames:
        at = package.FrameTimecode(frame.index, rate)
        cuts += finder.process_frame(at, frame.small[..., ::-1].copy())
    cuts += finder.post_process(package.FrameTimecode(len(frames), rate))
    return [frames[min(cut.frame_num, len(frames) - 1)].time_s for cut in cuts]


METHODS: dict[str, Callable[[Sequence[Frame]], list[float]]] = {
    "reelcast": _ours,
    "AdaptiveDetector": lambda frames: _scenedetect("AdaptiveDetector", frames),
    "ContentDetector": lambda frames: _scenedetect("ContentDetector", frames),
}


def _run(
    method: Callable[[Sequence[Frame]], list[float]],
    videos: dict[str, list[Frame]],
    labels: dict[str, Labels],
) -> dict[str, Any]:
    """The method's scores, by video too, and its time for a frame."""
    began = time.process_time()
    found = {video: method(frames) for video, frames in videos.items()}
    seconds = time.process_time() - began
    by_video = {video: counts(found[video], labels[video], videos[video]) for video in videos}
    frames = sum(map(len, videos.values()))
    return {
        **scores(by_video.values()),
        "ms_per_frame": seconds / frames * 1000,
        "by_video": {Path(video).name: of for video, of in by_video.items()},
    }


def counts(found: Sequence[float], labels: Labels, frames: Sequence[Frame]) -> dict[str, int]:
    """Found cuts that are right, wrong, and cuts that were missed; what lies in an ambiguous
    range counts as neither."""
    last = len(frames) - 1
    unclear = [
        (frames[first].time_s, frames[min(end, last)].time_s) for first, end in labels["ambiguous"]
    ]
    left = [at for at in found if not any(low <= at <= high for low, high in unclear)]
    right = 0
    for cut in labels["cut_times_s"]:
        near = [at for at in left if abs(at - cut) <= TOLERANCE_S]
        if near:
            left.remove(min(near, key=lambda at: abs(at - cut)))
            right += 1
    return {"right": right, "wrong": len(left), "missed": len(labels["cut_times_s"]) - right}


def scores(given: Iterable[dict[str, int]]) -> dict[str, float | int]:
    """Precision, recall and F1 of counts added up."""
    rows = list(given)
    right, wrong, missed = (sum(of[key] for of in rows) for key in ("right", "wrong", "missed"))
    return {
        "right": right,
        "wrong": wrong,
        "missed": missed,
        "precision": right / max(1, right + wrong),
        "recall": right / max(1, right + missed),
        "f1": 2 * right / max(1, 2 * right + wrong + missed),
    }


def _goals(methods: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    f1 = methods["reelcast"]["f1"]
    goal = f"at least {GOAL_F1}"
    return [target("cuts of the labelled videos, 0.1 s", f1, "F1", goal, f1 >= GOAL_F1)]


if __name__ == "__main__":
    main()
