"""The campaign's report leads with its objective and says of each number how it was made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inference.documents import Document, Figure, Grid, Heading, Number, Paragraph
from inference.documents_html import html_of
from inference.drawings_campaign import methods, timeline
from inference.report_campaign import campaign_report
from inference.report_findings import findings_of
from inference.reporting import report_on, write_document
from measurement.learnings import search
from measurement.results import CampaignMeasured, Estimate, MethodResult, TargetResult
from measurement.run import measure
from reelcast.errors import InputError
from tests.measurement.campaigns import DAY, START
from tests.measurement.conftest import SoldLake, sold_lake
from tests.support import table_of


@pytest.fixture(scope="module")
def measured(spring: SoldLake) -> CampaignMeasured:
    return measure(spring.lake, "spring", spring.now)


@pytest.fixture(scope="module")
def report(spring: SoldLake, measured: CampaignMeasured) -> Document:
    return report_on(spring.lake, measured)


def grids(report: Document) -> list[Grid]:
    return [block for block in report.blocks if isinstance(block, Grid)]


def test_the_objective_stands_first(report: Document) -> None:
    first, lead = report.blocks[:2]
    assert first == Heading("Primary objective: sales")
    assert isinstance(lead, Paragraph)
    assert "proven by link or code" in lead.words


def test_every_method_has_a_number_or_a_reason(report: Document) -> None:
    side_by_side = next(of for of in grids(report) if of.caption == "Methods side by side")
    assert len(side_by_side.rows) == 7
    for _, orders, _ in side_by_side.rows:
        assert isinstance(orders, Number) or orders.startswith("no number: ")


def test_each_number_of_the_report_names_its_method(report: Document) -> None:
    cells = [cell for of in grids(report) for row in of.rows for cell in row]
    numbers = [cell for cell in cells if isinstance(cell, Number)]
    assert len(numbers) > 20
    assert all(len(of.method) > 8 for of in numbers)


def test_rates_stand_beside_the_themes_of_the_campaigns_own_posts_alone(
    tmp_path: Path,
) -> None:
    sold = sold_lake(tmp_path / "lake")
    posts = [row["post_id"] for row in sold.lake.read("posts").to_pylist()]
    other = [f"tiktok:other-{n}" for n in range(6)]
    _label(sold, {**dict.fromkeys(posts, "fashion"), **dict.fromkeys(other, "pets")})
    made = report_on(sold.lake, measure(sold.lake, "spring", sold.now))
    usual = next(of for of in grids(made) if of.caption == "All posts that are imported")
    groups = {row[1] for row in usual.rows}
    assert "theme: fashion" in groups
    assert "theme: pets" not in groups


def _label(sold: SoldLake, theme_of: dict[str, str]) -> None:
    """Give posts a theme each; posts that the lake lacks are made, with a count."""
    known = set(sold.lake.read("posts")["post_id"].to_pylist())
    new = [post for post in theme_of if post not in known]
    rows: dict[str, list[dict[str, object]]] = {
        "posts": [
            {"post_id": post, "creator_id": "c-other", "platform": "tiktok", "published_at": START}
            for post in new
        ],
        "post_observations": [
            {"post_id": post, "observed_at": START + 9 * DAY, "views": 900, "likes": 40,
             "comments": 4, "shares": 4, "saves": 4}
            for post in new
        ],
        "post_contents": [{"post_id": post, "content_id": post} for post in theme_of],
        "taggings": [{"content_id": post, "version": "1", "measures": "{}"} for post in theme_of],
        "tags": [
            {"content_id": post, "version": "1", "rank": 0, "group": "theme", "label": theme,
             "probability": 0.9, "primary": True}
            for post, theme in theme_of.items()
        ],
    }  # fmt: skip
    for name, of in rows.items():
        sold.lake.merge(name, table_of(name, of))


def test_the_timeline_marks_each_day_with_a_post(measured: CampaignMeasured) -> None:
    days = [of for of in measured.timeline if of.posts]
    assert timeline(measured.timeline, "UTC").count('<path class="baseline"') == len(days) > 0


def test_charts_of_an_empty_campaign_can_be_drawn() -> None:
    assert timeline((), "UTC").startswith("<svg")


def test_the_cost_of_an_order_holds_what_ads_cost(measured: CampaignMeasured) -> None:
    first, *rest = measured.posts
    posts = (first.model_copy(update={"spend": 1_000_000.0}), *rest)
    lead = campaign_report(measured.model_copy(update={"posts": posts})).blocks[1]
    assert isinstance(lead, Paragraph)
    assert "Fees and ad spend of 1" in lead.words


def test_an_interval_from_below_zero_says_where_it_begins() -> None:
    test = MethodResult(
        method="holdout", words="", basis="estimated", level=0.9,
        total=Estimate(orders=20, low=-55, high=95, revenue=0),
    )  # fmt: skip
    assert "from -55" in methods([test])


def test_each_chart_says_in_words_what_it_shows(report: Document) -> None:
    figures = [block for block in report.blocks if isinstance(block, Figure)]
    assert len(figures) == 3
    assert all("aria-label=" in of.svg and of.words for of in figures)


def test_the_page_asks_for_nothing_from_elsewhere(report: Document) -> None:
    html = html_of(report)
    assert re.findall(r'(?:src|href)="', html) == []
    assert "<script" not in html


def test_what_a_report_finds_is_kept_in_the_library_once(
    spring: SoldLake, report: Document, measured: CampaignMeasured
) -> None:
    report_on(spring.lake, measured)
    titles = [of.title for of in search(spring.lake, campaign_id="spring")]
    assert sorted(titles) == sorted({of.title for of in findings_of(measured)})
    assert search(spring.lake, "brought purchases")[0].effect is not None


def test_a_campaign_whose_windows_are_open_teaches_nothing_yet(spring: SoldLake) -> None:
    assert findings_of(measure(spring.lake, "spring", START + 20 * DAY)) == ()


def test_targets_set_too_late_are_not_said_to_be_set_before(measured: CampaignMeasured) -> None:
    late = TargetResult(
        metric="orders", target=5, value=6.0, reached=True, set_in_time=False, said="too late"
    )
    report = campaign_report(measured.model_copy(update={"targets": (late,)}))
    (grid,) = (of for of in grids(report) if "argets" in of.caption)
    assert "before" not in grid.caption
    assert grid.columns[1:3] == ("target", "value")


@pytest.mark.parametrize(("name", "begins"), [("a.pdf", b"%PDF-"), ("b.html", b"<!doctype html>")])
def test_it_is_written_as_its_suffix_says(
    report: Document, tmp_path: Path, name: str, begins: bytes
) -> None:
    assert write_document(report, tmp_path / "new" / name).read_bytes().startswith(begins)


def test_another_suffix_is_refused(report: Document, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="docx"):
        write_document(report, tmp_path / "a.docx")


def test_creators_stand_beside_their_own_history_and_tier(spring: SoldLake) -> None:
    measured = measure(spring.lake, "spring", spring.now)
    who, at = measured.posts[0].creator_id, measured.posts[0].at
    rows = [
        {"post_id": f"tiktok:old{i}", "creator_id": who, "platform": "tiktok", "published_at": at}
        for i in range(6)
    ]
    counts = [
        {"post_id": row["post_id"], "observed_at": spring.now, "views": 1000, "likes": 10 * (i + 1),
         "comments": 0, "shares": 0, "saves": 5}
        for i, row in enumerate(rows)
    ]  # fmt: skip
    lake = sold_lake(spring.lake.root + "-own").lake
    lake.merge("posts", table_of("posts", rows))
    lake.merge("post_observations", table_of("post_observations", counts))
    found = grids(report_on(lake, measured))
    own = next(of for of in found if of.caption.startswith("Beside their own history"))
    assert {row[0] for row in own.rows} == {who[:9]}
    groups = next(of for of in found if of.caption == "All posts that are imported")
    assert any(str(row[1]).startswith("tier: ") for row in groups.rows)
