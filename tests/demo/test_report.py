from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from demo.plots import Axis, compact
from demo.report import ReportContent, write_report
from demo.report_backtest import coverage_by_tier, wilson
from ingest import ImportReport
from reelcast.records import Brief, Forecast, Grade, TargetForecast
from reelcast.store import MergeCount

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
VOID = {"meta", "br", "img", "link", "input"}


def forecast(label: str, median: float, spread: float, posts: int) -> Forecast:
    factors = {"q05": -1.65, "q10": -1.28, "q25": -0.67, "q50": 0.0}
    factors |= {"q75": 0.67, "q90": 1.28, "q95": 1.65}
    quantiles = {level: median * float(np.exp(spread * z)) for level, z in factors.items()}
    baseline = None if posts == 0 else median * 0.8
    return Forecast(
        creator_id=f"c{label}",
        label=label,
        tier="micro" if posts else "nano",
        followers=23_400 if posts else None,
        n_history=posts,
        horizon_days=30,
        post_at=NOW,
        grade=Grade(grade="A" if posts > 20 else "D", reason=f"{posts} posts known")
        if posts
        else Grade(grade="D", reason="no post known: only the tier speaks"),
        targets={
            "views": TargetForecast(
                quantiles=quantiles, mean=median * 1.3, baselines={"last5_median": baseline}
            )
        },
        measured_coverage={"views": 0.81 if posts else None},
    )


def backtest_arrays(n: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    level = rng.normal(9, 1.5, n)
    y = np.exp(level + rng.normal(0, 0.8, n)).round()
    last5 = np.exp(level + rng.normal(0, 0.6, n))
    last5[:20] = np.nan
    return {
        "y": y,
        "q10": np.exp(level - 1.28 * 0.8),
        "q50": np.exp(level),
        "q90": np.exp(level + 1.28 * 0.8),
        "mean": np.exp(level + 0.32),
        "creator_id": np.array([f"c{i % 30}" for i in range(n)]),
        "last5_median": last5,
        "tier_median": np.full(n, np.exp(9.0)),
        "tier": rng.choice(["nano", "micro", "mid", "macro", "mega"], n),
    }


def content() -> ReportContent:
    labels = ["fern.notes.demo05", "lumen.diary.demo11", "<script>alert(1)</script>"]
    made = [
        forecast(x, m, 0.8, p) for x, m, p in zip(labels, (9e2, 3e4, 8e5), (0, 3, 40), strict=True)
    ]
    merged = {"posts": MergeCount(90, 0, 0), "post_observations": MergeCount(400, 0, 0)}
    report = ImportReport(
        "sheet.csv", "ab" * 32, "tiktok_apify", "its columns", 414, 2, merged, ("a note",), 0.4
    )
    failure = {
        "file": "sheet.csv",
        "line": 7,
        "column": "plays",
        "value": "abc",
        "reason": "is not",
    }
    return ReportContent(
        made_at=NOW,
        model="reelcast version 3",
        forecasts=made,
        brief=Brief(theme="food_drink", caption="A soup & a story", duration_s=24),
        tested=backtest_arrays(400),
        imports=[report],
        failures=[failure],
        hindsight=["counts of earlier posts as scraped stand in"],
    )


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = write_report(tmp_path_factory.mktemp("report") / "deep" / "report.html", content())
    return path.read_text(encoding="utf-8")


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_tag_is_closed(html: str) -> None:
    parser = Balance()
    parser.feed(html)
    assert parser.open == []


def test_nothing_is_loaded_from_elsewhere(html: str) -> None:
    assert not re.search(r"(src|href)=|url\(|@import|https?://", html)


def test_what_people_wrote_is_escaped(html: str) -> None:
    assert "<script" not in html
    assert "A soup &amp; a story" in html


def test_every_chart_has_a_title_and_axis_titles(html: str) -> None:
    charts = re.findall(r"<svg[^>]*role=\"img\".*?</svg>", html)
    assert len(charts) == 6
    assert all('aria-label="' in chart and 'class="axis"' in chart for chart in charts)


def test_no_coordinate_is_missing(html: str) -> None:
    assert not re.search(r"\b(nan|None|inf)\b", html)


def test_intervals_baselines_grades_and_coverage_are_shown(html: str) -> None:
    for words in ("80% interval", "no posts", "only the tier speaks", "81%", "too few to say"):
        assert words in html


def test_failures_and_hindsight_are_named(html: str) -> None:
    for words in ("sheet.csv", "abc", "is not", "as scraped stand in", "Hindsight"):
        assert words in html


def test_coverage_by_tier_counts_every_test_post_once() -> None:
    overall, *tiers = coverage_by_tier(backtest_arrays(400))
    assert overall.n == sum(tier.n for tier in tiers) == 400
    assert overall.low < overall.share < overall.high
    assert 0.74 < overall.share < 0.86


def test_an_interval_of_a_share_stays_between_0_and_1() -> None:
    assert wilson(1.0, 3)[1] == 1.0
    assert wilson(0.0, 3)[0] == 0.0


def test_the_report_tells_what_came_in_total_against_the_means(html: str) -> None:
    assert "On test posts views summed to" in html
    assert "95% interval" in html


def test_a_report_without_forecasts_or_failures_is_still_written(tmp_path: Path) -> None:
    empty = ReportContent(NOW, "reelcast", [], None, backtest_arrays(30), [])
    assert "Nothing: every cell was read." in write_report(tmp_path / "r.html", empty).read_text()


def test_a_value_outside_an_axis_stays_at_its_edge() -> None:
    assert Axis(1, 100, 0, 200).px(1e9) == 200


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (999.7, "1k"), (9_960, "10k"), (2.3e7, "23M")]
)
def test_counts_on_axes_are_short(value: float, words: str) -> None:
    assert compact(value) == words
