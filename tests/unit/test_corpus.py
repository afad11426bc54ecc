"""The corpus of openings is whole: its labels are the taxonomy's, and no item is there twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "content_tagging" / "corpus").glob("*.jsonl"))
TAXONOMY: dict[str, Any] = yaml.safe_load((ROOT / "configs" / "taxonomy.yaml").read_text())
LISTS = ("cta", "angle", "proof", "offer", "disclosure")
KEYS = {"id", "speech", "text_overlay", "caption", "duration_s", "hook", "hooks", "format", "theme"}


def items_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_item_has_the_taxonomys_labels_and_something_to_read(file: Path) -> None:
    for item in items_of(file):
        assert set(item) == KEYS | set(LISTS), item["id"]
        assert item["theme"] == file.stem
        assert item["format"] in TAXONOMY["format"], item["id"]
        assert item["hook"] == item["hooks"][0], item["id"]
        assert set(item["hooks"]) <= set(TAXONOMY["hook"]), item["id"]
        for group in LISTS:
            assert item[group], item["id"]
            assert set(item[group]) <= set(TAXONOMY[group]), (item["id"], group)
        assert (item["speech"] + item["text_overlay"] + item["caption"]).strip(), item["id"]


def test_every_theme_has_a_file_and_every_hook_three_items_in_each() -> None:
    assert [file.stem for file in FILES] == sorted(TAXONOMY["theme"])
    for file in FILES:
        hooks = Counter(item["hook"] for item in items_of(file))
        assert min(hooks[hook] for hook in TAXONOMY["hook"]) >= 3, file.stem


def test_no_id_and_no_text_stands_twice() -> None:
    items = [item for file in FILES for item in items_of(file)]
    assert len({item["id"] for item in items}) == len(items) >= 2000
    texts = Counter((i["speech"], i["text_overlay"], i["caption"]) for i in items)
    assert [text for text, n in texts.items() if n > 1] == []


def test_every_theme_has_topics_and_no_topic_stands_twice() -> None:
    lines = (FILES[0].parent / "topics.txt").read_text(encoding="utf-8").splitlines()
    topics = {theme: phrases.split("; ") for theme, phrases in (x.split(": ") for x in lines)}
    assert sorted(topics) == sorted(TAXONOMY["theme"])
    phrases = Counter(phrase for of in topics.values() for phrase in of)
    assert min(map(len, topics.values())) >= 30
    assert [phrase for phrase, n in phrases.items() if n > 1] == []


def test_background_sound_is_lines_of_words() -> None:
    lines = (FILES[0].parent / "background_sound.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(set(lines)) >= 50
    assert all(line.strip() for line in lines)
