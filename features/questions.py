"""Questions from published posts (to train and test) and their outcomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.gather import Questions
from features.growth import log_growth
from features.panel import DAY_S, F64, I64, Panel


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What each asked post counted, at the age nearest to the horizon of interest."""

    post: I64  # (n,) index into the panel's posts
    counts: F64  # (n, 5) NaN where unknown
    observed_s: I64  # (n,) when that was counted
    age_days: F64  # (n,) from publication until then

    def mature_log(self) -> F64:
        """log1p counts grown to maturity (n, 5): what models learn."""
        return np.log1p(self.counts) - log_growth(self.age_days)[:, None]

    def take(self, rows: npt.NDArray[np.bool_]) -> Outcomes:
        return Outcomes(
            self.post[rows], self.counts[rows], self.observed_s[rows], self.age_days[rows]
        )


def ask_of_posts(panel: Panel, horizon_days: float) -> tuple[Questions, Outcomes]:
    """One question per observed post, decided at its publication, and its outcome.

    Of several observations the one whose age is nearest to `horizon_days` (in logs) is the
    outcome, and its age is the question's horizon: a forecast is always "at an age".
    """
    post = np.repeat(np.arange(panel.n_posts), np.diff(panel.obs_start))
    age = np.maximum((panel.obs_s - panel.published_s[post]) / DAY_S, 0.0)
    distance = np.abs(np.log1p(age) - np.log1p(horizon_days))
    order = np.lexsort((-panel.obs_s, distance, post))
    first = np.searchsorted(post[order], np.flatnonzero(np.diff(panel.obs_start)))
    chosen = order[first]
    asked_post = post[chosen]
    published = panel.published_s[asked_post]
    questions = Questions(
        creator=panel.creator[asked_post],
        decided_s=published,
        post_s=published,
        horizon_days=age[chosen],
        duration_s=panel.duration_s[asked_post],
        sound=panel.sound[asked_post],
        n_hashtags=panel.n_hashtags[asked_post],
        texts=[panel.texts[i] for i in asked_post],
        vectors=None if panel.vectors is None else panel.vectors[asked_post],
    )
    return questions, Outcomes(
        asked_post, panel.obs_counts[chosen], panel.obs_s[chosen], age[chosen]
    )
