"""All benchmarks one after the other, each in a process of its own, then the page."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.evidence import ROOT

MODULES = (
    "forecast",
    "trajectories",
    "campaigns",
    "duels",
    "cold_start",
    "levels",
    "coverage",
    "challengers",
    "smp",
    "content",
    "formats",
    "leaks",
    "speed",
    "features",
    "imports",
    "imports_orders",
    "attribution_scale",
    "serving",
    "page",
    "measurement_lift",
    "measurement_signals",
    "shots",
    "onscreen_text",
    "faces",
    "tagging",
    "tagging_speed",
    "remake",
    "tables",
)


def main() -> None:
    failed = []
    for module in MODULES:
        print(f"benchmarks.{module}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{module}"], cwd=ROOT, check=False)
        if done.returncode:
            failed.append(module)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
