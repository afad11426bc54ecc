"""The lake: Delta Lake tables in a folder or bucket, merged by key and queried with DuckDB."""

from __future__ import annotations

import hashlib
import json
import random
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from reelcast.errors import InputError, MismatchError, NotFoundError, StoreError
from reelcast.table_spec import TableSpec
from reelcast.tables import TABLES

MERGE_ATTEMPTS = 40
_REMOTE = re.compile(r"^[a-z0-9]+://")


@dataclass(frozen=True, slots=True)
class MergeCount:
    """Rows of one merge: new keys, keys whose values changed, rows already there."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: MergeCount) -> MergeCount:
        return MergeCount(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )


class Lake:
    """The canonical tables under one root: a local folder, or an s3://, gs:// or az:// prefix.

    A merge never forgets: where a key exists, new known values replace old ones and nulls leave
    them alone. Merging rows that are already there writes nothing, so every import is idempotent.
    """

    def __init__(self, root: str | Path, storage_options: Mapping[str, str] | None = None) -> None:
        self.root = str(root).rstrip("/")
        self.is_remote = bool(_REMOTE.match(self.root))
        self._options = dict(storage_options or {})

    def merge(self, name: str, rows: pa.Table) -> MergeCount:
        """Count what changed after upserting `rows` (schema of the table) by the table's key.

        Safe for several processes at once: a lost race is read again and retried.
        """
        spec = _spec(name)
        if rows.num_rows == 0:
            return MergeCount()
        rows = rows.select(spec.schema.names).cast(spec.schema)
        _check_keys(spec, rows)
        for attempt in range(MERGE_ATTEMPTS):
            table = self._open_or_create(spec)
            count, changed = _difference(spec, self._arrow(table, spec.schema), rows)
            if changed.num_rows == 0:
                return count
            try:
                self._upsert(table, spec, changed)
            except CommitFailedError:
                time.sleep(random.uniform(0, 0.05 * min(attempt + 1, 10)))
            except (DeltaError, OSError) as exc:
                raise StoreError(f"cannot write table {name!r} under {self.root}: {exc}") from exc
            else:
                return count
        raise StoreError(
            f"table {name!r} was changed by others during {MERGE_ATTEMPTS} attempts: try again"
        )

    def read(self, name: str, version: int | None = None) -> pa.Table:
        """The table now, or as of a version; empty (with its schema) where nothing was imported."""
        spec = _spec(name)
        table = self._open(spec, version)
        if table is None:
            if version is not None:
                raise NotFoundError(f"table {name!r} has no version {version}: nothing is imported")
            return spec.schema.empty_table()
        return self._arrow(table, spec.schema)

    def read_columns(self, name: str, columns: Sequence[str]) -> pa.Table:
        """Some columns of all rows, without reading the others."""
        spec = _spec(name)
        table = self._open(spec)
        wanted = pa.schema([spec.schema.field(column) for column in columns])
        return wanted.empty_table() if table is None else self._arrow(table, wanted)

    def read_keys(self, name: str, keys: Iterable[str]) -> pa.Table:
        """The rows whose first key column is among `keys`, in the order of the whole key."""
        spec = _spec(name)
        table = self._open(spec)
        if table is None:
            return spec.schema.empty_table()
        found = self._arrow(table, spec.schema, (spec.key[0], list(keys)))
        return found.sort_by([(column, "ascending") for column in spec.key])

    def query(self, sql: str) -> pa.Table:
        """The answer of DuckDB to `sql`, in which each canonical table stands under its name.

        Raises InputError where DuckDB cannot answer it.
        """
        with duckdb.connect() as db:
            db.execute("SET TimeZone = 'UTC'")
            for name in TABLES:
                if name in sql:
                    db.register(f"_{name}", self.read(name))
                    db.execute(f"CREATE VIEW {name} AS SELECT * FROM _{name}")
            try:
                return db.sql(sql).to_arrow_table()
            except duckdb.Error as exc:
                raise InputError(f"the query fails: {exc}") from exc

    def versions(self) -> dict[str, int]:
        """The current Delta version of each table that exists."""
        return {name: table.version() for name, table in self._opened().items()}

    def data_version(self) -> str:
        """A short name of what this lake's data tables hold now (failures left out).

        The digest holds the tables' own ids too: another lake at the same versions differs.
        """
        tables = {name: table for name, table in self._opened().items() if name != "failures"}
        states = {name: [t.metadata().id, t.version()] for name, t in tables.items()}
        digest = hashlib.sha256(json.dumps(states, sort_keys=True).encode()).hexdigest()[:8]
        posts, seen = (
            tables[name].version() if name in tables else -1
            for name in ("posts", "post_observations")
        )
        return f"posts@{posts}.observations@{seen}.{digest}"

    def _opened(self) -> dict[str, DeltaTable]:
        opened = {name: self._open(spec) for name, spec in TABLES.items()}
        return {name: table for name, table in opened.items() if table is not None}

    def _path(self, spec: TableSpec) -> str:
        """The table's folder as a URI: a plain path with a space or % in it is misread."""
        if self.is_remote:
            return f"{self.root}/{spec.name}"
        return (Path(self.root) / spec.name).resolve().as_uri()

    def _open(self, spec: TableSpec, version: int | None = None) -> DeltaTable | None:
        try:
            table = DeltaTable(
                self._path(spec), version=version, storage_options=self._options or None
            )
        except TableNotFoundError:
            return None
        except (DeltaError, OSError) as exc:
            if version is not None:
                raise NotFoundError(
                    f"table {spec.name!r} has no version {version} under {self.root}: {exc}"
                ) from exc
            raise StoreError(f"cannot open table {spec.name!r} under {self.root}: {exc}") from exc
        _check_version(spec, table)
        return table

    def _open_or_create(self, spec: TableSpec) -> DeltaTable:
        table = self._open(spec)
        if table is not None:
            return table
        try:
            if not self.is_remote:
                (Path(self.root) / spec.name).mkdir(parents=True, exist_ok=True)
            return DeltaTable.create(
                self._path(spec),
                schema=spec.schema,
                mode="ignore",
                name=spec.name,
                description=json.dumps({"schema_version": spec.version, "about": spec.about}),
                storage_options=self._options or None,
            )
        except (DeltaError, OSError) as exc:  # another process made it in this moment
            table = self._open(spec)
            if table is None:
                raise StoreError(f"cannot create {self._path(spec)}: {exc}") from exc
            return table

    def _arrow(
        self,
        table: DeltaTable,
        wanted: pa.Schema,
        keys: tuple[str, Sequence[str]] | None = None,
    ) -> pa.Table:
        """The wanted columns of all rows, or of those whose key is among some.

        A column that the stored table does not have yet is unknown (null) in all rows. DuckDB
        reads the files of a local table, deltalake those of a bucket.
        """
        stored = set(pa.schema(table.schema().to_arrow()).names)
        names = [name for name in wanted.names if name in stored]
        try:
            if self.is_remote:
                only = [(keys[0], "in", list(keys[1]))] if keys else None
                return _filled(table.to_pyarrow_table(columns=names, filters=only), wanted)
            uris = [_as_glob(uri) for uri in table.file_uris()]
            if not uris:
                return wanted.empty_table()
            with duckdb.connect() as db:
                db.execute("SET TimeZone = 'UTC'")
                rows = db.read_parquet(uris, union_by_name=True)  # of older files too
                if keys:
                    db.register("asked", pa.table({"_asked": pa.array(keys[1], pa.string())}))
                    rows = rows.filter(f'"{keys[0]}" IN (SELECT _asked FROM asked)')
                found = rows.select(*(f'"{name}"' for name in names)).to_arrow_table()
                return _filled(found, wanted)
        except (duckdb.Error, DeltaError, OSError) as exc:
            raise StoreError(f"cannot read {table.table_uri}: {exc}") from exc

    @staticmethod
    def _upsert(table: DeltaTable, spec: TableSpec, rows: pa.Table) -> None:
        on = " AND ".join(f't."{key}" = s."{key}"' for key in spec.key)
        (
            table.merge(rows, on, source_alias="s", target_alias="t", merge_schema=True)
            .when_matched_update_all()
            .when_not_matched_insert_all()
            .execute()
        )


