"""How a post's video is tagged now, by group: the tags that hold, with corrections over them."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from reelcast.store import Lake

Tags = dict[str, dict[str, tuple[str, ...]]]  # post: group: labels, the primary one first


def tags_of(lake: Lake, post_ids: Sequence[str]) -> tuple[dict[str, str], Tags]:
    """The content of each post, and its labels by group; posts whose video was not tagged lack."""
    rows = lake.read_keys("post_contents", sorted(set(post_ids))).to_pylist()
    shown = {row["post_id"]: row["content_id"] for row in rows}
    contents = sorted(set(shown.values()))
    labels = _labels(lake, contents)
    return shown, {post: labels.get(content, {}) for post, content in shown.items()}


def _labels(lake: Lake, contents: Sequence[str]) -> Tags:
    versions = {
        row["content_id"]: row["version"]
        for row in lake.read_keys("taggings", contents).to_pylist()
    }
    tags = lake.read_keys("tags", contents).sort_by(
        [("content_id", "ascending"), ("rank", "ascending")]
    )
    found: dict[str, dict[str, list[tuple[bool, str]]]] = {}
    for row in tags.select(["content_id", "version", "group", "label", "primary"]).to_pylist():
        if row["version"] == versions.get(row["content_id"]):
            of = found.setdefault(row["content_id"], {}).setdefault(row["group"], [])
            of.append((not row["primary"], row["label"]))
    made = {
        content: {
            group: tuple(dict.fromkeys(label for _, label in sorted(of, key=lambda o: o[0])))
            for group, of in groups.items()
        }
        for content, groups in found.items()
    }
    return _corrected(lake, contents, made)


def _corrected(lake: Lake, contents: Sequence[str], made: Tags) -> Tags:
    """The labels with what a person last said of a group in its place."""
    rows = lake.read("tag_corrections")
    mine = rows.filter(pc.is_in(rows["content_id"], pa.array(list(contents), pa.string())))
    for row in mine.sort_by("corrected_at").to_pylist():
        made.setdefault(row["content_id"], {})[row["group"]] = tuple(row["labels"] or ())
    return made
