"""Lists in pages: a cursor says after which item the next page begins. Pure."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

import orjson

from reelcast.errors import InputError

T = TypeVar("T")
Key = tuple[float | str, ...]


def page_of(
    items: Sequence[T], key: Callable[[T], Key], limit: int, cursor: str | None
) -> tuple[list[T], str | None]:
    """The items of the page after the cursor, and the cursor of the next page, None at the end.

    Items are ordered by their keys, which differ: an item that comes or goes between two pages
    moves no other. Raises InputError for a cursor that this list did not give.

    >>> first, cursor = page_of([3, 1, 2], lambda n: (n,), 2, None)
    >>> first, page_of([3, 1, 2], lambda n: (n,), 2, cursor)
    ([1, 2], ([3], None))
    """
    ordered = sorted(items, key=key)
    start = 0
    if cursor is not None:
        last = read_cursor(cursor)
        try:
            start = bisect_right(ordered, last, key=key)
        except TypeError as exc:
            raise _wrong_cursor() from exc
    page = list(ordered[start : start + limit])
    more = start + limit < len(ordered)
    return page, write_cursor(key(page[-1])) if more and page else None


def write_cursor(key: Key) -> str:
    """The cursor of a key: opaque to who gets it.

    >>> read_cursor(write_cursor((1.5, "a")))
    (1.5, 'a')
    """
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def read_cursor(cursor: str) -> Key:
    """The key of a cursor; raises InputError for one that is none."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        read = orjson.loads(base64.b64decode(padded.encode(), altchars=b"-_", validate=True))
    except (binascii.Error, orjson.JSONDecodeError, UnicodeEncodeError) as exc:
        raise _wrong_cursor() from exc
    if not isinstance(read, list) or not all(isinstance(part, float | int | str) for part in read):
        raise _wrong_cursor()
    return tuple(read)


def _wrong_cursor() -> InputError:
    return InputError("this list gave no such cursor: leave it out to begin at the first page")
