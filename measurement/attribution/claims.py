"""What each order says of where it came from: its link's claim and its code's, in DuckDB.

A claim holds only within the window after the post. A code of two creators, or a link of two
campaigns whose windows both fit, claims nothing for anyone: it is counted as ambiguous, by name.
An order without a time keeps its row, claims nothing, and says whose code or link it carries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import duckdb
import pyarrow as pa

from measurement.links import utm_of
from reelcast.campaigns import Campaign, brand_key
from reelcast.table_spec import TIME
from reelcast.zones import day_in

COUPON_SITES = ("coupon", "promo", "voucher", "deal", "cashback", "honey", "rabatt", "retailmenot")
COLUMNS = (
    *("order_hash", "at", "type", "value", "refund", "currency", "codes", "utm_source"),
    *("utm_campaign", "utm_content", "referrer", "customer_hash", "is_new", "is_cancelled"),
)
CLAIMS = pa.schema(
    [
        ("order_hash", pa.string()),
        ("at", TIME),
        ("type", pa.string()),
        ("net", pa.float64()),  # value less refund, not below zero, in the order's own currency
        ("refund_above", pa.float64()),  # what was refunded beyond the value
        ("has_value", pa.bool_()),
        ("currency", pa.string()),
        ("is_new", pa.bool_()),
        ("customer", pa.uint64()),  # a number for each customer_hash
        ("link_slot", pa.int64()),
        ("code_slot", pa.int64()),
        ("link_ambiguous", pa.bool_()),
        ("code_ambiguous", pa.bool_()),
        ("several_codes", pa.bool_()),  # ambiguous since it carries codes of two creators
        ("outside_slot", pa.int64()),  # whose code or link it carries, outside every window
        ("hours_early", pa.float64()),  # before that slot's post, negative: after its window
        ("from_coupon_site", pa.bool_()),
        ("code_without_touch", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True)
class PlacedSlot:
    """A deliverable as orders meet it: its link's utm_content, its code, its window."""

    index: int
    campaign_id: str
    creator_id: str
    slot: int
    utm_campaign: str
    utm_content: str
    code: str
    opens_at: datetime
    closes_at: datetime
    post_id: str | None = None
    brand: str | None = None
    zone: tzinfo = UTC  # whose days the campaign's are

    @property
    def opens_on(self) -> date:
        """The day on which the post goes out, by the campaign's clocks."""
        return day_in(self.opens_at, self.zone)

    @property
    def closes_on(self) -> date:
        """The day on which its window ends."""
        return day_in(self.closes_at, self.zone)

    def has_day(self, day: date, days: int) -> bool:
        """Whether a day lies in so many days after the post, the first and the last one whole."""
        return self.opens_on <= day <= day_in(self.opens_at + timedelta(days=days), self.zone)

    def sells_for(self, brand: str) -> bool:
        """Whether the post may move this brand's orders; one of an unknown brand may."""
        return self.brand is None or brand_key(self.brand) == brand_key(brand)


def placed_slots(
    campaigns: Sequence[Campaign], published_at: dict[str, datetime]
) -> list[PlacedSlot]:
    """The slots with a time (published, else planned), numbered in order."""
    found: list[PlacedSlot] = []
    for campaign in campaigns:
        for one in campaign.deliverables:
            opens_at = published_at.get(one.post_id or "") or one.planned_at
            if opens_at is None:
                continue
            utm = {k.lower(): v.strip().lower() for k, v in utm_of(one.link or "").items()}
            found.append(
                PlacedSlot(
                    len(found),
                    campaign.campaign_id,
                    one.creator_id,
                    one.slot,
                    utm.get("utm_campaign", ""),
                    utm.get("utm_content", ""),
                    (one.promo_code or "").strip().upper(),
                    opens_at,
                    opens_at + timedelta(days=campaign.window_days),
                    one.post_id,
                    campaign.brand,
                    campaign.zone,
                )
            )
    return found


def posts_of(slots: Sequence[PlacedSlot]) -> dict[str, list[int]]:
    """The slots of each post: in each campaign the first that names it, so that it counts once."""
    found: dict[str, dict[str, int]] = {}
    for slot in slots:
        if slot.post_id:
            found.setdefault(slot.post_id, {}).setdefault(slot.campaign_id, slot.index)
    return {post: list(of.values()) for post, of in found.items()}


def unplaced(campaign: Campaign, published_at: dict[str, datetime]) -> list[str]:
    """The slots without any time, as creator_slot: their orders cannot be credited."""
    return [
        f"{one.creator_id}_{one.slot}"
        for one in campaign.deliverables
        if (published_at.get(one.post_id or "") or one.planned_at) is None
    ]


