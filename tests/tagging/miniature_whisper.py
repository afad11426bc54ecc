"""A Whisper of one layer that knows three sentences by heart, as weights for both engines.

Its folder has what real weights have: CTranslate2's model.bin and tokenizer.json for
faster-whisper, and a checkpoint for openai-whisper, both from the same training.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from content_tagging.media.sound import read_sound
from content_tagging.sound.activity import Activity
from content_tagging.speech.blocks import Block, cut, grouped
from content_tagging.speech.faster_whisper import FasterWhisper
from reelcast.settings import TaggingSettings
from tests.tagging.miniature_whisper_clips import SENTENCES, clip

MOST_STEPS, RATE = 300, 3e-3
BETAS = (0.9, 0.95)  # the first steps' steep slopes are soon forgotten
LEARNED = 0.003  # cross-entropy of a token at which training ends
MODEL = {
    "vocab_size": 51865,
    "d_model": 64,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 1,
    "decoder_attention_heads": 1,
    "encoder_ffn_dim": 256,
    "decoder_ffn_dim": 256,
    "dropout": 0.0,
    "init_std": 0.06,
}
OPENAI_NAMES = (
    ("encoder.layers.", "encoder.blocks."),
    ("decoder.layers.", "decoder.blocks."),
    ("encoder.embed_positions.weight", "encoder.positional_embedding"),
    ("decoder.embed_positions.weight", "decoder.positional_embedding"),
    ("decoder.embed_tokens.", "decoder.token_embedding."),
    ("encoder.layer_norm.", "encoder.ln_post."),
    ("decoder.layer_norm.", "decoder.ln."),
    ("self_attn_layer_norm", "attn_ln"),
    ("encoder_attn_layer_norm", "cross_attn_ln"),
    ("final_layer_norm", "mlp_ln"),
    ("self_attn.", "attn."),
    ("encoder_attn.", "cross_attn."),
    ("q_proj", "query"),
    ("k_proj", "key"),
    ("v_proj", "value"),
    ("out_proj", "out"),
    ("fc1", "mlp.0"),
    ("fc2", "mlp.2"),
)


def make(folder: Path) -> Path:
    """The folder of CTranslate2 weights; `openai.pt` lies in it too."""
    with _one_thread():
        model = _trained()
    source = folder / "transformers"
    _write_tokenizer(source)
    model.save_pretrained(source)
    weights = folder / "weights"
    _convert(source, weights)
    _write_checkpoint(model, weights / "openai.pt")
    return weights


def blocks_of(path: Path) -> list[Block]:
    """What an engine would hear of the file."""
    settings, activity = TaggingSettings(), Activity()
    for chunk in read_sound(path, settings):
        activity.see(chunk)
    windows = FasterWhisper.windows
    return list(cut(read_sound(path, settings), grouped(activity.spans(), windows), windows))


def _trained() -> Any:
    from transformers import WhisperConfig, WhisperForConditionalGeneration
    from transformers.modeling_outputs import BaseModelOutput

    torch.manual_seed(7)
    model = WhisperForConditionalGeneration(WhisperConfig(**MODEL))
    sound, tokens = _lessons()
    labels = _with_one_end(tokens)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, betas=BETAS)
    for _ in range(MOST_STEPS):
        heard = model.model.encoder(sound).last_hidden_state.repeat_interleave(2, dim=0)
        answer = model(
            encoder_outputs=BaseModelOutput(heard),
            decoder_input_ids=tokens[:, :-1],
            labels=labels,
        )
        optimizer.zero_grad()
        answer.loss.backward()
        optimizer.step()
        if answer.loss.item() < LEARNED:
            return model.eval()
    raise AssertionError("the miniature Whisper has not learned its sentences")


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread: it gives the same weights each time, and threads would wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _with_one_end(tokens: torch.Tensor) -> torch.Tensor:
    """What should follow each token. Nothing counts after the first end, nor whether times follow,
    which the engine decides."""
    labels = tokens[:, 1:].masked_fill(tokens[:, :-1] == _tokenizer().eot, -100)
    labels[:, len(_tokenizer().sot_sequence) - 1] = -100
    return labels


def _lessons() -> tuple[torch.Tensor, torch.Tensor]:
    """(3, 80, 3000) log mel spectrograms; (6, n) tokens: each clip's without and with times."""
    from faster_whisper.audio import pad_or_trim
    from faster_whisper.feature_extractor import FeatureExtractor

    of, mel = _tokenizer(), FeatureExtractor()
    sounds, texts = [], []
    for name, sentence in SENTENCES.items():
        (block,) = blocks_of(clip(name))
        said = of.encode(" " + sentence)
        end = of.timestamp_begin + round(block.duration_s / 0.02)
        texts += [
            [*of.sot_sequence, of.no_timestamps, *said, of.eot],
            [*of.sot_sequence, of.timestamp_begin, *said, end, of.eot],
        ]
        sounds.append(pad_or_trim(mel(block.samples)[:, :-1]))  # as engines pad
    longest = max(map(len, texts))
    rows = [text + [of.eot] * (longest - len(text)) for text in texts]
    return torch.tensor(np.stack(sounds)), torch.tensor(rows)


def _tokenizer() -> Any:
    from whisper.tokenizer import get_tokenizer

    return get_tokenizer(multilingual=True, language="en", task="transcribe")


def _write_tokenizer(folder: Path) -> None:
    """tokenizer.json from the vocabulary inside openai-whisper."""
    import whisper
    from transformers import PreTrainedTokenizerFast
    from transformers.convert_slow_tokenizer import TikTokenConverter

    encoding = _tokenizer().encoding
    vocabulary = Path(whisper.__file__).parent / "assets" / "multilingual.tiktoken"
    special = sorted(encoding._special_tokens, key=encoding._special_tokens.__getitem__)
    converter = TikTokenConverter(
        vocab_file=str(vocabulary), pattern=encoding._pat_str, extra_special_tokens=special
    )
    made = PreTrainedTokenizerFast(
        tokenizer_object=converter.converted(), eos_token="<|endoftext|>"
    )
    made.save_pretrained(folder)


def _convert(source: Path, target: Path) -> None:
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(source), copy_files=["tokenizer.json"]).convert(str(target))
    of = _tokenizer()
    config = {
        "alignment_heads": [[0, 0]],
        "lang_ids": sorted(of.all_language_tokens),
        "suppress_ids": [],
        "suppress_ids_begin": [*of.encode(" "), of.eot],
    }
    (target / "config.json").write_text(json.dumps(config))


def _write_checkpoint(model: Any, path: Path) -> None:
    """The same weights under openai-whisper's names."""
    from whisper.model import ModelDimensions

    of = model.config
    dims = ModelDimensions(
        n_mels=of.num_mel_bins,
        n_audio_ctx=of.max_source_positions,
        n_audio_state=of.d_model,
        n_audio_head=of.encoder_attention_heads,
        n_audio_layer=of.encoder_layers,
        n_vocab=of.vocab_size,
        n_text_ctx=of.max_target_positions,
        n_text_state=of.d_model,
        n_text_head=of.decoder_attention_heads,
        n_text_layer=of.decoder_layers,
    )
    weights = {_openai_name(k): v for k, v in model.model.state_dict().items()}
    torch.save({"dims": asdict(dims), "model_state_dict": weights}, path)


def _openai_name(name: str) -> str:
    for theirs, ours in OPENAI_NAMES:
        name = name.replace(theirs, ours)
    return name
