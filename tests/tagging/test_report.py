from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from content_tagging.contents import Content
from content_tagging.measures import measures_of
from content_tagging.records import Signals, Sound, Tag
from content_tagging.report.facts import value_of
from content_tagging.report.frames import Wanted, pictures_at
from content_tagging.report.loudness import loudness
from content_tagging.report.scale import Scale, lanes
from content_tagging.report.write import write_report
from reelcast.errors import StoreError
from reelcast.settings import TaggingSettings
from tests.tagging.examples import SIGNALS, SOUND_ONLY, TAGS

CLIP = Path(__file__).parents[2] / "demo" / "clips" / "skincare_question.mp4"
SETTINGS = TaggingSettings()


def content_of(signals: Signals, tags: tuple[Tag, ...] = TAGS) -> Content:
    return Content(
        content_id=signals.content_id,
        name="draft & <b>",
        caption="link in bio <3",
        signals=signals,
        measures=measures_of(signals, "Quiet One", None, tags),
        tags=tags,
        tags_version="1.5f4a6d05",
        taxonomy_version="1",
        versions={"look": "look/1"},
    )


def written(folder: Path, signals: Signals, tags: tuple[Tag, ...] = TAGS) -> str:
    path = write_report(folder / "deep" / "out.html", content_of(signals, tags), CLIP, SETTINGS)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("report"), SIGNALS)


class Page(HTMLParser):
    """The tags still open at the end, and all images' attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.headings: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag)
        if tag == "img":
            self.images.append(dict(attrs))
        if re.fullmatch(r"h\d", tag):
            self.headings.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_element_is_closed(html: str) -> None:
    assert Page(html).open == []


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(html: str) -> None:
    sources = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert not re.search(r"<script|<link|url\(|@import|https?://", html)


def test_what_people_wrote_is_escaped(html: str) -> None:
    assert "<b>" not in html.split("</h1>")[0]
    assert "draft &amp; &lt;b&gt;" in html
    assert "still using &lt;soap&gt;?" in html


def test_every_picture_is_a_jpeg_that_is_described_and_sized(html: str) -> None:
    images = Page(html).images
    assert len(images) > 10
    for each in images:
        assert each["alt"]
        assert int(each["width"] or 0) > 0
        data = str(each["src"]).partition("base64,")[2]
        assert base64.b64decode(data).startswith(b"\xff\xd8")


def test_headings_never_skip_a_level(html: str) -> None:
    levels = [int(each[1]) for each in Page(html).headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_names_its_columns_and_rows(html: str) -> None:
    tables = re.findall(r"<table.*?</table>", html)
    assert len(tables) == 3
    for each in tables:
        assert 'scope="col"' in each
        assert 'scope="row"' in each
        assert "<caption" in each


def test_the_timeline_can_be_scrolled_by_keyboard(html: str) -> None:
    assert 'class="timeline" tabindex="0" role="group" aria-label=' in html


def test_tags_stand_with_quote_time_modality_and_detector(html: str) -> None:
    row = next(r for r in re.findall(r"<tr>.*?</tr>", html) if "question" in r)
    for words in ("91%", "spoken", "0.5 to 2.5 s", "<q>do you use soap</q>", "head/1", "primary"):
        assert words in row


def test_the_opening_tells_what_is_said_and_shown_in_three_seconds(html: str) -> None:
    opening = html[html.index("The first 3 seconds") : html.index("Timeline")]
    assert "do you use soap" in opening
    assert "bio" not in opening
    assert "2.0 s" in opening


def test_fixes_measures_and_limits_of_engines_are_told(html: str) -> None:
    for words in ("Cut faster", "mean optical-flow magnitude", "English only", "rapidocr/3"):
        assert words in html


def test_nothing_unknown_is_shown_as_a_number(html: str) -> None:
    assert not re.search(r"\b(nan|None|inf)\b", re.sub(r"base64,[^\"]*", "", html))


def test_text_boxes_stand_over_the_picture_of_their_shot(html: str) -> None:
    assert 'style="left:10.0%;top:10.0%;width:50.0%;height:20.0%"><i>A</i>' in html


def test_the_same_content_gives_the_same_page(tmp_path: Path, html: str) -> None:
    assert written(tmp_path, SIGNALS) == html


def test_a_page_about_ten_seconds_is_small(html: str) -> None:
    assert len(html) < 300_000


def test_a_sound_file_has_a_page_without_pictures(tmp_path: Path) -> None:
    html = written(tmp_path, SOUND_ONLY)
    assert "<img" not in html
    assert "sound only" in html
    assert Page(html).open == []


def test_groups_that_no_tag_answers_are_said_to_be_open(tmp_path: Path) -> None:
    html = written(tmp_path, SIGNALS, ())
    assert "No tag was read from this video." in html
    assert "Not sure enough to name one: hook, format, theme." in html


def test_a_guess_that_is_not_sure_is_told_as_such(tmp_path: Path) -> None:
    guess = TAGS[0].model_copy(update={"primary": False, "probability": 0.31})
    html = written(tmp_path, SIGNALS, (guess, *TAGS[1:]))
    assert "likeliest: question, 31%" in html
    assert "Not sure enough to name one: hook." in html


def test_a_picture_of_a_shot_comes_from_inside_the_shot() -> None:
    wanted = [Wanted(1.5, 3.12, 480), Wanted(5.56, 8.0, 480), Wanted(9.2, 10.44, 480)]
    found = pictures_at(CLIP, wanted, SETTINGS)
    assert all(p and w.at_s <= p.at_s < w.until_s for w, p in zip(wanted, found, strict=True))
    assert [p.height_px for p in found if p] == [480, 480, 480]


def test_a_picture_after_the_end_is_unknown() -> None:
    assert pictures_at(CLIP, [Wanted(99, 100, 100)], SETTINGS) == [None]


def test_a_silent_file_has_a_curve_of_nothing() -> None:
    drawn = loudness(Sound(), Scale(5))
    assert 'aria-label="Loudness over time: silence or no sound"' in drawn
    assert "short-term loudness, LUFS" in drawn
    assert "time, s" in drawn


@pytest.mark.parametrize("duration_s", [0.0, 0.4, 10, 60, 1800])
def test_times_stay_within_the_axis_of_any_video(duration_s: float) -> None:
    scale = Scale(duration_s)
    assert 0 < scale.width_px <= 12_000
    assert scale.px(duration_s + 9) <= scale.width_px
    assert 1 <= scale.column(duration_s) <= scale.columns + 1
    assert 1 <= len(scale.ticks_s()) <= 150


def test_words_that_overlap_in_time_stand_in_rows_of_their_own() -> None:
    assert lanes([(0, 3), (0, 3), (3, 4)]) == [0, 1, 0]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("supers", None, "not known"),
        ("supers", False, "no"),
        ("speech_rate_wpm", 151.6, "152 words/min"),
        ("loudness_lufs", -14.25, "-14.2 LUFS"),
        ("music_ratio", 0.0, "0%"),
    ],
)
def test_a_measure_is_shown_with_its_unit(
    name: str, value: float | bool | None, words: str
) -> None:
    assert value_of(name, value) == words


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="name another file"):
        write_report(tmp_path, content_of(SIGNALS), CLIP, SETTINGS)
