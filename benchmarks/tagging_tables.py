"""The tagging benchmark's part of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import table

HOW_TO_READ = """\
{rows} openings, labelled in two readings by language models from their text, **not by people and
not from pictures**; student and work memes dominate. An answer is right when it is among the
accepted. They follow {templates} templates (nearly the same words or meaning); folds keep templates
whole, intervals (95%) come from draws of whole templates. *Corpus only*: the head that ships,
trained on {corpus} openings, and topics, that the project wrote; it has seen none of these.
*In folds*: a head that learned the corpus and the other folds."""
METHODS = {
    "majority": "the most frequent answer",
    "rules": "keyword rules alone",
    "zero_shot": "zero-shot: nearest label description, MiniLM",
    "plain_head": "plain logistic head on MiniLM, in folds",
}
HEADS = {"unseen": "**corpus only**", "in_folds": "**corpus and gold, in folds**"}
GROUPS = ("hook", "format", "theme")


def tagging_part(figures: dict[str, Any]) -> Iterator[str]:
    yield HOW_TO_READ.format(**{k: f"{figures[k]:,}" for k in ("rows", "templates", "corpus")})
    baselines = figures["baselines"]
    yield table(
        ("right", *GROUPS),
        [
            *((words, *(baselines[name][g] for g in GROUPS)) for name, words in METHODS.items()),
            *(
                (words, *(_with_interval(figures[name][g]) for g in GROUPS))
                for name, words in HEADS.items()
            ),
        ],
    )
    yield (
        "Between 0 and 1. Calibration error (10 bins), macro F1, and how often the surest half of "
        "the answers is right:"
    )
    yield table(
        ("", "right", "mean probability", "calibration error", "macro F1", "surest 50%"),
        [
            (f"{words}: {g}", *_calibration(figures[name][g]))
            for name, words in HEADS.items()
            for g in GROUPS
        ],
    )
    yield "Right, when only the surest answers are given and the rest are abstained from:"
    shares = [step["answered"] for step in figures["unseen"]["hook"]["abstention"]]
    yield table(
        ("answered", *(f"{share:.0%}" for share in shares)),
        [
            (f"{words}: {g}", *(s["accuracy"] for s in figures[name][g]["abstention"]))
            for name, words in HEADS.items()
            for g in GROUPS
        ],
    )
    yield from _other_creators(figures["other_themes"])
    yield from _message(figures)


def _with_interval(of: dict[str, float]) -> str:
    return f"{of['accuracy']:.3f} [{of['low']:.3f}, {of['high']:.3f}]"


def _calibration(of: dict[str, Any]) -> tuple[float, ...]:
    half = next(step["accuracy"] for step in of["abstention"] if step["answered"] == 0.5)
    return (
        of["accuracy"],
        of["mean_probability"],
        of["calibration_error"],
        of["macro_f1"],
        half,
    )


def _other_creators(scores: dict[str, dict[str, float]]) -> Iterator[str]:
    yield (
        "On what the project wrote itself: out-of-fold scores on the corpus and its noisy "
        "copies, whole themes left out (for themes: openings left out, copies with them). `right`: "
        "among the labels given; `first`: the primary label itself. The corpus holds every hook in "
        "about equal number, and many openings with few words to go by. For hooks and formats this "
        "is the nearest to an estimate for other kinds of creators, and a hopeful one: all of it "
        "was written in one project."
    )
    yield table(
        ("", "right", "first", "macro F1", "calibration error"),
        [
            (
                group,
                of["accuracy"],
                of.get("accuracy_primary"),
                of.get("macro_f1"),
                of["calibration_error"],
            )
            for group, of in scores.items()
        ],
    )


def _message(figures: dict[str, Any]) -> Iterator[str]:
    cta, tube = figures["cta"]["unseen"], figures["youtube"]
    folds = figures["cta"]["in_folds"]
    yield (
        f"Calls to action, {cta['rows']} openings on which both readings agree, of which "
        f"{cta['rows_that_ask']} ask for anything: F1 {cta['f1']:.3f} with `none` as a label, "
        f"{cta['f1_without_none']:.3f} without (in folds {folds['f1']:.3f}, "
        f"{folds['f1_without_none']:.3f})."
    )
    yield (
        f"Themes on {tube['test']:,} English YouTube titles whose uploaders chose a category "
        f"(mapped in `benchmarks/tagging_data.py`): macro F1 {tube['shipped']['macro_f1']:.3f} of "
        f"the shipped head, which has seen no title; {tube['tfidf_there']['macro_f1']:.3f} of "
        f"TF-IDF and logistic regression trained on {tube['train']:,} such titles."
    )
