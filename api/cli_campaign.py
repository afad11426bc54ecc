"""Commands of campaigns: add, list, show, calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli_ahead import campaign_app
from api.cli_options import Home, Json, lake_of, settings_of

__all__ = ["campaign_app"]

Name = Annotated[str, typer.Argument(help="The campaign's id, as `campaign list` shows it.")]


@campaign_app.command()
def add(
    file: Annotated[Path, typer.Argument(help="Campaigns as YAML or CSV.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Store the campaigns of a file: objectives, targets, posts with fee, time, link and code."""
    from dataclasses import asdict
    from datetime import UTC, datetime

    from api.cli_show import show_table, talk
    from measurement.campaign_files import read_campaigns
    from measurement.campaigns import save
    from reelcast.salt import make_salt

    settings, now = settings_of(home), datetime.now(UTC)
    defined = read_campaigns(file, make_salt(settings), now)
    saved = [save(lake_of(settings), of.campaign, now) for of in defined]
    rows = [
        (of.campaign_id, *(f"{getattr(of.deliverables, n):,}" for n in _COUNTS)) for of in saved
    ]
    show_table([asdict(of) for of in saved], ("campaign", *_COUNTS), rows, as_json)
    for note in (f"{of.campaign_id}: {note}" for of in saved for note in of.notes):
        talk.print(note, highlight=False, markup=False)


@campaign_app.command("list")
def list_(home: Home = None, as_json: Json = False) -> None:
    """List the campaigns, in order of their start."""
    from api.cli_show import show_table
    from measurement.campaigns import load_all

    found = load_all(lake_of(settings_of(home)))
    rows = [
        (of.campaign_id, of.brand, of.type, of.primary, of.secondary or "",
         f"{of.local(of.starts_at):%F}", f"{of.local(of.ends_at):%F}",
         f"{of.window_days} d", str(len(of.deliverables)))
        for of in found
    ]  # fmt: skip
    head = ("campaign", "brand", "type", "primary", "secondary", "from", "to", "window", "posts")
    show_table([of.model_dump(mode="json") for of in found], head, rows, as_json)


@campaign_app.command("show")
def show_(
    campaign: Name,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV as `campaign add` reads.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show a campaign as it was agreed."""
    from api.cli_show import out, print_json
    from api.cli_show_campaign import show_definition
    from measurement.campaign_files import to_csv
    from measurement.campaigns import load

    of = load(lake_of(settings_of(home)), campaign)
    if as_csv:
        out.print(to_csv([of]), end="", highlight=False, markup=False, soft_wrap=True)
    elif as_json:
        print_json(of.model_dump(mode="json"))
    else:
        show_definition(of)


@campaign_app.command("calendar")
def calendar_(campaign: Name, home: Home = None, as_json: Json = False) -> None:
    """Show when a campaign's posts go out, and warn where windows overlap."""
    from api.cli_show_campaign import show_calendar
    from measurement.calendar import calendar, overlaps
    from measurement.campaigns import load, load_all, published_at

    lake = lake_of(settings_of(home))
    of = load(lake, campaign)
    campaigns = load_all(lake)
    entries = calendar(campaigns, published_at(lake, campaigns))
    of_it = [one for one in overlaps(entries) if campaign in _campaigns_of(one)]
    mine = [one for one in entries if one.campaign_id == campaign]
    show_calendar(of, mine, of_it, as_json)


def _campaigns_of(overlap: Any) -> tuple[str, str]:
    return overlap.first.campaign_id, overlap.second.campaign_id


_COUNTS = ("inserted", "updated", "unchanged")


@campaign_app.command()
def attribute(campaign: Name, home: Home = None, as_json: Json = False) -> None:
    """Show who brought the orders: methods side by side, each order once, and the range."""
    from datetime import UTC, datetime

    from api.cli_show import status
    from api.cli_show_campaign import show_attribution
    from measurement.attribute import attributed

    with status("attributing"):
        made = attributed(lake_of(settings_of(home)), campaign, datetime.now(UTC))
    show_attribution(made.attribution, made.scope.campaign, as_json)


@campaign_app.command()
def measure(campaign: Name, home: Home = None, as_json: Json = False) -> None:
    """Show what a campaign's posts did and brought, by creator, with targets and peers."""
    from datetime import UTC, datetime

    from api.cli_show import status
    from api.cli_show_campaign import show_measured
    from measurement.run import measure as run

    with status("measuring"):
        made = run(lake_of(settings_of(home)), campaign, datetime.now(UTC))
    show_measured(made, as_json)


@campaign_app.command()
def export(
    campaign: Name,
    out: Annotated[Path, typer.Option(help="A .csv or .parquet file, or a folder for both.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write creator x creative x conversion as one table: a row per post."""
    from datetime import UTC, datetime

    from api.cli_show import show
    from measurement.joined import export as run

    written = [str(at) for at in run(lake_of(settings_of(home)), campaign, datetime.now(UTC), out)]
    show({"files": written}, as_json, "\n".join(written))


@campaign_app.command("always-on")
def always_on_(
    brand: Annotated[str, typer.Argument(help="The brand, as its campaigns name it.")],
    months: Annotated[int, typer.Option(min=1, max=120, help="How many, this one included.")] = 12,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show a brand's revenue by creator, engagement and followers, month by month."""
    from datetime import UTC, datetime

    from api.cli_show_campaign import show_always_on
    from measurement.always_on import always_on

    made = always_on(lake_of(settings_of(home)), brand, datetime.now(UTC), months)
    show_always_on(made, as_json)


@campaign_app.command()
def report(
    campaign: Name,
    out: Annotated[Path, typer.Option(help="An .html or .pdf file.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write a campaign's report: objective first, methods side by side, what was learned."""
    from datetime import UTC, datetime

    from api.cli_show import show, status
    from inference.reporting import report_on, write_document
    from measurement.run import measure as run

    lake = lake_of(settings_of(home))
    with status("measuring"):
        made = report_on(lake, run(lake, campaign, datetime.now(UTC)))
    written = str(write_document(made, out))
    show({"file": written}, as_json, written)
