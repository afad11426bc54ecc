"""Readings, clean words, and rules: what is read before any head is asked."""

from __future__ import annotations

import numpy as np
import pytest

from content_tagging.records import (
    Cut,
    Faces,
    Media,
    Pictures,
    Segment,
    Signals,
    Sound,
    TextLine,
    Transcript,
    Word,
)
from content_tagging.tags.calls import calls_of, with_calls
from content_tagging.tags.evidence import Evidence, at_place, evidence_of
from content_tagging.tags.reading import Line, Reading, reading_of_item, reading_of_signals
from content_tagging.tags.rules import RULES, hits_of
from content_tagging.tags.taxonomy import GROUPS, load_taxonomy, nothing
from content_tagging.tags.wording import Wording, clean_caption, without_refrains, wording_of
from reelcast.errors import InputError


def reading(speech: str = "", text: str = "", caption: str = "") -> Reading:
    item = {"id": "a", "speech": speech, "text_overlay": text, "caption": caption}
    return reading_of_item(item)


def labels(group: str, **texts: str) -> set[str]:
    return {hit.label for hit in hits_of(wording_of(reading(**texts))) if hit.group == group}


def line(text: str, start_s: float, kind: str) -> TextLine:
    box = (0.1, 0.1, 0.5, 0.1)
    return TextLine.model_validate(
        {"start_s": start_s, "end_s": start_s + 2, "text": text, "box": box, "confidence": 0.9}
        | {"kind": kind}
    )


@pytest.fixture
def signals() -> Signals:
    words = (
        Word(start_s=0.2, end_s=0.5, text="Stop"),
        Word(start_s=0.5, end_s=0.9, text="scrolling."),
        Word(start_s=2.0, end_s=2.4, text="It's"),
        Word(start_s=2.4, end_s=3.0, text="free."),
    )
    segment = Segment(start_s=0.2, end_s=3.0, text="Stop scrolling. It's free.", words=words)
    return Signals(
        content_id="c1",
        media=Media(duration_s=10, width_px=90, height_px=160, audio_codec="aac"),
        pictures=Pictures(
            cuts=(Cut(at_s=4, kind="hard"),),
            lines=(
                line("second", 5, "overlay"),
                line("first", 1, "overlay"),
                line("@me", 0, "watermark"),
                line("Stop scrolling", 0, "caption"),
            ),
            faces=(
                Faces(at_s=1, count=1, largest_height=0.5, largest_area=0.2),
                Faces(at_s=6, count=0, largest_height=0, largest_area=0),
            ),
        ),
        sound=Sound(speech=((0.0, 5.0),)),
        transcript=Transcript(status="speech", engine="captions", segments=(segment,)),
    )


