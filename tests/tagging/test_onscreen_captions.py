"""Captions told from overlays by what is said."""

from __future__ import annotations

from collections.abc import Sequence

from content_tagging.picture.text_captions import mark_captions
from content_tagging.records import Segment, TextLine, Transcript, Word
from tests.tagging.onscreen import line

SAID = "so I tried this serum for thirty days and my skin changed"


def spoken(text: str, start_s: float = 0.0, word_s: float = 0.4) -> Transcript:
    texts = text.split()
    words = tuple(
        Word(start_s=start_s + at * word_s, end_s=start_s + (at + 1) * word_s, text=word)
        for at, word in enumerate(texts)
    )
    end_s = words[-1].end_s
    segment = Segment(start_s=start_s, end_s=end_s, text=text, words=words)
    return Transcript(status="speech", engine="captions", segments=(segment,))


def kinds(lines: Sequence[TextLine], transcript: Transcript) -> list[str]:
    return [of.kind for of in mark_captions(lines, transcript)]


def test_a_line_that_says_what_is_spoken_is_a_caption() -> None:
    assert kinds([line(0, 2, "So I tried this serum")], spoken(SAID)) == ["caption"]


def test_a_line_spoken_at_another_time_is_none() -> None:
    assert kinds([line(20, 22, "So I tried this serum")], spoken(SAID)) == ["overlay"]


def test_a_line_that_says_something_else_is_none() -> None:
    assert kinds([line(0, 2, "link in bio")], spoken(SAID)) == ["overlay"]


def test_a_title_that_is_spoken_once_and_stays_is_none() -> None:
    assert kinds([line(0, 30, "I tried this serum")], spoken(SAID)) == ["overlay"]


def test_a_caption_counts_although_the_transcript_errs_here_and_there() -> None:
    heard = spoken("so I tied this serum for thirty days")
    assert kinds([line(0, 2, "So I tried this serum")], heard) == ["caption"]


def test_a_badly_heard_line_in_the_place_of_captions_is_one() -> None:
    lines = [
        line(0, 1.2, "so I tried"),
        line(1.2, 2.4, "this serum for"),
        line(2.4, 4.0, "hyaluronic glow days and"),
        line(4.0, 4.8, "my skin changed"),
    ]
    assert kinds(lines, spoken(SAID)) == ["caption"] * 4


def test_segments_without_words_serve_by_their_span() -> None:
    segment = Segment(start_s=0, end_s=4, text=SAID)
    transcript = Transcript(status="speech", engine="captions", segments=(segment,))
    assert kinds([line(0, 4, "I tried this serum for thirty days")], transcript) == ["caption"]


def test_watermarks_stay_watermarks() -> None:
    mark = line(0, 2, "so I tried").model_copy(update={"kind": "watermark"})
    assert kinds([mark], spoken(SAID)) == ["watermark"]


def test_without_speech_nothing_is_a_caption() -> None:
    silent = Transcript(status="no_speech", engine="pocketsphinx")
    assert kinds([line(0, 2, "so I tried")], silent) == ["overlay"]
