"""Two or more drafts or videos of one creator: how likely each does better than each other.

Posts of one creator share much of what is not known: whether the account is rising, what the
platform does that week. So their samples share that part of the noise, as measured on past posts
of one creator, and only the rest differs. How much of a forecast difference comes true was
measured on test posts, which no head was fitted or calibrated on; a difference is believed to that
extent only. What a tagged video's labels and measures went with is added to the same extent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

import numpy as np

from features.panel import F64
from inference.compare_records import IN_RATE, RATE, CompareRequest, CompareResponse, Draft, Duel
from inference.compare_samples import draw_together, typical_rate
from inference.content_model import ContentModel
from inference.duels import (
    FALSE_SHARE,
    MIN_CREATORS,
    Expected,
    called,
    content_part,
    forecast_part,
    sign_error,
    tells_apart,
)
from inference.predictor import Predictor
from inference.tagged import Read
from reelcast.errors import NotFoundError
from reelcast.records import QUANTILE_COLUMNS, ForecastRequest
from reelcast.tables import TARGETS
from training.joint import MEDIAN

EVEN = (0.4, 0.6)  # chances between these are called no difference
NO_DIFFERENCE = "no difference that the data can show"


@dataclass(frozen=True, slots=True)
class Contents:
    """The drafts' videos, as read (None: words alone), and what contents are worth by target."""

    ids: Sequence[str | None]
    reads: Sequence[Read | None]
    models: Mapping[str, ContentModel | None]
    in_forecasts: Collection[str] = ()  # targets whose forecasts read labels and measures


def compare(
    predictor: Predictor, asked: CompareRequest, now: datetime, contents: Contents | None = None
) -> CompareResponse:
    """Each draft against each other for the creator's next post, decided at `now`.

    Raises as `Predictor.respond` does.
    """
    targets = _targets(predictor, asked)
    counts = [t for t in TARGETS if t in targets or (RATE in targets and t in IN_RATE)]
    logs = predictor.log_quantiles(asked.creator, asked.drafts, tuple(counts), now)  # type: ignore[arg-type]
    skills = _skills(predictor, targets)
    parts = {t: _expected(t, logs, skills.get(t), contents) for t in targets}
    moved = {t: _moved(of, parts[t]) if t in parts else of for t, of in logs.items()}
    model = predictor.bundle.model
    n_history = _n_history(predictor, asked, now)
    samples = draw_together(moved, n_history, model.rates, model.shared_noise)
    tested = {t: tells_apart(skills.get(t)) or _content_tells(t, contents) for t in targets}
    return CompareResponse(
        model=predictor.name,
        drafts=tuple(
            _draft((i, name), contents, logs, {t: samples[t] for t in targets})
            for i, name in enumerate(asked.called)
        ),
        duels=_duels(asked.called, {t: samples[t] for t in targets}, parts, tested),
        shared_noise=model.shared_noise,
        control=_CONTROL,
        evidence={t: evidence_of(skills.get(t)) for t in targets},
        content_evidence=_content_evidence(targets, contents),
    )


_NO_EFFECTS = "no effects: too few tagged posts are counted"
_IN_FORECASTS = "the forecasts read them: see the evidence"
_CONTROL = (
    f"of all duels called clear in one answer at most {FALSE_SHARE:.0%} are expected to point the "
    "wrong way (mean sign error of a joint posterior), however many are asked for; of one post "
    "either may still win"
)


def _targets(predictor: Predictor, asked: CompareRequest) -> tuple[str, ...]:
    """The targets to compare by; raises NotFoundError where the rate's counts are not forecast."""
    has_rate = set(IN_RATE) <= set(predictor.targets)
    if asked.targets is None:
        return (*predictor.targets, *((RATE,) if has_rate else ()))
    if RATE in asked.targets and not has_rate:
        raise NotFoundError(
            f"{RATE} needs forecasts of {', '.join(IN_RATE)}; this model makes those of "
            f"{', '.join(predictor.targets)}"
        )
    return tuple(dict.fromkeys(asked.targets))


def _skills(predictor: Predictor, targets: Sequence[str]) -> dict[str, Any]:
    manifest = predictor.bundle.manifest
    skills = {t: of.get("pairs") for t, of in manifest["scores"].items() if t in targets}
    return {**skills, RATE: manifest.get("engagement_rate", {}).get("pairs")}


def _expected(
    target: str, logs: Mapping[str, F64], skill: Any, contents: Contents | None
) -> Expected:
    if target != RATE:
        made = forecast_part(logs[target][:, MEDIAN], skill)
        return made + _content(target, contents) if contents is not None else made
    made = forecast_part(typical_rate(logs), skill)
    if contents is None:
        return made
    return made + _content("likes", contents) - _content("views", contents)


