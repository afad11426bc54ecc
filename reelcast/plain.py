"""Makes text from outside fit for tables and terminals."""

from __future__ import annotations

import re

# All controls but tab and line feed: ESC and CSI would steer the terminal that shows them.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(text: str) -> str:
    """The text, in which control characters and halves of characters read U+FFFD.

    >>> plain("a\\x1b[2J\\ud83d b") == "a\\ufffd[2J\\ufffd b"
    True
    """
    return _UNFIT.sub("\ufffd", text)
