"""Keys in both kinds of database: shown once, kept as hashes, revoked for good."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from reelcast.database import open_database
from reelcast.errors import InputError, NotFoundError
from reelcast.keys import KeyRing, digest_of
from tests.support import NOW


@pytest.fixture
def ring(empty_database: str) -> Iterator[KeyRing]:
    opened = KeyRing(empty_database)
    yield opened
    opened.close()


def test_a_key_is_valid_until_it_is_revoked(ring: KeyRing) -> None:
    secret, key = ring.create("Ana", ["read", "tag"], NOW)
    assert ring.valid() == {digest_of(secret): key}
    assert (key.may("tag"), key.may("write")) == (True, False)
    revoked = ring.revoke(key.key_id, NOW)
    assert (revoked.revoked_at, ring.valid(), ring.all()) == (NOW, {}, [revoked])


def test_the_key_itself_is_nowhere_in_the_database(ring: KeyRing, empty_database: str) -> None:
    secret, _ = ring.create("Ana", ["read"], NOW)
    engine = open_database(empty_database)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM api_keys")).one()
    engine.dispose()
    assert secret not in str(row)
    assert len(secret) > 40


def test_an_admin_may_do_everything(ring: KeyRing) -> None:
    _, key = ring.create("Ana", ["admin"], NOW)
    assert all(key.may(scope) for scope in ("read", "forecast", "tag", "write"))


@pytest.mark.parametrize("scopes", [[], ["all"], ["read", "root"]])
def test_a_wrong_scope_is_refused(ring: KeyRing, scopes: list[str]) -> None:
    with pytest.raises(InputError, match="choose of read, forecast, tag, write, admin"):
        ring.create("Ana", scopes, NOW)


def test_an_unknown_key_cannot_be_revoked(ring: KeyRing) -> None:
    with pytest.raises(NotFoundError, match="no key 'rc_x'"):
        ring.revoke("rc_x", NOW)
