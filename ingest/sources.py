"""Opens a file: what it is (text, gzip, UTF-16, Parquet), its sha256, and its tables of columns."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, cast

from reelcast.errors import FormatError, InputError, NotFoundError

FileKind = Literal["csv", "json", "jsonl", "parquet"]
HEAD_BYTES = 65_536
_BRACED_NAME = re.compile(r"[{\[]\w+[}\]]\s*[,;\t]")  # {adid}: so Adjust heads its columns


@dataclass(frozen=True, slots=True)
class Bad:
    """A row or cell that cannot be used."""

    line: int
    column: str
    value: object
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table: each column's cells, the line of each row, rows that could not be read."""

    columns: dict[str, Sequence[object]]
    lines: list[int]
    bad: list[Bad] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a file: its column names, and its rows in batches of at most so many.

    `batches` of a table must be used up before the file's next table is asked for.
    """

    header: tuple[str, ...]
    batches: Callable[[int], Iterator[Batch]]
    first_row: dict[str, object] = field(default_factory=dict)
    total: int | None = None


def file_kind(path: Path) -> FileKind:
    """What the file holds, from its first bytes. Raises NotFoundError, InputError, FormatError."""
    head = read_head(path)
    name = path.name.casefold().removesuffix(".gz")
    if head[:4] == b"PAR1":
        return "parquet"
    if is_binary(head):
        raise FormatError(
            f"{path.name} is a binary file, no export: give a CSV, JSON, JSONL or Parquet file "
            "(open a spreadsheet and save it as CSV)"
        )
    text = decoder_of(head)
    start = head.decode(text, errors="replace").lstrip("\ufeff \r\n\t")
    if not start:
        raise FormatError(f"{path.name} is empty: export it again")
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    return "json" if start[0] in "{[" and not _BRACED_NAME.match(start) else "csv"


def read_head(path: Path) -> bytes:
    """The first bytes, unzipped. Raises NotFoundError, InputError."""
    if path.is_dir():
        raise InputError(f"{path} is a folder: give its files, e.g. {path}/*.csv")
    if not path.exists():
        raise NotFoundError(f"there is no file {path}: check its name and folder")
    with reading(path), open_bytes(path) as stream:
        return stream.read(HEAD_BYTES)


class reading:
    """Turns what can go wrong while a file is read into errors that name the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, exc: BaseException | None, trace: object) -> None:
        if isinstance(exc, EOFError | gzip.BadGzipFile | zlib.error):
            raise InputError(
                f"{self.path.name} ends early or is damaged ({exc}): download or copy it again; "
                "rows imported so far stay, and a new import goes on from there"
            ) from exc
        if isinstance(exc, OSError):
            raise InputError(f"{self.path} cannot be read: {exc}") from exc


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unzipped where it is gzip."""
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path)) if zipped else path.open("rb")


def text_lines(path: Path) -> Iterator[str]:
    """The file's lines, from UTF-8, or UTF-16 with its mark; bytes that are neither become �."""
    encoding = decoder_of(read_head(path))
    with (
        reading(path),
        open_bytes(path) as stream,
        io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text,
    ):
        yield from text


def decoder_of(head: bytes) -> str:
    """The name of the text encoding.

    >>> decoder_of(b"\\xff\\xfes\\x00"), decoder_of(b"a,b")
    ('utf-16', 'utf-8-sig')
    """
    return "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def is_binary(head: bytes) -> bool:
    """Whether the bytes are no text: a NUL outside UTF-16, or many control characters.

    >>> is_binary(b"\\x89PNG\\r\\n\\x1a\\n\\x00"), is_binary(b"Date,Views"), is_binary(b"")
    (True, False, False)
    """
    if decoder_of(head) == "utf-16":
        return False
    control = sum(head.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13))
    return b"\x00" in head[:1024] or control * 20 > len(head)


def sha256_of(path: Path) -> str:
    """The sha256 of the file as it lies on disk."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
