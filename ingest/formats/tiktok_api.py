"""JSON answers of TikTok's APIs: for Business, Display and Research."""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

BUSINESS = ExportFormat(
    title="TikTok API for Business, business/video/list",
    files=("json", "jsonl"),
    marks=(("item_id",), ("create_time",), ("video_views",)),
    mapping=Mapping.model_validate(
        {
            "name": "tiktok_business_api",
            "constants": {"platform": "tiktok"},
            "columns": {
                "post_id": {"from": "item_id", "prefix": "tiktok:"},
                "creator": {"from": "share_url", "kind": "link_handle"},
                "published_at": "create_time",
                "caption": "caption",
                "duration_s": "video_duration",
                "views": "video_views",
                "reach": "reach",
                "likes": "likes",
                "comments": "comments",
                "shares": "shares",
                "saves": "favorites",
                "avg_watch_s": "average_time_watched",
                "completion_rate": "full_video_watched_rate",
            },
        }
    ),
)

DISPLAY = ExportFormat(
    title="TikTok Display API, video/list",
    files=("json", "jsonl"),
    marks=(("id",), ("create_time",), ("share_url", "embed_link"), ("like_count",)),
    mapping=Mapping.model_validate(
        {
            "name": "tiktok_display_api",
            "constants": {"platform": "tiktok"},
            "columns": {
                "post_id": {"from": "id", "prefix": "tiktok:"},
                "creator": {"from": "share_url", "kind": "link_handle"},
                "published_at": "create_time",
                "caption": ("video_description", "title"),
                "duration_s": "duration",
                "views": "view_count",
                "likes": "like_count",
                "comments": "comment_count",
                "shares": "share_count",
            },
        }
    ),
)

RESEARCH = ExportFormat(
    title="TikTok Research API, video/query",
    files=("json", "jsonl"),
    marks=(
        ("id",),
        ("create_time",),
        ("username",),
        ("region_code", "hashtag_names", "view_count"),
    ),
    mapping=Mapping.model_validate(
        {
            "name": "tiktok_research_api",
            "constants": {"platform": "tiktok"},
            "columns": {
                "post_id": {"from": "id", "prefix": "tiktok:"},
                "creator": "username",
                "published_at": "create_time",
                "caption": "video_description",
                "hashtags": "hashtag_names",
                "duration_s": "video_duration",
                "sound_id": "music_id",
                "views": "view_count",
                "likes": "like_count",
                "comments": "comment_count",
                "shares": "share_count",
                "saves": "favorites_count",
            },
        }
    ),
)
