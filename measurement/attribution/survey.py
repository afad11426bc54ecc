"""What buyers say brought them: shares of a survey's answers, scaled to all orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reelcast.errors import InputError

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
DRAWS = 4000
LEVEL = 0.90
COMMON_BIAS_SD = 0.25  # of the log: buyers that creators brought answer more readily, or less
OWN_BIAS_SD = 0.25  # of the log: some creators' names are remembered better than others'


@dataclass(frozen=True, slots=True)
class SurveyOrders:
    """Orders by creator as the survey has them, intervals at LEVEL; `draws` (DRAWS, n_creators)."""

    mean: F64
    low: F64
    high: F64
    response_rate: float
    draws: F64


def survey_orders(named: I64, respondents: int, orders: int, seed: int = 7) -> SurveyOrders:
    """Orders that each creator brought, as answers tell of those who did not answer.

    `named` (n_creators,) counts the respondents who name each; the rest name another source.
    Answers are multinomial with a Dirichlet prior that weighs one answer in all, and those who
    answered are counted as said: only the silent are estimated. They may differ from those who
    answered, and nothing in a survey tells by how much: priors of the log, one shared by all
    creators and one for each (COMMON_BIAS_SD, OWN_BIAS_SD), widen the intervals for it.

    >>> made = survey_orders(np.array([30, 10]), 100, 1000)
    >>> made.mean.round(-1).tolist(), made.response_rate
    ([300.0, 100.0], 0.1)
    """
    if respondents > orders or named.sum() > respondents or (named < 0).any():
        raise InputError(
            f"{int(named.sum())} named a creator, {respondents} answered, {orders} ordered: "
            "each must be at most the next"
        )
    counts = np.append(named, respondents - named.sum()).astype(np.float64)
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(counts + 1 / len(counts), DRAWS)
    silent = rng.multinomial(orders - respondents, shares)[:, :-1]
    bias = rng.normal(0, COMMON_BIAS_SD, (DRAWS, 1)) + rng.normal(0, OWN_BIAS_SD, silent.shape)
    middle = (COMMON_BIAS_SD**2 + OWN_BIAS_SD**2) / 2
    draws = np.minimum(silent * np.exp(bias - middle), orders - respondents) + counts[:-1]
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    rate = respondents / orders if orders else 0.0
    return SurveyOrders(draws.mean(0), low, high, rate, draws.astype(np.float64))
