"""Readings joined into lines, and lines folded: pure, without weights."""

from __future__ import annotations

import numpy as np
import pytest

from content_tagging.picture.text_change import look, same_ink, text_changed
from content_tagging.picture.text_lines import best_text, lines, reading_order
from content_tagging.picture.text_marks import fold_marks
from content_tagging.picture.text_runs import fold_runs
from content_tagging.picture.text_tracks import Box, LineTracker, Reading, Track
from tests.tagging.onscreen import drawn, line, plain, restless

PLACE: Box = (0.2, 0.7, 0.6, 0.05)
CORNER: Box = (0.02, 0.02, 0.2, 0.03)
OTHER_CORNER: Box = (0.75, 0.94, 0.2, 0.03)


def tracked(*looks: list[Reading]) -> list[Track]:
    tracker = LineTracker()
    for at, readings in enumerate(looks):
        tracker.see(at * 0.4, readings)
    return tracker.tracks()


def reading(text: str, box: Box = PLACE, confidence: float = 0.95) -> Reading:
    return Reading(text, confidence, box)


def grey(text: str) -> np.ndarray:  # type: ignore[type-arg]
    return look(drawn(plain(), (text, 180, 300))).grey[295:340]


def test_slightly_different_readings_of_a_place_are_one_track() -> None:
    (track,) = tracked([reading("wait for it")], [reading("wait f0r it")], [reading("wait for it")])
    assert best_text(track)[0] == "wait for it"


def test_a_sure_reading_outweighs_doubtful_ones() -> None:
    wrong = [reading("wait for lt", confidence=0.55)]
    (track,) = tracked(wrong, [reading("wait for it", confidence=0.99)], [reading("wait for it")])
    assert best_text(track)[0] == "wait for it"


def test_a_line_missed_at_one_look_goes_on() -> None:
    (track,) = tracked([reading("wait for it")], [], [reading("wait for it")])
    assert (track.first_s, track.last_s) == (0, 0.8)


def test_a_line_missed_for_long_ends() -> None:
    assert len(tracked([reading("wait")], [], [], [], [reading("wait")])) == 2


def test_a_line_that_slides_is_one_track() -> None:
    places = [(0.2, 0.7 - 0.1 * at, 0.6, 0.05) for at in range(4)]
    assert len(tracked(*[[reading("sliding up", box)] for box in places])) == 1


def test_text_typed_letter_by_letter_is_one_line() -> None:
    places = [(0.2, 0.7, width, 0.05) for width in (0.1, 0.2, 0.5)]
    texts = ("Ini", "Initi", "Initiate search")
    tracks = tracked(*[[reading(*of)] for of in zip(texts, places, strict=True)])
    assert [best_text(track)[0] for track in tracks] == ["Initiate search"]


def test_a_doubtful_line_at_one_look_is_left_out() -> None:
    assert lines(tracked([reading("leaves", confidence=0.75)], []), 4) == ()


def test_two_doubtful_letters_are_left_out_however_long_they_stay() -> None:
    assert lines(tracked(*[[reading("C5", confidence=0.85)]] * 5), 4) == ()


def test_a_platforms_name_in_two_corners_is_one_watermark() -> None:
    found = fold_marks([line(0, 4, "J TikTok", CORNER), line(4, 9, "TikTok", OTHER_CORNER)], 9)
    assert [(of.text, of.kind, of.start_s, of.end_s) for of in found] == [
        ("TikTok", "watermark", 0, 9)
    ]


def test_a_sentence_that_names_a_platform_is_no_watermark() -> None:
    (found,) = fold_marks([line(0, 9, "TikTok made me buy it", CORNER)], 9)
    assert found.kind == "overlay"


@pytest.mark.parametrize(
    ("box", "kind"), [(CORNER, "watermark"), ((0.1, 0.08, 0.8, 0.05), "overlay")]
)
def test_what_stays_throughout_is_a_mark_in_a_corner_but_a_title_elsewhere(
    box: Box, kind: str
) -> None:
    (found,) = fold_marks([line(0, 9, "Glow Lab", box)], 9)
    assert found.kind == kind


def test_a_mark_that_leaves_early_is_no_watermark() -> None:
    (found,) = fold_marks([line(0, 3, "Day 5", CORNER)], 9)
    assert found.kind == "overlay"


def test_a_run_of_captions_is_folded_by_sentence() -> None:
    said = ("We tried", "it all", "twice.", "Then we", "gave up", "on it")
    found = fold_runs([line(at, at + 0.9, text) for at, text in enumerate(said)])
    assert [of.text for of in found] == ["We tried it all twice.", "Then we gave up on it"]
    assert (found[0].start_s, found[0].end_s) == (0, 2.9)


def test_captions_of_two_rows_are_read_row_by_row() -> None:
    upper, lower = (0.3, 0.65, 0.4, 0.05), (0.3, 0.7, 0.4, 0.05)
    shown = [
        line(at, at + 0.9, text, box)
        for at, pair in enumerate((("one", "two"), ("three", "four"), ("five", "six")))
        for text, box in zip(pair, (upper, lower), strict=True)
    ]
    assert [of.text for of in fold_runs(shown)] == ["one two three four five six"]


def test_two_brief_lines_are_no_run() -> None:
    assert len(fold_runs([line(0, 1, "before"), line(1, 2, "after")])) == 2


def test_lines_that_stay_are_never_folded() -> None:
    titles = [line(at * 3, at * 3 + 2.8, f"step {at}") for at in range(4)]
    assert fold_runs(titles) == titles


def test_a_lower_line_that_began_earlier_comes_first() -> None:
    upper, lower = line(1, 4, "then", (0.2, 0.1, 0.6, 0.05)), line(0, 4, "first")
    assert [of.text for of in reading_order([upper, lower])] == ["first", "then"]


def test_the_same_letters_have_the_same_ink() -> None:
    assert same_ink(grey("a quest for"), grey("a quest for"))


def test_other_letters_have_other_ink() -> None:
    assert not same_ink(grey("a quest for"), grey("discovers a"))


def test_letters_keep_their_ink_while_the_background_moves() -> None:
    first, second = (look(drawn(restless(at), ("wait for it", 180, 300))).grey for at in (1, 2))
    assert same_ink(first[295:340, 60:300], second[295:340, 60:300])


def test_text_that_appears_is_a_change() -> None:
    assert text_changed(look(plain()), look(drawn(plain(), ("now", 180, 300))))


def test_a_background_without_letters_is_no_change() -> None:
    assert not text_changed(look(restless(1)), look(restless(2)))
