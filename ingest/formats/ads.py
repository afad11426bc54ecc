"""Paid ads of creators' posts, by ad and day: what organic posts counted stands in other tables.

A Spark ad shows a creator's own post: the post's id joins paid to organic. Totals are left out.
"""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

CURRENCIES = (
    *("USD", "EUR", "GBP", "AUD", "CAD", "CHF", "DKK", "INR", "JPY", "MXN", "NOK", "NZD"),
    *("PLN", "SEK", "SGD", "VND", "BRL"),
)
_ORGANIC = ("organic",)
_KINDS = ("Paid or organic", "Traffic type", "paid_or_organic")
_SPENT = tuple(f"Amount spent ({currency})" for currency in CURRENCIES)
_DAYS = ("Date", "By Day", "Day", "stat_time_day", "day", "date")


def _mapping(name: str, platform: dict[str, str], columns: dict[str, object]) -> Mapping:
    totals = ("", "-", "total")
    return Mapping.model_validate(
        {
            "name": name,
            "grain": "ads",
            "constants": platform,
            "skip": {
                **dict.fromkeys(_DAYS, totals),
                **dict.fromkeys(_KINDS, _ORGANIC),
            },
            "columns": columns,
        }
    )


TIKTOK = ExportFormat(
    title="TikTok Ads Manager, by ad and day",
    files=("csv",),
    marks=(
        ("Ad ID",),
        ("Date", "By Day", "Day", "stat_time_day"),
        ("Cost", "Total cost"),
        ("Impressions", "Impression"),
    ),
    mapping=_mapping(
        "tiktok_ads",
        {"platform": "tiktok"},
        {
            "ad_id": {"from": "Ad ID", "prefix": "tiktok:"},
            "day": _DAYS[:4],
            "post_id": ("TikTok post ID", "Video ID", "Spark ads post ID", "TikTok item ID"),
            "spend": ("Cost", "Total cost"),
            "currency": "Currency",
            "impressions": ("Impressions", "Impression"),
            "clicks": ("Clicks (destination)", "Destination clicks", "Clicks", "Click"),
            "conversions": ("Conversions", "Conversion", "Results", "Result"),
            "revenue": ("Total purchase value", "Purchase value", "Total complete payment value"),
        },
    ),
)

META = ExportFormat(
    title="Meta Ads Manager, by ad and day",
    files=("csv",),
    marks=(("Ad ID",), ("Day",), _SPENT, ("Impressions",)),
    mapping=_mapping(
        "meta_ads",
        {"platform": "instagram"},
        {
            "ad_id": {"from": "Ad ID", "prefix": "meta:"},
            "day": "Day",
            "post_id": ("Instagram post ID", "Post ID"),
            "spend": _SPENT,
            "impressions": "Impressions",
            "clicks": ("Link clicks", "Outbound clicks"),
            "conversions": ("Purchases", "Results"),
            "revenue": ("Purchases conversion value", "Purchase conversion value"),
        },
    ),
)

ADS = ExportFormat(
    title="ads by day, in reelcast's own columns",
    files=("csv", "json", "jsonl", "parquet"),
    marks=(("ad_id", "spark_code"), ("day", "date"), ("spend",), ("impressions",)),
    mapping=_mapping(
        "ads",
        {},
        {
            "ad_id": {"from": ("ad_id", "spark_code"), "hash": True},  # a code opens its post
            "day": ("day", "date"),
            "campaign_id": "campaign_id",
            "creator": ("creator", "handle"),
            "platform": "platform",
            "slot": "slot",
            "post_id": ("post_id", "post_url"),
            "spend": "spend",
            "currency": "currency",
            "impressions": "impressions",
            "clicks": "clicks",
            "conversions": "conversions",
            "revenue": "revenue",
        },
    ),
)
