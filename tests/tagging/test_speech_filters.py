"""What engines say that was never said, or that they did not understand."""

from __future__ import annotations

import numpy as np
import pytest

from content_tagging.records import Word
from content_tagging.speech.blocks import Windows, cut, grouped
from content_tagging.speech.certainty import not_understood
from content_tagging.speech.filters import Scores, rejected
from content_tagging.speech.whisper_text import Said, transcript_of

SURE = Scores(no_speech=0.1, log_probability=-0.3)
SHORT = Windows(longest_s=2.0, gap_s=0.5)


def said(text: str, scores: Scores = SURE) -> Said:
    return Said(start_s=0.0, end_s=1.0, text=text, words=(), scores=scores)


def test_text_over_noise_is_no_speech() -> None:
    made_up = said("Thanks for watching!", Scores(no_speech=0.9, log_probability=-1.3))
    found = transcript_of([made_up], "faster-whisper", "small", "en")
    assert (found.status, found.segments) == ("no_speech", ())
    assert found.notes == ("1 stretch left out: no speech",)


def test_a_loop_is_left_out_and_the_rest_stays() -> None:
    found = transcript_of([said("And so " * 12), said("Buy it today.")], "x", "small", "en")
    assert found.text == "Buy it today."
    assert found.notes == ("1 stretch left out: repeats itself",)


@pytest.mark.parametrize("text", ["No, no, no.", "Bye bye bye", "Good, better, best, good, better"])
def test_people_do_repeat_themselves(text: str) -> None:
    assert rejected(text, SURE) is None


def test_words_that_a_recogniser_is_unsure_of_are_not_understood() -> None:
    unsure = [Word(start_s=i, end_s=i + 1, text="w", probability=0.2) for i in range(9)]
    assert not_understood([unsure]) == [True]
    assert not_understood([[w.model_copy(update={"probability": 0.7}) for w in unsure]]) == [False]


def test_blocks_hold_the_sound_of_their_spans() -> None:
    samples = np.arange(16_000 * 6, dtype=np.float32)
    chunks = np.array_split(samples, 7)
    first, second = cut(chunks, ((0.5, 1.0), (4.0, 5.5)), SHORT)
    assert np.array_equal(first.samples, samples[8_000:16_000])
    assert (second.start_s, second.duration_s) == (4.0, 1.5)
    assert np.array_equal(second.samples, samples[64_000:88_000])


def test_a_long_span_is_cut_where_it_is_quiet() -> None:
    sound = np.ones(16_000 * 3, np.float32)
    sound[24_000:26_000] = 0.0
    first, second = cut([sound], ((0.0, 3.0),), SHORT)
    assert first.duration_s == pytest.approx(25_000 / 16_000, abs=0.05)
    assert len(first.samples) + len(second.samples) == len(sound)


def test_pads_never_overlap() -> None:
    (a, b), (c, d) = grouped([(0.1, 1.9), (2.0, 3.9)], SHORT)
    assert (a, d) == (0.0, 4.1)
    assert b <= c
