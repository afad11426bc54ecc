"""Blocks of columns that a target's model reads only where they help on the data at hand."""

from __future__ import annotations

from features import calendar, content, text
from features.context import Context
from features.panel import F64
from features.state import State

NAMES = ("text", "content", "calendar")


def columns_in(state: State) -> dict[str, tuple[str, ...]]:
    """The columns of each block that the state can build, in the order of NAMES; () for none."""
    return {
        "text": text.names(state.n_components),
        "content": state.content.columns,
        "calendar": tuple(calendar.COLUMNS) if state.has_places else (),
    }


def names(state: State) -> tuple[str, ...]:
    """All blocks' columns in the order of `columns`."""
    return tuple(name for of_block in columns_in(state).values() for name in of_block)


def columns(c: Context) -> list[F64]:
    """All blocks' columns, each (n,)."""
    by_clock = [column(c) for column in calendar.COLUMNS.values()] if c.state.has_places else []
    return [*text.columns(c), *content.columns(c), *by_clock]
