"""Google Analytics 4: what links brought to the site, by day, as CSV of its pages or by its API.

Only session-scoped dimensions are read: those of first visits credit another day's link.
"""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

_NTH_DAY = (
    "its days are numbered (Nth day) and name no date: add Date as a secondary dimension of the "
    "table, or export an exploration with the dimension Date"
)
_NO_DATE = {"Nth day": _NTH_DAY, "nthDay": _NTH_DAY}
_PAIR = ("Session source / medium", "sessionSourceMedium")
_SOURCE = ("Session source", "sessionSource", "Session manual source", "sessionManualSource")
_MEDIUM = ("Session medium", "sessionMedium", "Session manual medium", "sessionManualMedium")
_CAMPAIGN = (
    *("Session campaign", "sessionCampaignName", "Session manual campaign name"),
    "sessionManualCampaignName",
)
_CONTENT = ("Session manual ad content", "sessionManualAdContent")
_PAGE = (
    *("Landing page", "Landing page + query string", "landingPage", "landingPagePlusQueryString"),
)
_COLUMNS = {
    "day": ("Date", "date"),
    "utm_source": {"from": (*_SOURCE, *_PAIR), "kind": "source_medium"},
    "utm_medium": {"from": (*_MEDIUM, *_PAIR), "kind": "source_medium"},
    "utm_campaign": _CAMPAIGN,
    "utm_content": _CONTENT,
    "landing_page": _PAGE,
    "sessions": ("Sessions", "sessions"),
    "engaged_sessions": ("Engaged sessions", "engagedSessions"),
    "engaged_s": ("User engagement", "userEngagementDuration"),
    "engaged_s_per_session": "Average engagement time per session",
    "new_users": ("New users", "newUsers"),
    "conversions": ("Key events", "keyEvents", "Conversions", "conversions"),
    "revenue": ("Total revenue", "totalRevenue", "Purchase revenue", "purchaseRevenue"),
}
_MARKS = (
    ("Date", "date"),
    ("Sessions", "sessions"),
    (*_PAIR, *_SOURCE, *_CAMPAIGN, *_CONTENT),
)

PAGES = ExportFormat(
    title="Google Analytics 4, CSV of a report or exploration",
    files=("csv",),
    marks=_MARKS,
    refuses=_NO_DATE,
    advice="Export it again with Date as a secondary dimension. Else: ",
    mapping=Mapping.model_validate(
        {
            "name": "ga4",
            "grain": "touches",
            "skip": {"Date": ("", "Grand total", "Total")},  # a total's dimensions are empty
            "columns": _COLUMNS,
        }
    ),
)

API = ExportFormat(
    title="Google Analytics 4 Data API, runReport",
    files=("json", "jsonl"),
    marks=_MARKS,
    refuses=_NO_DATE,
    mapping=Mapping.model_validate({"name": "ga4_api", "grain": "touches", "columns": _COLUMNS}),
)
