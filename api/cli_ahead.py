"""Commands of what lies ahead: trajectory, update, campaign."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from api.cli_model import opened
from api.cli_options import Home, Json

campaign_app = typer.Typer(
    help="Forecast campaigns.", no_args_is_help=True, rich_markup_mode=None, add_completion=False
)


def trajectory(
    creator: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="A creator id, or @handle with --platform; repeat for more."),
    ] = None,
    platform: Annotated[str, typer.Option(help="Platform of the handles.")] = "tiktok",
    caption: Annotated[str, typer.Option(help="The draft's caption.")] = "",
    post_at: Annotated[str, typer.Option(help="Planned time, ISO 8601. [default: now]")] = "",
    target: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="views, likes, ...; repeat for more. [default: all]"),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Forecast the next post at 24 h, 72 h, 7 d and 30 d."""
    from api.cli_ask import from_options
    from api.cli_show_ahead import show_paths

    brief = {"caption": caption, "post_at": post_at}
    asked = from_options(creator or [], platform, brief, 30, target)
    with _ahead(home) as (ahead, now):
        show_paths(ahead.paths(asked, now), as_json)


def update(
    post: Annotated[str, typer.Option(help="Id of a post in the lake, e.g. tiktok:7700.")] = "",
    request: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="JSON or YAML file as POST /v1/trajectories/update takes it."),
    ] = None,
    forecast_id: Annotated[
        str,
        typer.Option(help="The ledger's forecast to hold it against. [default: its last one]"),
    ] = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Forecast a post that is out from what it has counted, and warn where it runs off its path."""
    from api.cli_files import read_file, valid
    from api.cli_show_ahead import show_update
    from reelcast.tracks import UpdateRequest

    given = {"post_id": post or None, "forecast_id": forecast_id or None}
    asked = valid(UpdateRequest, given) if request is None else read_file(UpdateRequest, request)
    with _ahead(home) as (ahead, now):
        show_update(ahead.update(asked, now), as_json)


@campaign_app.command("forecast")
def campaign_forecast(
    plan: Annotated[Path, typer.Argument(help="JSON or YAML as POST /v1/campaigns/forecast.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Forecast a campaign's totals: P10, P50, P90, mean, and the chance of each goal."""
    from api.cli_files import read_file
    from api.cli_show_ahead import show_campaign
    from reelcast.plans import CampaignPlan

    asked = read_file(CampaignPlan, plan)
    with _ahead(home) as (ahead, now):
        show_campaign(ahead.campaign(asked, now), as_json)


@contextmanager
def _ahead(home: str | None) -> Iterator[Any]:
    """What answers, and the time."""
    from inference.ahead import Ahead

    with opened(home, "forecasting") as of:
        yield Ahead(lambda: of.predictor, of.keeping, of.ledger), of.now
