"""Every real collection imported twice, each in a process of its own: rows, seconds, memory.

python -m benchmarks.imports
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import evidence
from benchmarks.evidence import target

OWN_ACCOUNT = None  # recognised, of one's own account: needs a creator, no mapping
FILES = {
    "tiktok_vi_observations.csv.gz": "tiktok_vi",
    "tiktok_famous_2020.csv.gz": "tiktok_famous",
    "tiktok_apify_hotels.csv.gz": "tiktok_hotels",
    "tiktok_formats.jsonl.gz": "tiktok_formats",
    "tiktok_news_codes.csv.gz": "tiktok_news",
    "smp_video_2025_train.jsonl.gz": "smp_video",
    "bilibili_daily_views.parquet": "bilibili_daily",
    "youtube_trending_snapshots.parquet": "youtube_trending",
    "youtube_retracked_snapshots.parquet": "youtube_retracked",
    "xiaohongshu_notes.csv.gz": "xiaohongshu_notes",
    "youtube_studio_a.csv": OWN_ACCOUNT,
    "youtube_studio_b.csv": "youtube_studio_b",
}
MAX_S, MAX_MB = 15, 1500  # of the file with 60,023 rows
LARGEST_GOAL = "tiktok_vi_observations.csv.gz"


def main() -> None:
    if "--child" in sys.argv:
        print(evidence.as_line(_import_twice(Path(sys.argv[-1]))))
        return
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    files = {}
    for name in FILES:
        files[name] = evidence.in_child("benchmarks.imports", str(folder / name))
        print(f"{name}: {files[name]['seconds']} s", flush=True)
    figures = {"files": files, "targets": _goals(files)}
    print("wrote", evidence.write("imports", figures, started))


def _import_twice(file: Path) -> dict[str, Any]:
    from ingest import ImportOptions, import_file
    from reelcast.store import Lake

    mapping = FILES[file.name]
    options = ImportOptions(evidence.SALT, mapping=mapping, creator=None if mapping else "@me")
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(folder)
        began = time.monotonic()
        first = import_file(file, lake, options)
        seconds, peak = time.monotonic() - began, evidence.peak_mb()
        before = lake.versions()
        began = time.monotonic()
        import_file(file, lake, options)
        return {
            "mapping": mapping or "recognised",
            "rows": first.rows_read,
            "failed": first.rows_failed,
            "posts": lake.read("posts").num_rows,
            "observations": lake.read("post_observations").num_rows,
            "seconds": round(seconds, 2),
            "rows_per_s": round(first.rows_read / seconds),
            "peak_mb": peak,
            "seconds_again": round(time.monotonic() - began, 2),
            "unchanged_again": lake.versions() == before,
        }


def _goals(files: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    largest = files[LARGEST_GOAL]
    what = f"import of {largest['rows']:,} rows ({LARGEST_GOAL})"
    unchanged = sum(of["unchanged_again"] for of in files.values())
    return [
        target(what, largest["seconds"], "s", f"under {MAX_S}", largest["seconds"] < MAX_S),
        target(what, largest["peak_mb"], "MB", f"under {MAX_MB}", largest["peak_mb"] < MAX_MB),
        target(
            "files that import whole, and change nothing when imported again",
            f"{unchanged} of {len(files)}",
            "files",
            "all",
            unchanged == len(files),
        ),
    ]


if __name__ == "__main__":
    main()
