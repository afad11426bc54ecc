"""What is to be tagged: files, folders, or a manifest that says which post shows which file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from content_tagging.contents import About
from reelcast.errors import InputError, NotFoundError
from reelcast.mentions import without_mentions
from reelcast.plain import plain

SUFFIXES = frozenset(
    {
        *(".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".wmv", ".flv", ".3gp", ".mpg"),
        *(".mpeg", ".ts", ".mts", ".ogv", ".gif", ".mp3", ".m4a", ".aac", ".wav", ".flac"),
        *(".ogg", ".opus"),
    }
)


class Item(About):
    """One file to tag, what is said of it, and the post that shows it, where known."""

    path: Path
    post_id: str | None = None


def items_in(
    paths: Sequence[Path], manifest: Path | None = None, about: About | None = None
) -> list[Item]:
    """The files named, those of media in the folders named (and their folders, in order of name),
    and the manifest's rows; `about` is said of all of which a row says nothing else.

    Raises NotFoundError for a path that is not there, InputError where nothing is left to tag.
    """
    items = [Item(path=file) for path in paths for file in _files(path)]
    if manifest is not None:
        items += read_manifest(manifest)
    if not items:
        raise InputError("nothing to tag: name video files, folders that hold some, or --manifest")
    return [item.model_copy(update=dict(item.over(about))) for item in items] if about else items


def read_manifest(manifest: Path) -> list[Item]:
    """The rows of a CSV or JSONL file with `path` (from the manifest's folder), and `post_id`,
    `caption`, `brand` and `product` where known.

    Raises InputError naming the line of a row without a path.
    """
    return [
        Item(
            path=manifest.parent / _path(row, line, manifest),
            post_id=_said(row, "post_id"),
            caption=without_mentions(_said(row, "caption") or "") or None,
            brand=_said(row, "brand"),
            product=_said(row, "product"),
        )
        for line, row in _rows(manifest)
    ]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if not path.exists():
            raise NotFoundError(f"{path} is not there: name a file or folder that is")
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() in SUFFIXES and file.is_file():
            yield file


def _rows(manifest: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row and its line in the file."""
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            if manifest.suffix.lower() in (".jsonl", ".ndjson"):
                for line, text in enumerate(file, 1):
                    if text.strip():
                        yield line, _object(text, line, manifest)
            else:
                reader = csv.DictReader(file)
                for row in reader:
                    yield reader.line_num, row
    except FileNotFoundError as exc:
        raise NotFoundError(f"{manifest} is not there: name a manifest that is") from exc
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise InputError(f"{manifest} cannot be read as a manifest: {exc}") from exc


def _object(text: str, line: int, manifest: Path) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as exc:
        raise InputError(f"{manifest} line {line} is not JSON: {exc}") from exc
    if not isinstance(row, dict):
        raise InputError(f"{manifest} line {line} is no JSON object: write {{'path': ...}}")
    return {
        key: value if value is None else str(value)
        for key, value in row.items()
        if key in Item.model_fields
    }


def _said(row: dict[str, Any], name: str) -> str | None:
    return plain(row.get(name) or "") or None


def _path(row: dict[str, Any], line: int, manifest: Path) -> str:
    path = row.get("path")
    if not path:
        raise InputError(
            f"{manifest} line {line} names no file: a manifest has a column `path`, and may have "
            "`post_id`, `caption`, `brand` and `product`"
        )
    return str(path)
