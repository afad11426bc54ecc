"""The timeline: filmstrip, words, texts, cuts, sound on one time axis that scrolls sideways."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from content_tagging.records import Signals, Span
from content_tagging.report.frames import Picture
from content_tagging.report.loudness import loudness
from content_tagging.report.pieces import image, seconds
from content_tagging.report.scale import Scale, lanes

NARROWEST_PX = 66  # of a box with words


def timeline(signals: Signals, strip: Sequence[Picture]) -> str:
    """All that has a time, row by row under the filmstrip."""
    scale = Scale(signals.media.duration_s)
    texts = [
        (line.start_s, line.end_s, line.text, line.kind)
        for line in sorted(signals.pictures.lines, key=lambda each: each.start_s)
    ]
    spoken = [
        (each.start_s, each.end_s, each.text, "spoken") for each in signals.transcript.segments
    ]
    rows = (
        _row("Frames", _strip(strip, scale), "strip") if strip else "",
        _row("Shots", _shots(signals, scale), "marks") if signals.media.width_px else "",
        _row("Spoken", _boxes(spoken, scale) or _empty(_said_nothing(signals), scale)),
        _row("On screen", _boxes(texts, scale) or _empty("no text", scale)),
        _row("Speech", _bars(signals.sound.speech, scale, "speech"), "bars"),
        _row("Music", _bars(signals.sound.music, scale, "music"), "bars"),
        _row("Silence", _bars(signals.sound.silence, scale, "silence"), "bars"),
        f'<h3 class="label">Loudness{_whole(signals)}</h3>{loudness(signals.sound, scale)}',
    )
    return (
        '<div class="timeline" tabindex="0" role="group" aria-label="Timeline, scrolls sideways">'
        f'<div class="rows" style="--wide:{scale.width_px}px;--columns:{scale.columns}">'
        f"{''.join(rows)}</div></div>"
    )


def _row(label: str, inside: str, kind: str = "") -> str:
    return f'<h3 class="label">{escape(label)}</h3><div class="row {kind}">{inside}</div>'


def _whole(signals: Signals) -> str:
    level = signals.sound.loudness_lufs
    return "" if level is None else f"<small>{level:.1f} LUFS over the whole (dashed)</small>"


def _said_nothing(signals: Signals) -> str:
    return "no sound" if signals.transcript.status == "no_sound" else "no speech found"


def _empty(words: str, scale: Scale) -> str:
    return f'<span class="empty" style="grid-column:1/{scale.columns + 1}">{escape(words)}</span>'


def _strip(pictures: Sequence[Picture], scale: Scale) -> str:
    """Pictures centred at their times, kept within the axis."""
    made = []
    for picture in pictures:
        left = scale.px(picture.at_s) - picture.width_px / 2
        left = min(max(left, 0.0), max(scale.width_px - picture.width_px, 0.0))
        drawn = image(picture, f"Frame at {seconds(picture.at_s)}")
        made.append(f'<span style="left:{left:.0f}px">{drawn}</span>')
    high = max(picture.height_px for picture in pictures)
    return f'<div class="pictures" style="height:{high}px">{"".join(made)}</div>'


def _shots(signals: Signals, scale: Scale) -> str:
    """A block for each shot, from cut to cut."""
    cuts = sorted(signals.pictures.cuts, key=lambda each: each.at_s)
    starts = [0.0, *(cut.at_s for cut in cuts)]
    ends = [*starts[1:], signals.media.duration_s]
    kinds = ["start", *(cut.kind for cut in cuts)]
    return "".join(
        f'<span class="shot {kind}" style="grid-column:{_columns(start, end, scale)}" '
        f'title="Shot {number}: {seconds(start)}, after a {kind}">{number}</span>'
        for number, (start, end, kind) in enumerate(zip(starts, ends, kinds, strict=True), 1)
    )


def _boxes(items: Sequence[tuple[float, float, str, str]], scale: Scale) -> str:
    """Words in boxes as wide as they last, in as many rows as overlap."""
    least_s = scale.seconds(NARROWEST_PX)
    spans = [(start, max(end, start + least_s)) for start, end, _, _ in items]
    return "".join(
        f'<span class="box {kind}" style="grid-column:{_columns(start, end, scale)};'
        f'grid-row:{lane + 1}" title="{seconds(item[0])}: {escape(text)}">{escape(text)}</span>'
        for (start, end), lane, item in zip(spans, lanes(spans), items, strict=True)
        for text, kind in [(item[2], item[3])]
    )


def _bars(spans: Sequence[Span], scale: Scale, kind: str) -> str:
    return "".join(
        f'<span class="bar {kind}" style="grid-column:{_columns(start, end, scale)}" '
        f'title="{kind} from {seconds(start)} to {seconds(end)}"></span>'
        for start, end in spans
    ) or _empty("none", scale)


def _columns(start_s: float, end_s: float, scale: Scale) -> str:
    first = min(scale.column(start_s), scale.columns)
    return f"{first}/{max(first + 1, min(scale.column(end_s), scale.columns + 1))}"
