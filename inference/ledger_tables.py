"""The ledger's one table: rows chained by hash, which the database itself refuses to change."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    String,
    Table,
    Text,
    inspect,
    text,
)

from reelcast.database import METADATA, reading, writing

LEDGER = Table(
    "ledger",
    METADATA,
    Column(
        "seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    ),
    Column("kind", String(16), nullable=False),
    Column("entry_id", String(120), nullable=False, unique=True),
    Column("creator_id", String(100)),
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ledger_kind", "kind", "seq"),
    Index("ledger_creator", "creator_id", "seq"),
)
_REFUSED = "the ledger is append-only: rows are neither changed nor removed"


def make_tables(engine: Engine) -> None:
    """Create the ledger's table and the triggers that refuse changes, where they are missing."""
    with reading(engine) as connection:
        if _is_made(connection):
            return
    with writing(engine) as connection:
        if not _is_made(connection):
            METADATA.create_all(connection, tables=[LEDGER])
            for statement in _guards(engine.dialect.name):
                connection.execute(text(statement))


def _is_made(connection: Connection) -> bool:
    return inspect(connection).has_table(LEDGER.name)


def _guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        there = "SELECT 1 FROM ledger WHERE seq = NEW.seq OR entry_id = NEW.entry_id"
        return [
            f"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger {refuse}",
            f"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger {refuse}",
            # INSERT OR REPLACE removes a row without asking the trigger of DELETE
            f"CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger "
            f"WHEN EXISTS ({there}) {refuse}",
        ]
    return [
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
        "CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
    ]
