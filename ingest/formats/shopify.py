"""Shopify's orders CSV: an order of several items has several rows, its own cells on the first.

Names, addresses and telephone numbers are not read; the e-mail address is hashed as it is read.
"""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

_NOTED = ("Landing Page", "Landing site", "Note Attributes")

ORDERS = ExportFormat(
    title="Shopify, orders",
    files=("csv",),
    marks=(
        ("Name",),
        ("Financial Status",),
        ("Total",),
        ("Created at",),
        ("Lineitem name", "Lineitem quantity"),
    ),
    mapping=Mapping.model_validate(
        {
            "name": "shopify_orders",
            "grain": "orders",
            "fold": "Name",
            "constants": {"type": "purchase"},
            "columns": {
                "order_id": "Name",
                "at": "Created at",
                "value": "Total",
                "refund": "Refunded Amount",
                "currency": "Currency",
                "codes": "Discount Code",
                **{
                    name: {"join": _NOTED, "kind": "utm_in"}
                    for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content")
                },
                "referrer": {"from": "Note Attributes", "kind": "host_in"},
                "customer": ("Email", "Phone", "Billing Phone"),
                "is_cancelled": ("Cancelled at", "Financial Status"),
            },
        }
    ),
)
