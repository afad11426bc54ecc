"""Meta Business Suite's content CSV of an Instagram account: US dates, sometimes UTF-16."""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

CONTENT = ExportFormat(
    title="Meta Business Suite, Instagram content",
    files=("csv",),
    marks=(
        ("Post ID",),
        ("Account username",),
        ("Publish time",),
        ("Permalink",),
        ("Reach", "Views"),
    ),
    mapping=Mapping.model_validate(
        {
            "name": "instagram_meta",
            "constants": {"platform": "instagram"},
            "columns": {
                "post_id": {"from": "Post ID", "prefix": "instagram:"},
                "creator": "Account username",
                "published_at": {
                    "from": "Publish time",
                    "formats": ["%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p"],
                },
                "caption": "Description",
                "duration_s": "Duration (sec)",
                "views": ("Views", "Plays"),
                "reach": "Reach",
                "likes": "Likes",
                "comments": "Comments",
                "shares": "Shares",
                "saves": "Saves",
            },
        }
    ),
)