def _as_glob(uri: str) -> str:
    """A local file's URI as the pattern by which DuckDB finds that file alone."""
    return escape(unquote(urlsplit(uri).path if uri.startswith("file:") else uri))


def _filled(rows: pa.Table, wanted: pa.Schema) -> pa.Table:
    """The rows in the wanted schema, columns that they lack unknown."""
    for field in wanted:
        if field.name not in rows.column_names:
            rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
    return rows.select(wanted.names).cast(wanted)


def _spec(name: str) -> TableSpec:
    if name not in TABLES:
        raise NotFoundError(f"no table is called {name!r}: there are {', '.join(TABLES)}")
    return TABLES[name]


def _check_keys(spec: TableSpec, rows: pa.Table) -> None:
    """Refuse rows without a key: they would be merged anew each time."""
    lacking = [name for name in spec.key if rows[name].null_count]
    if lacking:
        raise InputError(f"rows for table {spec.name!r} lack {', '.join(lacking)}, its key")


def _check_version(spec: TableSpec, table: DeltaTable) -> None:
    stored = json.loads(table.metadata().description or "{}").get("schema_version", spec.version)
    if stored != spec.version:
        raise MismatchError(
            f"table {spec.name!r} has schema version {stored}, this code writes {spec.version}: "
            "use the reelcast release that made it, or import again into an empty REELCAST_HOME"
        )


def _difference(spec: TableSpec, old: pa.Table, new: pa.Table) -> tuple[MergeCount, pa.Table]:
    """Count new, changed and unchanged keys, and give the rows to write, nulls filled from `old`.

    Within `new`, later rows of one key win, again column by column.
    """
    keys = ", ".join(f'"{k}"' for k in spec.key)
    others = [name for name in spec.schema.names if name not in spec.key]
    last = ", ".join(
        f'last("{c}" ORDER BY _row) FILTER ("{c}" IS NOT NULL) AS "{c}"' for c in others
    )
    on = " AND ".join(f'o."{k}" = n."{k}"' for k in spec.key)
    filled = ", ".join(f'coalesce(n."{c}", o."{c}") AS "{c}"' for c in others)
    differs = " OR ".join(f'coalesce(n."{c}", o."{c}") IS DISTINCT FROM o."{c}"' for c in others)
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        db.register("old", old)
        db.register("new", new.append_column("_row", pa.array(range(new.num_rows), pa.int64())))
        joined = db.sql(
            f"""
            WITH n AS (SELECT {keys}, {last} FROM new GROUP BY {keys})
            SELECT {", ".join(f'n."{k}"' for k in spec.key)}, {filled},
                   o."{spec.key[0]}" IS NULL AS _is_new, ({differs}) AS _differs
            FROM n LEFT JOIN old o ON {on} ORDER BY {", ".join(f'n."{k}"' for k in spec.key)}
            """
        ).to_arrow_table()
    is_new = joined["_is_new"].to_numpy()
    differs_mask = joined["_differs"].to_numpy() & ~is_new
    count = MergeCount(
        int(is_new.sum()), int(differs_mask.sum()), int((~is_new & ~differs_mask).sum())
    )
    write = joined.filter(pa.array(is_new | differs_mask))
    return count, write.select(spec.schema.names).cast(spec.schema)
