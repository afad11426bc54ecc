from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from content_tagging.contents import Content
from content_tagging.measures import measures_of
from content_tagging.records import Tag
from demo.clips_tag import TaggedClip, truths
from demo.report_clips import clips, is_right
from tests.tagging.examples import SIGNALS, TAGS, tag

FOLDER = Path("home")
QUESTION = next(truth for truth in truths() if truth.file == "skincare_question.mp4")
MEME = next(truth for truth in truths() if truth.file == "cat_meme.mp4")


def tagged(tags: tuple[Tag, ...] = TAGS) -> TaggedClip:
    content = Content(
        content_id=SIGNALS.content_id,
        name="skincare_question",
        signals=SIGNALS,
        measures=measures_of(SIGNALS, None, None, tags),
        tags=tags,
        tags_version="1.x",
        taxonomy_version="1",
        versions={},
    )
    page = FOLDER / "clips" / "skincare_question.html"
    return TaggedClip(QUESTION, "tiktok:1", content, page)


def test_a_clip_links_to_its_page_beside_the_report() -> None:
    html = clips([tagged()], FOLDER)
    assert re.findall(r'href="([^"]*)"', html) == ["clips/skincare_question.html"]


def test_answers_stand_with_probability_and_whether_the_clip_was_made_so() -> None:
    html = clips([tagged()], FOLDER)
    for words in ("+ question 91%", "+ talking head 66%", "+ link in bio 97%", "4 of 4"):
        assert words in html


def test_an_answer_that_the_clip_was_not_made_for_is_marked() -> None:
    wrong = tag("hook", "listicle", 0.9, primary=True, evidence="one <two>")
    html = clips([tagged((wrong, *TAGS[1:]))], FOLDER)
    assert "- listicle 90%" in html
    assert "one &lt;two&gt;" in html


def test_an_unsure_answer_counts_as_wrong() -> None:
    unsure = TAGS[0].model_copy(update={"primary": False})
    assert not is_right(tagged((unsure, *TAGS[1:])), "hook")


def test_no_call_to_action_is_right_for_a_clip_without_one() -> None:
    assert is_right(replace(tagged(TAGS[:3]), truth=MEME), "cta")
    assert is_right(replace(tagged((*TAGS[:3], tag("cta", "none"))), truth=MEME), "cta")
    assert not is_right(replace(tagged(), truth=MEME), "cta")


def test_a_clip_that_failed_has_a_row_without_answers() -> None:
    html = clips([TaggedClip(QUESTION, "tiktok:1", None, None)], FOLDER)
    assert html.count("n/a") == 4
    assert "href" not in html
    assert "0 of 4" in html
