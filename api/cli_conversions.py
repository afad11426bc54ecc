"""Commands of conversions: learn from the lake's campaigns what posts sell."""

from __future__ import annotations

import typer

from api.cli_options import Home, Json, settings_of

conversions_app = typer.Typer(
    help="What posts sell.", no_args_is_help=True, rich_markup_mode=None, add_completion=False
)


@conversions_app.callback()
def conversions() -> None:
    """What posts sell."""


@conversions_app.command("train")
def train(home: Home = None, as_json: Json = False) -> None:
    """Learn click and conversion rates and order values from the lake's finished campaigns."""
    from datetime import UTC, datetime

    from api.cli_show import show, status, talk
    from training.conversions import train as run

    settings = settings_of(home)
    with status("learning conversions") as progress:
        progress("reading campaigns")
        made = run(settings, datetime.now(UTC))
    said = (
        f"{made.version}: {made.posts:,} posts of {made.campaigns} campaigns and "
        f"{len(made.brands)} brands, {made.clicks:,} clicks, {made.conversions:,} conversions"
    )
    show(made.model_dump(mode="json"), as_json, said)
    for note in made.notes:
        talk.print(note, highlight=False, markup=False)
