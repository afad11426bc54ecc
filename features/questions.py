"""Questions from published posts (to train and test) and their outcomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.gather import Questions
from features.growth import Growth
from features.panel import DAY_S, F64, I64, Panel


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What each asked post counted, at the age nearest to the horizon of interest."""

    post: I64  # (n,) index into the panel's posts
    counts: F64  # (n, 5) NaN where unknown
    observed_s: I64  # (n,) when that was counted
    age_days: F64  # (n,) from publication until then

    def mature_log(self, growth: Growth) -> F64:
        """log1p counts grown to maturity (n, 5): what models learn."""
        return np.log1p(self.counts) - growth.log_share(self.age_days)[:, None]

    def take(self, rows: npt.NDArray[np.bool_] | I64) -> Outcomes:
        return Outcomes(
            self.post[rows], self.counts[rows], self.observed_s[rows], self.age_days[rows]
        )


def ask_of_posts(
    panel: Panel, horizon_days: float, before_s: int | None = None
) -> tuple[Questions, Outcomes]:
    """One question per observed post, decided at its publication, and its outcome.

    Of several observations (of those with views, where there are some) the one whose age is
    nearest to `horizon_days` (in logs) is the outcome, and its age is the question's horizon: a
    forecast is always "at an age". With
    `before_s` (seconds since 1970) nothing published or observed from then on is used.
    """
    post = np.repeat(np.arange(panel.n_posts), np.diff(panel.obs_start))
    observation = np.arange(len(post))
    if before_s is not None:
        observation = np.flatnonzero(panel.obs_s < before_s)
    age = np.maximum((panel.obs_s - panel.published_s[post]) / DAY_S, 0.0)
    distance = np.abs(np.log1p(age) - np.log1p(horizon_days))[observation]
    no_views = np.isnan(panel.obs_counts[observation, 0])
    order = np.lexsort((-panel.obs_s[observation], distance, no_views, post[observation]))
    nearest = observation[order]
    is_first = np.diff(post[nearest], prepend=-1) != 0
    return _questions(panel, post[nearest[is_first]], nearest[is_first], age)


def _questions(
    panel: Panel, post: I64, observation: I64, age_days: F64
) -> tuple[Questions, Outcomes]:
    published = panel.published_s[post]
    questions = Questions(
        creator=panel.creator[post],
        decided_s=published,
        post_s=published,
        horizon_days=age_days[observation],
        duration_s=panel.duration_s[post],
        sound=panel.sound[post],
        hashtags=panel.hashtags[post],
        texts=[panel.texts[i] for i in post],
        vectors=None if panel.vectors is None else panel.vectors[post],
        shown=None if panel.shown is None else panel.shown.of_post[post],
    )
    return questions, Outcomes(
        post, panel.obs_counts[observation], panel.obs_s[observation], age_days[observation]
    )
