"""conversions train on the command line."""

from __future__ import annotations

from pathlib import Path

from reelcast.store import Lake
from tests.cli.command import reelcast
from tests.conversions.shops import campaign_of, settings_in, store


def test_conversions_are_learned_from_the_lakes_campaigns(tmp_path: Path) -> None:
    store(Lake(settings_in(tmp_path).lake_root), campaign_of("spring", 2), [(9000, 40, 2)] * 2)
    ran = reelcast("conversions", "train", home=tmp_path)
    assert ran.code == 0, ran.err
    assert "2 posts of 1 campaigns" in ran.out
    assert reelcast("conversions", "train", "--json", home=tmp_path).json()["posts"] == 2


def test_no_finished_campaign_ends_with_code_5(tmp_path: Path) -> None:
    ran = reelcast("conversions", "train", home=tmp_path)
    assert ran.code == 5
    assert "prior" in ran.err
