"""The first page: what the lake holds, and what the current model can and cannot say."""

from __future__ import annotations

from starlette.requests import Request

from api.doors import Doors
from api.web.markup import Column, bullets, fact, facts, note, paragraph, section, table, text
from api.web.pages.importing import Importing
from api.web.pieces import at_work, empty, show
from inference.lake_summary import LakeSummary, lake_summary
from inference.model_words import ModelWords, model_words
from inference.wording import count
from reelcast.errors import ReelcastError


async def show_page(doors: Doors, request: Request) -> None:
    """Show the lake and the model."""
    summary = await at_work(lake_summary, doors.lake)
    if summary.is_empty:
        empty(
            "Nothing is imported yet",
            "Drop your export files below, or run `reelcast import auto FILE`. To look around "
            "first, run `reelcast demo` and serve its home.",
        )
    else:
        show(_lake(summary))
    Importing(doors).build()
    try:
        words = model_words(doors.serving.current().card)
    except ReelcastError as exc:
        show(section("The model", note("warn", exc.title, str(exc))))
    else:
        show(_model(words))


def _lake(summary: LakeSummary) -> str:
    tiles = facts(
        (
            fact("Posts", count(summary.posts), "in the lake now", "Rows of the table `posts`."),
            fact("Creators", count(summary.creators), "accounts, as pseudonyms"),
            fact(
                "Counts",
                count(summary.counts),
                "readings of views, likes and so on",
                "Rows of `post_observations`: a post counted at several times has several.",
            ),
            fact("Videos with tags", count(summary.contents), "watched here, or labelled"),
            fact("Campaigns", count(summary.campaigns), "with objectives and fees"),
            fact("Conversions", count(summary.orders), "orders, installs, leads"),
        )
    )
    rows = [
        (
            text(each.platform),
            f"{each.posts:,}",
            f"{each.creators:,}",
            "" if each.first is None else f"{each.first:%d %b %Y}",
            "" if each.last is None else f"{each.last:%d %b %Y}",
        )
        for each in summary.platforms
    ]
    columns = (
        Column("Platform"),
        Column("Posts", is_number=True),
        Column("Creators", is_number=True),
        Column("First post"),
        Column("Last post"),
    )
    version = paragraph(f"Data version {summary.data_version}", "soft")
    lake = section("In the lake", tiles, table("Posts by platform", columns, rows), version)
    return lake + _failures(summary)


def _failures(summary: LakeSummary) -> str:
    if not summary.failures:
        return ""
    rows = [
        (text(f.file or ""), str(f.line or ""), text(f.column), text(f.value or ""), text(f.reason))
        for f in summary.latest_failures
    ]
    columns = (
        Column("File"),
        Column("Line", is_number=True),
        Column("Column"),
        Column("Value"),
        Column("Why it was left out"),
    )
    said = (
        f"{summary.failures:,} cells, rows or files could not be used; nothing else was lost. "
        "Correct the file and import it again."
    )
    return section("What could not be used", paragraph(said), table("Failures", columns, rows))


def _model(words: ModelWords) -> str:
    tiles = facts(
        (
            fact("Made", words.made_at[:10], f"by reelcast {words.code_version}"),
            fact("Learned from", count(words.posts), f"posts of {words.creators:,} creators"),
            fact(
                "Tested on",
                count(words.tested_posts),
                f"later posts, {words.tested_from} to {words.tested_until}",
                "The latest fifth of the posts, which neither training nor calibration saw.",
            ),
            fact("History", words.history.replace("_", "-"), "how the past was seen in the test"),
        )
    )
    return section(
        "The model in use",
        tiles,
        '<div class="columns"><div><h3>What it can say</h3>',
        bullets(words.can),
        "</div><div><h3>What it cannot say</h3>",
        bullets(words.cannot),
        "</div></div>",
        '<p><a href="/models">The whole model card</a></p>',
    )
