"""What a batch keeps of a file's surroundings, and what it does when a file changes under it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from content_tagging.batch import steps
from content_tagging.batch.outcomes import Asked, Failure
from content_tagging.batch.ray_engine import watch_on_ray
from content_tagging.cache import sha256_of
from content_tagging.correcting import correct_tags
from content_tagging.records import Media, Pictures
from reelcast.errors import MediaError
from reelcast.settings import TaggingSettings
from tests.tagging.test_batch_run import Home

SETTINGS = TaggingSettings(workers=1)


def looking(path: Path, change: Callable[[], object]) -> Callable[[Path, TaggingSettings], object]:
    """A look at a picture, in the midst of which something happens."""

    def look(of: Path, settings: TaggingSettings) -> tuple[Media, Pictures]:
        change()
        return Media(duration_s=1.0), Pictures(detectors={"words": path.read_text()})

    return look


def test_a_file_changed_while_it_is_read_is_not_kept_under_its_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache = tmp_path / "a.mp4", tmp_path / "cache"
    path.write_text("old")
    content_id = sha256_of(path)
    monkeypatch.setattr(steps.look, "look", looking(path, lambda: path.write_text("new")))
    with pytest.raises(MediaError, match="was changed while it was read"):
        steps.look_at(path, content_id, SETTINGS, cache)
    path.write_text("old")
    monkeypatch.setattr(steps.look, "look", looking(path, lambda: None))
    looked = steps.look_at(path, content_id, SETTINGS, cache)
    assert looked.pictures.detectors == {"words": "old"}


def test_failures_name_a_file_without_its_folders(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("bad.mp4", "broken")
    home.tag()
    (failure,) = home.lake.read("failures").to_pylist()
    assert failure["reason"] == "bad.mp4: is broken: export it anew"
    assert str(tmp_path) not in str(failure)


def test_a_corrections_reason_names_nobody(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write("a.mp4", "one")
    home.tag()
    said = "@ana.b says so, write ana@b.example"
    correct_tags(home.lake, "a", {"hook": ("listicle",)}, datetime(2026, 1, 1, tzinfo=UTC), said)
    assert home.lake.read("tag_corrections")["reason"].to_pylist() == ["@user says so, write @user"]


def test_a_name_that_is_no_text_is_a_named_failure_on_ray(tmp_path: Path) -> None:
    asked = Asked(content_id="a" * 64, path=Path(os.fsdecode(b"\xff.mp4")))
    (outcome,) = watch_on_ray([asked], SETTINGS, tmp_path)
    assert isinstance(outcome, Failure)
    assert "no UTF-8" in outcome.reason
