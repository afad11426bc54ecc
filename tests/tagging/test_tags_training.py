"""Heads: learned the same way twice, kept whole, refused where they do not fit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from content_tagging.sentences import STEP
from content_tagging.tags import calibration, ridge
from content_tagging.tags.corpus import Example, corpus_sha256, load_corpus
from content_tagging.tags.corrections import Correction, checked, examples_of, is_held_out
from content_tagging.tags.heads import SHIPPED, Heads, load, save
from content_tagging.tags.reading import Reading
from content_tagging.tags.taxonomy import GROUPS, load_taxonomy
from content_tagging.tags.train import fit_heads
from content_tagging.tags.variants import variants_of, with_variants
from reelcast.errors import InputError, MismatchError, NotFoundError

FILES = ("weights.npz", "vocabulary.txt", "manifest.json")
NOW = datetime(2026, 11, 26, tzinfo=UTC)


def hashed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """A vector per text from its hash; NaN for an empty one."""
    rows = [np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint8) for text in texts]
    vectors = np.stack(rows).astype(np.float32) / 255 - 0.5
    vectors[[not text for text in texts]] = np.nan
    return vectors


@pytest.fixture(scope="module")
def few() -> list[Example]:
    return load_corpus()[::40]


@pytest.fixture(scope="module")
def heads(few: list[Example]) -> Heads:
    return fit_heads(few, hashed, STEP, "0" * 64)


def bytes_of(heads: Heads, folder: Path) -> list[bytes]:
    save(heads, folder)
    return [(folder / name).read_bytes() for name in FILES]


def test_training_twice_gives_the_same_bytes(
    few: list[Example], heads: Heads, tmp_path: Path
) -> None:
    again = fit_heads(few, hashed, STEP, "0" * 64)
    assert bytes_of(heads, tmp_path / "a") == bytes_of(again, tmp_path / "b")


def test_saved_heads_load_as_they_were(heads: Heads, tmp_path: Path) -> None:
    save(heads, tmp_path)
    again = load(tmp_path, STEP)
    assert again.manifest == heads.manifest
    assert again.vocabulary.grams == heads.vocabulary.grams
    for group in GROUPS:
        for block, weights in heads.weights[group].items():
            assert np.array_equal(again.weights[group][block], weights)


def test_saving_leaves_nothing_but_the_heads(heads: Heads, tmp_path: Path) -> None:
    assert bytes_of(heads, tmp_path / "tagger") == bytes_of(heads, tmp_path / "tagger")
    assert [path.name for path in tmp_path.iterdir()] == ["tagger"]
    assert sorted(path.name for path in (tmp_path / "tagger").iterdir()) == sorted(FILES)


def test_a_save_that_fails_leaves_the_heads_before(heads: Heads, tmp_path: Path) -> None:
    save(heads, tmp_path / "tagger")
    unwritable = replace(heads, bias={"hook": np.array([object()])})
    with pytest.raises(ValueError, match="Object arrays"):
        save(unwritable, tmp_path / "tagger")
    assert load(tmp_path / "tagger", STEP).manifest == heads.manifest
    assert [path.name for path in tmp_path.iterdir()] == ["tagger"]


def test_who_loads_while_others_save_meets_whole_heads(heads: Heads, tmp_path: Path) -> None:
    others = replace(heads, manifest=heads.manifest.model_copy(update={"detector": "other"}))
    others = replace(others, bias={group: bias + 1 for group, bias in heads.bias.items()})
    save(heads, tmp_path / "tagger")
    with ThreadPoolExecutor(1) as beside:
        saving = beside.submit(
            lambda: [save(of, tmp_path / "tagger") for of in (others, heads) * 5]
        )
        while not saving.done():
            found = load(tmp_path / "tagger", STEP)
            same = heads if found.manifest.detector == heads.manifest.detector else others
            assert np.array_equal(found.bias["hook"], same.bias["hook"])
        saving.result()


def test_heads_of_another_encoder_are_refused_in_words(heads: Heads, tmp_path: Path) -> None:
    save(heads, tmp_path)
    with pytest.raises(MismatchError, match=r"encoder .* run `reelcast tags train`"):
        load(tmp_path, "another")


def test_heads_of_another_taxonomy_are_refused(heads: Heads, tmp_path: Path) -> None:
    save(heads, tmp_path)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["groups"]["hook"]["labels"][0] = "riddle"
    path.write_text(json.dumps(manifest))
    with pytest.raises(MismatchError, match="other labels of hook"):
        load(tmp_path, STEP)


def test_a_folder_without_heads_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="reelcast tags train"):
        load(tmp_path, STEP)


def test_the_shipped_heads_learned_the_corpus_that_ships() -> None:
    manifest = load(SHIPPED, STEP).manifest
    assert manifest.corpus_sha256 == corpus_sha256()
    assert manifest.corrections == 0


def test_the_shipped_heads_take_less_than_3_mb() -> None:
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 3_000_000


def test_a_copy_keeps_the_labels_and_counts_half(few: list[Example]) -> None:
    copies = [(e, copy) for e in few for copy in variants_of(e)]
    assert copies
    for original, copy in copies:
        assert copy.labels == original.labels
        assert copy.weight == original.weight / 2
        assert copy.reading != original.reading
    assert len(with_variants(few)) == len(few) + len(copies)


def test_ridge_gives_back_what_a_plain_solution_gives() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(30, 4)), rng.normal(size=(30, 2))
    dual = ridge.solve(x @ x.T, y, np.ones(30), 0.5)
    plain = np.linalg.solve(x.T @ x + 0.5 * np.eye(4), x.T @ y)
    assert x.T @ dual == pytest.approx(plain)


def test_a_row_of_weight_two_counts_as_two_rows() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(10, 3)), rng.normal(size=(10, 1))
    twice, doubled = np.vstack([x, x[:1]]), np.vstack([y, y[:1]])
    weights = np.ones(10)
    weights[0] = 2
    one = x.T @ ridge.solve(x @ x.T, y, weights, 0.3)
    two = twice.T @ ridge.solve(twice @ twice.T, doubled, np.ones(11), 0.3)
    assert one == pytest.approx(two)


def test_platt_finds_the_curve_that_made_the_labels() -> None:
    rng = np.random.default_rng(5)
    scores = rng.uniform(-1, 1, 20_000)
    right = (rng.random(20_000) < calibration.sigmoid(4 * scores - 1)).astype(float)
    slope, offset = calibration.fit_platt(scores, right, np.ones(20_000))
    assert (slope, offset) == pytest.approx((4, -1), abs=0.15)


def test_a_correction_must_name_labels_of_the_taxonomy() -> None:
    with pytest.raises(InputError, match="hook has no label riddle"):
        checked(Correction(content_id="a", group="hook", labels=("riddle",), at=NOW))
    with pytest.raises(InputError, match="no group 'mood'"):
        checked(Correction(content_id="a", group="mood", labels=("sad",), at=NOW))


def test_the_latest_correction_of_a_group_holds() -> None:
    later = NOW.replace(hour=5)
    given = [
        Correction(content_id="a", group="hook", labels=("listicle",), at=later),
        Correction(content_id="a", group="hook", labels=("question",), at=NOW),
        Correction(content_id="a", group="theme", labels=("pets",), at=NOW),
        Correction(content_id="gone", group="theme", labels=("pets",), at=NOW),
    ]
    (example,) = examples_of(given, {"a": Reading(id="a")})
    assert example.labels == {"hook": ("listicle",), "theme": ("pets",)}


def test_corrections_move_an_answer_that_was_wrong(few: list[Example]) -> None:
    reading = Reading(id="new", caption="zorbing zorbing zorbing")
    taught = [
        Example(reading.model_copy(update={"id": f"c{n}"}), {"theme": ("pets",)}, 3, "correction")
        for n in range(5)
    ]
    heads = fit_heads([*few, *taught], hashed, STEP, "0" * 64)
    assert heads.manifest.corrections == 5
    column = load_taxonomy().names("theme").index("pets")
    from content_tagging.tags.seeing import look

    probabilities = heads.probabilities(look([reading], hashed))["theme"][0]
    assert probabilities.argmax() == column


def test_one_content_in_five_is_held_out_for_good() -> None:
    assert is_held_out("a") is is_held_out("a")
    assert 150 < sum(is_held_out(str(n)) for n in range(1000)) < 250
