"""The models: the card of the one in use, the versions that were made, where their runs are."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from api.doors import Doors
from api.web.markup import Column, attribute, bullets, fact, facts, paragraph, section, table, text
from api.web.pieces import at_work, show
from inference.model_words import ModelWords, Tested, model_words, tested_rows
from inference.registry import ModelVersion, model_versions
from inference.wording import count, share, times

_TESTED = (
    Column("Count"),
    Column("Posts of"),
    Column("Test posts", is_number=True),
    Column(
        "Typical miss",
        is_number=True,
        source="The mean absolute error of logs, as a factor: 2 means that the typical forecast "
        "median is half or twice what came.",
    ),
    Column(
        "Last-5 median's",
        is_number=True,
        source="The same for the naive forecast: the median of the creator's last five posts.",
    ),
    Column(
        "80% interval held",
        is_number=True,
        source="The share of test posts whose count lay inside; 80% was promised.",
    ),
    Column("Interval's width", is_number=True, source="The upper end over the lower, typically."),
)
_VERSIONS = (
    Column("Version"),
    Column("Made"),
    Column("Serves as"),
    Column("Why"),
    Column("Views: typical miss", is_number=True),
    Column("Run"),
)


async def show_page(doors: Doors, request: Request) -> None:
    """Show the card and the versions."""
    card = doors.serving.current().card
    show(_card(model_words(card)) + _tests(tested_rows(card)))
    versions = await at_work(model_versions, doors.settings)
    show(_versions(versions, doors.settings.tracking_uri))


def _card(words: ModelWords) -> str:
    return section(
        "The model in use",
        facts(
            (
                fact("Made", words.made_at[:10], f"by reelcast {words.code_version}"),
                fact("Learned from", count(words.posts), f"posts of {words.creators:,} creators"),
                fact("Tested", count(words.tested_posts), "posts, the latest fifth"),
                fact("From", words.tested_from, f"until {words.tested_until}"),
            )
        ),
        paragraph(f"Data version {words.data_version}", "soft"),
        "<h3>Where it fails, and what it is not for</h3>",
        bullets(words.cannot),
    )


def _tests(rows: Sequence[Tested]) -> str:
    said = (
        "On posts that neither training nor calibration saw. Parts with fewer than 100 test posts "
        "are left out."
    )
    return section(
        "How it was tested",
        paragraph(said, "soft"),
        table("Test figures", _TESTED, [_tested(row) for row in rows]),
    )


def _tested(row: Tested) -> tuple[str, ...]:
    naive = "" if row.last5_mae_log is None else times(row.last5_mae_log)
    return (
        text(row.target),
        text(row.part),
        f"{row.posts:,}",
        times(row.mae_log),
        naive,
        share(row.held),
        times(row.width_log),
    )


def _versions(versions: Sequence[ModelVersion], tracking_uri: str | None) -> str:
    rows = [_version(each, tracking_uri) for each in versions]
    if not rows:
        said = "This model is served from a folder; no version of it is registered."
        return section("Versions", paragraph(said))
    where = (
        '<p class="soft">Runs are kept in this home. With a tracking server (setting '
        "<code>tracking_uri</code>) each run has a link here.</p>"
        if not _is_server(tracking_uri)
        else f'<p><a href="{attribute(tracking_uri)}">Open MLflow</a></p>'
    )
    return section("Versions", where, table("Versions of the model", _VERSIONS, rows))


def _version(each: ModelVersion, tracking_uri: str | None) -> tuple[str, ...]:
    miss = each.metrics.get("views.model.mae_log")
    run = text(each.run_id[:8])
    if _is_server(tracking_uri):
        address = f"{(tracking_uri or '').rstrip('/')}/#/runs/{each.run_id}"
        run = f'<a href="{attribute(address)}">{run}</a>'
    return (
        text(each.version),
        f"{each.made_at:%d %b %Y %H:%M} UTC",
        text(", ".join(each.aliases)),
        text(each.verdict or ""),
        "" if miss is None else times(miss),
        run,
    )


def _is_server(tracking_uri: str | None) -> bool:
    return tracking_uri is not None and tracking_uri.startswith(("http://", "https://"))
