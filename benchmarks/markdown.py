"""Markdown tables and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table; the first column is words, numbers stand to the right.

    >>> print(table(("", "n"), [("all", 1200)]))
    |  | n |
    |---|---:|
    | all | 1,200 |
    """
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *([number(c) for c in r] for r in rows)]
    return "\n".join(
        f"|{'|'.join(cells)}|" if at == 1 else f"| {' | '.join(cells)} |"
        for at, cells in enumerate(lines)
    )


def number(value: Any) -> str:
    """A cell: integers with thousands, small floats with three decimals, `-` for unknown.

    >>> [number(v) for v in (12345, 0.81234, 123.456, None, "x")]
    ['12,345', '0.812', '123.5', '-', 'x']
    """
    if value is None:
        return "-"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"


def difference(of: dict[str, float]) -> str:
    """A mean difference with its 95% interval."""
    return f"{of['mean']:+.3f} [{of['low']:+.3f}, {of['high']:+.3f}]"
