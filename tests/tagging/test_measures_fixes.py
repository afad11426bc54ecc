from __future__ import annotations

import pytest

from content_tagging.fix_list import FixThresholds, Measures, abcd_fix_list
from content_tagging.measures import MEASURES, measures_of
from tests.tagging.examples import SIGNALS, TAGS

LIMITS = FixThresholds()


def fixes(**measures: float | bool | None) -> list[str]:
    return [fix.measure for fix in abcd_fix_list(measures, LIMITS)]


def test_a_fix_names_a_measure_of_the_taxonomy() -> None:
    bad: Measures = dict.fromkeys(MEASURES, False)
    assert {fix.measure for fix in abcd_fix_list(bad, LIMITS)} <= set(MEASURES)


def test_unknown_measures_ask_for_nothing() -> None:
    assert fixes(**dict.fromkeys(MEASURES)) == []


def test_the_list_follows_the_rubric_from_attention_to_craft() -> None:
    parts = [
        fix.part
        for fix in abcd_fix_list(
            {"vertical": False, "cta_speech": False, "cta_text": False, "supers": False,
             "brand_first5": False, "face_first5": False}, LIMITS,
        )
    ]  # fmt: skip
    assert parts == ["A", "B", "C", "D", "E"]


def test_a_late_first_cut_is_told_with_its_time() -> None:
    fix = abcd_fix_list({"dynamic_start": False, "first_cut_s": 4.26}, LIMITS)[0]
    assert fix.words == "Change the shot before 3 s: the first change is at 4.3 s."


def test_a_single_shot_is_told_as_such() -> None:
    fix = abcd_fix_list({"dynamic_start": False, "first_cut_s": None}, LIMITS)[0]
    assert fix.words == "Change the shot before 3 s: it never changes."


def test_a_video_without_speech_is_not_asked_to_speak() -> None:
    silent = {"speech_ratio": 0.0, "words_in_3s": 0.0, "cta_speech": False, "cta_text": True}
    assert fixes(**silent, supers=True, supers_with_audio=False) == []


@pytest.mark.parametrize(
    ("measures", "asked"),
    [
        ({"cta_speech": False, "cta_text": False}, ["cta_speech"]),
        ({"cta_speech": False, "cta_text": True, "speech_ratio": 0.5}, ["cta_speech"]),
        ({"cta_speech": True, "cta_text": False}, ["cta_text"]),
        ({"cta_speech": True, "cta_text": True}, []),
        ({"loudness_lufs": -30.0}, ["loudness_lufs"]),
        ({"loudness_lufs": -14.0}, []),
        ({"loudness_lufs": -5.0}, ["loudness_lufs"]),
        ({"speech_rate_wpm": 250.0}, ["speech_rate_wpm"]),
        ({"text_area": 0.4}, ["text_area"]),
        ({"time_to_cta_s": 25.0}, ["time_to_cta_s"]),
        ({"people_ratio": 0.05, "face_first5": True}, ["people_ratio"]),
        ({"people_ratio": 0.05, "face_first5": None}, []),
        ({"quick_pacing": False, "overall_pacing": True}, []),
        ({"words_in_3s": 1.0, "speech_ratio": 0.4}, ["words_in_3s"]),
    ],
)
def test_a_fix_is_asked_for_where_its_threshold_is_passed(
    measures: dict[str, float | bool | None], asked: list[str]
) -> None:
    assert fixes(**measures) == asked


def test_a_draft_with_all_in_place_has_few_fixes() -> None:
    found = abcd_fix_list(measures_of(SIGNALS, "Quiet One", "soap", TAGS), LIMITS)
    assert [fix.measure for fix in found] == ["quick_pacing"]
