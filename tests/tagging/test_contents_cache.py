"""Results of steps are kept by content, and spoilt ones are made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_tagging.cache import StepCache, key_of, sha256_of
from content_tagging.records import Cut, Pictures, Sound
from reelcast.errors import StoreError

KEY = key_of("a" * 64, "look", "1")
SEEN = Pictures(cuts=(Cut(at_s=1.1, kind="hard"),), motion=((0.1, 0.30000000000000004),))


@pytest.fixture
def cache(tmp_path: Path) -> StepCache:
    return StepCache(tmp_path)


def entry(cache: StepCache) -> Path:
    """The one file of the cache."""
    (file,) = (path for path in cache.folder.rglob("*") if path.is_file())
    return file


def refuse() -> Pictures:
    raise AssertionError("made again")


def test_what_was_kept_is_not_made_again(cache: StepCache) -> None:
    cache.put(KEY, SEEN)
    assert cache.get_or_make(KEY, Pictures, refuse) == SEEN


def test_another_step_version_or_content_is_made(cache: StepCache) -> None:
    cache.put(KEY, SEEN)
    others = [key_of("b" * 64, "look", "1"), key_of("a" * 64, "hear", "1")]
    others.append(key_of("a" * 64, "look", "2"))
    assert [cache.get(key, Pictures) for key in others] == [None] * 3


@pytest.mark.parametrize("keep", [0, 1, 64, 65, 90])
def test_a_cut_off_entry_is_made_again(cache: StepCache, keep: int) -> None:
    cache.put(KEY, SEEN)
    entry(cache).write_bytes(entry(cache).read_bytes()[:keep])
    assert cache.get_or_make(KEY, Pictures, lambda: SEEN) == SEEN
    assert cache.get(KEY, Pictures) == SEEN


def test_an_entry_with_one_digit_changed_is_made_again(cache: StepCache) -> None:
    cache.put(KEY, SEEN)
    entry(cache).write_bytes(entry(cache).read_bytes().replace(b"1.1", b"1.2"))
    assert cache.get(KEY, Pictures) is None


def test_an_entry_of_another_kind_is_made_again(cache: StepCache) -> None:
    cache.put(KEY, Sound(loudness_lufs=-14))
    assert cache.get(KEY, Pictures) is None


def test_nothing_but_the_entry_is_left_in_the_folder(cache: StepCache) -> None:
    cache.put(KEY, SEEN)
    cache.put(KEY, SEEN)
    assert entry(cache).suffix == ".json"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        StepCache(tmp_path / "file").put(KEY, SEEN)


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mov"):
        (tmp_path / name).write_bytes(b"same")
    assert sha256_of(tmp_path / "a.mp4") == sha256_of(tmp_path / "b.mov")


def test_what_cannot_be_kept_leaves_nothing_behind(cache: StepCache) -> None:
    cache.put(KEY, SEEN)
    file = entry(cache)
    file.unlink()
    file.mkdir()
    with pytest.raises(StoreError, match="cannot write"):
        cache.put(KEY, SEEN)
    assert [*file.parent.iterdir()] == [file]
