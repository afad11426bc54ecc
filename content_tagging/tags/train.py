"""Trains the tagger on the corpus, and on a person's corrections where there are some.

python -m content_tagging.tags.train writes the heads that ship.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from content_tagging.sentences import embed
from content_tagging.tags import scoring
from content_tagging.tags.corpus import Example, corpus_sha256, load_corpus
from content_tagging.tags.encoding import encoder_of
from content_tagging.tags.fitting import Fitted, fit
from content_tagging.tags.heads import FORMAT, SHIPPED, Heads, Manifest, save
from content_tagging.tags.seeing import Embed, look
from content_tagging.tags.taxonomy import GROUPS, taxonomy_version
from content_tagging.tags.vocabulary import Vocabulary
from reelcast.packages import require
from reelcast.settings import Settings, load_settings

log = logging.getLogger(__name__)
DETECTOR = "heads/1"
AT_LEAST = 3  # examples that an n-gram stands in


def fit_heads(
    examples: Sequence[Example], embed_texts: Embed, encoder: str, corpus_sha: str
) -> Heads:
    """The heads of all groups, learned from the examples."""
    sight = look([example.reading for example in examples], embed_texts)
    vocabulary = Vocabulary.learned(sight.grams, AT_LEAST)
    blocks = sight.blocks(vocabulary)
    fitted: dict[str, Fitted] = {}
    with require("threadpoolctl").threadpool_limits(1):  # sums in one order, whatever the machine
        for group in GROUPS:
            log.info("fitting %s", group)
            fitted[group] = fit(blocks, examples, group)
    manifest = Manifest(
        format=FORMAT,
        taxonomy_version=taxonomy_version(),
        detector=f"{DETECTOR}+{corpus_sha[:8]}",
        encoder=encoder,
        corpus_sha256=corpus_sha,
        corpus_items=sum(example.source == "corpus" for example in examples),
        corrections=sum(example.source == "correction" for example in examples),
        groups={group: of.calibration for group, of in fitted.items()},
        scores={
            group: scoring.unseen_scores(examples, group, of.unseen) for group, of in fitted.items()
        },
    )
    return Heads(
        manifest=manifest,
        vocabulary=vocabulary,
        weights={group: of.weights for group, of in fitted.items()},
        bias={group: of.bias for group, of in fitted.items()},
    )


def train_shipped(settings: Settings, folder: Path = SHIPPED) -> Heads:
    """The heads of the corpus alone, saved in `folder`."""
    encoder = encoder_of(settings)
    heads = fit_heads(
        load_corpus(),
        lambda texts: embed(texts, settings.sentence_cache, encoder.make),
        encoder.name,
        corpus_sha256(),
    )
    save(heads, folder)
    return heads


if __name__ == "__main__":
    train_shipped(load_settings())
