"""Commands of the ledger: its report, its proof, links to posts."""

from __future__ import annotations

from typing import Annotated, Any, Optional

import typer

from api.cli_options import Home, Json, settings_of

ledger_app = typer.Typer(
    help="Predicted against actual.", rich_markup_mode=None, add_completion=False
)


@ledger_app.callback(invoke_without_command=True)
def ledger(context: typer.Context, home: Home = None, as_json: Json = False) -> None:
    """Show predicted against actual: coverage and bias by tier, window and format, and drift."""
    if context.invoked_subcommand is not None:
        return
    from datetime import UTC, datetime

    from api.cli_show_ahead import show_ledger
    from inference.ledger import posts_of_lake, report

    settings, opened = _open(home)
    try:
        made = report(opened, posts_of_lake(settings), settings, datetime.now(UTC))
    finally:
        opened.close()
    show_ledger(made, as_json)


@ledger_app.command()
def verify(
    expect: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="A last row's hash, noted earlier: it must still be there."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show whether any row of the ledger was changed or removed; exit code 4 where so."""
    from api.cli_show import show
    from reelcast.errors import MismatchError

    _, opened = _open(home)
    try:
        verdict = opened.verify(expect)
    finally:
        opened.close()
    if verdict.fault is not None:
        raise MismatchError(f"the ledger was tampered with: {verdict.fault}")
    data = {"rows": verdict.rows, "head": verdict.head, "fault": None}
    show(data, as_json, f"{verdict.rows:,} rows, each follows from the one before; {verdict.head}")


@ledger_app.command()
def link(
    forecast_id: Annotated[str, typer.Argument(help="The forecast's id, as the answer says it.")],
    post_id: Annotated[str, typer.Argument(help="Id of its post in the lake, e.g. tiktok:7700.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say which post a forecast was about, where creator and posting time do not."""
    from datetime import UTC, datetime

    from api.cli_show import show
    from inference.ledger_join import link as keep_link

    _, opened = _open(home)
    try:
        keep_link(opened, forecast_id, post_id, datetime.now(UTC))
    finally:
        opened.close()
    data = {"forecast_id": forecast_id, "post_id": post_id}
    show(data, as_json, f"{forecast_id} is about {post_id}")


def _open(home: str | None) -> tuple[Any, Any]:
    from inference.ledger import open_ledger

    settings = settings_of(home)
    return settings, open_ledger(settings)
