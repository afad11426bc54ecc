"""Trained heads: linear in what is seen of a reading, calibrated, kept in open formats.

A folder: `weights.npz` (half-precision arrays), `vocabulary.txt` (one n-gram a line) and
`manifest.json` (versions, corpus, encoder, calibration, scores).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.tags.calibration import sigmoid, softmax
from content_tagging.tags.seeing import BLOCKS, Sight
from content_tagging.tags.taxonomy import GROUPS, ONE_ANSWER, load_taxonomy
from content_tagging.tags.vocabulary import Vocabulary
from reelcast.errors import MismatchError, NotFoundError
from reelcast.records import Record

FORMAT = 1
SHIPPED = Path(__file__).parent / "weights"
F64 = npt.NDArray[np.float64]
F16 = npt.NDArray[np.float16]


class Calibration(Record):
    """How a group's scores become probabilities."""

    labels: tuple[str, ...]
    slopes: tuple[float, ...]  # by label; all equal where one label is chosen
    offsets: tuple[float, ...]  # by label
    thresholds: tuple[float, ...]  # by label: from which probability on it is said
    abstain_below: float  # of the best label


class Manifest(Record):
    """What heads are, what they learned from, and what they fit."""

    format: int
    taxonomy_version: str
    detector: str
    encoder: str
    corpus_sha256: str
    corpus_items: int
    corrections: int
    groups: dict[str, Calibration]
    scores: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Heads:
    """One linear head per group: scores = sum over blocks of block @ weights, plus a bias."""

    manifest: Manifest
    vocabulary: Vocabulary
    weights: Mapping[str, Mapping[str, F16]]  # by group and block, (columns, labels)
    bias: Mapping[str, npt.NDArray[np.float32]]

    def probabilities(self, sight: Sight) -> dict[str, F64]:
        """By group, (n, labels) calibrated; rows of hook, format and theme sum to 1."""
        blocks = sight.blocks(self.vocabulary)
        return {group: self._of_group(group, blocks) for group in self.manifest.groups}

    def _of_group(self, group: str, blocks: Mapping[str, Any]) -> F64:
        scores: Any = self.bias[group].astype(np.float64)
        for name, weights in self.weights[group].items():
            scores = scores + np.asarray(blocks[name] @ weights.astype(np.float32), np.float64)
        return calibrated(group, scores, self.manifest.groups[group])


def calibrated(group: str, scores: F64, calibration: Calibration) -> F64:
    """(n, labels) probabilities of scores."""
    z = scores * np.array(calibration.slopes) + np.array(calibration.offsets)
    return softmax(z) if group in ONE_ANSWER else sigmoid(z)


def save(heads: Heads, folder: Path) -> None:
    """Write the heads' folder; equal heads make equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, npt.NDArray[Any]] = {
        f"{g}/{block}": w for g, of in heads.weights.items() for block, w in of.items()
    }
    arrays |= {f"{group}/bias": bias for group, bias in heads.bias.items()}
    arrays["idf"] = heads.vocabulary.idf.astype(np.float16)
    with zipfile.ZipFile(folder / "weights.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            content = io.BytesIO()
            np.save(content, arrays[name], allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.getvalue())
    (folder / "vocabulary.txt").write_text("\n".join(heads.vocabulary.grams) + "\n", "utf-8")
    manifest = heads.manifest.model_dump(mode="json")
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def load(folder: Path, encoder: str) -> Heads:
    """The heads of a folder.

    Raises NotFoundError where none are, MismatchError where they do not fit this code, taxonomy
    or sentence encoder.
    """
    try:
        raw = json.loads((folder / "manifest.json").read_text("utf-8"))
        grams = (folder / "vocabulary.txt").read_text("utf-8").split("\n")[:-1]
        arrays = dict(np.load(folder / "weights.npz", allow_pickle=False))
    except FileNotFoundError as exc:
        raise NotFoundError(f"{folder} holds no tagger: run `reelcast tags train`") from exc
    _check(raw, folder, encoder)
    weights: dict[str, dict[str, F16]] = {}
    for group in raw["groups"]:
        weights[group] = {b: arrays[f"{group}/{b}"] for b in BLOCKS if f"{group}/{b}" in arrays}
    return Heads(
        manifest=Manifest.model_validate(raw),
        vocabulary=Vocabulary(grams, arrays["idf"].astype(np.float32)),
        weights=weights,
        bias={group: arrays[f"{group}/bias"] for group in weights},
    )


def _check(raw: Mapping[str, Any], folder: Path, encoder: str) -> None:
    taxonomy = load_taxonomy()
    for key, ours in (
        ("format", FORMAT),
        ("taxonomy_version", taxonomy.version),
        ("encoder", encoder),
    ):
        if raw.get(key) != ours:
            raise MismatchError(
                f"the tagger in {folder} has {key} {raw.get(key)!r}, here it is {ours!r}: "
                "run `reelcast tags train` to make one that fits"
            )
    for group in GROUPS:
        if tuple(raw["groups"][group]["labels"]) != taxonomy.names(group):
            raise MismatchError(
                f"the tagger in {folder} knows other labels of {group} than the taxonomy: "
                "run `reelcast tags train`"
            )
