"""What people were asked and shown: surveys, brand-lift counts, holdouts, comments.

No platform's own layout of these is public: the columns are reelcast's, with usual other names.
"""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping
from ingest.sources import FileKind

_ANY: tuple[FileKind, ...] = ("csv", "json", "jsonl", "parquet")
_CAMPAIGN = ("campaign_id", "Campaign ID")
_ANSWER = (
    *("answer", "Answer", "Response", "How did you hear about us?", "How did you hear of us?"),
)
_TEST = ("test_id", "Test ID", "experiment", "Experiment")
_DAY = ("day", "Day", "date", "Date")
_ARM = ("arm", "Arm", "group", "Group", "cell", "is_exposed")
_REGION = ("region", "Region", "geo", "Geo", "market", "Market", "dma", "DMA", "store", "Store")
_PERSON = ("user_id", "User ID", "customer_id", "Customer ID", "email", "Email")
_COUNTED = {
    "test_id": _TEST,
    "day": _DAY,
    "is_exposed": _ARM,
    "outcome": ("outcome", "Outcome", "orders", "Orders", "sales", "Sales", "conversions"),
    "people": ("people", "People", "population", "users"),
    "campaign_id": _CAMPAIGN,
}

SURVEY = ExportFormat(
    title="survey answers (how did you hear of us)",
    files=_ANY,
    marks=(("response_id", "Response ID"), _ANSWER),
    mapping=Mapping.model_validate(
        {
            "name": "survey",
            "grain": "survey",
            "columns": {
                "response_id": ("response_id", "Response ID"),
                "at": ("at", "Submitted at", "submitted_at", "Created at", "created_at"),
                "order_id": ("order_id", "Order number", "Order name", "Order ID"),
                "answer": _ANSWER,
                "creator": _ANSWER,
                "platform": "platform",
                "campaign_id": _CAMPAIGN,
            },
        }
    ),
)

BRAND_LIFT = ExportFormat(
    title="brand-lift counts by question and arm",
    files=_ANY,
    marks=(("study_id", "Study ID"), ("question", "Question"), _ARM, ("positive", "Positive")),
    mapping=Mapping.model_validate(
        {
            "name": "brand_lift",
            "grain": "brand_lift",
            "columns": {
                "study_id": ("study_id", "Study ID"),
                "question": ("question", "Question"),
                "arm": _ARM,
                "positive": ("positive", "Positive"),
                "answers": ("answers", "Answers", "responses", "Responses"),
                "campaign_id": _CAMPAIGN,
            },
        }
    ),
)

REGIONS = ExportFormat(
    title="holdout test by region and day",
    files=_ANY,
    marks=(_TEST, _REGION, _DAY, _ARM),
    mapping=Mapping.model_validate(
        {
            "name": "holdout_regions",
            "grain": "holdouts",
            "columns": {"unit": _REGION, **_COUNTED},
        }
    ),
)

PEOPLE = ExportFormat(
    title="holdout test by person and day",
    files=_ANY,
    marks=(_TEST, _PERSON, _DAY, _ARM),
    mapping=Mapping.model_validate(
        {
            "name": "holdout_people",
            "grain": "holdouts",
            "columns": {"unit": {"from": _PERSON, "kind": "secret"}, **_COUNTED},
        }
    ),
)

COMMENTS = ExportFormat(
    title="comments under posts",
    files=_ANY,
    marks=(
        ("comment_id", "cid", "Comment ID"),
        ("text", "comment", "Comment"),
        ("post_id", "post_url", "videoWebUrl", "video_url", "aweme_id", "Video link"),
    ),
    mapping=Mapping.model_validate(
        {
            "name": "comments",
            "grain": "comments",
            "columns": {
                "comment_id": ("comment_id", "cid", "Comment ID"),
                "post_id": (
                    *("post_id", "post_url", "videoWebUrl", "video_url", "aweme_id"),
                    "Video link",
                ),
                "at": ("at", "createTimeISO", "createTime", "created_at", "create_time"),
                "language": ("language", "comment_language", "lang"),
                "text": ("text", "comment", "Comment"),
            },
        }
    ),
)
