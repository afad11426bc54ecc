"""Commands of links and codes: make, lint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from api.cli_options import Home, Json, lake_of, settings_of

links_app = typer.Typer(
    help="Links and codes that tell creators apart.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@links_app.command()
def make(
    campaign: Annotated[str, typer.Argument(help="A campaign's id, or its YAML or CSV file.")],
    base_url: Annotated[str, typer.Option(help="The landing page, https://...")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Give each slot without them a link and a code, and store them; those it has stay."""
    from dataclasses import asdict
    from datetime import UTC, datetime

    from api.cli_show import show_table
    from measurement.campaign_files import Defined, read_campaigns
    from measurement.campaign_links import with_links
    from measurement.campaigns import load, save
    from reelcast.salt import make_salt

    settings, now = settings_of(home), datetime.now(UTC)
    lake, file = lake_of(settings), Path(campaign)
    of_file = file.suffix.lower() in (".yaml", ".yml", ".json", ".csv")
    defined = (
        read_campaigns(file, make_salt(settings), now)
        if of_file
        else [Defined(load(lake, campaign), {})]
    )
    data = []
    for of in defined:
        filled, made = with_links(lake, of.campaign, base_url, of.handles)
        save(lake, filled, now)
        data += [{**asdict(one), "handle": of.handles.get(one.creator_id)} for one in made]
    rows = [
        (one["handle"] or one["creator_id"], str(one["slot"]), one["promo_code"], one["link"])
        for one in data
    ]
    show_table(data, ("creator", "slot", "code", "link"), rows, as_json)


@links_app.command()
def lint(
    file: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(help="Campaigns as YAML or CSV, not stored yet. [default: the lake's]"),
    ] = None,
    seen: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="CSV of links as published: creator_id, slot, link."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show links and codes that will credit orders wrongly; exit code 2 where there are errors."""
    from dataclasses import asdict
    from datetime import UTC, datetime

    from api.cli_show import show_table, talk
    from measurement.campaign_files import read_campaigns
    from measurement.campaign_links import lint_lake, read_seen
    from reelcast.salt import make_salt

    settings = settings_of(home)
    salt = make_salt(settings)
    given = [] if file is None else read_campaigns(file, salt, datetime.now(UTC))
    links = None if seen is None else read_seen(seen, salt)
    found = lint_lake(lake_of(settings), [of.campaign for of in given], links)
    rows = [(one.severity, one.rule, ", ".join(one.where), one.said) for one in found]
    if found or as_json:
        show_table([asdict(one) for one in found], ("", "rule", "slots", "what"), rows, as_json)
    errors = sum(one.severity == "error" for one in found)
    talk.print(f"{errors} errors, {len(found) - errors} warnings", highlight=False)
    if errors:
        raise typer.Exit(2)
