"""The parts of a watched video as HTML: filmstrip, words, texts, tags, what to change."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from api.web.markup import Column, attribute, fact, facts, paragraph, section, table, text
from content_tagging.contents import PERSON, Content
from content_tagging.fix_list import PARTS, FixThresholds, abcd_fix_list
from content_tagging.records import Signals, Tag
from content_tagging.report.facts import MODALITIES, notes_of, told, unanswered, value_of, words_of
from content_tagging.report.frames import Picture
from content_tagging.report.pieces import seconds, span
from content_tagging.tags.taxonomy import GROUPS, load_taxonomy
from content_tagging.timeline import opening_of, texts_of
from inference.wording import share

_MEASURES = (
    "first_cut_s", "cuts_per_s", "words_in_3s", "speech_rate_wpm", "speech_ratio", "music_ratio",
    "people_ratio", "text_area", "loudness_lufs", "time_to_cta_s",
)  # fmt: skip


def head(content: Content) -> str:
    """What the file is."""
    media = content.signals.media
    size = f"{media.width_px} x {media.height_px} pixels" if media.width_px else "no pictures"
    caption = paragraph(f"Caption: {content.caption}", "soft") if content.caption else ""
    return (
        f'<p class="lead"><b>{text(content.name)}</b> <span class="soft">'
        f"{seconds(media.duration_s)}, {text(size)}, taxonomy {text(content.taxonomy_version)}"
        f"</span></p>{caption}"
    )


def film(pictures: Sequence[Picture]) -> str:
    """The pictures side by side, each with its time."""
    if not pictures:
        return section(
            "Filmstrip", paragraph("The file is not at hand, or has no pictures.", "soft")
        )
    shown = "".join(
        f'<li><img src="data:image/jpeg;base64,{base64.b64encode(each.jpeg).decode()}" '
        f'alt="The picture at {seconds(each.at_s)}" width="{each.width_px}" '
        f'height="{each.height_px}"><span>{seconds(each.at_s)}</span></li>'
        for each in pictures
    )
    return section(
        "Filmstrip",
        '<div class="rc-scroll" role="region" aria-label="Filmstrip" tabindex="0">'
        f'<ol class="film">{shown}</ol></div>',
    )


def opening(signals: Signals) -> str:
    """The first three seconds, where the hook is."""
    found = opening_of(signals)
    cuts = ", ".join(seconds(at) for at in found.cuts_s) or "none"
    return section(
        "The first 3 seconds",
        facts(
            (
                fact("Spoken", found.spoken or "nothing", "0 to 3 s"),
                fact("On screen", "; ".join(found.shown) or "nothing", "0 to 3 s"),
                fact("Shot changes", cuts, "0 to 3 s"),
            ),
            "said",
        ),
    )


def words(signals: Signals) -> str:
    """What is said and what stands on screen, each with its time."""
    heard = signals.transcript
    said = [(span(s.start_s, s.end_s), text(s.text), _sure(s.confidence)) for s in heard.segments]
    columns = (Column("When"), Column("Spoken"), Column("Sure", is_number=True))
    mute = paragraph("Nothing was understood.") if heard.status == "speech" else ""
    spoken = table("Transcript", columns, said) if said else mute
    lines = texts_of(signals.pictures.lines)
    seen = [(span(start, end), text(shown), text(kind)) for start, end, shown, kind in lines]
    columns = (Column("When"), Column("On screen"), Column("Kind"))
    shown = table("On-screen text", columns, seen) if seen else paragraph("No text was read.")
    notes = "".join(paragraph(note, "soft") for note in notes_of(signals))
    return (
        '<div class="columns">'
        f"{section('Transcript', spoken, notes)}{section('On-screen text', shown)}</div>"
    )


def _sure(confidence: float | None) -> str:
    return "" if confidence is None else share(confidence)


def tag_rows(content: Content) -> str:
    """Each tag with where, when and what shows it, and what said so."""
    rows = [_tag(tag) for tag in told(content.tags)]
    columns = (
        Column("Tag"),
        Column("Group"),
        Column("Probability", is_number=True, source="Calibrated on held-out examples: of tags "
               "said with 80%, about 80% are right. A correction by a person stands at 100%."),
        Column("Where"),
        Column("When"),
        Column("Evidence"),
        Column("Said by"),
    )  # fmt: skip
    open_ = unanswered(content.tags)
    unsure = paragraph(f"Not sure enough to name one: {', '.join(open_)}.", "soft") if open_ else ""
    return table("Tags with their evidence", columns, rows) + unsure


def _tag(tag: Tag) -> tuple[str, ...]:
    return (
        text(words_of(tag.label)) + (" <small>primary</small>" if tag.primary else ""),
        text(tag.group),
        share(tag.probability),
        text(MODALITIES.get(tag.modality or "", "")),
        f'<span class="who">{text(span(tag.start_s, tag.end_s))}</span>',
        f"<q>{text(tag.evidence)}</q>" if tag.evidence else "",
        "a person" if tag.detector == PERSON else f"<small>{text(tag.detector)}</small>",
    )


def correction_form(content: Content) -> str:
    """A list of labels for each group, at what stands now, and a reason."""
    first = {tag.group: tag.label for tag in reversed(told(content.tags))}
    labels = load_taxonomy().labels
    fields = "".join(_labels(group, labels[group], first.get(group, "")) for group in GROUPS)
    return (
        f"{fields}"
        '<div class="field wide"><label for="f-reason">Why (may stay empty)</label>'
        '<input id="f-reason" name="reason" type="text" maxlength="500"></div>'
        '<button class="main">Keep the corrections</button>'
    )


def _labels(group: str, labels: dict[str, str], now: str) -> str:
    listed = "".join(
        f'<option value="{attribute(name)}"{" selected" if name == now else ""}>'
        f"{text(words_of(name))}</option>"
        for name in labels
    )
    keep = '<option value="">none said</option>' if not now else ""
    return (
        f'<div class="field"><label for="f-{group}">{text(group)}</label>'
        f'<select id="f-{group}" name="{group}" data-was="{attribute(now)}">{keep}{listed}</select>'
        "</div>"
    )


def fixes(content: Content) -> str:
    """What to change, by the ABCD rubric, and the measures behind it."""
    found = abcd_fix_list(content.measures, FixThresholds())
    listed = "".join(
        f"<li><b>{text(PARTS[fix.part])}</b> {text(fix.words)} "
        f"<small>{_measured(content, fix.measure)}</small></li>"
        for fix in found
    )
    body = (
        f"<ol>{listed}</ol>"
        if found
        else paragraph("Every threshold that could be checked is met.")
    )
    said = (
        "Checked against the open ABCD rubric (Attention, Branding, Connection, Direction) and "
        "craft: things to try, since they go with what worked in advertising at large."
    )
    return section("What to change", paragraph(said, "soft"), body, _measures(content))


def _measured(content: Content, name: str) -> str:
    return f"{text(words_of(name))}: {text(value_of(name, content.measures.get(name)))}"


def _measures(content: Content) -> str:
    meanings = load_taxonomy().measures
    rows = [
        (text(words_of(n)), text(value_of(n, content.measures.get(n))), text(meanings.get(n, "")))
        for n in _MEASURES
    ]
    columns = (Column("Measure"), Column("Value", is_number=True), Column("What it is"))
    return f"<details><summary>Measures</summary>{table('Measures', columns, rows)}</details>"
