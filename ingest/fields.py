"""The canonical fields that an export can fill, and how a cell of each reads by default."""

from __future__ import annotations

from typing import Literal, get_args

from reelcast.tables import TABLES

Kind = Literal[
    "text",
    "caption",
    "id",
    "link_id",
    "link_handle",
    "count",
    "signed_count",
    "seconds",
    "milliseconds",
    "minutes",
    "hours",
    "share",
    "percent",
    "fraction",
    "time",
    "date",
    "yearless_date",
    "flag",
    "list",
    "age_h",
    "log2_per_day",
    "amount",
    "number",
    "currency",
    "slug",
    "label",
    "secret",
    "post",
    "codes",
    "utm",
    "utm_in",
    "source_medium",
    "page",
    "host",
    "host_in",
    "handle_in",
    "order_type",
    "present",
    "cancelled",
    "exposed",
    "arm",
    "answer",
    "language",
    "comment",
]
PostGrain = Literal["posts", "days", "audience"]
CampaignGrain = Literal["touches", "orders", "ads", "survey", "brand_lift", "holdouts", "comments"]
Grain = Literal[
    "posts",
    "days",
    "audience",
    "touches",
    "orders",
    "ads",
    "survey",
    "brand_lift",
    "holdouts",
    "comments",
]
GIVES: dict[str, tuple[Kind, ...]] = {
    "whole numbers": ("count", "signed_count", "log2_per_day"),
    "numbers": (
        *("seconds", "milliseconds", "minutes", "hours", "share", "percent", "fraction"),
        *("amount", "number"),
    ),
    "texts": (
        *("text", "caption", "id", "link_id", "link_handle", "currency", "slug", "label"),
        *("secret", "post", "utm", "utm_in", "source_medium", "page", "host", "host_in"),
        *("handle_in", "order_type", "arm", "answer", "language", "comment"),
    ),
    "yes or no": ("flag", "present", "cancelled", "exposed"),
    "lists": ("list", "codes"),
    "times": ("time", "age_h", "yearless_date"),
    "days": ("date", "yearless_date"),
}
POST_GRAINS: tuple[PostGrain, ...] = get_args(PostGrain)

_OF_TYPE: dict[str, Kind] = {
    "int64": "count",
    "string": "text",
    "bool": "flag",
    "date32[day]": "date",
}
_OF_NAME: dict[str, Kind] = {
    "post_id": "id",
    "creator": "id",
    "sound_id": "id",
    "campaign_id": "slug",
    "platform": "slug",
    "caption": "caption",
    "value": "text",
    "hashtags": "list",
    "published_at": "time",
    "observed_at": "time",
    "duration_s": "seconds",
    "avg_watch_s": "seconds",
    "completion_rate": "share",
    "share": "share",
    "net_followers": "signed_count",
}
_UTM: dict[str, Kind] = {
    "utm_source": "utm",
    "utm_medium": "utm",
    "utm_campaign": "utm",
    "utm_content": "utm",
}
CAMPAIGN_KINDS: dict[Grain, dict[str, Kind]] = {
    "touches": {
        "day": "date",
        **_UTM,
        "landing_page": "page",
        "clicks": "count",
        "sessions": "count",
        "engaged_sessions": "count",
        "engaged_s": "amount",
        "engaged_s_per_session": "amount",
        "new_users": "count",
        "conversions": "amount",
        "revenue": "amount",
    },
    "orders": {
        "order_id": "secret",
        "brand": "label",
        "at": "time",
        "type": "order_type",
        "value": "amount",
        "refund": "amount",
        "currency": "currency",
        "codes": "codes",
        **_UTM,
        "referrer": "host",
        "customer": "secret",
        "is_new": "flag",
        "is_cancelled": "cancelled",
        "lead_score": "number",
    },
    "ads": {
        "ad_id": "id",
        "day": "date",
        "campaign_id": "slug",
        "creator": "id",
        "platform": "slug",
        "slot": "count",
        "post_id": "post",
        "spend": "amount",
        "currency": "currency",
        "impressions": "count",
        "clicks": "count",
        "conversions": "amount",
        "revenue": "amount",
    },
    "survey": {
        "response_id": "secret",
        "at": "time",
        "order_id": "secret",
        "answer": "answer",
        "creator": "handle_in",
        "platform": "slug",
        "campaign_id": "slug",
    },
    "brand_lift": {
        "study_id": "label",
        "question": "label",
        "arm": "arm",
        "positive": "count",
        "answers": "count",
        "campaign_id": "slug",
    },
    "holdouts": {
        "test_id": "label",
        "unit": "label",
        "day": "date",
        "is_exposed": "exposed",
        "outcome": "number",
        "people": "count",
        "campaign_id": "slug",
    },
    "comments": {
        "comment_id": "secret",
        "post_id": "post",
        "at": "time",
        "language": "language",
        "text": "comment",
    },
}
TABLE_OF: dict[CampaignGrain, str] = {
    "touches": "touches",
    "orders": "orders",
    "ads": "ad_days",
    "survey": "survey_responses",
    "brand_lift": "brand_lift",
    "holdouts": "holdouts",
    "comments": "comments",
}
TABLES_OF: dict[PostGrain, tuple[str, ...]] = {
    "posts": ("creators", "creator_observations", "posts", "post_observations"),
    "days": ("creators", "creator_observations", "creator_days"),
    "audience": ("creators", "audiences"),
}
_MADE_HERE = {"creator_id", "source"}
REQUIRED: dict[Grain, tuple[str, ...]] = {
    "posts": ("post_id", "creator", "published_at"),
    "days": ("creator", "day"),
    "audience": ("creator", "value", "share"),
    "touches": ("day",),
    "orders": ("order_id", "type"),
    "ads": ("ad_id", "day"),
    "survey": ("response_id",),
    "brand_lift": ("study_id", "question", "arm", "positive", "answers"),
    "holdouts": ("test_id", "unit", "day", "is_exposed"),
    "comments": ("comment_id", "post_id"),
}


def kinds_of(grain: PostGrain) -> dict[str, Kind]:
    """The fields of a grain of posts with the default kind of each."""
    found: dict[str, Kind] = {"creator": "id"}
    for table in TABLES_OF[grain]:
        for field in TABLES[table].schema:
            if field.name not in _MADE_HERE:
                found[field.name] = _OF_NAME.get(field.name) or _OF_TYPE[str(field.type)]
    return found


_POST_KINDS: dict[Grain, dict[str, Kind]] = {grain: kinds_of(grain) for grain in POST_GRAINS}
KINDS = {**_POST_KINDS, **CAMPAIGN_KINDS}


def misfit(own: Kind, given: Kind) -> str | None:
    """What a field of the kind `own` needs, where the kind `given` gives something else.

    >>> misfit("count", "number"), misfit("amount", "count"), misfit("time", "age_h")
    ('whole numbers', None, None)
    """
    needs = [what for what, kinds in GIVES.items() if own in kinds]
    fits = [*needs, *(["whole numbers"] if "numbers" in needs else [])]
    return None if any(given in GIVES[what] for what in fits) else needs[0]
