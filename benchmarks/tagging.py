"""Measures hook, format, theme and calls to action on labelled openings.

python -m benchmarks.tagging

(a) the shipped head, which has seen none of them; (b) a head that learned the corpus and the other
folds of them. An answer is right when it is among the accepted. The labels were made by language
models from text, not by people.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import evidence, tagging_data, tagging_methods
from benchmarks.evidence import target
from benchmarks.tagging_data import Gold
from content_tagging.sentences import STEP, embed
from content_tagging.tags.calibration import calibration_error
from content_tagging.tags.corpus import load_corpus
from content_tagging.tags.heads import SHIPPED, load
from content_tagging.tags.scoring import accuracy, macro_f1, micro_f1
from content_tagging.tags.seeing import Sight, look
from content_tagging.tags.tagger import Tagger
from content_tagging.tags.taxonomy import ONE_ANSWER, load_taxonomy

F64 = npt.NDArray[np.float64]
DRAWS = 1000
COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
GOALS = {
    "unseen": {"hook": 0.60, "format": 0.60, "theme": 0.75},
    "in_folds": {"hook": 0.75, "format": 0.84, "theme": 0.88},
}
MIN_CTA_F1, MIN_MACRO_F1, MAX_ECE = 0.80, 0.55, 0.07
PUBLISHED = {
    "zero_shot": {"hook": 0.21, "format": 0.13, "theme": 0.41},
    "plain_head": {"hook": 0.62, "format": 0.79, "theme": 0.84},
}


def main() -> None:
    folder = evidence.real_data_or_exit()
    started = time.monotonic()
    gold = tagging_data.load_gold(folder / "tag_gold.jsonl")
    sight = look(gold.readings, _embed)
    vectors = np.nan_to_num(sight.meaning[:, -sight.meaning.shape[1] // 3 :])
    texts = [f"{w.on_screen} {w.caption}" for w in sight.wordings]
    templates = tagging_data.templates_of(texts, vectors)
    folds = tagging_data.folds_of(templates)
    heads = load(SHIPPED, STEP)
    unseen = heads.probabilities(sight)
    corpus = [example for example in load_corpus() if example.source == "corpus"]
    in_folds = tagging_methods.head_in_folds(corpus, gold, folds, _embed)
    figures: dict[str, Any] = {
        "rows": len(gold),
        "templates": len(set(templates)),
        "corpus": heads.manifest.corpus_items,
        "other_themes": heads.manifest.scores,
        "baselines": _baselines(gold, sight, vectors, folds),
        "unseen": _head(gold, unseen, templates),
        "in_folds": _head(gold, in_folds, templates),
        "cta": {
            "unseen": _cta(gold, unseen["cta"], heads.manifest.groups["cta"].thresholds),
            "in_folds": _cta(gold, in_folds["cta"], heads.manifest.groups["cta"].thresholds),
        },
        "youtube": _youtube(folder / "youtube_categories_en.parquet"),
    }
    figures["targets"] = _targets(figures)
    print("wrote", evidence.write("tagging", figures, started))


def _embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    return embed(texts, evidence.CACHE)


def _baselines(
    gold: Gold, sight: Sight, vectors: npt.NDArray[np.float32], folds: npt.NDArray[np.int64]
) -> dict[str, Any]:
    joint = [" ".join((w.on_screen, w.spoken, w.caption)) for w in sight.wordings]
    out: dict[str, Any] = {}
    for group in ONE_ANSWER:
        answers = {
            "majority": tagging_methods.majority(gold, folds, group),
            "rules": tagging_methods.rules_alone(sight, group),
            "zero_shot": tagging_methods.zero_shot(joint, group, _embed),
            "plain_head": tagging_methods.plain_head(vectors, gold, folds, group),
        }
        for name, said in answers.items():
            out.setdefault(name, {})[group] = accuracy(said, gold.accepted[group])
    return out


def _head(gold: Gold, given: dict[str, F64], templates: Sequence[int]) -> dict[str, Any]:
    """A head's figures by group: right, its interval, macro F1, calibration, abstention."""
    out = {}
    for group in ONE_ANSWER:
        names = load_taxonomy().names(group)
        said = [names[at] for at in given[group].argmax(axis=1)]
        top = given[group].max(axis=1)
        hit = np.array([float(s in a) for s, a in zip(said, gold.accepted[group], strict=True)])
        low, high = _interval(hit, templates)
        out[group] = {
            "accuracy": float(hit.mean()),
            "low": low,
            "high": high,
            "macro_f1": macro_f1(said, gold.accepted[group]),
            "calibration_error": calibration_error(top, hit),
            "mean_probability": float(top.mean()),
            "abstention": _abstention(top, hit),
        }
    return out


