"""The storyboard: a picture of each shot with its text boxes, what is spoken and shown in it."""

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
class Shot:
    """A shot and a picture of it, where one could be decoded."""

    number: int
    start_s: float
    end_s: float
    picture: Picture | None


def storyboard(shots: Sequence[Shot], signals: Signals, left_out: int) -> str:
    """A card for each shot; `left_out` later ones are told as a number."""
    cards = "".join(_card(shot, signals) for shot in shots)
    more = f'<p class="soft">{left_out} later shots are not shown.</p>' if left_out > 0 else ""
    return f'<ol class="story">{cards}</ol>{more}'


def _card(shot: Shot, signals: Signals) -> str:
    at_s = shot.picture.at_s if shot.picture else shot.start_s
    shown = [line for line in signals.pictures.lines if line.start_s <= at_s < line.end_s]
    shown = shown[: len(LETTERS)]
    drawn = _drawn(shot, shown) if shot.picture else '<div class="blank">no picture</div>'
    spoken = spoken_in(shot, signals)
    texts = "".join(
        f"<li><b>{letter}</b> {escape(line.text)}{_kind(line)}</li>"
        for letter, line in zip(LETTERS, shown, strict=False)
    )
    return (
        f"<li>{drawn}<div><h3>Shot {shot.number}</h3>"
        f'<p class="soft">{seconds(shot.start_s)} to {seconds(shot.end_s)}</p>'
        f"{f'<p>“{escape(spoken)}”</p>' if spoken else ''}"
        f"{f'<ul>{texts}</ul>' if texts else ''}</div></li>"
    )


def spoken_in(shot: Shot, signals: Signals) -> str:
    """The words that begin in the shot."""
    words = spoken_words(signals.transcript)
    return " ".join(w.text.strip() for w in words if shot.start_s <= w.start_s < shot.end_s)


def _kind(line: TextLine) -> str:
    return "" if line.kind == "overlay" else f' <span class="soft">({line.kind})</span>'


def _drawn(shot: Shot, shown: Sequence[TextLine]) -> str:
    """The picture with a lettered frame around each text."""
    assert shot.picture is not None
    words = "; ".join(line.text for line in shown)
    alt = f"Shot {shot.number} at {seconds(shot.picture.at_s)}"
    boxes = "".join(
        f'<span class="mark {line.kind}" style="{_place(line)}"><i>{letter}</i></span>'
        for letter, line in zip(LETTERS, shown, strict=False)
    )
    described = image(shot.picture, f"{alt}, text: {words}" if words else alt)
    return f'<div class="shown">{described}{boxes}</div>'


def _place(line: TextLine) -> str:
    names = ("left", "top", "width", "height")
    return ";".join(f"{n}:{share:.1%}" for n, share in zip(names, line.box, strict=True))
