"""The campaigns: a list, and for one brand what its creators bring month by month."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from api.doors import Doors
from api.web.labels import kept
from api.web.markup import Column, address, link, paragraph, section, table, text
from api.web.pages.creators import show_section
from api.web.pieces import at_work, choice, empty, form, show
from inference.directory import names_of
from inference.plan_document import Names, name_in
from inference.report_cells import amount
from inference.wording import UNKNOWN, count, money
from measurement.always_on import AlwaysOn, Month, always_on
from measurement.campaigns import load_all
from reelcast.campaigns import Campaign
from reelcast.salt import read_salt

MONTHS = 12


async def show_page(doors: Doors, request: Request) -> None:
    """Show the list; with `?brand=` that brand's campaigns, and its months."""
    every = await at_work(load_all, doors.lake)
    if not every:
        empty(
            "No campaign yet",
            "Write one down and keep it by `reelcast campaign add FILE` (the how-to for planners "
            "shows a file), then import orders, clicks and the posts' counts.",
        )
        return
    brand = request.query_params.get("brand", "")
    chosen = [one for one in every if brand in ("", one.brand)]
    with show_section("Campaigns"):
        form(_brands(every, brand), _go, at_once=True)
        show(_list(chosen))
    if brand:
        made = await at_work(always_on, doors.lake, brand, doors.now(), MONTHS)
        names = names_of(await kept(), None, read_salt(doors.settings))
        show(_months(made, names))
    else:
        show(paragraph("Choose a brand to see what its creators bring month by month.", "soft"))


async def _go(fields: dict[str, str]) -> None:
    from nicegui import ui

    ui.navigate.to(address("/campaigns", {"brand": fields.get("brand", "")}))


def _brands(every: Sequence[Campaign], brand: str) -> str:
    known = sorted({one.brand for one in every})
    return choice("Brand", "brand", {"": "all", **{name: name for name in known}}, brand)


def _list(every: Sequence[Campaign]) -> str:
    rows = [
        (
            link(f"/campaigns/{one.campaign_id}", one.campaign_id),
            link("/campaigns", one.brand, brand=one.brand),
            text(one.type.replace("_", " ")),
            text(one.primary.replace("_", " ")),
            f"{one.local(one.starts_at):%-d %b %Y}"
            f"<small>to {one.local(one.ends_at):%-d %b %Y}</small>",
            f"{len(one.deliverables)}",
            money(sum(of.fee for of in one.deliverables), one.currency),
            f"{one.window_days} days",
        )
        for one in reversed(every)
    ]
    columns = (
        Column("Campaign"),
        Column("Brand"),
        Column("Type"),
        Column("Primary objective"),
        Column("When"),
        Column("Posts", True),
        Column("Fees", True),
        Column("Sales count for", source="So long after each post an order counts."),
    )
    return table("Campaigns, the latest first", columns, rows)


def _months(made: AlwaysOn, names: Names) -> str:
    """All together month by month, then each creator's sums."""
    whole = [of for of in made.months if of.creator_id is None]
    rows = [_month(of, made.currency) for of in reversed(whole)]
    columns = (
        Column("Month"),
        Column("Orders", True, source="Proven by code or link, by the order's date: at least."),
        Column("Revenue", True),
        Column("Mean of 3 months", True),
        Column("Posts", True),
        Column("Views", True, source="Of the month's posts, as last counted."),
        Column("Engagement rate", True, source="Likes, comments and shares over views, of the "
               "month's posts; beneath it the interval."),
        Column("Net followers", True, source="Of accounts in the lake that no campaign pays: "
               "the brand's own, where only these are imported."),
    )  # fmt: skip
    by_creator = table("By creator", _OF_CREATOR, _creators(made, names))
    return section(
        f"{made.brand}: always on",
        paragraph(f"The last {len(whole)} months ({made.timezone}), amounts in {made.currency}; "
                  f"{'; '.join(made.notes)}.", "soft"),
        table(f"{made.brand} by month", columns, rows),
        f"<h3>By creator, {len(whole)} months together</h3>",
        by_creator,
    )  # fmt: skip


_OF_CREATOR = (
    Column("Creator"),
    Column("Orders", True),
    Column("Revenue", True),
    Column("Posts", True),
    Column("Views", True),
    Column("Net followers", True),
)


def _month(of: Month, currency: str) -> tuple[str, ...]:
    rate = of.engagement_rate
    engaged = UNKNOWN if rate is None else amount(rate.value, "share")
    if rate is not None and rate.low is not None and rate.high is not None:
        between = f"{amount(rate.low, 'share')} to {amount(rate.high, 'share')}"
        engaged += f"<small>{between}</small>"
    return (
        f"{of.month:%b %Y}" + ("" if of.is_complete else "<small>not over</small>"),
        f"{of.orders:,}",
        money(of.revenue, currency),
        money(of.revenue_rolling, currency),
        f"{of.posts}",
        count(of.views),
        engaged,
        UNKNOWN if of.net_followers is None else f"{of.net_followers:+,}",
    )


def _creators(made: AlwaysOn, names: Names) -> list[tuple[str, ...]]:
    ids = dict.fromkeys(of.creator_id for of in made.months if of.creator_id is not None)
    rows: list[tuple[str, ...]] = []
    for id_ in ids:
        own = [of for of in made.months if of.creator_id == id_]
        views = [of.views for of in own if of.views is not None]
        earned = [of.revenue for of in own if of.revenue is not None]
        grown = [of.net_followers for of in own if of.net_followers is not None]
        rows.append(
            (
                link(f"/creators/{id_}", name_in(id_, names)),
                f"{sum(of.orders for of in own):,}",
                money(sum(earned) if earned else None, made.currency),
                f"{sum(of.posts for of in own)}",
                count(sum(views)) if views else UNKNOWN,
                f"{sum(grown):+,}" if grown else UNKNOWN,
            )
        )
    return rows
