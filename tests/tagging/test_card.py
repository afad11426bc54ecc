from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from api.cli_card import card
from content_tagging.contents import Content
from content_tagging.measures import measures_of
from content_tagging.records import Signals, Tag
from tests.tagging.examples import SIGNALS, SOUND_ONLY, TAGS, tag

LONG = tag(
    "proof", "demonstration", 0.55, modality="on_screen", start_s=0, end_s=9.5,
    evidence="a quote that goes on and on " * 8,
)  # fmt: skip


def printed(width: int, signals: Signals = SIGNALS, tags: tuple[Tag, ...] = TAGS) -> str:
    content = Content(
        content_id=signals.content_id,
        name="draft [bold]3",
        signals=signals,
        measures=measures_of(signals, "Quiet One", "serum", tags),
        tags=tags,
        tags_version="1.5f4a6d05",
        taxonomy_version="1",
        versions={},
    )
    out = StringIO()
    Console(file=out, width=width).print(card(content))
    return out.getvalue()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_cut_off(width: int) -> None:
    text = printed(width, tags=(*TAGS, LONG))
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    assert "not sure enough to say" not in text


@pytest.mark.parametrize("width", [80, 120])
def test_a_label_stands_on_one_line_with_probability_place_and_time(width: int) -> None:
    lines = [" ".join(line.split()) for line in printed(width).splitlines()]
    assert any(line.startswith("hook question 91% spoken 0.5-2.5 s “do you use") for line in lines)


def test_the_opening_is_quoted() -> None:
    text = flat(printed(120))
    assert "spoken “do you use soap”" in text
    assert "on screen still using <soap>?" in text
    assert "cuts 2.0 s" in text


def test_what_a_file_is_called_is_no_markup() -> None:
    assert "draft [bold]3" in printed(80)


def test_fixes_come_with_their_part_of_the_rubric() -> None:
    assert "Branding Say or show the product's name within the first 5 s." in flat(printed(120))


def test_groups_without_a_sure_answer_are_left_open() -> None:
    guess = TAGS[0].model_copy(update={"primary": False})
    text = flat(printed(120, tags=(guess, *TAGS[1:])))
    assert "hook not sure enough to say question 91%" in text


def test_minor_groups_that_do_not_apply_are_left_out() -> None:
    text = flat(printed(120, tags=(*TAGS, tag("offer", "none"), tag("cta", "none"))))
    assert "offer" not in text
    assert "none 80%" in text


def test_limits_of_the_engine_are_told() -> None:
    text = flat(printed(80))
    assert "The words come from pocketsphinx en-us, language en." in text
    assert "English only" in text


def test_a_sound_file_has_a_card() -> None:
    text = printed(80, SOUND_ONLY, ())
    assert "sound only" in text
    assert "under text" not in text


def test_a_measure_never_breaks_between_its_words() -> None:
    measures = printed(80).partition("Measures")[2].partition("Notes")[0]
    assert "frames\u00a0with\u00a0a\u00a0face:\u00a050%" in measures


def test_a_long_quote_is_cut_at_a_word() -> None:
    text = flat(printed(200, tags=(LONG,)))
    assert "on and on a quote that goes on and on a ...”" in text
