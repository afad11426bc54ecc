"""No name, address or link of a person enters the lake."""

from __future__ import annotations

from pathlib import Path

from reelcast.store import Lake
from tests.ingest.samples import load_text


def test_a_failing_row_keeps_no_mention_nor_address(lake: Lake, tmp_path: Path) -> None:
    header = (
        "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views\n"
    )
    link = "https://www.tiktok.com/@real.person/clip"
    load_text(
        lake,
        tmp_path,
        f"{header}by @some.body a@b.example,{link},2026-01-01,1,1,1,1\nReal Name,cut\n",
    )
    stored = str(lake.read("failures").to_pylist())
    assert "real.person" not in stored
    assert "some.body" not in stored
    assert "Real Name" not in stored
