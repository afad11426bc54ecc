"""Leads of forms and events: signups, downloads, registrations for webinars, with their score."""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

_TYPES = {
    "webinar": "registration",
    "webinar registration": "registration",
    "event": "registration",
    "whitepaper": "download",
    "ebook": "download",
    "content download": "download",
    "newsletter": "signup",
    "sign up": "signup",
    "free trial": "trial",
    "demo request": "lead",
    "contact": "lead",
    "contact form": "lead",
}

LEADS = ExportFormat(
    title="leads (signups, downloads, registrations)",
    files=("csv", "json", "jsonl"),
    marks=(
        (
            "Lead ID",
            "lead_id",
            "Submission ID",
            "submission_id",
            "Registration ID",
            "Registrant ID",
        ),
        ("Created at", "created_at", "Submitted at", "submitted_at", "Registration time", "Date"),
    ),
    mapping=Mapping.model_validate(
        {
            "name": "leads",
            "grain": "orders",
            "constants": {"type": "lead"},
            "columns": {
                "order_id": (
                    *("Lead ID", "lead_id", "Submission ID", "submission_id"),
                    *("Registration ID", "Registrant ID"),
                ),
                "at": (
                    *("Created at", "created_at", "Submitted at", "submitted_at"),
                    *("Registration time", "Date"),
                ),
                "type": {
                    "from": ("Type", "Lead type", "lead_type", "Form type", "form_type"),
                    "values": _TYPES,
                },
                "value": ("Value", "Deal value", "value"),
                "currency": ("Currency", "currency"),
                "codes": ("Code", "Promo code", "promo_code"),
                "utm_source": ("UTM Source", "utm_source"),
                "utm_medium": ("UTM Medium", "utm_medium"),
                "utm_campaign": ("UTM Campaign", "utm_campaign"),
                "utm_content": ("UTM Content", "utm_content"),
                "referrer": ("Referrer", "referrer"),
                "customer": ("Email", "Email address", "email", "Phone", "Phone number"),
                "lead_score": ("Lead Score", "lead_score", "Score"),
            },
        }
    ),
)
