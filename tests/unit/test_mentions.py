"""Accounts and addresses are taken out of text of any length."""

from __future__ import annotations

import pytest

from reelcast.mentions import without_mentions


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a@b.example+c@d.example", "@user@user"),
        ("mail a.b+c@d.example, or @ana.", "mail @user, or @user."),
        ("5 @ home", "5 @ home"),
        ("a@localhost", "a@user"),
    ],
)
def test_addresses_and_mentions_read_user(text: str, left: str) -> None:
    assert without_mentions(text) == left


def test_a_long_text_without_spaces_is_read_once() -> None:
    text = "a" * 1_000_000  # would take an hour if each letter began a search of its own
    assert without_mentions(f"{text} @ana") == f"{text} @user"
