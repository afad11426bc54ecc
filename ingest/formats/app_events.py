"""Events of apps as measured by AppsFlyer and Adjust: installs, trials, subscriptions, purchases.

An event has no id of its own: device, time and name make one, hashed. Event names are the app's
own; those below are the usual ones, a mapping that extends these formats names others.
"""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

_TYPES = {
    "af_purchase": "purchase",
    "first_purchase": "purchase",
    "af_start_trial": "trial",
    "start_trial": "trial",
    "trial_started": "trial",
    "free_trial": "trial",
    "af_subscribe": "subscription",
    "subscribe": "subscription",
    "subscription_started": "subscription",
    "subscription_start": "subscription",
    "af_complete_registration": "registration",
    "complete_registration": "registration",
    "sign_up": "signup",
    "af_lead": "lead",
}

APPSFLYER = ExportFormat(
    title="AppsFlyer, raw data",
    files=("csv",),
    marks=(("AppsFlyer ID",), ("Event Time",), ("Event Name",), ("Media Source",)),
    mapping=Mapping.model_validate(
        {
            "name": "appsflyer",
            "grain": "orders",
            # an event of several partners stands once for each: only the credited one counts
            "skip": {"Is Primary Attribution": ("false",)},
            "columns": {
                "order_id": {"join": ("AppsFlyer ID", "Event Time", "Event Name")},
                "at": "Event Time",
                "type": {"from": "Event Name", "values": _TYPES},
                "value": "Event Revenue",
                "currency": "Event Revenue Currency",
                "utm_source": {"from": "Media Source", "empty": "organic"},
                "utm_medium": "Channel",
                "utm_campaign": "Campaign",
                "utm_content": ("Sub Param 1", "Ad"),
                "customer": ("Customer User ID", "AppsFlyer ID"),
            },
        }
    ),
)


def _either(*names: str) -> tuple[str, ...]:
    """The columns' names as Adjust writes them, with and without their braces."""
    return tuple(spelt for name in names for spelt in (name, f"{{{name}}}"))


ADJUST = ExportFormat(
    title="Adjust, raw data",
    files=("csv",),
    marks=(
        _either("activity_kind"),
        _either("adid", "gps_adid", "idfa", "random_user_id"),
        _either("created_at"),
        _either("network_name", "tracker_name"),
    ),
    mapping=Mapping.model_validate(
        {
            "name": "adjust",
            "grain": "orders",
            "columns": {
                "order_id": {
                    "join": (
                        *_either("adid", "gps_adid", "idfa", "random_user_id"),
                        *_either("created_at", "activity_kind", "event_name", "event"),
                    )
                },
                "at": _either("created_at"),
                "type": {"from": _either("event_name", "activity_kind"), "values": _TYPES},
                # `revenue` is in cents and not read
                "value": _either("revenue_float", "reporting_revenue"),
                "currency": _either("currency", "reporting_currency"),
                "utm_source": {"from": _either("network_name", "tracker_name"), "empty": "organic"},
                "utm_campaign": _either("campaign_name"),
                "utm_content": _either("creative_name", "adgroup_name"),
                "customer": _either("user_id", "adid", "gps_adid", "idfa", "random_user_id"),
            },
        }
    ),
)
