"""yt-dlp's .info.json files (one object, or one a line) of TikTok and YouTube videos."""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping
from ingest.sources import FileKind

_FILES: tuple[FileKind, ...] = ("json", "jsonl")

TIKTOK = ExportFormat(
    title="yt-dlp .info.json of TikTok",
    files=_FILES,
    marks=(("id",), ("extractor_key", "extractor"), ("webpage_url",), ("timestamp", "upload_date")),
    says={"extractor_key": "TikTok"},
    mapping=Mapping.model_validate(
        {
            "name": "ytdlp_tiktok",
            "constants": {"platform": "tiktok"},
            "columns": {
                "post_id": {"from": "id", "prefix": "tiktok:"},
                "creator": "uploader",
                "published_at": ("timestamp", "upload_date"),
                "observed_at": "epoch",
                "caption": ("description", "title"),  # the title is cut to 72 characters
                "duration_s": "duration",
                "views": "view_count",
                "likes": "like_count",
                "comments": "comment_count",
                "shares": "repost_count",  # yt-dlp's name for TikTok's shareCount
                "saves": "save_count",
                "followers": "channel_follower_count",
            },
        }
    ),
)

YOUTUBE = ExportFormat(
    title="yt-dlp .info.json of YouTube",
    files=_FILES,
    marks=TIKTOK.marks,
    says={"extractor_key": "Youtube"},
    mapping=Mapping.model_validate(
        {
            "name": "ytdlp_youtube",
            "constants": {"platform": "youtube"},
            "columns": {
                "post_id": {"from": "id", "prefix": "youtube:"},
                "creator": ("uploader_id", "channel_id"),
                "published_at": ("timestamp", "upload_date"),
                "observed_at": "epoch",
                "caption": "title",
                "language": "language",
                "duration_s": "duration",
                "views": "view_count",
                "likes": "like_count",
                "comments": "comment_count",
                "followers": "channel_follower_count",
            },
        }
    ),
)