def _interval(hit: F64, templates: Sequence[int]) -> tuple[float, float]:
    """95% interval of the mean from draws of whole templates."""
    rng = np.random.default_rng(11)
    rows = [np.flatnonzero(np.array(templates) == t) for t in sorted(set(templates))]
    draws = [
        hit[np.concatenate([rows[i] for i in rng.integers(0, len(rows), len(rows))])].mean()
        for _ in range(DRAWS)
    ]
    low, high = np.percentile(draws, (2.5, 97.5))
    return float(low), float(high)


def _abstention(top: F64, hit: F64) -> list[dict[str, float]]:
    """How often the surest share of the answers is right."""
    order = np.argsort(-top, kind="stable")
    out = []
    for share in COVERAGES:
        kept = order[: max(round(share * len(order)), 1)]
        out.append({"answered": share, "accuracy": float(hit[kept].mean())})
    return out


def _cta(gold: Gold, given: F64, thresholds: Sequence[float]) -> dict[str, Any]:
    """F1 over the rows on which both readings agreed, with and without `none` as a label."""
    names = load_taxonomy().names("cta")
    said, true = [], []
    for of, labels in zip(given, gold.accepted["cta"], strict=True):
        if labels:
            asked = {n for n, p, t in zip(names, of, thresholds, strict=True) if p >= t}
            said.append(asked - {"none"} or {"none"})
            true.append(set(labels))
    asking = sum(labels != {"none"} for labels in true)
    return {
        "rows": len(true),
        "rows_that_ask": asking,
        "f1": micro_f1(said, true, leave_out=""),
        "f1_without_none": micro_f1(said, true),
    }


def _youtube(path: Path) -> dict[str, Any]:
    """Macro F1 of themes on titles, of the shipped head and of a head trained on such titles."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    train, test = tagging_data.load_titles(path)
    tagger = Tagger(load(SHIPPED, STEP), _embed)
    themes = [answers["theme"].labels[0] for answers in tagger.answers(test.readings)]
    said = [tagging_data.class_of(theme) for theme in themes]
    words = TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2), max_features=60_000)
    head = LogisticRegression(C=10, max_iter=300).fit(
        words.fit_transform(train.texts), train.classes
    )
    there = [str(label) for label in head.predict(words.transform(test.texts))]
    accepted = [(label,) for label in test.classes]
    return {
        "train": len(train.texts),
        "test": len(test.texts),
        "shipped": {"macro_f1": macro_f1(said, accepted), "accuracy": accuracy(said, accepted)},
        "tfidf_there": {
            "macro_f1": macro_f1(there, accepted),
            "accuracy": accuracy(there, accepted),
        },
    }


def _targets(figures: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    words = {"unseen": "tags, corpus only", "in_folds": "tags, corpus and gold in folds"}
    for name, goals in GOALS.items():
        for group, goal in goals.items():
            value = figures[name][group]["accuracy"]
            what = f"{words[name]}: {group} among the accepted"
            rows.append(target(what, value, "share", f"at least {goal:.2f}", value >= goal))
            ece = figures[name][group]["calibration_error"]
            what = f"{words[name]}: calibration error of {group}"
            rows.append(target(what, ece, "share", f"at most {MAX_ECE}", ece <= MAX_ECE))
        f1 = figures["cta"][name]["f1_without_none"]
        what = f"{words[name]}: F1 of calls to action, without none"
        rows.append(target(what, f1, "F1", f"at least {MIN_CTA_F1:.2f}", f1 >= MIN_CTA_F1))
    f1 = figures["in_folds"]["hook"]["macro_f1"]
    what = f"{words['in_folds']}: macro F1 of hooks"
    rows.append(target(what, f1, "F1", f"at least {MIN_MACRO_F1}", f1 >= MIN_MACRO_F1))
    return rows


if __name__ == "__main__":
    main()
