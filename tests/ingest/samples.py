"""Made-up exports in their real layouts, one or more of each importer."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from ingest import ImportOptions, ImportReport, import_file
from reelcast.store import Lake

FIXTURES = Path(__file__).parent / "fixtures"
OPTIONS = ImportOptions(
    salt="salt", creator="@made.up", observed_at=datetime(2026, 10, 10, tzinfo=UTC)
)


@dataclass(frozen=True, slots=True)
class Sample:
    file: str
    format: str
    rows: int
    mapping: str | None = None

    @property
    def path(self) -> Path:
        return FIXTURES / self.file

    @property
    def options(self) -> ImportOptions:
        mapping = FIXTURES / self.mapping if self.mapping else None
        zone = "UTC" if self.file == "appsflyer.csv" else None
        platform = "tiktok" if self.file == "survey.csv" else None
        return replace(OPTIONS, mapping=mapping, timezone=zone, platform=platform)


SAMPLES = (
    Sample("tiktok_studio_overview.csv", "tiktok_studio_overview", 3),
    Sample("tiktok_studio_followers.csv", "tiktok_studio_followers", 3),
    Sample("tiktok_studio_viewers.csv", "tiktok_studio_viewers", 2),
    Sample("tiktok_studio_gender.csv", "tiktok_studio_gender", 3),
    Sample("tiktok_studio_territories.csv", "tiktok_studio_territories", 2),
    Sample("tiktok_studio_content.csv", "tiktok_studio_content", 2),
    Sample("tiktok_studio_content_es.csv", "tiktok_studio_content", 1),
    Sample("tiktok_business_api.json", "tiktok_business_api", 2),
    Sample("tiktok_display_api.json", "tiktok_display_api", 1),
    Sample("tiktok_research_api.json", "tiktok_research_api", 1),
    Sample("tiktok_apify.json", "tiktok_apify", 2),
    Sample("tiktok_apify_points.csv", "tiktok_apify", 2),
    Sample("tiktok_apify_slashes.csv", "tiktok_apify", 2),
    Sample("ytdlp_tiktok.info.json", "ytdlp_tiktok", 1),
    Sample("ytdlp_youtube.info.json", "ytdlp_youtube", 1),
    Sample("instagram_meta.csv", "instagram_meta", 2),
    Sample("youtube_studio.csv", "youtube_studio", 2),
    Sample("ga4.csv", "ga4", 3),
    Sample("ga4_api.json", "ga4_api", 2),
    Sample("shopify_orders.csv", "shopify_orders", 5),
    Sample("appsflyer.csv", "appsflyer", 4),
    Sample("adjust.csv", "adjust", 4),
    Sample("leads.csv", "leads", 3),
    Sample("tiktok_ads.csv", "tiktok_ads", 2),
    Sample("meta_ads.csv", "meta_ads", 2),
    Sample("ads.csv", "ads", 2),
    Sample("survey.csv", "survey", 3),
    Sample("brand_lift.csv", "brand_lift", 2),
    Sample("holdout_regions.csv", "holdout_regions", 2),
    Sample("holdout_people.csv", "holdout_people", 2),
    Sample("comments.json", "comments", 3),
    Sample("generic.csv", "mapping:generic", 2, "generic.yaml"),
    Sample("generic.jsonl", "mapping:nested", 3, "nested.yaml"),
)


def load(lake: Lake, file: str, **changes: object) -> ImportReport:
    """Import a fixture with the usual options, some changed."""
    return import_file(FIXTURES / file, lake, replace(OPTIONS, **changes))  # type: ignore[arg-type]


def load_text(lake: Lake, folder: Path, text: str, **changes: object) -> ImportReport:
    """Import a file with this text; `name` among the changes names it."""
    path = folder / str(changes.pop("name", "export.csv"))
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_790_000_000, 1_790_000_000))
    return import_file(path, lake, replace(OPTIONS, **changes))  # type: ignore[arg-type]


def rows(lake: Lake, table: str) -> list[dict[str, object]]:
    """The table's rows, by key."""
    read: pa.Table = lake.read(table)
    return sorted(read.to_pylist(), key=lambda row: str(list(row.values())[:3]))
