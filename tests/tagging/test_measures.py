from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from content_tagging.measures import MEASURES, measures_of
from content_tagging.records import Cut, Pictures, Signals, Transcript
from content_tagging.timeline import share_spoken, spoken_words
from tests.tagging.examples import PICTURES, SIGNALS, SOUND_ONLY, SPOKEN, TAGS, line

BY_HAND = {
    "dynamic_start": True,
    "quick_pacing": False,
    "quick_pacing_first5": False,
    "overall_pacing": False,
    "face_first5": True,
    "face_closeup": True,
    "people_ratio": 0.5,
    "speech_first5": True,
    "supers": True,
    "supers_with_audio": True,
    "brand_first5": True,
    "product_first5": False,
    "cta_speech": True,
    "cta_text": True,
    "vertical": True,
    "cuts_per_s": 0.2,
    "first_cut_s": 2.0,
    "words_in_3s": 4,
    "speech_rate_wpm": 120,
    "text_area": 0.06,
    "face_area": 0.1,
    "motion": 0.2,
    "loudness_lufs": -16.2,
    "speech_ratio": 0.4,
    "music_ratio": 0.5,
    "time_to_cta_s": 6.0,
}
OF_PICTURES = {
    *("dynamic_start", "quick_pacing", "quick_pacing_first5", "overall_pacing", "face_first5"),
    *("face_closeup", "people_ratio", "supers", "supers_with_audio", "cta_text", "vertical"),
    *("cuts_per_s", "first_cut_s", "text_area", "face_area", "motion"),
}


def with_pictures(**given: object) -> Signals:
    return SIGNALS.model_copy(update={"pictures": PICTURES.model_copy(update=given)})


def with_cuts(*at_s: float) -> Signals:
    return with_pictures(cuts=tuple(Cut(at_s=each, kind="hard") for each in at_s))


def measured(signals: Signals, name: str) -> float | bool | None:
    return measures_of(signals, "quietone", "serum", TAGS)[name]


def test_every_measure_of_the_taxonomy_is_measured() -> None:
    taxonomy = yaml.safe_load((files("configs") / "taxonomy.yaml").read_text())
    assert list(MEASURES) == list(taxonomy["measures"])


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_what_a_hand_finds(name: str) -> None:
    assert measured(SIGNALS, name) == pytest.approx(BY_HAND[name])


def test_a_sound_file_has_no_measure_of_pictures() -> None:
    found = measures_of(SOUND_ONLY, "quietone", "serum", ())
    unknown = {name for name, value in found.items() if value is None}
    assert unknown == OF_PICTURES | {"brand_first5", "product_first5", "time_to_cta_s"}


def test_words_that_nobody_listened_for_are_unknown_not_zero() -> None:
    unheard = SIGNALS.model_copy(
        update={"transcript": Transcript(status="no_speech", engine="none")}
    )
    found = measures_of(unheard, None, None, ())
    assert (found["words_in_3s"], found["cta_speech"], found["supers_with_audio"]) == (None,) * 3
    assert found["speech_ratio"] == pytest.approx(0.4)


def test_a_video_without_speech_has_no_speech_rate() -> None:
    silent = SIGNALS.model_copy(
        update={
            "transcript": Transcript(status="no_speech", engine="pocketsphinx"),
            "sound": SIGNALS.sound.model_copy(update={"speech": ()}),
        }
    )
    assert measured(silent, "speech_rate_wpm") is None
    assert measured(silent, "words_in_3s") == 0
    assert measured(silent, "speech_first5") is False


@pytest.mark.parametrize(
    ("cuts_s", "is_quick"),
    [((1, 2, 3, 4), True), ((5, 6.5, 8, 9.9), True), ((0.5, 2, 4, 5.5), False), ((1, 2, 3), False)],
)
def test_four_changes_within_five_seconds_are_quick(
    cuts_s: tuple[float, ...], is_quick: bool
) -> None:
    assert measured(with_cuts(*cuts_s), "quick_pacing") is is_quick


def test_four_changes_later_are_no_quick_start() -> None:
    assert measured(with_cuts(5, 6.5, 8, 9.9), "quick_pacing_first5") is False
    assert measured(with_cuts(1, 2, 3, 4.9), "quick_pacing_first5") is True


def test_a_change_at_three_seconds_is_no_dynamic_start() -> None:
    assert measured(with_cuts(3.0), "dynamic_start") is False


def test_a_video_of_one_shot_has_no_first_cut() -> None:
    assert measured(with_cuts(), "first_cut_s") is None
    assert measured(with_cuts(), "cuts_per_s") == 0


def test_a_watermark_alone_is_no_on_screen_text() -> None:
    signals = with_pictures(lines=(line(0, 10, "Quiet One", "watermark"),))
    assert measured(signals, "supers") is False
    assert measured(signals, "text_area") == 0
    assert measured(signals, "brand_first5") is True


def test_a_name_that_nobody_asked_for_is_unknown() -> None:
    assert measures_of(SIGNALS, None, None, TAGS)["brand_first5"] is None


def test_a_name_spoken_in_two_words_is_found_as_one() -> None:
    found = measures_of(SIGNALS, "UseSoap", None, TAGS)
    assert found["brand_first5"] is True


def test_a_name_inside_a_longer_word_is_not_found() -> None:
    assert measures_of(SIGNALS, "soa", None, TAGS)["brand_first5"] is False


def test_text_that_says_something_else_is_not_spoken() -> None:
    signals = with_pictures(lines=(line(0, 2, "three ways to relax"),))
    assert measured(signals, "supers_with_audio") is False


def test_rows_of_one_text_are_judged_together() -> None:
    rows = (line(0, 2, "three ways to"), line(0.1, 2, "use"), line(0.1, 2, "your evening"))
    assert measured(with_pictures(lines=rows), "supers_with_audio") is False


def test_text_shown_long_after_its_words_is_not_spoken_with_them() -> None:
    heard = spoken_words(SPOKEN)
    assert share_spoken([line(0, 2, "use soap")], heard) == 1
    assert share_spoken([line(8.9, 10, "use soap")], heard) == 0


def test_a_call_to_action_of_none_is_none() -> None:
    none = TAGS[-1].model_copy(update={"label": "none"})
    found = measures_of(SIGNALS, None, None, [none])
    assert (found["cta_text"], found["time_to_cta_s"]) == (False, None)


def test_a_call_to_action_of_the_caption_has_no_time_in_the_video() -> None:
    given = {"modality": "caption", "start_s": None, "evidence": "shop at our stall"}
    written = TAGS[-1].model_copy(update=given)
    assert measures_of(SIGNALS, None, None, [written])["time_to_cta_s"] is None


def test_a_call_that_is_tagged_as_spoken_counts_as_shown_where_a_text_says_the_same() -> None:
    found = measures_of(SIGNALS, None, None, [TAGS[3]])
    assert (found["cta_speech"], found["cta_text"], found["time_to_cta_s"]) == (True, True, 6.0)


def test_a_call_that_only_shows_is_not_spoken() -> None:
    shown = TAGS[-1].model_copy(update={"evidence": "shop now"})
    assert measures_of(SIGNALS, None, None, [shown])["cta_speech"] is False


def test_an_empty_video_is_measured_without_an_error() -> None:
    empty = SIGNALS.model_copy(
        update={"pictures": Pictures(), "media": SIGNALS.media.model_copy(update={"duration_s": 0})}
    )
    assert measured(empty, "text_area") is None
