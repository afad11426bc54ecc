"""Contents in the lake: signals and tags stored apart, so that either is renewed without the other.

A content's tags stand under a version that names all they depend on: the taxonomy, the tagger, the
steps that made the signals, and what people say of the file. The table `taggings` says which are
the present.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
from pydantic import Field, ValidationError

from content_tagging.records import Signals, Tag
from content_tagging.tags.corrections import Correction
from reelcast.errors import InputError, MismatchError, NotFoundError
from reelcast.mentions import without_mentions
from reelcast.plain import plain
from reelcast.records import Record
from reelcast.store import Lake
from reelcast.tables import TABLES

PERSON = "person"  # the detector of a tag that someone corrected
Measures = dict[str, float | bool | None]


class About(Record):
    """What people say of a file: tags and measures are read with it."""

    caption: str | None = Field(None, description="of the post that shows it")
    brand: str | None = Field(None, description="the name to look for in `brand_first5`")
    product: str | None = Field(None, description="the name to look for in `product_first5`")

    def over(self, other: About) -> About:
        """This, and what the other says of what is left open."""
        return About(
            caption=self.caption or other.caption,
            brand=self.brand or other.brand,
            product=self.product or other.product,
        )


class Tagging(Record):
    """How a content is read: its tags and measures, and the version they stand under."""

    content_id: str = Field(description="sha256 of the file's bytes")
    tags_version: str
    taxonomy_version: str
    tags: tuple[Tag, ...]
    measures: Measures


class Content(Tagging):
    """All that is known of one file: its tags, and what was seen and heard."""

    name: str = Field(description="the file's name without folder and suffix")
    caption: str | None = Field(None, description="of the post that shows it")
    brand: str | None = None
    product: str | None = None
    signals: Signals
    versions: dict[str, str] = Field(description="of each step that made the signals")

    @property
    def about(self) -> About:
        """What people say of it."""
        return about_in(self.model_dump(include=set(About.model_fields)))

    @property
    def tagging(self) -> Tagging:
        """Without what was seen and heard."""
        return Tagging(**{name: getattr(self, name) for name in Tagging.model_fields})


def tags_version_of(
    taxonomy_version: str, tagger: str, versions: Mapping[str, str], about: About
) -> str:
    """The taxonomy's version and a short digest of all else that the tags depend on.

    >>> tags_version_of("1", "rules/3", {"look": "2"}, About())
    '1.b0d4ebef'
    """
    parts = [tagger, sorted(versions.items()), about.caption, about.brand, about.product]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return f"{taxonomy_version}.{digest[:8]}"


def keep(lake: Lake, contents: Sequence[Content]) -> None:
    """Merge the contents and how they are read."""
    lake.merge("contents", pa.Table.from_pylist([*map(_row, contents)], TABLES["contents"].schema))
    keep_tags(lake, contents)


def keep_tags(lake: Lake, taggings: Sequence[Tagging]) -> None:
    """Merge the tags, then which are the present: a version that is named is always there."""
    lake.merge("tags", _tag_rows(taggings))
    rows = [
        {
            "content_id": each.content_id,
            "version": each.tags_version,
            "taxonomy_version": each.taxonomy_version,
            "measures": json.dumps(each.measures, sort_keys=True),
        }
        for each in taggings
    ]
    lake.merge("taggings", pa.Table.from_pylist(rows, TABLES["taggings"].schema))


def keep_posts(lake: Lake, content_of: Mapping[str, str]) -> None:
    """Merge which content each post shows."""
    rows = [{"post_id": post, "content_id": content} for post, content in content_of.items()]
    lake.merge("post_contents", pa.Table.from_pylist(rows, TABLES["post_contents"].schema))


def load(lake: Lake, content_ids: Sequence[str]) -> dict[str, Content]:
    """The known contents by id, with their present tags, corrections applied."""
    rows = lake.read_keys("contents", content_ids).to_pylist()
    read = {row["content_id"]: row for row in lake.read_keys("taggings", content_ids).to_pylist()}
    tags: dict[str, list[dict[str, Any]]] = {}
    for tag in lake.read_keys("tags", content_ids).to_pylist():
        if read.get(tag["content_id"], {}).get("version") == tag["version"]:
            tags.setdefault(tag["content_id"], []).append(tag)
    corrected: dict[str, list[Correction]] = {}
    for each in corrections(lake, content_ids):
        corrected.setdefault(each.content_id, []).append(each)
    return {
        id_: _content(row, read[id_], tags.get(id_, []), corrected.get(id_, []))
        for row in rows
        if (id_ := row["content_id"]) in read
    }


def about_in(row: Mapping[str, Any]) -> About:
    """What people say of the file of a row of `contents`."""
    return About(**{name: row[name] for name in About.model_fields})


def name_of(stem: str) -> str:
    """The name under which a file is kept: downloads are often called after their account.

    >>> name_of("@ana.b - unboxing")
    '@user - unboxing'
    """
    return without_mentions(plain(stem))


def signals_in(row: Mapping[str, Any]) -> Signals:
    """The signals of a row of `contents`.

    Raises MismatchError where a release with other fields kept them.
    """
    try:
        return Signals.model_validate_json(row["signals"])
    except ValidationError as exc:
        raise MismatchError(
            f"the signals of {row['name']} ({row['content_id'][:12]}) were kept by a release with "
            f"other fields ({exc.error_count()} do not fit): tag its file again"
        ) from exc


def find(lake: Lake, name: str) -> str:
    """The id of the content of this id, beginning of an id (8 characters or more), or name.

    Raises NotFoundError where there is none, InputError where there are several.
    """
    rows = lake.read_columns("contents", ["content_id", "name"]).to_pylist()
    found: set[str] = {
        row["content_id"]
        for row in rows
        if row["name"] == name_of(name) or (len(name) >= 8 and row["content_id"].startswith(name))
    }
    if not found:
        raise NotFoundError(
            f"no content is called {name!r}: tag its file first, or give its id as `reelcast tag "
            "--json` prints it"
        )
    if len(found) > 1:
        listed = ", ".join(sorted(content_id[:12] for content_id in found))
        raise InputError(f"{len(found)} contents are called {name!r}: give an id, of {listed}")
    return found.pop()


def corrections(lake: Lake, content_ids: Sequence[str] | None = None) -> list[Correction]:
    """The latest correction of each group of each content, of all or of some contents."""
    name = "tag_corrections"
    table = lake.read(name) if content_ids is None else lake.read_keys(name, content_ids)
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(table.to_pylist(), key=lambda row: row["corrected_at"]):
        latest[row["content_id"], row["group"]] = row
    return [Correction(at=row.pop("corrected_at"), **row) for _, row in sorted(latest.items())]


def keep_corrections(lake: Lake, given: Iterable[Correction]) -> None:
    """Merge the corrections; earlier ones stay, the latest wins."""
    rows = [{**each.model_dump(), "corrected_at": each.at} for each in given]
    lake.merge("tag_corrections", pa.Table.from_pylist(rows, TABLES["tag_corrections"].schema))


def corrected_tags(tags: Sequence[Tag], given: Sequence[Correction]) -> tuple[Tag, ...]:
    """The tags, those of corrected groups replaced by what the person said, the first primary."""
    groups = {each.group for each in given}
    said = [
        Tag(group=each.group, label=label, probability=1, primary=rank == 0, detector=PERSON)
        for each in given
        for rank, label in enumerate(each.labels)
    ]
    return (*(tag for tag in tags if tag.group not in groups), *said)


def _row(content: Content) -> dict[str, Any]:
    media = content.signals.media
    return {
        "content_id": content.content_id,
        "name": content.name,
        **content.about.model_dump(),
        "duration_s": media.duration_s,
        "width_px": media.width_px,
        "height_px": media.height_px,
        "signals": content.signals.model_dump_json(),
        "versions": json.dumps(content.versions, sort_keys=True),
    }


def _tag_rows(taggings: Sequence[Tagging]) -> pa.Table:
    rows = [
        {
            "content_id": each.content_id,
            "version": each.tags_version,
            "rank": rank,
            "taxonomy_version": each.taxonomy_version,
            **tag.model_dump(),
        }
        for each in taggings
        for rank, tag in enumerate(each.tags)
    ]
    return pa.Table.from_pylist(rows, TABLES["tags"].schema)


def _content(
    row: dict[str, Any],
    read: dict[str, Any],
    tags: list[dict[str, Any]],
    given: Sequence[Correction],
) -> Content:
    kept = [Tag(**{name: tag[name] for name in Tag.model_fields}) for tag in tags]
    return Content(
        content_id=row["content_id"],
        name=row["name"],
        **about_in(row).model_dump(),
        signals=signals_in(row),
        measures=json.loads(read["measures"]),
        tags=corrected_tags(kept, given),
        tags_version=read["version"],
        taxonomy_version=read["taxonomy_version"],
        versions=json.loads(row["versions"]),
    )
