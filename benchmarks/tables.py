"""Writes docs/benchmarks.md from benchmarks/out/*.json.

python -m benchmarks.tables
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from benchmarks.ahead_tables import campaign_part, duel_part, trajectory_part
from benchmarks.challengers import challengers_part
from benchmarks.conversions_tables import conversions_part
from benchmarks.evidence import OUT, ROOT
from benchmarks.faces import faces_part
from benchmarks.forecast_tables import forecast_part
from benchmarks.markdown import number, table
from benchmarks.measurement_tables import lift_part, signals_part
from benchmarks.model_tables import (
    cold_start_part,
    content_part,
    coverage_part,
    formats_part,
    leaks_part,
    levels_part,
    smp_part,
    speed_part,
)
from benchmarks.onscreen_words import onscreen_part
from benchmarks.roster_tables import roster_part
from benchmarks.scale_tables import scale_part
from benchmarks.shots_table import shots_part
from benchmarks.speech_tables import speech_part
from benchmarks.speed_tables import remake_part
from benchmarks.speed_tables import speed_part as tagging_speed_part
from benchmarks.tagging_tables import tagging_part

Part = Callable[[dict[str, Any]], Iterable[str]]
PAGE = ROOT / "docs" / "benchmarks.md"
INTRO = """# Benchmarks

Measured on {cores} cores; written by `python -m benchmarks.tables` from `benchmarks/out/*.json`:
do not edit by hand. `make bench` measures again. The real collections are not part of the
project; a benchmark that needs them looks in `../shared/data` or where `REELCAST_REAL_DATA`
points, and is skipped where they are missing. What was tried on the way, failures too, stands in
[experiments.md](experiments.md)."""

FEATURES = """One table from the lake (famous), each in a process of its own. MB are 10^6 bytes of
peak resident memory, the process and its libraries included; seconds count from reading the
lake."""
IMPORTS = """Each file in a process of its own, into an empty lake, then once more. A failed row is
kept with its reason in the table `failures`."""


def main() -> None:
    found = {path.stem: json.loads(path.read_text()) for path in sorted(OUT.glob("*.json"))}
    cores = sorted({str(of["cores"]) for of in found.values() if "cores" in of}) or ["2"]
    parts = [INTRO.format(cores=" or ".join(cores)), *_targets(found)]
    for name, part in PARTS.items():
        if name in found:
            parts += [*part(found[name])]
    PAGE.write_text("\n\n".join(parts) + "\n")
    print("wrote", PAGE.relative_to(ROOT))


def heading(words: str, figures: dict[str, Any]) -> str:
    """A section's head: what was run, on which code, for how long."""
    details = []
    if "code_version" in figures:
        details.append(f"reelcast {figures['code_version']}")
    if "measured_at" in figures:
        details.append(f"measured {figures['measured_at'][:10]}")
    if "seconds" in figures:
        details.append(f"{figures['seconds']:.0f} s in all")
    command = f"    {figures['command']}"
    return f"## {words}\n\n{command}" + (f"\n\n{', '.join(details)}." if details else "")


def _targets(found: dict[str, dict[str, Any]]) -> Iterator[str]:
    given = [of for each in found.values() for of in each.get("targets", each.get("rows", ()))]
    rows = [of for of in given if of.get("met") is not None]
    missed = [of for of in rows if not of["met"]]
    yield f"## Targets: {len(rows) - len(missed)} met, {len(missed)} not met"
    yield table(
        ("", "measured", "unit", "target", ""),
        ((of["what"], number(of["value"]), of["unit"], of["target"], _met(of)) for of in rows),
    )
    notes = list(dict.fromkeys(of["note"] for of in missed if of.get("note")))
    if notes:
        yield "**Not met, and what was tried.**"
        yield "\n".join(f"- {note}" for note in notes)


def _met(of: dict[str, Any]) -> str:
    return {True: "met", False: "**not met**"}.get(of.get("met"), "")


