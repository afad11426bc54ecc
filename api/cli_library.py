"""Commands of the library: learnings, and what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from api.cli_options import Home, Json, lake_of, settings_of
from reelcast.errors import InputError

if TYPE_CHECKING:
    from measurement.benchmarks import Usual
    from measurement.learnings import Found

learnings_app = typer.Typer(
    help="Findings with their evidence.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)
_GROUPS = ("all", "creator", "platform", "tier", "format", "hook", "theme")


@learnings_app.command()
def add(
    title: Annotated[str, typer.Argument(help="The finding in one line.")],
    text: Annotated[str, typer.Option(help="What it rests on, in words.")] = "",
    campaign: Annotated[str, typer.Option(help="The campaign it comes from.")] = "",
    post: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Id of a post it rests on, e.g. tiktok:7700; repeat for more."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Save a finding; the same one again changes nothing."""
    from datetime import UTC, datetime

    from api.cli_files import valid
    from api.cli_show import show
    from measurement import learnings

    given = {"title": title, "text": text, "campaign_id": campaign or None, "post_ids": post or ()}
    one = valid(learnings.Learning, given)
    saved = learnings.add(lake_of(settings_of(home)), [one], datetime.now(UTC))
    words = "saved" if saved.inserted else "known already"
    show({"id": one.learning_id, "saved": bool(saved.inserted)}, as_json, words)


@learnings_app.command()
def search(
    words: Annotated[str, typer.Argument(help="All must be found. [default: the latest]")] = "",
    campaign: Annotated[str, typer.Option(help="Only this campaign's.")] = "",
    post: Annotated[str, typer.Option(help="Only those that rest on this post.")] = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find learnings by their words, best first."""
    from api.cli_show import show_table
    from measurement import learnings

    lake, of = lake_of(settings_of(home)), (post,) if post else ()
    found = learnings.search(lake, words, campaign or None, of)
    rows = [(f"{one.at:%F}", one.title, one.text, _effect(one), _rests_on(one)) for one in found]
    head = ("saved", "finding", "in words", "effect", "rests on")
    show_table([one.model_dump(mode="json") for one in found], head, rows, as_json)


def benchmarks(
    by: Annotated[
        str, typer.Option(help="all, creator, platform, tier, format, hook or theme.")
    ] = "all",
    creator: Annotated[str, typer.Option(help="Only this creator's own posts (id).")] = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show what is usual: quartiles of the lake's posts, with how many stand behind them."""
    from api.cli_show import show_table
    from measurement.benchmarks import MIN_POSTS
    from measurement.benchmarks import benchmarks as usual

    if by not in _GROUPS:
        raise InputError(f"--by {by!r} is none of {', '.join(_GROUPS)}")
    found = usual(lake_of(settings_of(home)), by, creator or None)  # type: ignore[arg-type]
    if not found and not as_json:
        typer.echo(_nothing_usual(by, creator, MIN_POSTS), err=True)
        return
    rows = [_usual_row(of) for of in found]
    head = ("group", "metric", "quarter below", "median", "quarter above", "posts", "creators")
    show_table([of.model_dump() for of in found], head, rows, as_json)


def _nothing_usual(by: str, creator: str, fewest: int) -> str:
    whose = f" of {creator}" if creator else ""
    of_video = by in ("format", "hook", "theme")
    tagged = ", and tag their videos with `reelcast tag`" if of_video else ""
    return (
        f"No group of the lake's posts{whose} has {fewest} with known counts: import their "
        f"exports with `reelcast import`{tagged}"
    )


def _usual_row(of: Usual) -> tuple[str, ...]:
    numbers = (_number(value, of.unit) for value in (of.low, of.median, of.high))
    return (of.name, of.metric, *numbers, f"{of.posts:,}", f"{of.creators:,}")


def _number(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.2%}"
    return f"{value:.2f} x" if unit == "times own median" else f"{value:,.0f}"


def _effect(one: Found) -> str:
    from measurement.learnings import effect_words

    value, between = effect_words(one)
    return f"{value} ({between})" if between else value


def _rests_on(one: Any) -> str:
    n = "" if one.n is None else f"n {one.n:,}"
    posts = f"{len(one.post_ids)} posts" if one.post_ids else ""
    return ", ".join(part for part in (one.campaign_id or "", posts, n, one.source) if part)
