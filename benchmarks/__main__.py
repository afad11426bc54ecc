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
    "measurement_lift",
    "measurement_signals",
