"""Takes accounts and addresses out of text: people's names do not enter the tables."""

from __future__ import annotations

import re

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MENTION = re.compile(r"@[\w.\-]*\w")


def without_mentions(text: str) -> str:
    """The text, in which every @mention and e-mail address reads @user.

    >>> without_mentions("with @ana.b and a@b.example #fun")
    'with @user and @user #fun'
    """
    return _MENTION.sub("@user", _MAIL.sub("@user", text))
