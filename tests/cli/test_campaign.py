"""Campaigns, links and codes on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import reelcast

YAML = """
campaign_id: spring
brand: Brindle
type: direct_response
starts_at: 2026-03-02T00:00Z
ends_at: 2026-04-01T00:00Z
deliverables:
  - {handle: "@fern.diary", platform: tiktok, slot: 1, fee: 800, planned_at: 2026-03-04T18:00Z}
  - {handle: "@fern.diary", platform: tiktok, slot: 2, fee: 800, planned_at: 2026-03-06T18:00Z}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "spring.yaml"
    path.write_text(YAML)
    return path


def test_a_campaign_added_is_listed_and_shown(tmp_path: Path, file: Path) -> None:
    assert reelcast("campaign", "add", file, home=tmp_path).code == 0
    assert reelcast("campaign", "list", "--json", home=tmp_path).json()[0]["primary"] == "sales"
    assert "direct_response of Brindle" in reelcast("campaign", "show", "spring", home=tmp_path).out


def test_what_show_prints_as_csv_can_be_added_again(tmp_path: Path, file: Path) -> None:
    reelcast("campaign", "add", file, home=tmp_path)
    shown = reelcast("campaign", "show", "spring", "--csv", home=tmp_path)
    (tmp_path / "spring.csv").write_text(shown.out)
    again = reelcast("campaign", "add", tmp_path / "spring.csv", "--json", home=tmp_path)
    assert again.json()[0]["deliverables"]["unchanged"] == 2


def test_the_calendar_warns_of_overlapping_windows(tmp_path: Path, file: Path) -> None:
    reelcast("campaign", "add", file, home=tmp_path)
    ran = reelcast("campaign", "calendar", "spring", home=tmp_path)
    assert "120 h: the same creator" in ran.err
    data = reelcast("campaign", "calendar", "spring", "--json", home=tmp_path).json()
    assert len(data["overlaps"]) == 1


def test_links_are_linted_made_and_then_without_findings(tmp_path: Path, file: Path) -> None:
    reelcast("campaign", "add", file, home=tmp_path)
    before = reelcast("links", "lint", "--json", home=tmp_path)
    assert (before.code, before.json()[0]["rule"]) == (2, "nothing")
    made = reelcast("links", "make", file, "--base-url", "https://a.example", home=tmp_path)
    assert "FERN" in made.out
    assert reelcast("links", "lint", home=tmp_path).code == 0


def test_a_campaign_that_is_not_there_ends_with_code_3(tmp_path: Path) -> None:
    assert reelcast("campaign", "show", "spring", home=tmp_path).code == 3


def test_attribution_prints_methods_side_by_side(tmp_path: Path, file: Path) -> None:
    reelcast("campaign", "add", file, home=tmp_path)
    ran = reelcast("campaign", "attribute", "spring", home=tmp_path)
    assert ran.code == 0, ran.err
    assert all(name in ran.out for name in ("last_click", "promo_code", "spike", "reconciled"))
    assert "spike: not used" in ran.err
    data = reelcast("campaign", "attribute", "spring", "--json", home=tmp_path).json()
    assert data["headline"] == "reconciled"


def test_measure_export_and_always_on_answer(tmp_path: Path, file: Path) -> None:
    reelcast("campaign", "add", file, home=tmp_path)
    ran = reelcast("campaign", "measure", "spring", home=tmp_path)
    assert "primary: sales" in ran.out
    assert reelcast("campaign", "measure", "spring", "--json", home=tmp_path).json()["slices"]
    out = tmp_path / "out"
    files = reelcast("campaign", "export", "spring", "--out", out, "--json", home=tmp_path).json()
    assert all(Path(name).is_file() for name in files["files"])
    ran = reelcast("campaign", "always-on", "Brindle", "--months", "2", home=tmp_path)
    assert ran.code == 0
    assert "at least" in ran.err
