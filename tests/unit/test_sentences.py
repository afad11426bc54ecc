from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from content_tagging import sentences
from content_tagging.sentences import DIMENSIONS, SentenceEncoder, embed
from reelcast.errors import MismatchError

TEXTS = [
    "ok",
    "Three mistakes I made with my first balcony garden, and what I do now #garden #tips",
    "Xin chào 👋 hôm nay mình thử món này",
    "POV: you finally clean the lens before filming",
    "a " * 300,
]


class HashEncoder:
    """A vector per text by its length; remembers what it was asked and may break off."""

    def __init__(self, breaks_at_call: int | None = None) -> None:
        self.asked: list[str] = []
        self.calls = 0
        self.breaks_at_call = breaks_at_call

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.calls += 1
        if self.calls == self.breaks_at_call:
            raise KeyboardInterrupt
        self.asked += texts
        return np.stack([np.full(DIMENSIONS, len(text) / 100, np.float32) for text in texts])


def no_encoder() -> SentenceEncoder:
    raise AssertionError("the encoder was made although all texts are cached")


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


def test_an_empty_text_is_a_row_of_nan(tmp_path: Path) -> None:
    vectors = embed(["", "  \n", "ab"], tmp_path / "c.db", HashEncoder)  # type: ignore[arg-type]
    assert np.isnan(vectors[:2]).all()
    assert not np.isnan(vectors[2]).any()


def test_no_texts_are_no_rows(tmp_path: Path) -> None:
    assert embed([], tmp_path / "c.db", no_encoder).shape == (0, DIMENSIONS)


def test_a_text_given_twice_is_encoded_once(tmp_path: Path) -> None:
    encoder = HashEncoder()
    vectors = embed(["ab", "c", "ab"], tmp_path / "c.db", lambda: encoder)  # type: ignore[arg-type, return-value]
    assert sorted(encoder.asked) == ["ab", "c"]
    assert (vectors[0] == vectors[2]).all()


def test_a_second_run_takes_all_from_the_cache(tmp_path: Path) -> None:
    first = embed(["ab", "c", ""], tmp_path / "c.db", HashEncoder)  # type: ignore[arg-type]
    again = embed(["", "c", "ab"], tmp_path / "c.db", no_encoder)
    assert np.array_equal(first[[2, 1, 0]], again, equal_nan=True)


def test_a_kill_loses_at_most_the_batch_it_fell_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentences, "_SAVE_EVERY", 10)
    texts = [f"{n:03}" for n in range(35)]
    broken = HashEncoder(breaks_at_call=3)
    with pytest.raises(KeyboardInterrupt):
        embed(texts, tmp_path / "c.db", lambda: broken)  # type: ignore[arg-type, return-value]
    resumed = HashEncoder()
    embed(texts, tmp_path / "c.db", lambda: resumed)  # type: ignore[arg-type, return-value]
    assert len(broken.asked) == 20
    assert sorted(broken.asked + resumed.asked) == texts


def test_progress_tells_the_texts_done_and_in_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentences, "_SAVE_EVERY", 2)
    told: list[tuple[int, int]] = []
    embed(["a", "b", "c", ""], tmp_path / "c.db", HashEncoder, lambda d, n: told.append((d, n)))  # type: ignore[arg-type]
    assert told == [(2, 3), (3, 3)]


def test_wrong_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "SHA256", "0" * 64)
    with pytest.raises(MismatchError, match=r"model\.safetensors.*expected 0000"):
        SentenceEncoder()


def test_vectors_have_unit_length(encoder: SentenceEncoder) -> None:
    assert np.linalg.norm(encoder.encode(TEXTS), axis=1) == pytest.approx(1, abs=1e-5)


def test_texts_that_mean_the_same_lie_closer_than_others(encoder: SentenceEncoder) -> None:
    dog, puppy, tax = encoder.encode(["My dog ran off", "The puppy escaped", "How to file taxes"])
    assert dog @ puppy > dog @ tax + 0.2


def test_a_text_has_one_vector_in_any_batch(tmp_path: Path, encoder: SentenceEncoder) -> None:
    together = embed(TEXTS, tmp_path / "together.db", lambda: encoder)
    for text, vector in zip(TEXTS, together, strict=True):
        alone = embed([text], tmp_path / "alone.db", lambda: encoder)[0]
        assert np.array_equal(alone, vector), text


def test_a_text_has_one_vector_in_any_process(tmp_path: Path, encoder: SentenceEncoder) -> None:
    code = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from content_tagging.sentences import embed\n"
        "np.save(sys.argv[1], embed([sys.argv[2]], Path(sys.argv[3])))"
    )
    saved = tmp_path / "vector.npy"
    command = [sys.executable, "-c", code, str(saved), TEXTS[1], str(tmp_path / "other.db")]
    subprocess.run(command, check=True)
    here = embed(TEXTS, tmp_path / "here.db", lambda: encoder)
    assert np.array_equal(np.load(saved)[0], here[1])
