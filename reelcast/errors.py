"""The errors a person can meet, with the HTTP status and the exit code of each branch.

ReelcastError                500  exit 1
├── InputError               422  exit 2   what was given cannot be used
│   ├── FormatError          415  exit 2   a file that is no known export
│   ├── MappingError         422  exit 2   a mapping file that does not fit its data
│   ├── MediaError           422  exit 2   a video or sound file that cannot be read
│   │   ├── MediaLimitError  413  exit 2   file beyond a limit: bytes, length, pixels, time, memory
│   │   └── MediaCrashError  500  exit 2   a file on which the decoding process ended by itself
│   └── TooLargeError        413  exit 2   more than a limit allows
├── NotFoundError            404  exit 3   a creator, table, run or bundle that is not there
├── MismatchError            409  exit 4   a bundle or table of another version or other features
├── ConflictError            409  exit 9   what is asked for does not go with what is there now
├── NotEnoughDataError       422  exit 5   too few rows to train, calibrate or test
├── StoreError               503  exit 6   the lake, the ledger or the tracking server fails
│   └── RefusedError         500  exit 6   the database is there, but takes this value for none
├── MissingPackageError      501  exit 7   an optional package or weight file is absent
└── AccessError              401  exit 8   no API key, or one that is unknown or revoked
    ├── ScopeError           403  exit 8   a key that may not do this
    └── RateError            429  exit 8   more requests than a caller may make

Every message says what, which, and what to do.
"""

from __future__ import annotations

from typing import ClassVar


class ReelcastError(Exception):
    """The root: catch this to catch all of ours."""

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    title: ClassVar[str] = "Internal error"


class InputError(ReelcastError):
    status, exit_code, title = 422, 2, "Input cannot be used"


class FormatError(InputError):
    status, title = 415, "Not a known export"


class MappingError(InputError):
    title = "Mapping does not fit"


class MediaError(InputError):
    title = "Media cannot be read"


class MediaLimitError(MediaError):
    status, title = 413, "Media beyond a limit"


class MediaCrashError(MediaError):
    status, title = 500, "Worker ended on this file"


class TooLargeError(InputError):
    status, title = 413, "Too large"


class NotFoundError(ReelcastError):
    status, exit_code, title = 404, 3, "Not found"


class MismatchError(ReelcastError):
    status, exit_code, title = 409, 4, "Versions do not fit"


class ConflictError(ReelcastError):
    status, exit_code, title = 409, 9, "Does not go with what is there"


class NotEnoughDataError(ReelcastError):
    status, exit_code, title = 422, 5, "Not enough data"


class StoreError(ReelcastError):
    status, exit_code, title = 503, 6, "Store fails"


class RefusedError(StoreError):
    status, title = 500, "Store refuses a value"


class MissingPackageError(ReelcastError):
    status, exit_code, title = 501, 7, "Package missing"


class AccessError(ReelcastError):
    status, exit_code, title = 401, 8, "API key needed"


class ScopeError(AccessError):
    status, title = 403, "API key may not do this"


class RateError(AccessError):
    status, title = 429, "Too many requests"

    def __init__(self, message: str, wait_s: float = 1.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s
