"""Python's types of JSON schemas. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLAIN = {
    "string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None",
}  # fmt: skip
_FORMATS = {"date-time": "datetime", "date": "date"}


def type_of(schema: Mapping[str, Any], prefix: str = "") -> str:
    """The type's source text; `prefix` stands before the names of classes.

    >>> type_of({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]})
    'list[str] | None'
    >>> type_of({"$ref": "#/components/schemas/Job"}, "models."), type_of({"enum": ["a", "b"]})
    ('models.Job', "Literal['a', 'b']")
    """
    if "$ref" in schema:
        return prefix + name_of(schema["$ref"].rsplit("/", 1)[1])
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            kinds = [type_of(each, prefix) for each in schema[several]]
            ordered = sorted(dict.fromkeys(kinds), key=lambda kind: kind == "None")
            return "Any" if "Any" in ordered else " | ".join(ordered)
    return _by_type(schema, prefix)


def _by_type(schema: Mapping[str, Any], prefix: str) -> str:
    kind = schema.get("type")
    if kind == "array":
        if "prefixItems" in schema:
            parts = (type_of(each, prefix) for each in schema["prefixItems"])
            return f"tuple[{', '.join(parts)}]"
        return f"list[{type_of(schema.get('items', {}), prefix)}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {type_of(values, prefix) if isinstance(values, dict) else 'Any'}]"
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "str")
    return _PLAIN.get(str(kind), "Any")


def name_of(schema: str) -> str:
    """A class's name: FastAPI writes those of two modules with their path.

    >>> name_of("reelcast__plans__Deliverable"), name_of("Creator-Input")
    ('PlansDeliverable', 'CreatorInput')
    """
    parts = re.split(r"__", schema)[-2:]
    parts = parts if len(parts) == 1 else [parts[0].title(), parts[1]]
    return re.sub(r"\W", "", "".join(parts))
