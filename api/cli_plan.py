"""Commands of the planner: a roster under a budget, its highest fees, and following it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from api.cli_model import opened
from api.cli_options import Home, Json, settings_of


def plan(
    file: Annotated[Path, typer.Argument(help="YAML or JSON: budget, candidates, target.")],
    csv: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="CSV file to write: a row per creator chosen, and the total."),
    ] = None,
    ceilings: Annotated[
        float, typer.Option(help="Show each candidate's highest fee at this cost per result.")
    ] = 0.0,
    freeze: Annotated[bool, typer.Option(help="Freeze the roster into the ledger.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Choose a roster under a budget: who posts how often, what it brings, how surely."""
    from api.cli_files import read_file
    from api.cli_show_plan import PlanShown, show_plan, write_csv
    from inference.plan import ceiling
    from inference.roster import choose
    from reelcast.rosters import Metric, RosterPlan

    asked = read_file(RosterPlan, file)
    with _planner(home) as (planner, now):
        made = planner.make(asked, now)
        chosen = choose(made)
        metric: Metric = "conversions" if "conversions" in made.samples else "views"
        highest = [ceiling(made, n, metric, ceilings) for n in made.names] if ceilings else []
        frozen = planner.freeze(made, chosen.posts, now) if freeze and chosen.feasible else None
    if csv is not None:
        write_csv(csv, chosen.totals)
    show_plan(PlanShown(chosen, tuple(highest), frozen, made.notes), as_json)


def follow(
    plan_id: Annotated[str, typer.Argument(help="Id or name of a frozen plan.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show a frozen plan against what came: totals by window, posts off their path."""
    from datetime import UTC, datetime

    from api.cli_show_plan import show_followed
    from inference.ledger import open_ledger
    from inference.ledger_keeping import DirectKeeping
    from inference.planner import Planner
    from reelcast.errors import NotFoundError

    def no_model() -> Any:
        raise NotFoundError("following a plan needs no model")

    settings = settings_of(home)
    ledger = open_ledger(settings)
    try:
        made = Planner(no_model, DirectKeeping(settings), ledger, settings).follow(
            plan_id, datetime.now(UTC)
        )
    finally:
        ledger.close()
    show_followed(made, as_json)


@contextmanager
def _planner(home: str | None) -> Iterator[Any]:
    """What plans, and the time."""
    from inference.planner import Planner

    with opened(home, "planning") as of:
        yield Planner(lambda: of.predictor, of.keeping, of.ledger, of.settings), of.now
