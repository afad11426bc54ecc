"""Apify's clockworks/tiktok-scraper, as JSON, or as CSV flattened with points or slashes.

Subtitles marked MT are machine translations, no transcript: no subtitle is read.
"""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

APIFY = ExportFormat(
    title="Apify clockworks/tiktok-scraper",
    files=("json", "jsonl", "csv"),
    marks=(("id",), ("authorMeta.name",), ("createTimeISO", "createTime"), ("playCount",)),
    mapping=Mapping.model_validate(
        {
            "name": "tiktok_apify",
            "constants": {"platform": "tiktok"},
            "columns": {
                "post_id": {"from": "id", "prefix": "tiktok:"},
                "creator": "authorMeta.name",
                "published_at": ("createTimeISO", "createTime"),
                "observed_at": "scrapedAt",
                "caption": "text",
                "hashtags": "hashtags.*.name",
                "language": "textLanguage",
                "duration_s": "videoMeta.duration",
                "sound_id": "musicMeta.musicId",
                "is_sponsored": "isSponsored",
                "is_boosted": "isAd",
                "views": "playCount",
                "likes": "diggCount",
                "comments": "commentCount",
                "shares": "shareCount",
                "saves": "collectCount",
                "followers": "authorMeta.fans",
                "following": "authorMeta.following",
                "total_likes": "authorMeta.heart",
                "videos": "authorMeta.video",
            },
        }
    ),
)