def test_an_item_needs_an_id_only() -> None:
    assert reading_of_item({"id": 7}) == Reading(id="7")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"caption": "x"}, "`id` is missing"),
        ({"id": "a", "speech": 3}, "`speech` is int"),
        ({"id": "a", "duration_s": "12"}, "`duration_s` is '12'"),
        ({"id": "a", "duration_s": -1}, "`duration_s` is -1"),
    ],
)
def test_an_item_that_cannot_be_read_says_which_field(item: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        reading_of_item(item)


def test_signals_give_their_overlays_in_the_order_of_time(signals: Signals) -> None:
    assert [each.text for each in reading_of_signals(signals).on_screen] == ["first", "second"]


def test_signals_give_sentences_with_their_words_times(signals: Signals) -> None:
    first, second = reading_of_signals(signals).spoken
    assert (first.text, first.start_s, first.end_s) == ("Stop scrolling.", 0.2, 0.9)
    assert (second.text, second.start_s) == ("It's free.", 2.0)


def test_signals_give_shares_of_faces_and_speech(signals: Signals) -> None:
    seen = reading_of_signals(signals).seen
    assert (seen.face_ratio, seen.face_closeup, seen.speech_ratio) == (0.5, True, 0.5)
    assert seen.motion is None


def test_a_quote_has_the_time_of_the_sentence_it_stands_in(signals: Signals) -> None:
    given = reading_of_signals(signals)
    wording = wording_of(given)
    found = evidence_of(given, wording, hits_of(wording), ("hook", "negative_warning"))
    assert (found.modality, found.quote, found.start_s) == ("spoken", "Stop scrolling.", 0.2)


def test_a_quote_over_lines_has_the_times_from_its_first_to_its_last() -> None:
    lines = (
        Line(text="stop doing", start_s=0.0, end_s=1.0),
        Line(text="crunches for a flat belly", start_s=1.0, end_s=2.5),
        Line(text="crunches are fine", start_s=4.0, end_s=5.0),
    )
    given = Reading(id="a", on_screen=lines)
    found = at_place(given, "on_screen", "stop doing crunches for a flat belly")
    assert (found.start_s, found.end_s) == (0.0, 2.5)
    assert at_place(given, "on_screen", "crunches are").start_s == 4.0
    assert at_place(given, "on_screen", "rain").start_s is None


def test_nothing_is_quoted_for_the_label_of_no_other() -> None:
    given = reading(speech="Stop scrolling.")
    wording = wording_of(given)
    assert evidence_of(given, wording, hits_of(wording), ("offer", "none")) == Evidence()


def test_a_refrain_is_read_once() -> None:
    text, repeated = without_refrains("na na na hey " + "come back to me " * 9)
    assert text == "na hey come back to me"
    assert repeated > 0.8


def test_accounts_marks_and_time_codes_are_not_read() -> None:
    wording = wording_of(reading("00:01.200 --> 00:03.000\n(Laughter) so", "TikTok\n@a.b\nme"))
    assert (wording.spoken, wording.on_screen) == ("so", "me")


def test_tags_for_reach_are_not_read() -> None:
    assert clean_caption("ok #fyp #foryoupage #xyzbca #BookTok") == ("ok", ("Book Tok",))


def test_words_read_aloud_are_an_echo() -> None:
    assert wording_of(reading("me at work", "Me at work")).echo == 1


@pytest.mark.parametrize("group", ["hook", "format", "theme", "cta", "angle", "proof", "offer"])
def test_every_label_of_a_group_has_a_rule(group: str) -> None:
    assert set(RULES[group]) == set(load_taxonomy().names(group)) - {nothing(group)} | (
        {"other"} if group == "theme" else set()
    )


def test_the_taxonomy_has_every_group() -> None:
    taxonomy = load_taxonomy()
    assert tuple(taxonomy.labels) == GROUPS
    assert taxonomy.labels["hook"]["question"].startswith("Opens by asking")


@pytest.mark.parametrize(
    ("text", "hook"),
    [
        ("POV: the printer works", "pov_relatable"),
        ("5 things I stopped buying", "listicle"),
        ("How to prune a rose", "how_to"),
        ("Stop washing your jeans", "negative_warning"),
        ("73% of us never check", "statistic"),
        ("unpopular opinion: rain is fine", "contrarian_myth"),
        ("day 4 of trying to whistle", "challenge"),
        ("20% off until noon", "offer_first"),
        ("Does anyone else hate mornings?", "question"),
        ("As a dentist, I never buy this", "authority"),
    ],
)
def test_an_opening_shows_its_hook_by_rule(text: str, hook: str) -> None:
    assert hook in labels("hook", text=text)


def test_a_hook_is_read_in_the_opening_only() -> None:
    late = " ".join(f"then we walked to stop {n}" for n in range(6)) + " and pov you are late"
    assert "pov_relatable" not in labels("hook", speech=late)


@pytest.mark.parametrize(
    ("caption", "cta"),
    [
        ("comment GLOW and I'll send it", "comment_keyword"),
        ("Comment PLAN below", "comment_keyword"),
        ('comment "plan" below', "comment_keyword"),
        ("use code SAVE20", "use_code"),
        ("Code: SAVE20", "use_code"),
        ("link in my bio", "link_in_bio"),
        ("follow for more", "follow"),
        ("Save this for later", "save"),
        ("send this to your sister", "share_tag"),
        ("download it, it's free", "download_app"),
        ("sign up before May", "sign_up"),
        ("part 2 tomorrow", "watch_next"),
    ],
)
def test_a_call_to_action_is_read_in_a_caption(caption: str, cta: str) -> None:
    assert cta in labels("cta", caption=caption)


@pytest.mark.parametrize(
    ("caption", "calls"),
    [
        ("so easy. Follow for more!", {"follow"}),
        ("Comment PLAN for the list", {"comment_keyword"}),
        ("comment the word plan", {"comment_keyword"}),
        ('Comment "plan" and follow for part 2', {"comment_keyword", "follow"}),
        ("I let the dog follow me home", set()),
        ("Comment BELOW", set()),
        ("EVERY COMMENT PEOPLE LEAVE", set()),
        ("no comment", set()),
        ("comment your sign", set()),
    ],
)
def test_a_call_is_sure_in_a_set_phrase_only(caption: str, calls: set[str]) -> None:
    assert calls_of(wording_of(reading(caption=caption))) == calls


def test_a_call_in_a_set_phrase_is_not_left_to_the_head() -> None:
    names = load_taxonomy().names("cta")
    follow, none = names.index("follow"), names.index("none")
    low = np.full((2, len(names)), 0.01)
    low[:, none] = 0.99
    given = with_calls(low, [frozenset({"follow"}), frozenset()])
    assert (given[0, follow], given[1, follow], given[1, none]) == (0.9, 0.01, 0.99)
    assert given[0, none] == pytest.approx(0.1)


@pytest.mark.parametrize(
    "caption", ["comment below", "THINGS THEY SAY TO ME", "COMMENT PEOPLE GET"]
)
def test_no_keyword_stands_out_where_none_is_in_other_letters(caption: str) -> None:
    assert "comment_keyword" not in labels("cta", caption=caption)


def test_a_paid_partnership_is_told_apart_by_where_it_is_said() -> None:
    assert labels("disclosure", speech="this is sponsored by a bank") == {"paid_partnership_speech"}
    assert labels("disclosure", caption="so good #ad") == {"paid_partnership_text"}
    assert labels("disclosure", caption="made an ad-hoc sandwich") == set()


def test_nothing_is_read_where_no_words_are() -> None:
    wording = wording_of(reading())
    assert hits_of(wording) == ()
    assert isinstance(wording, Wording)
