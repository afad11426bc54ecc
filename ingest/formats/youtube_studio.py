"""YouTube Studio's "Table data.csv": one row per video after a Total row. Names no channel."""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

_ID = ("Content", "Video")

TABLE = ExportFormat(
    title="YouTube Studio, Table data.csv",
    files=("csv",),
    marks=(_ID, ("Video publish time",), ("Views", "Video views"), ("Watch time (hours)",)),
    mapping=Mapping.model_validate(
        {
            "name": "youtube_studio",
            "skip": {"Content": ("Total",), "Video": ("Total",)},
            "constants": {"platform": "youtube"},
            "columns": {
                "post_id": {"from": _ID, "prefix": "youtube:"},
                "published_at": {
                    "from": "Video publish time",
                    "formats": ["%b %d, %Y", "%B %d, %Y", "%m-%d-%Y", "%d-%m-%Y", "%d %b %Y"],
                },
                "caption": "Video title",
                "duration_s": ("Duration", "Video duration"),
                "views": ("Views", "Video views"),
                "reach": "Unique viewers",
                "likes": "Likes",
                "comments": "Comments added",
                "shares": "Shares",
                "avg_watch_s": "Average view duration",
            },
        }
    ),
)
