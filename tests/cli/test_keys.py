"""`reelcast keys`: made, listed, revoked; the key itself is printed once."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import reelcast


def test_a_key_is_made_listed_and_revoked(tmp_path: Path) -> None:
    made = reelcast("keys", "create", "Ana's notebook", "--json", home=tmp_path).json()
    assert made["key"].startswith(made["key_id"])
    assert made["scopes"] == ["read", "forecast"]
    listed = reelcast("keys", "list", home=tmp_path).out
    assert "Ana's notebook" in listed
    assert made["key"] not in listed
    assert "is revoked" in reelcast("keys", "revoke", made["key_id"], home=tmp_path).out
    assert "revoked 20" in reelcast("keys", "list", home=tmp_path).out


def test_scopes_are_as_asked(tmp_path: Path) -> None:
    asked = ("keys", "create", "bot", "--scope", "tag", "--scope", "read", "--json")
    assert reelcast(*asked, home=tmp_path).json()["scopes"] == ["read", "tag"]


def test_a_wrong_scope_and_an_unknown_key_have_their_exit_codes(tmp_path: Path) -> None:
    wrong = reelcast("keys", "create", "bot", "--scope", "root", home=tmp_path)
    assert (wrong.code, "there is no scope root" in wrong.err) == (2, True)
    assert reelcast("keys", "revoke", "rc_nobody", home=tmp_path).code == 3


def test_a_home_without_keys_says_how_to_make_one(tmp_path: Path) -> None:
    assert "reelcast keys create NAME" in reelcast("keys", "list", home=tmp_path).out