def claims_of(orders: pa.Table, slots: Sequence[PlacedSlot], aov: float | None = None) -> pa.Table:
    """One row per order that was not cancelled (CLAIMS), in order of time and hash.

    A creator's code serves all their slots: of those open at the order's time the one whose link
    the order came by claims it, else the latest. So does a link that several slots share. `aov`
    stands in where an order has no value.
    """
    placed = pa.Table.from_pylist([_row(slot) for slot in slots], schema=_SLOTS)
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        db.register("orders", orders.select(COLUMNS))
        db.register("slots", placed)
        return db.sql(_SQL, params={"aov": aov}).to_arrow_table().cast(CLAIMS)


def _row(slot: PlacedSlot) -> dict[str, object]:
    return {name: getattr(slot, name) for name in _SLOTS.names}


_SLOTS = pa.schema(
    [
        ("index", pa.int64()),
        ("campaign_id", pa.string()),
        ("creator_id", pa.string()),
        ("utm_campaign", pa.string()),
        ("utm_content", pa.string()),
        ("code", pa.string()),
        ("opens_at", TIME),
        ("closes_at", TIME),
    ]
)
_COUPON = "|".join(COUPON_SITES)
_HOST = "regexp_extract(lower(referrer), '^(?:[a-z]+://)?([^/?#]+)', 1)"
_SQL = f"""
WITH kept AS (
    SELECT order_hash, "at", type, currency, is_new,
           coalesce(isfinite(value), false) AS has_value,
           CASE WHEN customer_hash IS NOT NULL THEN hash(customer_hash) END AS customer,
           coalesce(CASE WHEN isfinite(value) THEN value END, CAST($aov AS DOUBLE), 0)
               - coalesce(CASE WHEN isfinite(refund) THEN refund END, 0) AS paid,
           lower(trim(coalesce(utm_content, ''))) AS content,
           lower(trim(coalesce(utm_campaign, ''))) AS campaign,
           list_transform(coalesce(codes, []), lambda code: upper(trim(code))) AS codes,
           coalesce(regexp_matches({_HOST}, '{_COUPON}'), false) AS from_coupon_site,
           coalesce(utm_content, utm_source, referrer) IS NULL AS untouched
    FROM orders WHERE NOT coalesce(is_cancelled, false)
),
matched AS (
    SELECT order_hash, "index", opens_at, closes_at, "at", slots.campaign_id, creator_id,
           NULL AS word, coalesce("at" >= opens_at AND "at" < closes_at, false) AS is_open
    FROM kept JOIN slots ON content = utm_content AND content <> ''
        AND (campaign = '' OR utm_campaign = '' OR campaign = utm_campaign)
    UNION ALL
    SELECT order_hash, "index", opens_at, closes_at, "at", slots.campaign_id, creator_id,
           word, coalesce("at" >= opens_at AND "at" < closes_at, false)
    FROM (SELECT order_hash, "at", unnest(codes) AS word FROM kept WHERE len(codes) > 0) AS spelled
    JOIN slots ON word = code AND word <> ''
),
linked AS (
    SELECT order_hash, max_by("index", (opens_at, "index")) AS slot,
           count(DISTINCT campaign_id) > 1 AS ambiguous
    FROM matched WHERE word IS NULL AND is_open GROUP BY order_hash
),
coded AS (
    SELECT order_hash, max_by("index", (opens_at, "index")) AS slot,
           list("index") AS slots,
           count(DISTINCT creator_id) > 1 AS ambiguous, count(DISTINCT word) > 1 AS several
    FROM matched WHERE word IS NOT NULL AND is_open GROUP BY order_hash
),
outside AS (
    SELECT order_hash,
           coalesce(max_by("index", (opens_at, "index")) FILTER (WHERE closes_at <= "at"),
                    min_by("index", (opens_at, "index"))) AS slot,
           coalesce(max(epoch(closes_at) - epoch("at")) FILTER (WHERE closes_at <= "at"),
                    min(epoch(opens_at) - epoch("at"))) / 3600 AS hours_early
    FROM matched GROUP BY order_hash HAVING NOT bool_or(is_open)
)
SELECT kept.order_hash, kept."at", kept.type, greatest(paid, 0) AS net,
       greatest(-paid, 0) AS refund_above, has_value, currency, kept.is_new,
       kept.customer,
       CASE WHEN NOT linked.ambiguous THEN linked.slot END AS link_slot,
       CASE WHEN coded.ambiguous THEN NULL
            WHEN NOT linked.ambiguous AND list_contains(coded.slots, linked.slot) THEN linked.slot
            ELSE coded.slot END AS code_slot,
       coalesce(linked.ambiguous, false) AS link_ambiguous,
       coalesce(coded.ambiguous, false) AS code_ambiguous,
       coalesce(coded.ambiguous AND coded.several, false) AS several_codes,
       outside.slot AS outside_slot, outside.hours_early,
       kept.from_coupon_site,
       coded.slot IS NOT NULL AND kept.untouched AS code_without_touch
FROM kept LEFT JOIN linked USING (order_hash) LEFT JOIN coded USING (order_hash)
LEFT JOIN outside USING (order_hash)
ORDER BY kept."at" NULLS LAST, kept.order_hash
"""
