"""The ledger keeps entries once, in a chain that shows tampering, and the database guards it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from inference.ledger_store import FIRST, Entry, Ledger, Sealed
from reelcast.database import open_database
from reelcast.errors import InputError, RefusedError, StoreError


def entry(number: int, **body: object) -> Entry:
    return Entry("forecast", f"f{number}", {"n": number, "creator_id": "c1", **body}, "c1")


@contextmanager
def raw(url: str) -> Iterator[Connection]:
    """A connection that knows nothing of the ledger's rules."""
    engine = open_database(url)
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def test_what_was_appended_is_read_back_in_its_order(ledger: Ledger) -> None:
    entries = [entry(2), entry(1)]
    assert ledger.append(entries) == 2
    assert ledger.read("forecast") == entries
    assert ledger.count("forecast") == 2


def test_an_entry_is_kept_once_and_as_it_first_was(ledger: Ledger) -> None:
    ledger.append([entry(1, said="first")])
    assert ledger.append([entry(1, said="second"), entry(2)]) == 1
    found = ledger.find("f1")
    assert found is not None
    assert found.body["said"] == "first"


def test_entries_are_read_by_creator(ledger: Ledger) -> None:
    ledger.append([entry(1), Entry("forecast", "x", {"creator_id": "c2"}, "c2")])
    assert [e.entry_id for e in ledger.read("forecast", "c2")] == ["x"]


def test_an_unknown_id_finds_nothing(ledger: Ledger) -> None:
    assert ledger.find("nothing") is None


def test_an_untouched_chain_holds(ledger: Ledger) -> None:
    assert ledger.verify().head == FIRST
    ledger.append([entry(n) for n in range(30)])
    ledger.append([entry(99)])
    verdict = ledger.verify()
    assert (verdict.rows, verdict.fault) == (31, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET body = '{}' WHERE seq = 1",
        "DELETE FROM ledger WHERE seq = 1",
        "DELETE FROM ledger",
    ],
)
def test_the_database_refuses_to_change_rows(ledger: Ledger, database: str, statement: str) -> None:
    ledger.append([entry(1), entry(2)])
    with pytest.raises(DBAPIError, match="append-only"), raw(database) as connection:
        connection.exec_driver_sql(statement)
    assert ledger.verify().fault is None


def test_sqlite_refuses_to_replace_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    ledger = Ledger(url)
    ledger.append([entry(1)])
    copy = "SELECT seq, kind, entry_id, creator_id, '{}', previous, hash FROM ledger"
    with pytest.raises(DBAPIError, match="append-only"), raw(url) as connection:
        connection.execute(text(f"INSERT OR REPLACE INTO ledger {copy}"))
    assert ledger.read("forecast") == [entry(1)]
    ledger.close()


def test_postgresql_refuses_to_truncate(postgres: str) -> None:
    ledger = Ledger(postgres)
    ledger.append([entry(1)])
    with pytest.raises(DBAPIError, match="append-only"), raw(postgres) as connection:
        connection.execute(text("TRUNCATE ledger"))
    ledger.close()


def unguarded(connection: Connection) -> None:
    """Take the triggers away, as one who owns the database can."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER ledger_no_{verb}"))
    else:
        connection.execute(text("ALTER TABLE ledger DISABLE TRIGGER ALL"))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ('UPDATE ledger SET body = \'{"n":7,"creator_id":"c1"}\' WHERE seq = 2', "row 2"),
        ("UPDATE ledger SET creator_id = 'c9' WHERE seq = 2", "another creator"),
        ("UPDATE ledger SET entry_id = 'other' WHERE seq = 3", "row 3"),
        ("DELETE FROM ledger WHERE seq = 2", "row 2 is missing"),
    ],
)
def test_tampering_by_the_databases_owner_shows(
    ledger: Ledger, database: str, statement: str, fault: str
) -> None:
    ledger.append([entry(n) for n in range(1, 5)])
    with raw(database) as connection:
        unguarded(connection)
        connection.exec_driver_sql(statement)
    found = ledger.verify().fault
    assert found is not None
    assert fault in found


def test_rows_cut_off_the_end_show_against_a_hash_noted_earlier(
    ledger: Ledger, database: str
) -> None:
    ledger.append([entry(n) for n in range(4)])
    noted = ledger.verify().head
    with raw(database) as connection:
        unguarded(connection)
        connection.exec_driver_sql("DELETE FROM ledger WHERE seq > 2")
    assert ledger.verify().fault is None
    found = ledger.verify(noted).fault
    assert found is not None
    assert "removed from its end" in found


def test_a_hash_noted_earlier_is_met_in_a_chain_that_grew(ledger: Ledger) -> None:
    ledger.append([entry(1)])
    noted = ledger.verify().head
    ledger.append([entry(2)])
    assert ledger.verify(noted).fault is None


def test_text_that_no_database_holds_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match="refuses a value"):
        ledger.append([Sealed("forecast", "f1", '{"creator_id":null,"said":"\ud800"}', None)])


def test_many_writers_make_one_chain(database: str) -> None:
    def write(start: int) -> None:
        own = Ledger(database)
        for n in range(start, start + 20):
            own.append([entry(n)])
        own.close()

    threads = [threading.Thread(target=write, args=(1000 * k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger = Ledger(database)
    verdict = ledger.verify()
    ledger.close()
    assert (verdict.rows, verdict.fault) == (80, None)


def test_the_default_database_is_in_wal_mode(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    ledger = Ledger(url)
    ledger.append([entry(1)])
    with raw(url) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    ledger.close()


def test_a_damaged_database_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"this is no database, but long enough to be read" * 40)
    with pytest.raises(StoreError, match=r"ledger\.db"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.db'}").append([entry(1)])


def test_a_server_that_is_down_is_a_store_error() -> None:
    with pytest.raises(StoreError, match="fails"):
        Ledger("postgresql://nobody:secret@127.0.0.1:9/none").append([entry(1)])


def test_a_password_is_not_shown() -> None:
    with pytest.raises(StoreError) as caught:
        Ledger("postgresql://nobody:secret@127.0.0.1:9/none").append([entry(1)])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "nonsense", "sqlite:///:memory:"])
def test_another_database_is_refused_in_words(url: str) -> None:
    with pytest.raises(InputError, match="sqlite:///FILE"):
        open_database(url)
