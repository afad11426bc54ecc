"""Frozen plans in the ledger database: a table of their own, sealed by the ledger's chain."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import closing

from pydantic import ValidationError
from sqlalchemy import Column, Engine, Index, String, Table, Text, insert, inspect, select, text

from inference.ledger import open_ledger
from inference.ledger_store import Entry, canonical
from reelcast.database import METADATA, database_url, open_database, reading, writing
from reelcast.errors import MismatchError, NotFoundError
from reelcast.rosters import FrozenPlan
from reelcast.settings import Settings

PLAN = "plan"
PLANS = Table(
    "plans",
    METADATA,
    Column("plan_id", String(40), primary_key=True),
    Column("name", String(100)),
    Column("made_at", String(40), nullable=False),
    Column("model", String(40), nullable=False),
    Column("data_version", String(100), nullable=False),
    Column("conversions", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Index("plans_made_at", "made_at"),
)
_REFUSED = "a frozen plan is neither changed nor removed"


def keep_plan(settings: Settings, plan: FrozenPlan) -> None:
    """Keep a frozen plan; one that is there already is left as it is."""
    body = plan.model_dump(mode="json")
    seal = {"plan_id": plan.plan_id, "creator_id": None, "sha256": _digest(body)}
    with closing(open_ledger(settings)) as ledger:
        ledger.append([Entry(PLAN, plan.plan_id, seal)])
    engine = _engine(settings)
    with writing(engine) as connection:
        known = select(PLANS.c.plan_id).where(PLANS.c.plan_id == plan.plan_id)
        if connection.execute(known).one_or_none() is None:
            row = {
                "plan_id": plan.plan_id,
                "name": plan.name,
                "made_at": plan.made_at.isoformat(),
                "model": plan.model.created_at,
                "data_version": plan.model.data_version,
                "conversions": plan.conversions,
                "body": canonical(body).decode(),
            }
            connection.execute(insert(PLANS), [row])
    engine.dispose()


def find_plan(settings: Settings, plan_id: str) -> FrozenPlan:
    """The frozen plan with this id, or the last one of this name.

    Raises NotFoundError, MismatchError where it is not what the ledger's chain has sealed.
    """
    engine = _engine(settings)
    asked = select(PLANS).where((PLANS.c.plan_id == plan_id) | (PLANS.c.name == plan_id))
    with reading(engine) as connection:
        row = connection.execute(asked.order_by(PLANS.c.made_at.desc()).limit(1)).one_or_none()
    engine.dispose()
    if row is None:
        raise NotFoundError(f"no frozen plan {plan_id!r}: freeze one by `reelcast plan --freeze`")
    return _checked(settings, row.plan_id, row.body)


def list_plans(settings: Settings) -> Sequence[tuple[str, str | None, str]]:
    """(plan_id, name, made_at) of all frozen plans, the latest first."""
    engine = _engine(settings)
    asked = select(PLANS.c.plan_id, PLANS.c.name, PLANS.c.made_at)
    with reading(engine) as connection:
        rows = connection.execute(asked.order_by(PLANS.c.made_at.desc(), PLANS.c.plan_id)).all()
    engine.dispose()
    return [(row.plan_id, row.name, row.made_at) for row in rows]


def _checked(settings: Settings, plan_id: str, body: str) -> FrozenPlan:
    with closing(open_ledger(settings)) as ledger:
        sealed = ledger.find(plan_id)
    digest = hashlib.sha256(body.encode()).hexdigest()
    if sealed is None or sealed.body["sha256"] != digest:
        raise MismatchError(
            f"plan {plan_id} is not what was frozen: it was changed in the database"
        )
    try:
        return FrozenPlan.model_validate_json(body)
    except ValidationError as exc:
        raise MismatchError(
            f"plan {plan_id} was frozen by another release, which is needed to read it"
        ) from exc


def _digest(body: object) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def _engine(settings: Settings) -> Engine:
    """The database with the table `plans`, whose rows it refuses to change."""
    engine = open_database(database_url(settings))
    with reading(engine) as connection:
        is_made = inspect(connection).has_table(PLANS.name)
    if not is_made:
        with writing(engine) as connection:
            if not inspect(connection).has_table(PLANS.name):
                METADATA.create_all(connection, tables=[PLANS])
                for statement in _guards(engine.dialect.name):
                    connection.execute(text(statement))
    return engine


def _guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        return [
            f"CREATE TRIGGER plans_no_update BEFORE UPDATE ON plans {refuse}",
            f"CREATE TRIGGER plans_no_delete BEFORE DELETE ON plans {refuse}",
        ]
    return [
        "CREATE OR REPLACE FUNCTION plans_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE TRIGGER plans_no_change BEFORE UPDATE OR DELETE ON plans "
        "FOR EACH ROW EXECUTE FUNCTION plans_refuse()",
    ]
