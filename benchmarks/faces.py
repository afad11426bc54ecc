"""Faces by OpenCV's cascade against YuNet, frame by frame, on real videos: presence and cost.

python -m benchmarks.faces
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import evidence
from benchmarks.markdown import table

FIRST_S = 24.0  # of each video
WEIGHTS = "yunet_s_640_640.onnx"
SECONDS = ("cascade_s_per_s", "yunet_s_per_s")
ENDINGS = (".mp4", ".webm")

ABOUT = """Frames of the first {first:.0f} s of each video, by who sees a face in them: YuNet (its
weights set) and OpenCV's frontal cascade (the default without weights). YuNet is no truth, only
the better detector. Seconds are of one core per second of video."""


def main() -> None:
    if "--child" in sys.argv:
        print(evidence.as_line(_compared(Path(sys.argv[-1]))))
        return
    started = time.monotonic()
    folder = evidence.real_data_or_exit().parent / "media" / "videos"
    files = {}
    for path in sorted(of for of in folder.iterdir() if of.suffix in ENDINGS):
        files[path.name] = evidence.in_child("benchmarks.faces", str(path))
        print(json.dumps({path.name: files[path.name]}), flush=True)
    print("wrote", evidence.write("faces", {"files": files}, started))


def faces_part(figures: dict[str, Any]) -> Iterator[str]:
    """The section's paragraph and table, below its heading."""
    yield ABOUT.format(first=FIRST_S)
    files = figures["files"]
    counts = ("frames", "both", "cascade_only", "yunet_only", "neither")
    total = {key: sum(of[key] for of in files.values()) for key in counts}
    rows = [*files.items(), ("all", total)]
    head = ("video", "frames", "both", "cascade only", "YuNet only", "neither", "agreement")
    yield table(
        (*head, "cascade, s/s", "YuNet, s/s"),
        (
            (name, *(of[key] for key in counts), _agreement(of), *(of.get(key) for key in SECONDS))
            for name, of in rows
        ),
    )


def _agreement(of: dict[str, Any]) -> float:
    agreed: int = of["both"] + of["neither"]
    return agreed / of["frames"]


def _compared(path: Path) -> dict[str, Any]:
    from content_tagging.media.frames import read_frames
    from content_tagging.picture.faces import FaceFinder
    from reelcast.packages import require
    from reelcast.settings import TaggingSettings

    require("cv2").setNumThreads(1)
    plain = TaggingSettings(threads=1)
    weights = path.parents[1] / "weights" / WEIGHTS
    finders = (FaceFinder(plain), FaceFinder(plain.model_copy(update={"face_weights": weights})))
    spent_s, end_s = [0.0, 0.0], 1.0
    for frame in read_frames(path, plain):
        if frame.time_s > FIRST_S:
            break
        end_s = max(end_s, frame.time_s)
        for at, finder in enumerate(finders):
            before_s = time.process_time()
            finder.see(frame)
            spent_s[at] += time.process_time() - before_s
    seen = [[of.count > 0 for of in finder.result()] for finder in finders]
    pairs = list(zip(*seen, strict=True))
    return {
        "frames": len(pairs),
        "both": _count(pairs, True, True),
        "cascade_only": _count(pairs, True, False),
        "yunet_only": _count(pairs, False, True),
        "neither": _count(pairs, False, False),
        "cascade_s_per_s": spent_s[0] / end_s,
        "yunet_s_per_s": spent_s[1] / end_s,
    }


def _count(pairs: Iterable[tuple[bool, bool]], cascade: bool, yunet: bool) -> int:
    return sum(pair == (cascade, yunet) for pair in pairs)


if __name__ == "__main__":
    main()
