"""Four campaigns of the simulated world, one of each kind in practice, whose truth is known.

Their posts are posts of the world; what they sold is simulated, written as the exports of shops,
analytics, apps, forms and ad accounts, and imported as anyone's would be.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from demo import sales_layouts
from demo.layouts import Row
from inference.reporting import report_on, write_document
from ingest import ImportOptions, ImportReport, import_file
from measurement.campaign_files import read_campaigns
from measurement.campaigns import save
from measurement.run import measure
from reelcast.records import creator_id_of
from reelcast.simulate_sales import sell
from reelcast.simulated import SimulatedPost, World
from reelcast.simulated_sales import PaidPost, SalesSettings, Sold
from reelcast.store import Lake

DAYS = 60
STARTS_BEFORE = timedelta(days=104)  # before the world's now
TRAILING = timedelta(days=12)  # orders are exported up to so long before now


@dataclass(frozen=True, slots=True)
class UseCase:
    """A kind of campaign: what it sells and which exports see it."""

    words: str
    sales: SalesSettings
    exports: tuple[str, ...]


_COMMON: dict[str, Any] = {"days": DAYS, "days_before": 75}
USE_CASES = (
    UseCase(
        "consumer brand launch",
        SalesSettings(
            campaign_id="brindle-launch", brand="Brindle & Fen", type="direct_response",
            organic_a_day=24.0, orders_per_1000_views=1.2, seed=1, **_COMMON,
        ),
        ("shopify", "ga4", "survey"),
    ),
    UseCase(
        "app installs",
        SalesSettings(
            campaign_id="tally-installs", brand="Tally", type="direct_response",
            primary="installs", conversion="install", organic_a_day=30.0,
            orders_per_1000_views=1.8, code_share=0.0, link_share=0.6, survey_share=0.0, seed=2,
            **_COMMON,
        ),
        ("appsflyer", "ga4"),
    ),
    UseCase(
        "B2B leads",
        SalesSettings(
            campaign_id="norda-leads", brand="Norda", type="direct_response", primary="leads",
            conversion="lead", organic_a_day=6.0, orders_per_1000_views=0.4, code_share=0.2,
            survey_share=0.0, seed=3, **_COMMON,
        ),
        ("leads", "ga4"),
    ),
    UseCase(
        "Spark ads",
        SalesSettings(
            campaign_id="glow-spark", brand="Glow", type="spark_ads", organic_a_day=18.0,
            orders_per_1000_views=1.0, paid_share=0.45, survey_share=0.0, seed=4, **_COMMON,
        ),
        ("shopify", "ga4", "tiktok_ads"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SoldCase:
    """A use case once it is measured: the truth, what the methods say, and its report."""

    words: str
    campaign_id: str
    conversion: str
    truth: int
    floor: float
    best: float | None
    low: float | None
    high: float | None
    report: Path


def write_use_cases(world: World, folder: Path, salt: str) -> list[tuple[UseCase, Sold]]:
    """The campaigns' definitions and exports below `folder`, and what was truly sold."""
    start = world.era.now - STARTS_BEFORE
    made = []
    for use_case, posts in zip(USE_CASES, _shared_out(world), strict=True):
        handles = {creator_id_of(p.platform, p.handle, salt): p.handle for p in posts}
        paid = _paid(posts, salt)
        rng = np.random.default_rng([use_case.sales.seed, 5])
        sold = sell(use_case.sales, paid, start, rng)
        seen = _seen(sold, world.era.now - TRAILING)
        at = folder / use_case.sales.campaign_id
        at.mkdir(parents=True, exist_ok=True)
        (at / "campaign.yaml").write_text(_definition(sold, handles))
        for name in use_case.exports:
            (at / f"{name}.csv").write_text(_export(name, seen, handles, rng))
        made.append((use_case, sold))
    return made


