"""Rows of simulated sales as shops, analytics, apps, forms and ad accounts export them. Pure.

Buyers are made up: their addresses end in `.example`, which nobody can own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from demo.layouts import Row

Rng = np.random.Generator
Sales = Sequence[Mapping[str, Any]]
TRIAL_SHARE, PAID_SHARE = 0.45, 0.35
SUBSCRIPTION = 9.99
_FORMS = ("Webinar registration", "Whitepaper", "Newsletter", "Demo request")
_FORM_SHARES = (0.3, 0.35, 0.2, 0.15)


def buyers(orders: Sales, rng: Rng) -> list[str]:
    """An address for each order: who is not new bought before, if anybody did."""
    known: list[str] = []
    named = []
    for number, order in enumerate(orders):
        if order["is_new"] or not known:
            known.append(f"buyer{number}@mail.example")
            named.append(known[-1])
        else:
            named.append(known[int(rng.integers(len(known)))])
    return named


def shopify(orders: Sales, rng: Rng) -> list[Row]:
    """A row for each order; one in fifty was refunded in part."""
    rows: list[Row] = []
    for number, (order, email) in enumerate(zip(orders, buyers(orders, rng), strict=True), 1001):
        value = float(order["value"])
        refund = round(value * 0.5, 2) if rng.random() < 0.02 else 0.0
        rows.append(
            {
                "Name": f"#{number}",
                "Email": email,
                "Financial Status": "partially_refunded" if refund else "paid",
                "Paid at": _at(order["at"]),
                "Currency": "USD",
                "Total": f"{value:.2f}",
                "Discount Code": ", ".join(order["codes"]),
                "Created at": _at(order["at"]),
                "Lineitem quantity": 1,
                "Lineitem name": "Starter set",
                "Lineitem price": f"{value:.2f}",
                "Note Attributes": _notes(order),
                "Cancelled at": "",
                "Refunded Amount": f"{refund:.2f}",
            }
        )
    return rows


def _notes(order: Mapping[str, Any]) -> str:
    utm = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "referrer")
    return "\n".join(f"{name}: {order[name]}" for name in utm if order[name])


def survey(answers: Sales, number_of: Mapping[str, int], handles: Mapping[str, str]) -> list[Row]:
    """What buyers said, by the shop's order numbers; a creator is named by the handle."""
    return [
        {
            "Response ID": of["response_id"],
            "Submitted at": _at(of["at"]),
            "Order number": f"#{1001 + number_of[of['order_hash']]}",
            "How did you hear about us?": f"A video of @{handles[of['creator_id']]} on TikTok"
            if of["creator_id"]
            else "Google",
            "platform": "tiktok",
            "campaign_id": of["campaign_id"] or "",
        }
        for of in answers
    ]


def ga4(touches: Sales, first: datetime, last: datetime) -> str:
    """A report of Google Analytics 4: lines of comment, then a row by day and link."""
    head = (
        "Session source / medium,Session campaign,Session manual ad content,Date,Sessions,"
        "Engaged sessions,Average engagement time per session"
    )
    about = (
        "# ----------------------------------------",
        "# Traffic acquisition: Session source / medium",
        f"# Start date: {first:%Y%m%d}",
        f"# End date: {last:%Y%m%d}",
        "# ----------------------------------------",
    )
    rows = [
        f"{of['utm_source']} / {of['utm_medium']},{of['utm_campaign']},{of['utm_content']},"
        f"{of['day']:%Y%m%d},{of['sessions']},{of['engaged_sessions']},"
        f"{of['engaged_s'] / of['sessions']:.1f}"
        for of in touches
    ]
    return "\n".join((*about, head, *rows)) + "\n"


def appsflyer(installs: Sales, rng: Rng) -> list[Row]:
    """Installs; of some a trial the same day, of some of these a subscription a week later."""
    rows: list[Row] = []
    for number, order in enumerate(installs):
        at = order["at"]
        events = [("install", at, "")]
        if rng.random() < TRIAL_SHARE:
            events.append(("af_start_trial", at + timedelta(minutes=6), ""))
            if rng.random() < PAID_SHARE:
                events.append(("af_subscribe", at + timedelta(days=7), str(SUBSCRIPTION)))
        rows += [_event(order, number, event) for event in events]
    return rows


def _event(order: Mapping[str, Any], number: int, event: tuple[str, datetime, str]) -> Row:
    name, at, revenue = event
    is_linked = order["utm_content"] is not None
    return {
        "Install Time": f"{order['at']:%Y-%m-%d %H:%M:%S}",
        "Event Time": f"{at:%Y-%m-%d %H:%M:%S}",
        "Event Name": name,
        "Event Revenue": revenue,
        "Event Revenue Currency": "USD" if revenue else "",
        "Media Source": "tiktok" if is_linked else "organic",
        "Channel": "influencer" if is_linked else "",
        "Campaign": order["utm_campaign"] or "",
        "Ad": order["utm_content"] or "",
        "AppsFlyer ID": f"{1_756_700_000_000 + number}-made",
        "Is Primary Attribution": "true",
    }


def leads(orders: Sales, rng: Rng) -> list[Row]:
    """Filled forms with a score; those whom a creator sent score higher."""
    return [
        {
            "Submission ID": f"s-{number}",
            "Submitted at": _at(order["at"]),
            "Form type": str(rng.choice(_FORMS, p=_FORM_SHARES)),
            "Email": f"lead{number}@mail.example",
            "Lead Score": round(100 * float(rng.beta(5 if order["utm_content"] else 4, 4))),
            **{
                f"UTM {name.capitalize()}": order[f"utm_{name}"] or ""
                for name in ("source", "medium", "campaign", "content")
            },
            "Promo code": " ".join(order["codes"]),
        }
        for number, order in enumerate(orders)
    ]  # fmt: skip


def tiktok_ads(days: Sales) -> list[Row]:
    """Paid delivery of the creators' own posts (Spark ads), by ad and day."""
    return [
        {
            "Campaign name": of["campaign_id"],
            "Ad ID": f"179{of['ad_number']:013d}",
            "By Day": f"{of['day']:%Y-%m-%d}",
            "TikTok post ID": of["post_id"].removeprefix("tiktok:"),
            "Cost": f"{of['spend']:.2f}",
            "Currency": "USD",
            "Impressions": of["impressions"],
            "Clicks (destination)": of["clicks"],
            "Conversions": int(of["conversions"]),
            "Total purchase value": "",
        }
        for of in days
    ]


def _at(when: datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M:%S +0000")
