"""Seconds and memory of a table of 50,000 rows of features, and texts embedded a second.

    python -m benchmarks.features

Each measurement runs in a process of its own. The texts of the table are embedded before, so
that "text on" measures what a second build costs.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import evidence
from benchmarks.evidence import target

N_POSTS, N_TEXTS = 50_000, 2_000
MAX_S, MAX_MB = 30, 2000
TABLE = ("tiktok_famous_2020.csv.gz", "tiktok_famous")
CAPTIONS = ("tiktok_vi_observations.csv.gz", "tiktok_vi")


def main() -> None:
    if "--child" in sys.argv:
        step, lake, *more = sys.argv[sys.argv.index("--child") + 1 :]
        print(evidence.as_line(STEPS[step](lake, *more)))
        return
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    work = Path(tempfile.mkdtemp())
    try:
        table, captions = str(work / "table"), str(work / "captions")
        _child("import", table, str(folder / TABLE[0]), TABLE[1])
        _child("import", captions, str(folder / CAPTIONS[0]), CAPTIONS[1])
        steps = {
            "text_off": _child("build", table, "never"),
            "embed": _child("embed", captions, str(work / "cold.db")),
        }
        _child("warm", table)
        steps["text_on"] = _child("build", table, "always")
    finally:
        shutil.rmtree(work)
    print("wrote", evidence.write("features", {**steps, "targets": _goals(steps)}, started))


def _child(*arguments: str) -> dict[str, Any]:
    return evidence.in_child("benchmarks.features", *arguments)


def _import(lake: str, file: str, mapping: str) -> dict[str, Any]:
    from ingest import ImportOptions, import_file
    from reelcast.store import Lake

    import_file(Path(file), Lake(lake), ImportOptions(evidence.SALT, mapping=mapping))
    return {}


def _warm(lake: str) -> dict[str, Any]:
    from features.dataset import load_dataset
    from reelcast.settings import FeatureSettings
    from reelcast.store import Lake

    load_dataset(Lake(lake), FeatureSettings(text="always"), evidence.CACHE)
    return {}


def _build(lake: str, text: str) -> dict[str, Any]:
    from features.dataset import load_dataset
    from reelcast.settings import FeatureSettings
    from reelcast.store import Lake

    settings = FeatureSettings.model_validate({"text": text})
    began = time.monotonic()
    dataset = load_dataset(Lake(lake), settings, evidence.CACHE)
    loaded = time.monotonic()
    asked, outcomes = dataset.ask()
    some = slice(0, N_POSTS)
    asked, outcomes = asked.take(some), outcomes.take(_first(N_POSTS, len(asked)))
    rows = dataset.rows(asked, dataset.fit(asked, outcomes, settings.text_components))
    return {
        "rows": len(rows),
        "columns": len(rows.names),
        "seconds_load": round(loaded - began, 2),
        "seconds": round(time.monotonic() - began, 2),
        "peak_mb": evidence.peak_mb(),
    }


def _first(k: int, n: int) -> Any:
    import numpy as np

    return np.arange(min(k, n))


def _embed(lake: str, cache: str) -> dict[str, Any]:
    from content_tagging.sentences import SentenceEncoder, embed
    from features.dataset import load_panel
    from reelcast.store import Lake

    texts = [t for t in dict.fromkeys(load_panel(Lake(lake)).texts) if t][:N_TEXTS]
    began = time.monotonic()
    encoder = SentenceEncoder()
    loaded = time.monotonic()
    embed(texts, Path(cache), lambda: encoder)
    done = time.monotonic()
    return {
        "texts": len(texts),
        "mean_characters": round(sum(map(len, texts)) / len(texts), 1),
        "seconds_load": round(loaded - began, 2),
        "seconds": round(done - loaded, 2),
        "texts_per_s": round(len(texts) / (done - loaded), 1),
        "peak_mb": evidence.peak_mb(),
    }


STEPS = {"import": _import, "warm": _warm, "build": _build, "embed": _embed}


def _goals(steps: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for name, words in (("text_off", "text off"), ("text_on", "text on, embedded before")):
        what = f"table of {steps[name]['rows']:,} posts, {words}"
        seconds, mb = steps[name]["seconds"], steps[name]["peak_mb"]
        rows.append(target(what, seconds, "s", f"under {MAX_S}", seconds < MAX_S))
        rows.append(target(what, mb, "MB", f"under {MAX_MB}", mb < MAX_MB))
    return rows


if __name__ == "__main__":
    main()
