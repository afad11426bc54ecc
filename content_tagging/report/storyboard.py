"""The storyboard: pictures of the shots with their text boxes, what is spoken and shown in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from content_tagging.records import Signals, TextLine
from content_tagging.report.frames import Picture
from content_tagging.report.pieces import image, seconds
from content_tagging.timeline import spoken_words

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Panel:
    """A shot, or part of a long one, and a picture of it, where one could be decoded."""

    shot: int
    start_s: float
    end_s: float
    picture: Picture | None


def storyboard(panels: Sequence[Panel], signals: Signals, left_out: int) -> str:
    """A card for each panel; `left_out` later ones are told as a number."""
    cards = "".join(_card(panel, signals) for panel in panels)
    more = f'<p class="soft">{left_out} later parts are not shown.</p>' if left_out > 0 else ""
    media = signals.media
    kind = "story wide" if (media.width_px or 0) > (media.height_px or 0) else "story"
    return f'<ol class="{kind}">{cards}</ol>{more}'


def _card(panel: Panel, signals: Signals) -> str:
    at_s = panel.picture.at_s if panel.picture else panel.start_s
    shown = [line for line in signals.pictures.lines if line.start_s <= at_s < line.end_s]
    shown = shown[: len(LETTERS)]
    drawn = _drawn(panel, shown) if panel.picture else '<div class="blank">no picture</div>'
    spoken = spoken_in(panel, signals)
    texts = "".join(
        f"<li><b>{letter}</b> {escape(line.text)}{_kind(line)}</li>"
        for letter, line in zip(LETTERS, shown, strict=False)
    )
    return (
        f"<li>{drawn}<div><h3>Shot {panel.shot}</h3>"
        f'<p class="soft">{seconds(panel.start_s)} to {seconds(panel.end_s)}</p>'
        f"{f'<p>“{escape(spoken)}”</p>' if spoken else ''}"
        f"{f'<ul>{texts}</ul>' if texts else ''}</div></li>"
    )


def spoken_in(panel: Panel, signals: Signals) -> str:
    """The words that begin in it."""
    words = spoken_words(signals.transcript)
    return " ".join(w.text.strip() for w in words if panel.start_s <= w.start_s < panel.end_s)


def _kind(line: TextLine) -> str:
    return "" if line.kind == "overlay" else f' <span class="soft">({line.kind})</span>'


def _drawn(panel: Panel, shown: Sequence[TextLine]) -> str:
    """The picture with a lettered frame around each text."""
    assert panel.picture is not None
    words = "; ".join(line.text for line in shown)
    alt = f"Shot {panel.shot} at {seconds(panel.picture.at_s)}"
    boxes = "".join(
        f'<span class="mark {line.kind}" style="{_place(line)}"><i>{letter}</i></span>'
        for letter, line in zip(LETTERS, shown, strict=False)
    )
    described = image(panel.picture, f"{alt}, text: {words}" if words else alt)
    return f'<div class="shown">{described}{boxes}</div>'


def _place(line: TextLine) -> str:
    names = ("left", "top", "width", "height")
    return ";".join(f"{n}:{share:.1%}" for n, share in zip(names, line.box, strict=True))