def _features(figures: dict[str, Any]) -> Iterator[str]:
    yield heading("Features", figures)
    yield FEATURES
    builds = (("text off", figures["text_off"]), ("text on, embedded before", figures["text_on"]))
    yield table(
        ("table", "rows", "columns", "s", "of which reading", "peak MB"),
        (
            (words, of["rows"], of["columns"], of["seconds"], of["seconds_load"], of["peak_mb"])
            for words, of in builds
        ),
    )
    of = figures["embed"]
    yield (
        f"Sentence encoder, cold cache, {of['texts']:,} captions of {of['mean_characters']} "
        f"characters: **{of['texts_per_s']} texts/s** ({of['seconds']} s, after "
        f"{of['seconds_load']} s of loading; peak {of['peak_mb']} MB)."
    )


def _imports(figures: dict[str, Any]) -> Iterator[str]:
    yield heading("Imports", figures)
    yield IMPORTS
    columns = ("rows", "failed", "posts", "observations", "seconds", "rows_per_s", "peak_mb")
    yield table(
        (
            "file",
            "rows",
            "failed",
            "posts",
            "counts",
            "s",
            "rows/s",
            "peak MB",
            "again, s",
            "again",
        ),
        (
            (
                name,
                *(of[c] for c in columns),
                of["seconds_again"],
                "unchanged" if of["unchanged_again"] else "**changed**",
            )
            for name, of in figures["files"].items()
        ),
    )


def _orders(figures: dict[str, Any]) -> Iterator[str]:
    columns = ("rows", "orders", "file_mb", "seconds", "cpu_s", "rows_per_s", "peak_mb")
    yield table(
        ("rows", "orders", "MB", "s", "CPU s", "rows/s", "peak MB", "again, s", "again"),
        (
            (
                *(of[c] for c in columns),
                of["seconds_again"],
                "unchanged" if of["unchanged_again"] else "**changed**",
            )
            for of in figures["files"]
        ),
    )


def _rows(figures: dict[str, Any]) -> Iterator[str]:
    yield table(
        ("", "measured", "unit", "target", ""),
        (
            (of["what"], number(of["value"]), of["unit"], of.get("target") or "", _met(of))
            for of in figures["rows"]
        ),
    )


def _under(words: str, part: Part) -> Part:
    """The part with its head."""
    return lambda figures: (heading(words, figures), *part(figures))


PARTS: dict[str, Part] = {
    "forecast": _under("Forecasts", forecast_part),
    "cold_start": _under("Creators never seen", cold_start_part),
    "levels": _under("Levels by platform and niche", levels_part),
    "coverage": _under("Intervals and joint samples", coverage_part),
    "challengers": _under("Challengers", challengers_part),
    "smp": _under("SMP challenge 2025, video", smp_part),
    "trajectories": _under("Trajectories", trajectory_part),
    "campaigns": _under("Campaigns", campaign_part),
    "duels": _under("Posts of one creator against each other", duel_part),
    "conversions": _under("Conversions", conversions_part),
    "measurement_lift": _under("Lift", lift_part),
    "measurement_signals": _under("Overlapping posts and combined orders", signals_part),
    "roster": _under("Rosters", roster_part),
    "content": _under("Does content help?", content_part),
    "formats": _under("Two videos of one format", formats_part),
    "leaks": _under("Leak tests", leaks_part),
    "speed": _under("Speed of heads, samples and training", speed_part),
    "features": _features,
    "imports": _imports,
    "imports_orders": _under("Imports of orders", _orders),
    "attribution_scale": _under("Attribution at scale", scale_part),
    "serving": _under("Serving", _rows),
    "page": _under("Fifty people on the page", _rows),
    "tagging": _under("Tags", tagging_part),
    "shots": _under("Shots", shots_part),
    "onscreen_text": _under("On-screen text", onscreen_part),
    "faces": _under("Faces", faces_part),
    "speech": _under("Transcripts", speech_part),
    "tagging_speed": _under("Tagging's speed", tagging_speed_part),
    "remake": _under("Remaking tags", remake_part),
}


if __name__ == "__main__":
    main()
