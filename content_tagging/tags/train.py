"""Trains the tagger on the corpus, and on people's corrections where there are some.

python -m content_tagging.tags.train writes the heads that ship.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from content_tagging.tags import scoring
from content_tagging.tags.corpus import Example, corpus_sha256, load_corpus
from content_tagging.tags.corrections import Correction, examples_of, is_held_out
from content_tagging.tags.encoding import encoder_of
from content_tagging.tags.fitting import Fitted, families_for, fit_family
from content_tagging.tags.heads import FORMAT, SHIPPED, Heads, Manifest, save
from content_tagging.tags.reading import Reading
from content_tagging.tags.seeing import Embed, look
from content_tagging.tags.tagger import Tagger, trained_folder
from content_tagging.tags.taxonomy import GROUPS, taxonomy_version
from content_tagging.tags.variants import with_variants
from content_tagging.tags.vocabulary import Vocabulary
from reelcast.packages import require
from reelcast.records import Record
from reelcast.settings import Settings, load_settings

log = logging.getLogger(__name__)
DETECTOR = "heads/1"
AT_LEAST = 3  # examples that an n-gram stands in


class GroupReport(Record):
    """A group's share of right answers on the held-out corrections, before and after."""

    held_out: int
    before: float | None
    after: float | None


class TrainingReport(Record):
    """What was learned from, and whether it helped; null where no held-out correction is."""

    corpus_items: int
    learned_corrections: int
    without_reading: int
    folder: str
    groups: dict[str, GroupReport]


def train(
    settings: Settings,
    corrections: Sequence[Correction] = (),
    readings: Mapping[str, Reading] | None = None,
) -> TrainingReport:
    """Learn the corpus and four in five of the corrected contents, and measure on the fifth.

    The heads are kept under REELCAST_HOME and used from then on. `readings` are those of the
    corrected contents, by content.
    """
    examples = examples_of(corrections, readings or {})
    held = [example for example in examples if is_held_out(example.reading.id)]
    kept = [example for example in examples if not is_held_out(example.reading.id)]
    before = _right(Tagger.from_settings(settings), held)
    encoder = encoder_of(settings)
    heads = fit_heads([*load_corpus(), *kept], encoder.embed, encoder.name, corpus_sha256())
    save(heads, trained_folder(settings))
    after = _right(Tagger(heads, encoder.embed), held)
    return TrainingReport(
        corpus_items=heads.manifest.corpus_items,
        learned_corrections=len(kept),
        without_reading=len({c.content_id for c in corrections}) - len(examples),
        folder=str(trained_folder(settings)),
        groups={
            group: GroupReport(
                held_out=sum(group in example.labels for example in held),
                before=before.get(group),
                after=after.get(group),
            )
            for group in GROUPS
        },
    )


def train_shipped(settings: Settings, folder: Path = SHIPPED) -> Heads:
    """The heads of the corpus alone, saved in `folder`."""
    encoder = encoder_of(settings)
    heads = fit_heads(load_corpus(), encoder.embed, encoder.name, corpus_sha256())
    save(heads, folder)
    return heads


def fit_heads(
    examples: Sequence[Example], embed_texts: Embed, encoder: str, corpus_sha: str
) -> Heads:
    """The heads of all groups, learned from the examples and noisy copies of them."""
    learned = with_variants(examples)
    sight = look([example.reading for example in learned], embed_texts)
    originals = [g for g, e in zip(sight.grams, learned, strict=True) if e.source != "variant"]
    vocabulary = Vocabulary.learned(originals, AT_LEAST)
    blocks = sight.blocks(vocabulary)
    fitted: dict[str, Fitted] = {}
    with require("threadpoolctl").threadpool_limits(1):  # sums in one order, whatever the machine
        for family in families_for(learned):
            log.info("fitting %s", ", ".join(family.groups))
            fitted |= fit_family(family, blocks, learned)
    return Heads(
        manifest=Manifest(
            format=FORMAT,
            taxonomy_version=taxonomy_version(),
            detector=f"{DETECTOR}+{corpus_sha[:8]}",
            encoder=encoder,
            corpus_sha256=corpus_sha,
            corpus_items=sum(example.source == "corpus" for example in examples),
            corrections=sum(example.source == "correction" for example in examples),
            groups={group: fitted[group].calibration for group in GROUPS},
            scores={
                group: scoring.unseen_scores(learned, group, fitted[group].unseen)
                for group in GROUPS
            },
        ),
        vocabulary=vocabulary,
        weights={group: fitted[group].weights for group in GROUPS},
        bias={group: fitted[group].bias for group in GROUPS},
    )


def _right(tagger: Tagger, examples: Sequence[Example]) -> dict[str, float]:
    """Share of right first answers by group, for the groups that the examples have labels of."""
    answers = tagger.answers([example.reading for example in examples])
    out = {}
    for group in GROUPS:
        pairs = [(a[group], e) for a, e in zip(answers, examples, strict=True) if group in e.labels]
        if pairs:
            said = [a.best or "" for a, _ in pairs]
            out[group] = scoring.accuracy(said, [e.labels[group] for _, e in pairs])
    return out


if __name__ == "__main__":
    train_shipped(load_settings())
