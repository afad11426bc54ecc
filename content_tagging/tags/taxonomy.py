"""The taxonomy: groups of labels, each with a description where it needs one."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

from reelcast.records import Record

GROUPS = ("hook", "format", "theme", "cta", "angle", "proof", "offer", "disclosure")
ONE_ANSWER = ("hook", "format", "theme")
NOTHING = {"format": "other", "theme": "other"}


class Taxonomy(Record):
    """The labels of every group, in order, with their descriptions ("" where none is given)."""

    version: str
    labels: dict[str, dict[str, str]]
    measures: dict[str, str]

    def names(self, group: str) -> tuple[str, ...]:
        return tuple(self.labels[group])


def nothing(group: str) -> str:
    """The label that says that no other fits.

    >>> nothing("theme"), nothing("cta")
    ('other', 'none')
    """
    return NOTHING.get(group, "none")


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy that ships with the code (configs/taxonomy.yaml)."""
    content = yaml.safe_load(
        resources.files("configs").joinpath("taxonomy.yaml").read_text("utf-8")
    )
    return Taxonomy(
        version=str(content["version"]),
        labels={group: _described(content[group]) for group in GROUPS},
        measures=content["measures"],
    )


def taxonomy_version() -> str:
    """The version of the taxonomy, as it stands beside every tag."""
    return load_taxonomy().version


def _described(labels: Any) -> dict[str, str]:
    return dict(labels) if isinstance(labels, dict) else dict.fromkeys(labels, "")
