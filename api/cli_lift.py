"""Commands of lift: design a test before launch, and read tests that were held."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from api.cli_options import Home, Json, lake_of, settings_of
from reelcast.errors import InputError

if TYPE_CHECKING:
    from measurement.lift.panel import Lift
    from measurement.lift.plan import Plans


def design(
    wanted: Annotated[float, typer.Option("--lift", help="That must not be missed; .1 is 10%.")] = (
        0.10
    ),
    power: Annotated[float, typer.Option(help="The chance to find it.")] = 0.80,
    rate: Annotated[
        float, typer.Option(help="Share of people who buy without the posts: plans two arms.")
    ] = 0.0,
    people_a_day: Annotated[float, typer.Option(help="Who can be drawn by lot in a day.")] = 0.0,
    held_out: Annotated[float, typer.Option(help="Share of people held out.")] = 0.5,
    history: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="CSV of unit, day, outcome before launch: plans regions."),
    ] = None,
    draws: Annotated[int, typer.Option(min=20, max=2000, help="Stretches of the past.")] = 60,
    as_json: Json = False,
) -> None:
    """Say before launch which lift test to run, how long, and what it can see."""
    from api.cli_show import status
    from measurement.lift.design import Wanted
    from measurement.lift.plan import Asked, plans

    people = people_a_day or None
    asked = Asked(Wanted(wanted, power), rate or None, people, held_out, history, draws)
    with status("design") as progress:
        progress("trying tests on the past")
        made = plans(asked)
    _show_plans(made, as_json)


def lift(
    test: Annotated[str, typer.Argument(help="Id of a test. [default: all in the lake]")] = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show what tests in the lake say: every method that they allow, the one to go by first."""
    from api.cli_show import show_table, status
    from measurement.lift.plan import lifts_of

    with status("lift") as progress:
        progress("judging by placebos")
        found = lifts_of(lake_of(settings_of(home)), test or None)
    if not found and not as_json:
        raise InputError("the lake has no test: import holdouts first (docs/lift.md)")
    rows = [(name, *_cells(one)) for name, of in found.items() for one in of.lifts]
    data = [{"test_id": name, **asdict(of)} for name, of in found.items()]
    head = ("test", "method", "lift", "95%", "p", "n", "placebos called", "verdict")
    show_table(data, head, rows, as_json)


def _cells(of: Lift) -> tuple[str, ...]:
    ends = f"{of.low:+.1%} to {of.high:+.1%}"
    tried = "not tried"
    if of.false_positives is not None:
        tried = f"{of.false_positives:.0%} of {of.n_placebos}"
    shown = ("-", "-", "-") if of.refused else (f"{of.relative:+.1%}", ends, f"{of.p_value:.3f}")
    return (of.method, *shown, str(of.n_units), tried, of.verdict)


def _show_plans(made: Plans, as_json: bool) -> None:
    from api.cli_show import show

    lines = list(made.words)
    if made.regions and not as_json:
        lines += ["", "exposed  days  power  least lift  false positives"]
        lines += [
            f"{one.exposed:7}  {one.days:4}  {one.power:5.0%}  "
            f"{'-' if one.least_lift is None else f'{one.least_lift:.1%}':>10}  "
            f"{one.false_positives:15.0%}"
            for one in made.regions
        ]
    show(asdict(made), as_json, "\n".join(lines))
