"""The page's part on attribution at scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import table

SCALE = """One campaign of 250 creators with two posts each, a link per post and a code per creator,
in a lake of a million orders. Each row in a process of its own, from reading the Delta tables to
the result; MB are 10^6 bytes of peak resident memory, libraries included."""


def scale_part(figures: dict[str, Any]) -> Iterator[str]:
    """Seconds and memory of `attribute` and of `measure`."""
    yield SCALE
    rows = ((name, figures[name]) for name in ("attribute", "measure"))
    yield table(
        ("", "s", "s of CPU", "peak MB", "orders in scope", "credited", "credits sum to orders"),
        (
            (name, of["seconds"], of["cpu_s"], of["peak_mb"], of["orders"], of["credited"],
             "yes" if of["credits_sum_to_orders"] else "no")
            for name, of in rows
        ),
    )  # fmt: skip
