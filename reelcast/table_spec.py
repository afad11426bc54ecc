"""What a canonical table is: a pyarrow schema, a key and a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table's meaning, key columns and arrow schema; `version` grows when the schema changes."""

    name: str
    about: str
    key: tuple[str, ...]
    schema: pa.Schema
    version: int = 1


def schema_of(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])
