"""The report's clips: what was read in each, whether it is what the clip was made to be."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from content_tagging.records import Tag
from content_tagging.tags.taxonomy import ONE_ANSWER
from demo.clips_tag import TaggedClip
from demo.page import UNKNOWN, Column, paragraph, percent, section, table

GROUPS = ("hook", "format", "theme", "cta")
COLUMNS = (
    Column("Clip", kind="name"),
    Column("Length", "s", "num"),
    Column("Hook"),
    Column("Format"),
    Column("Theme"),
    Column("Calls to action"),
    Column("Said in the hook"),
)


def clips(tagged: Sequence[TaggedClip], folder: Path) -> str:
    """A row for each clip, which links to its page; `folder` is that of the report."""
    right = sum(is_right(each, group) for each in tagged for group in GROUPS)
    said = (
        f"{len(tagged)} short clips, drawn and spoken by a program of this project, were watched "
        f"and tagged. {right} of {len(tagged) * len(GROUPS)} answers are what the clip was made to "
        "be (marked +, others -). That shows how it works; how well it works on real videos is "
        "measured in the benchmarks."
    )
    return section(
        "What was seen in the clips",
        paragraph(said, "soft"),
        table(COLUMNS, [_row(each, folder) for each in tagged]),
    )


def is_right(clip: TaggedClip, group: str) -> bool:
    """Whether the best label of a group is among those that the clip was made to have."""
    best = _best(clip, group)
    labels = clip.truth.labels(group)
    return best.label in labels if best else clip.content is not None and labels == ("none",)


def _row(clip: TaggedClip, folder: Path) -> list[str]:
    name = escape(Path(clip.truth.file).stem.replace("_", " "))
    if clip.page is not None:
        name = f'<a href="{escape(clip.page.relative_to(folder).as_posix())}">{name}</a>'
    hook = _best(clip, "hook")
    quote = hook.evidence if hook and hook.evidence else ""
    return [
        name,
        f"{clip.truth.duration_s:.1f}",
        *(_answer(clip, group) for group in GROUPS),
        escape(quote),
    ]


def _answer(clip: TaggedClip, group: str) -> str:
    if clip.content is None:
        return UNKNOWN
    mark = "+" if is_right(clip, group) else "-"
    best = _best(clip, group)
    if best is None:
        return f"{mark} {'none' if group == 'cta' else 'not sure'}"
    return f"{mark} {escape(best.label.replace('_', ' '))} {percent(best.probability)}"


def _best(clip: TaggedClip, group: str) -> Tag | None:
    """The primary label, or the likeliest where a group has none; unknown where unsure."""
    own = [tag for tag in (clip.content.tags if clip.content else ()) if tag.group == group]
    if group in ONE_ANSWER:
        own = [tag for tag in own if tag.primary]
    return max(own, key=lambda tag: tag.probability, default=None)
