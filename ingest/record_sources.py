"""Tables of JSON, JSONL and Parquet files: nested keys become paths such as "author.fans"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.ga4_answer import is_report, report_rows
from ingest.sources import Bad, Batch, Table, open_bytes, reading, text_lines
from reelcast.errors import FormatError, MappingError

SAMPLE_RECORDS = 200
ENVELOPES = ("data.videos", "data.list", "data", "videos", "items", "entries", "posts")
Found = tuple[int, dict[str, object] | Bad]


def json_tables(path: Path, explode: str | None) -> Iterator[Table]:
    """The one table of a JSON file: a list of records, a page of an API's answer, or one record."""
    with reading(path), open_bytes(path) as stream:
        content = stream.read()
    try:
        parsed = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as exc:
        lines = content.splitlines()
        if len(lines) > 1 and _is_object(lines[0]):
            yield from jsonl_tables(path, explode)
            return
        raise FormatError(
            f"{path.name} is no valid JSON ({exc}): export or download it again"
        ) from exc
    pages = parsed if isinstance(parsed, list) else [parsed]
    if any(map(is_report, pages)):
        records = [row for page in pages for row in report_rows(page)]
    else:
        records = parsed if isinstance(parsed, list) else _unwrapped(parsed, explode)
    yield _table(path, _found(enumerate(records, 1)), explode, len(records))


def jsonl_tables(path: Path, explode: str | None) -> Iterator[Table]:
    """The one table of a file with a JSON record on each line."""
    yield _table(path, _parsed(text_lines(path)), explode, None)


def parquet_tables(path: Path) -> Iterator[Table]:
    """The one table of a Parquet file."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as exc:
        raise FormatError(
            f"{path.name} is no readable Parquet file ({exc}): copy it again"
        ) from exc

    def batches(size: int) -> Iterator[Batch]:
        line = 1
        for batch in file.iter_batches(batch_size=size):
            flat = _flat(pa.Table.from_batches([batch]))
            columns = {name: flat[name].to_pylist() for name in flat.column_names}
            yield Batch(columns, list(range(line, line + flat.num_rows)))
            line += flat.num_rows

    header = tuple(_flat(file.schema_arrow.empty_table()).column_names)
    yield Table(header, batches, {}, file.metadata.num_rows)


def flatten(record: dict[str, object], prefix: str = "") -> dict[str, object]:
    """Nested keys joined by points; lists stay as they are.

    >>> flatten({"a": {"b": 1}, "c": [2]})
    {'a.b': 1, 'c': [2]}
    """
    flat: dict[str, object] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}".replace("/", ".")] = value
    return flat


def _flat(table: pa.Table) -> pa.Table:
    while any(pa.types.is_struct(kind) for kind in table.schema.types):
        table = table.flatten()
    return table


def _table(path: Path, found: Iterator[Found], explode: str | None, total: int | None) -> Table:
    rows = _exploded(found, explode) if explode else found
    head = list(islice(rows, SAMPLE_RECORDS))
    records = [record for _, record in head if not isinstance(record, Bad)]
    if explode and not records:
        raise MappingError(f"{path.name} has no list {explode!r} with records: correct `explode`")
    header = tuple(dict.fromkeys(chain.from_iterable(records)))
    first = records[0] if records else {}

    def batches(size: int) -> Iterator[Batch]:
        every = chain(head, rows)
        while chunk := list(islice(every, size)):
            yield _batch(chunk)

    return Table(header, batches, first, None if explode else total)


def _batch(chunk: list[Found]) -> Batch:
    good = [(line, row) for line, row in chunk if not isinstance(row, Bad)]
    names = dict.fromkeys(chain.from_iterable(row for _, row in good))
    columns: dict[str, Sequence[object]] = {
        name: [row.get(name) for _, row in good] for name in names
    }
    bad = [row for _, row in chunk if isinstance(row, Bad)]
    return Batch(columns, [line for line, _ in good], bad)


def _found(records: Iterable[tuple[int, object]]) -> Iterator[Found]:
    for line, record in records:
        if isinstance(record, dict):
            yield line, flatten(record)
        else:
            yield line, Bad(line, "", record, "is no record (a JSON object with keys)")


def _parsed(stream: Iterable[str]) -> Iterator[Found]:
    for line, text in enumerate(stream, 1):
        if text.strip():
            try:
                record = orjson.loads(text.encode())
            except orjson.JSONDecodeError as exc:
                yield line, Bad(line, "", text.strip(), f"is no valid JSON: {exc}")
            else:
                yield from _found([(line, record)])


def _exploded(found: Iterator[Found], key: str) -> Iterator[Found]:
    """The items of each record's list, numbered through, each with what the record says beside."""
    number = 0
    for _, record in found:
        items = record if isinstance(record, Bad) else record.pop(key, None)
        for item in items if isinstance(items, list) else [items]:
            number += 1
            if isinstance(item, dict) and isinstance(record, dict):
                yield number, {**record, **flatten(item)}
            elif isinstance(item, Bad):
                yield number, Bad(number, item.column, item.value, item.reason)
            else:
                yield number, Bad(number, key, item, "is no list of records")


def _unwrapped(parsed: object, explode: str | None) -> list[object]:
    """The records in an answer's envelope; an object that is no envelope is a record itself."""
    if explode is None and isinstance(parsed, dict):
        for path in ENVELOPES:
            inner: object = parsed
            for key in path.split("."):
                inner = inner.get(key) if isinstance(inner, dict) else None
            if isinstance(inner, list):
                return inner
    return [parsed]


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