def measure_use_cases(
    cases: Sequence[tuple[UseCase, Sold]], folder: Path, lake: Lake, salt: str, now: datetime
) -> tuple[list[SoldCase], list[ImportReport]]:
    """Import the written files, attribute each campaign and write its report as HTML and PDF."""
    measured, reports = [], []
    for use_case, sold in cases:
        name = use_case.sales.campaign_id
        at = folder / name
        for defined in read_campaigns(at / "campaign.yaml", salt, now):
            save(lake, defined.campaign, now)
        for export in use_case.exports:
            brand = use_case.sales.brand
            options = ImportOptions(salt=salt, timezone="UTC", observed_at=now, brand=brand)
            reports.append(import_file(at / f"{export}.csv", lake, options))
        of_campaign = measure(lake, name, now)
        document = report_on(lake, of_campaign)
        for suffix in ("html", "pdf"):
            path = write_document(document, at / f"report.{suffix}")
        whole = of_campaign.attribution.ranges[-1]
        measured.append(
            SoldCase(
                use_case.words, name, use_case.sales.conversion, sold.total, whole.floor,
                whole.best, whole.low, whole.ceiling, path.with_suffix(".html"),
            )
        )  # fmt: skip
    return measured, reports


def _shared_out(world: World) -> list[list[SimulatedPost]]:
    """The world's paid posts by use case: each creator works for one brand."""
    paid = [post for post in world.posts if post.is_sponsored]
    handles = list(dict.fromkeys(post.handle for post in paid))
    n = len(USE_CASES)
    return [[p for p in paid if handles.index(p.handle) % n == case] for case in range(n)]


def _paid(posts: Sequence[SimulatedPost], salt: str) -> list[PaidPost]:
    slots: dict[str, int] = {}
    made = []
    for post in posts:
        slots[post.handle] = slots.get(post.handle, 0) + 1
        head, number = post.handle.split(".")[0], int(post.handle[-2:])
        word = f"{head}{chr(97 + number // 10)}{chr(97 + number % 10)}"
        who = creator_id_of(post.platform, post.handle, salt)
        id_ = f"{post.platform}:{post.post_id}"
        made.append(
            PaidPost(who, word, slots[post.handle], id_, post.published_at, post.ceiling[0])
        )
    return made


def _seen(sold: Sold, until: datetime) -> dict[str, list[dict[str, Any]]]:
    """The rows up to then; later ones are not exported yet."""
    rows = {
        name: [row for row in of if "at" not in row or row["at"] <= until]
        for name, of in sold.rows.items()
    }
    known = {row["order_hash"] for row in rows["orders"]}
    rows["survey_responses"] = [r for r in rows["survey_responses"] if r["order_hash"] in known]
    rows["touches"] = [row for row in rows["touches"] if row["day"] <= until.date()]
    return rows


def _definition(sold: Sold, handles: Mapping[str, str]) -> str:
    """The campaign as a person writes it: with handles, not ids."""
    of = sold.campaign
    given = of.model_dump(mode="json", exclude={"deliverables"}, exclude_defaults=True)
    posts = [
        {
            "handle": f"@{handles[one.creator_id]}",
            **one.model_dump(mode="json", exclude={"creator_id"}, exclude_defaults=True),
            "slot": one.slot,
        }
        for one in of.deliverables
    ]
    return yaml.safe_dump({**given, "deliverables": posts}, sort_keys=False, allow_unicode=True)


def _export(
    name: str, seen: dict[str, list[dict[str, Any]]], handles: Mapping[str, str], rng: Any
) -> str:
    orders = seen["orders"]
    match name:
        case "shopify":
            return _csv(sales_layouts.shopify(orders, rng))
        case "appsflyer":
            return _csv(sales_layouts.appsflyer(orders, rng))
        case "leads":
            return _csv(sales_layouts.leads(orders, rng))
        case "survey":
            number_of = {row["order_hash"]: i for i, row in enumerate(orders)}
            return _csv(sales_layouts.survey(seen["survey_responses"], number_of, handles))
        case "tiktok_ads":
            ads = list(dict.fromkeys(row["ad_id"] for row in seen["ad_days"]))
            days = [{**row, "ad_number": ads.index(row["ad_id"])} for row in seen["ad_days"]]
            return _csv(sales_layouts.tiktok_ads(days))
        case _:
            return sales_layouts.ga4(seen["touches"], orders[0]["at"], orders[-1]["at"])


def _csv(rows: Sequence[Row]) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()
