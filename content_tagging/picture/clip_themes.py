"""What a video is about by its pictures alone: CLIP (Radford et al. 2021), zero-shot over themes.

Off unless `tagging.clip_weights` names a folder of weights; none are part of the project. Tested
with a miniature CLIP that the tests make; real weights were never measured here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from content_tagging.media.frame import U8, Frame
from content_tagging.tags.taxonomy import load_taxonomy, nothing
from reelcast.errors import MismatchError, NotFoundError
from reelcast.packages import require
from reelcast.settings import TaggingSettings

VERSION = "1"
PROMPT = "a picture from a video about {}"
LOOK_S = 1.0  # least time between two pictures
SAME_S = 5.0  # least time between two pictures that are alike
ALIKE = 12.0  # mean difference of two pictures of one shot, grey levels

F32 = npt.NDArray[np.float32]


class _Clip(NamedTuple):
    model: Any
    pictures: Any
    themes: tuple[str, ...]
    texts: F32  # (n_themes, dimensions), unit


class ClipThemes:
    """Looks at a few pictures of each shot; `result` is the probability of each theme.

    Without `tagging.clip_weights`, or without pictures, the result is empty. Raises NotFoundError
    where the folder is missing, MismatchError where it holds no CLIP.
    """

    def __init__(self, settings: TaggingSettings) -> None:
        self._clip = None if settings.clip_weights is None else _load(settings.clip_weights)
        self._last: Frame | None = None
        self._seen: list[F32] = []

    def see(self, frame: Frame) -> None:
        if self._clip is None or frame.picture is None or not self._is_new(frame):
            return
        self._last = frame
        self._seen.append(_probabilities(self._clip, frame.picture))

    def result(self) -> dict[str, float]:
        if self._clip is None or not self._seen:
            return {}
        mean = np.mean(self._seen, axis=0)
        return {theme: float(share) for theme, share in zip(self._clip.themes, mean, strict=True)}

    def _is_new(self, frame: Frame) -> bool:
        if self._last is None:
            return True
        passed_s = frame.time_s - self._last.time_s
        return passed_s >= SAME_S or (passed_s >= LOOK_S and not _alike(self._last, frame))


def version(settings: TaggingSettings) -> str | None:
    """What told the themes, for the record of detectors; None where it is off."""
    folder = settings.clip_weights
    return None if folder is None else f"clip-themes-{VERSION}+{folder.name}"


def prompts() -> dict[str, str]:
    """What CLIP compares a picture with, by theme.

    >>> prompts()["food_drink"]
    'a picture from a video about food, drink'
    """
    themes = load_taxonomy().labels["theme"].items()
    return {
        theme: PROMPT.format(words or theme.replace("_", ", "))
        for theme, words in themes
        if theme != nothing("theme")
    }


def _alike(a: Frame, b: Frame) -> bool:
    if a.small.shape != b.small.shape:
        return False
    difference = np.abs(a.small.astype(np.int16) - b.small.astype(np.int16))
    return float(difference.mean()) < ALIKE


def _probabilities(clip: _Clip, picture: U8) -> F32:
    """The softmax over themes of one picture, (n_themes,)."""
    torch = require("torch")
    pixels = clip.pictures(picture, return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        seen = _unit(clip.model.get_image_features(pixel_values=pixels).pooler_output)
        scale = float(clip.model.logit_scale.exp())
    scores = scale * (clip.texts @ seen[0])
    shares = np.exp(scores - scores.max())
    return np.asarray(shares / shares.sum(), np.float32)


@cache
def _load(folder: Path) -> _Clip:
    if not (folder / "config.json").is_file():
        raise NotFoundError(
            f"tagging.clip_weights names {folder}, where there is no config.json: give the folder "
            f"of a CLIP model of transformers, or unset it to do without visual themes"
        )
    transformers, torch = require("transformers"), require("torch")
    transformers.utils.logging.disable_progress_bar()
    safetensors = require("safetensors")
    try:
        config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
        if config.model_type != "clip":
            raise ValueError(f"a model of type {config.model_type}")
        model, report = transformers.CLIPModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, output_loading_info=True
        )
        if report["missing_keys"]:
            raise ValueError(f"weights lack {sorted(report['missing_keys'])[0]}")
        tokenizer = transformers.CLIPTokenizer.from_pretrained(folder, local_files_only=True)
        pictures = transformers.CLIPImageProcessorPil.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, RuntimeError, safetensors.SafetensorError) as exc:
        raise MismatchError(
            f"tagging.clip_weights names {folder}, which transformers does not read as CLIP "
            f"({exc}): give the folder of a CLIP model with model.safetensors, or unset it"
        ) from exc
    model.eval()
    tokens = tokenizer(list(prompts().values()), padding=True, truncation=True, return_tensors="pt")
    with torch.inference_mode():
        texts = _unit(model.get_text_features(**tokens).pooler_output)
    return _Clip(model, pictures, tuple(prompts()), texts)


def _unit(vectors: Any) -> F32:
    """Rows of length one."""
    rows = vectors.float().numpy()
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
