"""The ledger database: SQLite in WAL mode by default, PostgreSQL where the settings name one.

For what is small and transactional. Tables are declared on METADATA by the modules that own them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, SQLAlchemyError

from reelcast.errors import InputError, RefusedError, StoreError
from reelcast.packages import require
from reelcast.settings import Settings

METADATA = MetaData()
_BUSY_MS = 15_000  # how long a writer waits for another before it fails
_LOCK = 7_233_001  # the advisory lock that PostgreSQL's writers of the ledger share


def database_url(settings: Settings) -> str:
    """The URL that the settings name, a SQLite file in the home where they name none."""
    given = settings.database_url
    if given is not None:
        return given.get_secret_value()
    return f"sqlite:///{settings.local_home / 'ledger.db'}"


def open_database(url: str) -> Engine:
    """An engine of a sqlite:/// or postgresql:// URL; nothing is connected yet.

    Raises InputError for another URL, MissingPackageError where PostgreSQL's driver is missing.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as exc:
        raise InputError(
            "database_url is no URL: write sqlite:///FILE or postgresql://..."
        ) from exc
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        require("psycopg")
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if kind != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise InputError(
            f"database_url names {kind!r}: write sqlite:///FILE or postgresql://USER@HOST/NAME"
        )
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says so
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection whose reads see one state; raises StoreError where the database fails."""
    try:
        with engine.connect() as connection:
            yield connection
    except _faults(engine) as exc:
        raise _translated(engine, exc) from exc


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other writer of the ledger runs beside; all or nothing.

    Raises StoreError where the database fails, RefusedError where it takes a value for none.
    """
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            yield connection
    except _faults(engine) as exc:
        raise _translated(engine, exc) from exc


def ensure_tables(engine: Engine, *tables: Table) -> None:
    """Create those of the tables that are missing, with their indexes."""
    with reading(engine) as connection:
        there = set(inspect(connection).get_table_names())
    if all(table.name in there for table in tables):
        return
    with writing(engine) as connection:
        METADATA.create_all(connection, tables=list(tables))


def _faults(engine: Engine) -> tuple[type[Exception], ...]:
    """What a database raises: its toolkit's errors, its driver's, text that it cannot hold."""
    driver = getattr(engine.dialect.loaded_dbapi, "Error", SQLAlchemyError)
    return (SQLAlchemyError, driver, OSError, UnicodeError, OverflowError)


def _translated(engine: Engine, exc: Exception) -> StoreError:
    said = str(getattr(exc, "orig", None) or exc).strip().splitlines()
    reason, name = said[0] if said else type(exc).__name__, engine.url.render_as_string()
    if isinstance(exc, DataError | IntegrityError | UnicodeError | OverflowError):
        return RefusedError(f"the database {name} refuses a value: {reason}")
    return StoreError(f"the database {name} fails: {reason}")
