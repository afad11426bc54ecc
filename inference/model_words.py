"""What a model can and cannot say, from its card: sentences for the first page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from reelcast.records import Record
from training.cards import failings
from training.totals import ENGAGEMENTS, is_off, total_words

Json = Mapping[str, Any]


class Tested(Record):
    """How a count was forecast on test posts, of all or of one slice."""

    target: str
    part: str
    posts: int
    mae_log: float
    last5_mae_log: float | None
    held: float
    width_log: float


class ModelWords(Record):
    """The model in words and a few figures."""

    made_at: str
    data_version: str
    code_version: str
    history: str
    posts: int
    creators: int
    tested_from: str
    tested_until: str
    tested_posts: int
    can: tuple[str, ...]
    cannot: tuple[str, ...]


def model_words(card: Json) -> ModelWords:
    """The words of a predictor's card."""
    tested = [int(of["model"]["n"]) for of in card["scores"].values()]
    return ModelWords(
        made_at=card["created_at"],
        data_version=card["data_version"],
        code_version=card["code_version"],
        history=card["history"],
        posts=card["data"]["n_posts"],
        creators=card["data"]["n_creators"],
        tested_from=card["test_from"][:10],
        tested_until=card["test_until"][:10],
        tested_posts=max(tested),
        can=tuple(_can(card)),
        cannot=tuple(_cannot(card)),
    )


def _can(card: Json) -> Iterator[str]:
    """How far each count was missed beside the naive forecast, and how often intervals held."""
    for target, of in card["scores"].items():
        model, last = of["model"], of["baselines"]["last5_median"]
        yield (
            f"{target}: typically missed by a factor of {np.exp(model['mae_log']):.2f} "
            f"({np.exp(last['mae_log']):.2f} by the median of the last five posts); 80% intervals "
            f"held {model['coverage_80']:.0%} of {model['n']:,} test posts"
        )
    for name in ("views", ENGAGEMENTS):
        of_total = card.get("totals", {}).get(name)
        if of_total is not None and not is_off(of_total):
            yield f"means for budgets: {total_words(name, of_total)}"


def words_of_totals(card: Json) -> dict[str, str]:
    """Of each count how far totals lay from the means in the test; none of an older bundle."""
    return {name: total_words(name, of) for name, of in card.get("totals", {}).items()}


def words_of_means(card: Json) -> dict[str, str]:
    """Of each count what the mean of a campaign's total rests on."""
    said = words_of_totals(card)
    return {name: f"the forecasts of its posts; {words}" for name, words in said.items()}


def _cannot(card: Json) -> Iterator[str]:
    for words in card["hindsight"]:
        yield f"tested in hindsight: {words}"
    yield from failings(card)
    yield "forecasts are no reason to pay or to reject a person by themselves"


def tested_rows(card: Json) -> tuple[Tested, ...]:
    """The test's figures: each count over all, then by follower tier and by earlier posts."""
    rows = []
    for target, of in card["scores"].items():
        last = of["baselines"]["last5_median"]["mae_log"]
        rows.append(_tested(target, "all", of["model"], last))
        rows += [_tested(target, f"tier {name}", part) for name, part in of["by_tier"].items()]
        rows += [
            _tested(target, f"earlier posts: {name}", part)
            for name, part in of["by_history"].items()
        ]
    return tuple(rows)


def _tested(target: str, part: str, of: Json, last5: float | None = None) -> Tested:
    return Tested(
        target=target,
        part=part,
        posts=int(of["n"]),
        mae_log=of["mae_log"],
        last5_mae_log=last5,
        held=of["coverage_80"],
        width_log=of["width_80_log"],
    )
