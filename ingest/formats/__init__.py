"""One module per export: a mapping of its columns, and the marks by which it is recognised."""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.formats import (
    ads,
    app_events,
    audience_tests,
    ga4,
    instagram_meta,
    leads,
    shopify,
    tiktok_api,
    tiktok_apify,
    tiktok_studio,
    youtube_studio,
    ytdlp,
)

IMPORTERS: dict[str, ExportFormat] = {
    "tiktok_studio_overview": tiktok_studio.OVERVIEW,
    "tiktok_studio_followers": tiktok_studio.FOLLOWERS,
    "tiktok_studio_viewers": tiktok_studio.VIEWERS,
    "tiktok_studio_gender": tiktok_studio.GENDER,
    "tiktok_studio_territories": tiktok_studio.TERRITORIES,
    "tiktok_studio_content": tiktok_studio.CONTENT,
    "tiktok_business_api": tiktok_api.BUSINESS,
    "tiktok_display_api": tiktok_api.DISPLAY,
    "tiktok_research_api": tiktok_api.RESEARCH,
    "tiktok_apify": tiktok_apify.APIFY,
    "ytdlp_tiktok": ytdlp.TIKTOK,
    "ytdlp_youtube": ytdlp.YOUTUBE,
    "instagram_meta": instagram_meta.CONTENT,
    "youtube_studio": youtube_studio.TABLE,
    "ga4": ga4.PAGES,
    "ga4_api": ga4.API,
    "shopify_orders": shopify.ORDERS,
    "appsflyer": app_events.APPSFLYER,
    "adjust": app_events.ADJUST,
    "leads": leads.LEADS,
    "tiktok_ads": ads.TIKTOK,
    "meta_ads": ads.META,
    "ads": ads.ADS,
    "survey": audience_tests.SURVEY,
    "brand_lift": audience_tests.BRAND_LIFT,
    "holdout_regions": audience_tests.REGIONS,
    "holdout_people": audience_tests.PEOPLE,
    "comments": audience_tests.COMMENTS,
}