def _content(target: str, contents: Contents) -> Expected:
    model = contents.models.get(target)
    rows = None if model is None else model.rows(contents.reads)
    return content_part(model, rows, len(contents.reads))


def _moved(logs: F64, of: Expected) -> F64:
    """Quantiles whose medians differ by what is believed alone."""
    medians = logs[:, [MEDIAN]]
    return np.asarray(np.maximum(logs - medians + medians.mean() + of.believed[:, None], 0.0))


def _n_history(predictor: Predictor, asked: CompareRequest, now: datetime) -> int:
    one = ForecastRequest(creators=(asked.creator,), brief=asked.drafts[0], explain=False)
    return predictor.respond(one, now).forecasts[0].n_history


def _duels(
    names: Sequence[str],
    samples: Mapping[str, F64],
    parts: Mapping[str, Expected],
    tested: Mapping[str, bool],
) -> tuple[Duel, ...]:
    looks = [(t, i, j) for t in samples for i, j in combinations(range(len(names)), 2)]
    apart = (parts[t].draws[:, i] - parts[t].draws[:, j] for t, i, j in looks)
    errors = np.array([sign_error(each) for each in apart])
    chances = [_chance(samples[t][i], samples[t][j]) for t, i, j in looks]
    may = np.array(
        [
            tested[t] and not EVEN[0] <= chance <= EVEN[1]
            for (t, _, _), chance in zip(looks, chances, strict=True)
        ]
    )
    clear = np.zeros(len(looks), bool)
    clear[may] = called(errors[may])  # a duel that is never called lends others no sureness
    return tuple(
        _duel(
            (t, names[i], names[j]),
            chance,
            (float(parts[t].believed[i] - parts[t].believed[j]), float(error)),
            bool(is_clear),
        )
        for (t, i, j), chance, error, is_clear in zip(looks, chances, errors, clear, strict=True)
    )


def _chance(first: F64, second: F64) -> float:
    """How often the first of two rows of samples is the higher; level ones count half."""
    return float((first > second).mean() + 0.5 * (first == second).mean())


def _duel(
    named: tuple[str, str, str], chance: float, real: tuple[float, float], clear: bool
) -> Duel:
    target, first, second = named
    winner, loser, share = (first, second, chance) if chance > 0.5 else (second, first, 1 - chance)
    more = "a higher engagement rate" if target == RATE else f"more {target}"
    return Duel(
        target=target,
        first=first,
        second=second,
        chance=round(chance, 3),
        times=round(float(np.exp(real[0])), 3),
        sign_error=round(real[1], 4),
        is_clear=clear,
        words=f"{winner} gets {more} than {loser} with a chance of {share:.0%}"
        if clear
        else NO_DIFFERENCE,
    )


def _draft(
    named: tuple[int, str],
    contents: Contents | None,
    logs: Mapping[str, F64],
    samples: Mapping[str, F64],
) -> Draft:
    i, name = named
    return Draft(
        name=name,
        content_id=None if contents is None else contents.ids[i],
        quantiles={
            t: dict(zip(QUANTILE_COLUMNS, np.expm1(logs[t][i]).round(1).tolist(), strict=True))
            for t in samples
            if t in logs
        },
        chance_best={t: round(_chance_best(of, i), 3) for t, of in samples.items()},
    )


def _chance_best(samples: F64, i: int) -> float:
    """How often row `i` is the highest; rows that are level share it."""
    top = samples == samples.max(axis=0)
    return float((top[i] / top.sum(axis=0)).mean())


def evidence_of(skill: Mapping[str, Any] | None) -> str:
    """What pairs of tested posts say of this target, in words."""
    if not skill or skill["right"] is None or skill["n_creators"] < MIN_CREATORS:
        return "not tested: too few creators with two test posts or more"
    told = (
        f"of {skill['n_pairs']:,} pairs of test posts by one creator, {skill['right']:.0%} were "
        f"put in the right order (95% interval {skill['low']:.0%} to {skill['high']:.0%}), "
        f"{max(skill['slope'], 0):.0%} of a forecast difference came true"
    )
    return told if tells_apart(skill) else f"{told}: no better than a coin"


def _content_tells(target: str, contents: Contents | None) -> bool:
    model = None if contents is None else contents.models.get(target)
    return model is not None and tells_apart(model.skill)


def _content_evidence(targets: Sequence[str], contents: Contents | None) -> dict[str, str]:
    if contents is None:
        return {}
    said = {}
    for target in (t for t in targets if t != RATE):
        model = contents.models.get(target)
        if target in contents.in_forecasts:
            said[target] = _IN_FORECASTS
        elif model is None:
            said[target] = _NO_EFFECTS
        else:
            said[target] = evidence_of(model.skill).replace("test posts", "tagged posts")
    return said
