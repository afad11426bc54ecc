"""Creator x creative x conversion in one table: a row per post of a campaign, as CSV and Parquet.

Views stand at each review, orders and revenue beside the method that says them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from measurement.creative import tags_of
from measurement.measured import Measured
from measurement.results import (
    AttributionMethod,
    CampaignMeasured,
    Estimate,
    PostMeasured,
    totals_at,
)
from measurement.run import measure
from reelcast.errors import InputError
from reelcast.packages import require
from reelcast.store import Lake
from reelcast.table_spec import TIME
from reelcast.tables import TARGETS

GROUPS = ("hook", "format", "theme", "cta")
BY_POST: tuple[AttributionMethod, ...] = ("last_click", "promo_code", "reconciled", "spike")
BY_CREATOR: tuple[AttributionMethod, ...] = ("survey", "combined")
TEXT = ("campaign_id", "brand", "creator_id", "platform", "tier", "stage", "post_id", "currency")
MEASURES = (
    *("engagement_rate_by_views", "completion_rate", "average_watch_s", "clicks", "sessions"),
    *("ctr_of_views", "conversion_rate", "new_customer_share", "cpv", "roas", "revenue_per_view"),
)


def joined(lake: Lake, made: CampaignMeasured) -> pa.Table:
    """A row per deliverable: who, what was shown, how it did, and what each method credits.

    Columns do not depend on the data but for tag groups beyond hook, format, theme and cta.
    Survey and combined orders are known by creator alone: they stand in `creator_orders_*`.
    """
    ids = [post.post_id for post in made.posts if post.post_id]
    shown, tags = tags_of(lake, ids)
    groups = sorted({*GROUPS, *(group for of in tags.values() for group in of)})
    rows = [
        {
            **_who(made, post),
            "content_id": shown.get(post.post_id or ""),
            **{f"tags_{g}": " ".join(tags.get(post.post_id or "", {}).get(g, ())) for g in groups},
            **_counts(made, post),
            **_orders(made, post),
        }
        for post in made.posts
    ]
    return pa.Table.from_pylist(rows, schema=_schema(made, groups))


def write_joined(lake: Lake, made: CampaignMeasured, out: Path) -> list[Path]:
    """The files written: the one that `out` names (.csv, .parquet), else both in that folder."""
    table = joined(lake, made)
    name = made.campaign.campaign_id
    paths = [out] if out.suffix else [out / f"{name}.csv", out / f"{name}.parquet"]
    for path in paths:
        if path.suffix not in (".csv", ".parquet"):
            raise InputError(f"{path} is neither .csv nor .parquet: name one of them, or a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".csv":
            require("pyarrow.csv").write_csv(table, path)
        else:
            require("pyarrow.parquet").write_table(table, path)
    return paths


def export(lake: Lake, campaign_id: str, now: Any, out: Path) -> list[Path]:
    """The campaign measured and written; the files' paths."""
    return write_joined(lake, measure(lake, campaign_id, now), out)


def _who(made: CampaignMeasured, post: PostMeasured) -> dict[str, Any]:
    campaign = made.campaign
    return {
        "campaign_id": campaign.campaign_id,
        "brand": campaign.brand,
        "creator_id": post.creator_id,
        "slot": post.slot,
        "platform": post.platform,
        "tier": post.tier,
        "stage": post.stage,
        "post_id": post.post_id,
        "at": post.at,
        "is_published": post.is_published,
        "fee": post.fee,
        "spend": post.spend,
        "currency": campaign.currency,
        "window_days": campaign.window_days,
    }


def _counts(made: CampaignMeasured, post: PostMeasured) -> dict[str, float | None]:
    """Counts at each review, rates at the campaign's window."""
    found: dict[str, float | None] = {}
    for window in post.windows:
        if window.part == "total":
            for name in TARGETS:
                found[f"{name}_{window.days}d"] = _value(window.metrics.get(name))
        elif window.days == made.campaign.window_days:
            found[f"views_{window.part}"] = _value(window.metrics.get("views"))
    own = totals_at(post.windows, made.campaign.window_days)
    return found | {name: _value(own.get(name)) for name in MEASURES}


def _orders(made: CampaignMeasured, post: PostMeasured) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for method in BY_POST:
        of = [
            one
            for one in made.attribution.method(method).by_post
            if (one.creator_id, one.slot) == (post.creator_id, post.slot)
        ]
        found |= _estimate(f"orders_{method}", f"revenue_{method}", of)
    for method in BY_CREATOR:
        of = [
            one
            for one in made.attribution.method(method).by_creator
            if one.creator_id == post.creator_id
        ]
        found |= _estimate(f"creator_orders_{method}", f"creator_revenue_{method}", of)
    leaked = [one for one in made.attribution.leakage if one.creator_id == post.creator_id]
    found["creator_code_leakage"] = leaked[0].index.value if leaked else None
    return found


def _estimate(orders: str, revenue: str, of: list[Estimate]) -> dict[str, float | None]:
    one = of[0] if of else None
    return {
        orders: None if one is None else one.orders,
        f"{orders}_low": None if one is None else one.low,
        f"{orders}_high": None if one is None else one.high,
        revenue: None if one is None else one.revenue,
    }


def _schema(made: CampaignMeasured, groups: list[str]) -> pa.Schema:
    """The columns in order: text, times, then numbers."""
    reviews = sorted({*made.campaign.review_days, made.campaign.window_days})
    numbers = [
        *(f"{name}_{days}d" for days in reviews for name in TARGETS),
        *("views_organic", "views_paid"),
        *MEASURES,
    ]
    for prefix, methods in (("", BY_POST), ("creator_", BY_CREATOR)):
        for name in methods:
            orders = f"{prefix}orders_{name}"
            numbers += [orders, f"{orders}_low", f"{orders}_high", f"{prefix}revenue_{name}"]
    fields = [(name, pa.string()) for name in TEXT]
    fields += [("slot", pa.int64()), ("at", TIME), ("is_published", pa.bool_())]
    fields += [("fee", pa.float64()), ("spend", pa.float64()), ("window_days", pa.int64())]
    fields += [("content_id", pa.string()), *((f"tags_{group}", pa.string()) for group in groups)]
    fields += [(name, pa.float64()) for name in [*numbers, "creator_code_leakage"]]
    return pa.schema(fields)


def _value(one: Measured | None) -> float | None:
    return None if one is None else one.value
