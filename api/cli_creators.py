"""The command of creators: who is in the lake, and whose audience stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli_options import Home, Json, settings_of

if TYPE_CHECKING:
    from inference.catalog import CreatorRow


def creators(
    q: Annotated[str, typer.Option(help="A handle, an id's beginning, or part of a niche.")] = "",
    platform: Annotated[str, typer.Option(help="Only this platform's.")] = "",
    tier: Annotated[str, typer.Option(help="nano, micro, mid, macro, mega or unknown.")] = "",
    niche: Annotated[str, typer.Option(help="Only this niche's.")] = "",
    sort: Annotated[
        str,
        typer.Option(
            help="followers, posts, median_views, last_post_at, engagement_rate, audience_change "
            "or creator_id; - before it: the largest first."
        ),
    ] = "-followers",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Rows at most.")] = 50,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the lake's creators: followers, views, engagement, and whether their audience stays."""
    from api.cli_files import valid
    from api.cli_show import show_table, talk
    from inference.catalog import Catalog, CreatorFilter

    given = {"q": q, "platform": platform, "tier": tier, "niche": niche}
    asked = valid(CreatorFilter, {name: of or None for name, of in given.items()} | {"sort": sort})
    page = Catalog(settings_of(home)).page(asked, limit, None)
    head = ("creator", "on, tier", "followers", "posts", "views", "engaged", "in 90 days")
    data = [row.model_dump(mode="json") for row in page.items]
    show_table(data, head, [_cells(row) for row in page.items], as_json)
    if not as_json:
        words = "in 90 days: views against the usual trend of creators here, 95%; ?: too few posts"
        talk.print(words, highlight=False, markup=False)


def _cells(row: CreatorRow) -> tuple[str, ...]:
    from api.cli_show import compact

    return (
        row.creator_id,
        f"{row.platform} {row.tier}",
        "?" if row.followers is None else compact(row.followers),
        f"{row.posts:,}",
        "?" if row.median_views is None else compact(row.median_views),
        "?" if row.engagement_rate is None else f"{row.engagement_rate:.1%}",
        _stays(row),
    )


def _stays(row: CreatorRow) -> str:
    from inference.attention import signed

    if row.audience_change is None or row.audience_low is None or row.audience_high is None:
        return "?"
    between = f"{signed(row.audience_low)} to {signed(row.audience_high)}"
    return f"{signed(row.audience_change)} ({between})"
