"""Which parser reads a kind of cell of a campaign's exports, by kind and field."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ingest import values, values_campaign, values_links

Parser = Callable[[object], object]
_NAMESPACES = {
    "order_id": "order",
    "customer": "person",
    "unit": "person",
    "response_id": "response",
    "comment_id": "comment",
}
_PARSERS: dict[str, Parser] = {
    "amount": values_campaign.amount,
    "number": values_campaign.signed,
    "currency": values_campaign.currency,
    "slug": values_campaign.slug,
    "label": values_campaign.label,
    "codes": values_links.codes,
    "utm": values_links.utm,
    "page": values_links.page,
    "host": values_links.host,
    "host_in": values_links.host_in,
    "handle_in": values_links.handle_in,
    "order_type": values_campaign.order_type,
    "present": values_campaign.present,
    "cancelled": values_campaign.cancelled,
    "exposed": values_campaign.exposed,
    "arm": values_campaign.arm,
    "answer": values_campaign.answer,
    "language": values_campaign.language,
    "comment": values.cell_text,
}


def parser_of(kind: str, field: str, prefix: str, salt: str, platform: str | None) -> Parser | None:
    """The parser of a kind, None where it is none of a campaign's."""
    if kind == "secret":
        return partial(_secret, _NAMESPACES.get(field, field), prefix, salt)
    if kind == "post":
        return partial(values_links.post, platform=platform)
    if kind == "utm_in":
        return partial(values_links.utm_in, name=field)
    if kind == "source_medium":
        return partial(values_links.source_or_medium, name=field)
    return _PARSERS.get(kind)


def _secret(namespace: str, prefix: str, salt: str, cell: object) -> str | None:
    """The salted hash of a person's address or of an id, the same in every export.

    >>> _secret("order", "", "s", "#1001") == _secret("order", "", "s", 1001)
    True
    """
    text = values.identifier(cell)
    return None if text is None else values.salted(namespace, prefix + text.lstrip("#"), salt)
