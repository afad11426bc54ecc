"""Learnings and benchmarks on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import reelcast
from tests.inference.homes import Home


def test_a_saved_finding_is_found(tmp_path: Path) -> None:
    added = reelcast("learnings", "add", "Questions open best", "--campaign", "s", home=tmp_path)
    assert (added.code, added.out) == (0, "saved\n")
    assert "Questions open best" in reelcast("learnings", "search", "question", home=tmp_path).out


def test_a_finding_without_a_title_is_refused(tmp_path: Path) -> None:
    assert reelcast("learnings", "add", "", home=tmp_path).code == 2


def test_benchmarks_show_quartiles_with_their_posts(home: Home) -> None:
    found = reelcast("benchmarks", "--by", "tier", "--json", home=Path(home.settings.home)).json()
    assert {of["name"] for of in found} <= {"nano", "micro", "mid", "macro", "mega", "unknown"}
    assert all(of["low"] <= of["median"] <= of["high"] and of["posts"] >= 5 for of in found)


def test_benchmarks_of_an_empty_lake_say_what_is_missing(tmp_path: Path) -> None:
    ran = reelcast("benchmarks", "--by", "format", home=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert "has 5 with known counts" in ran.err
    assert "reelcast tag" in ran.err
    assert reelcast("benchmarks", "--json", home=tmp_path).json() == []


def test_a_ledger_without_forecasts_says_what_is_missing(tmp_path: Path) -> None:
    ran = reelcast("ledger", home=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert "holds no forecast yet" in ran.err


def test_an_unknown_group_is_refused(home: Home) -> None:
    ran = reelcast("benchmarks", "--by", "colour", home=Path(home.settings.home))
    assert (ran.code, "colour" in ran.err) == (2, True)


def test_creators_are_listed_with_whether_their_audience_stays(home: Home) -> None:
    ran = reelcast("creators", "--sort", "audience_change", "--json", home=home.settings.local_home)
    changes = [row["audience_change"] for row in ran.json()]
    known = [change for change in changes if change is not None]
    assert known == sorted(known)
    assert known
    assert "in 90 days" in reelcast("creators", "--limit", 2, home=home.settings.local_home).out


def test_an_order_that_is_none_is_refused(home: Home) -> None:
    assert reelcast("creators", "--sort", "charm", home=home.settings.local_home).code == 2
