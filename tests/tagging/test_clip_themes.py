"""Visual themes through a miniature CLIP, made and fitted here: two colours, two themes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPTokenizer

from content_tagging.media.frame import Frame
from content_tagging.picture import look as looking
from content_tagging.picture.clip_themes import ClipThemes, prompts, version
from content_tagging.picture.look import look
from content_tagging.records import Signals, Tag, Transcript
from content_tagging.tags.reading import Line, Seen, reading_of_signals
from content_tagging.tags.tagger import Tagger
from content_tagging.tags.visual import visual_theme
from reelcast.errors import MismatchError, NotFoundError
from reelcast.settings import TaggingSettings, load_settings
from tests.tagging.media_files import write_video

RED, BLUE = (200, 30, 30), (30, 30, 200)
LETTERS = "abcdefghijklmnopqrstuvwxyz,"
SIDE = 32


def tokenizer() -> CLIPTokenizer:
    marks = ["<|startoftext|>", "<|endoftext|>"]
    pieces = [*marks, *LETTERS, *(f"{letter}</w>" for letter in LETTERS)]
    return CLIPTokenizer(vocab={piece: at for at, piece in enumerate(pieces)}, merges=[])


def image_processor() -> CLIPImageProcessorPil:
    size = {"height": SIDE, "width": SIDE}
    return CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=size)


def miniature(words: CLIPTokenizer) -> CLIPModel:
    torch.manual_seed(7)
    layer = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 2}
    marks = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1}
    config = CLIPConfig(
        text_config={**layer, **marks, "num_hidden_layers": 1, "vocab_size": len(words)},
        vision_config={**layer, "num_hidden_layers": 1, "image_size": SIDE, "patch_size": 16},
        projection_dim=16,
    )
    return CLIPModel(config)


def fit(model: CLIPModel, words: CLIPTokenizer, pictures: CLIPImageProcessorPil) -> None:
    """Red means food, blue means travel."""
    texts = [prompts()["food_drink"], prompts()["travel"]]
    tokens = words(texts, padding=True, return_tensors="pt")
    pixels = pictures([plain(RED), plain(BLUE)], return_tensors="pt")["pixel_values"]
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(40):
        loss = model(**tokens, pixel_values=pixels, return_loss=True).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def plain(colour: tuple[int, int, int]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.full((64, 48, 3), colour, np.uint8)


def frame(at_s: float, colour: tuple[int, int, int]) -> Frame:
    return Frame(int(at_s * 10), at_s, plain(colour), plain(colour))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("clip")
    words, pictures = tokenizer(), image_processor()
    model = miniature(words)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a model only waits for a second one
    fit(model, words, pictures)
    torch.set_num_threads(threads)
    for part in (model, words, pictures):
        part.save_pretrained(made)
    return made


def themes(folder: Path, *frames: Frame) -> dict[str, float]:
    clip = ClipThemes(TaggingSettings(clip_weights=folder))
    for each in frames:
        clip.see(each)
    return clip.result()


def test_a_picture_gets_the_theme_it_stands_for(folder: Path) -> None:
    red, blue = themes(folder, frame(0, RED)), themes(folder, frame(0, BLUE))
    assert red["food_drink"] > red["travel"]
    assert blue["travel"] > blue["food_drink"]


def test_probabilities_of_all_themes_but_other_sum_to_one(folder: Path) -> None:
    found = themes(folder, frame(0, RED), frame(2, BLUE))
    assert set(found) == set(prompts())
    assert "other" not in found
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)


def test_pictures_of_one_shot_count_once(folder: Path) -> None:
    one = themes(folder, frame(0, RED), frame(3, BLUE))
    assert themes(folder, frame(0, RED), frame(1.5, RED), frame(2.5, RED), frame(3, BLUE)) == one


def test_the_same_frames_give_the_same_themes(folder: Path) -> None:
    assert themes(folder, frame(0, RED)) == themes(folder, frame(0, RED))


def watched(folder: Path, tmp_path: Path, settings: TaggingSettings) -> Signals:
    """The signals of two seconds of red, without a word."""
    path = write_video(tmp_path / "red.mp4", [plain(RED)] * 50)
    media, pictures = look(path, settings)
    silent = Transcript(status="no_sound", engine="none")
    return Signals(content_id="ab" * 32, media=media, pictures=pictures, transcript=silent)


def theme_tags(signals: Signals, speech: str, tmp_path: Path) -> list[Tag]:
    said = (Line(text=speech, start_s=0, end_s=2),) if speech else ()
    reading = reading_of_signals(signals).model_copy(update={"spoken": said})
    (tags,) = Tagger.from_settings(load_settings(home=str(tmp_path))).tag([reading])
    return [tag for tag in tags if tag.group == "theme"]


def test_a_file_without_words_gets_the_theme_of_its_pictures(folder: Path, tmp_path: Path) -> None:
    signals = watched(folder, tmp_path, TaggingSettings(clip_weights=folder, threads=1))
    assert signals.pictures.themes["food_drink"] == max(signals.pictures.themes.values())
    *words, visual = theme_tags(signals, "", tmp_path)
    assert (visual.label, visual.modality) == ("food_drink", "visual")
    assert visual.probability == round(signals.pictures.themes["food_drink"], 4)
    assert visual.detector.startswith(f"clip-themes-1+{folder.name}")
    assert visual.primary
    assert not any(tag.primary for tag in words)


def test_a_theme_that_the_words_are_sure_of_stays_the_primary_one(
    folder: Path, tmp_path: Path
) -> None:
    signals = watched(folder, tmp_path, TaggingSettings(clip_weights=folder, threads=1))
    speech = "This retinol serum and sunscreen routine cleared my skin and acne."
    found = theme_tags(signals, speech, tmp_path)
    assert [tag.label for tag in found if tag.primary] == ["beauty_skincare"]
    assert found[-1].modality == "visual"


def test_a_theme_that_the_taxonomy_no_longer_has_is_not_said() -> None:
    assert visual_theme(Seen(themes={"gone": 0.9}, themes_by="clip"), primary=True) == ()


def test_a_theme_of_the_pictures_that_is_unlikely_is_not_primary() -> None:
    (tag,) = visual_theme(Seen(themes={"travel": 0.3, "pets": 0.2}, themes_by="c"), primary=True)
    assert (tag.label, tag.primary) == ("travel", False)


def test_weights_ask_for_another_look() -> None:
    plain, clip = TaggingSettings(), TaggingSettings(clip_weights=Path("clip-b32"))
    assert looking.version(plain) != looking.version(clip)
    assert "clip-b32" in looking.version(clip)


def test_without_weights_there_are_no_themes() -> None:
    clip = ClipThemes(TaggingSettings())
    clip.see(frame(0, RED))
    assert clip.result() == {}
    assert version(TaggingSettings()) is None


def test_a_missing_folder_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"tagging\.clip_weights names .*nowhere"):
        ClipThemes(TaggingSettings(clip_weights=tmp_path / "nowhere"))


def test_a_folder_of_another_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(MismatchError, match="type bert"):
        ClipThemes(TaggingSettings(clip_weights=tmp_path))


@pytest.mark.parametrize(
    "file", ["model.safetensors", "tokenizer.json", "preprocessor_config.json"]
)
def test_a_folder_with_a_broken_file_is_refused(folder: Path, tmp_path: Path, file: str) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    (broken / file).write_bytes(b"no such thing")
    with pytest.raises(MismatchError, match=r"tagging\.clip_weights"):
        ClipThemes(TaggingSettings(clip_weights=broken))


def test_weights_that_lack_a_layer_are_refused(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    poor = tmp_path / "poor"
    shutil.copytree(folder, poor)
    weights = load_file(poor / "model.safetensors")
    del weights["text_projection.weight"]
    save_file(weights, poor / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(MismatchError, match="lack text_projection"):
        ClipThemes(TaggingSettings(clip_weights=poor))
