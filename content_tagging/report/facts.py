"""The report's tables: tags with their evidence, the fix list, the measures, how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from content_tagging.fix_list import PARTS, Fix
from content_tagging.records import Signals, Tag
from content_tagging.report.pieces import UNKNOWN, bullets, paragraph, span, table
from content_tagging.tags.taxonomy import GROUPS, ONE_ANSWER, load_taxonomy

MODALITIES = {
    "spoken": "spoken",
    "on_screen": "on screen",
    "visual": "pictures",
    "sound": "sound",
    "caption": "caption",
}
UNITS = {
    "people_ratio": "share",
    "cuts_per_s": "per s",
    "first_cut_s": "s",
    "words_in_3s": "words",
    "speech_rate_wpm": "words/min",
    "text_area": "share",
    "face_area": "share",
    "motion": "widths/s",
    "loudness_lufs": "LUFS",
    "speech_ratio": "share",
    "music_ratio": "share",
    "time_to_cta_s": "s",
}


def words_of(label: str) -> str:
    """A label as people write it.

    >>> words_of("link_in_bio")
    'link in bio'
    """
    return label.replace("_", " ")


def tag_table(tags: Sequence[Tag]) -> str:
    """Every tag, the primary ones first in their groups."""
    if not tags:
        return paragraph("No tag was read from this video.")
    columns = ("Label", "Group", "Probability", "Where", "When", "Evidence", "Said by")
    return table("Tags with their evidence", columns, [_tag_row(tag) for tag in ordered(tags)])


def ordered(tags: Sequence[Tag]) -> list[Tag]:
    """The tags by group, the primary one first, then the likelier ones."""
    return sorted(tags, key=lambda t: (GROUPS.index(t.group), not t.primary, -t.probability))


def _tag_row(tag: Tag) -> list[str]:
    mark = ' <span class="primary">primary</span>' if tag.primary else ""
    bar = f'<meter min="0" max="1" value="{tag.probability:.3f}" aria-hidden="true"></meter>'
    return [
        f"{escape(words_of(tag.label))}{mark}",
        escape(tag.group),
        f"{bar}{tag.probability:.0%}",
        MODALITIES.get(tag.modality or "", ""),
        span(tag.start_s, tag.end_s),
        f"<q>{escape(tag.evidence)}</q>" if tag.evidence else "",
        f"<small>{escape(tag.detector)}</small>",
    ]


def unanswered(tags: Sequence[Tag]) -> list[str]:
    """The groups of one answer in which no tag is sure enough to be it."""
    sure = {tag.group for tag in tags if tag.primary}
    return [group for group in ONE_ANSWER if group not in sure]


def fix_table(fixes: Sequence[Fix]) -> str:
    """What to change, by part of the rubric."""
    if not fixes:
        return paragraph("Nothing: every threshold of the rubric that could be checked is met.")
    return bullets(f"<b>{PARTS[fix.part]}</b> {escape(fix.words)}" for fix in fixes)


def measure_table(measures: Mapping[str, float | bool | None]) -> str:
    meanings = load_taxonomy().measures
    rows = [
        [escape(words_of(name)), value_of(name, value), escape(meanings.get(name, ""))]
        for name, value in measures.items()
    ]
    return table("Measures", ("Measure", "Value", "What it is"), rows, "brief")


def value_of(name: str, value: float | bool | None) -> str:
    """A measure's value with its unit.

    >>> value_of("supers", True), value_of("people_ratio", 0.512), value_of("first_cut_s", 2)
    ('yes', '51%', '2.0 s')
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    unit = UNITS.get(name, "")
    if unit == "share":
        return f"{value:.0%}"
    digits = 0 if unit in ("words", "words/min") else 2 if unit in ("per s", "widths/s") else 1
    return f"{value:.{digits}f} {unit}".strip()


def notes_of(signals: Signals) -> list[str]:
    """What the engines could not do, and what was wrong with the file, in words."""
    heard = signals.transcript
    engine = " ".join(filter(None, (heard.engine, heard.model)))
    language = f", language {heard.language}" if heard.language else ""
    first = {
        "speech": f"The words come from {engine}{language}.",
        "no_speech": f"No speech was found ({engine}).",
        "no_sound": "The file has no sound.",
    }[heard.status]
    return [first, *heard.notes, *signals.media.notes]


def versions_table(signals: Signals, versions: Mapping[str, str]) -> str:
    """Name and version of everything that looked or listened."""
    found = {**versions, **signals.pictures.detectors, **signals.sound.detectors}
    rows = [[escape(step), f"<code>{escape(said)}</code>"] for step, said in sorted(found.items())]
    return table("Detectors and their versions", ("Step", "Version"), rows)
