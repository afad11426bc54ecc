"""What content does: each label's and measure's effect against the creator's own level.

A post's log count is set against its creator's other posts (pooled, so that few posts lean on the
tier), and so is each label and measure: a label that a creator always uses says nothing. What is
left is explained by all of them at once, beside length, hour, age and season. Errors allow for
posts of one creator being alike; effects are shrunk within their group, and many are tested at
once, so false discoveries are controlled (Benjamini & Hochberg 1995). This is association among
posts that people chose to make so, not a proof of cause.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy import stats

from features.dataset import Dataset
from inference.effect_design import Design
from inference.effect_fit import Fit, described, shrunk
from reelcast.records import Record

FEWEST = 15, 5  # posts and creators: fewer say nothing of a label
FALSE_SHARE = 0.10  # of the effects called clear, at most so many in expectation are none
_LEVEL = 0.95


class Effect(Record):
    """How posts with a label do against the same creators' average post: 1.2 is 20% more."""

    group: str
    label: str
    unit: str
    n_posts: int
    n_creators: int
    factor: float
    low: float
    high: float
    raw_factor: float
    p_value: float
    q_value: float
    is_clear: bool
    words: str


def effects_of(
    dataset: Dataset, labels: pa.Table, measures: pa.Table | None = None, target: str = "views"
) -> list[Effect]:
    """One effect per label and measure with enough posts, strongest evidence first.

    `labels`: post_id, group, label, probability (null: 1). `measures`: post_id, name, value.
    Raises InputError for a target that is none, NotEnoughDataError where no label has enough posts.
    """
    design, posts = described(dataset, (labels, measures), target, FEWEST)
    return _effects(design, posts.fit())


def _effects(design: Design, fit: Fit) -> list[Effect]:
    df = np.maximum(np.minimum(design.n_creators, fit.n_creators) - 1, 1)  # those who use it
    p = 2 * stats.t.sf(np.abs(fit.coefficient / fit.error), df)
    q = stats.false_discovery_control(p)
    mean, sd = shrunk(fit, design.groups)
    reach = stats.t.ppf(0.5 + _LEVEL / 2, df) * sd
    made = []
    for i, (group, label, unit) in enumerate(design.names):
        factor, low, high = np.exp([mean[i], mean[i] - reach[i], mean[i] + reach[i]])
        clear = bool(q[i] < FALSE_SHARE and (low > 1 or high < 1))
        made.append(
            Effect(
                group=group,
                label=label,
                unit=unit,
                n_posts=int(design.n_posts[i]),
                n_creators=int(design.n_creators[i]),
                factor=round(float(factor), 3),
                low=round(float(low), 3),
                high=round(float(high), 3),
                raw_factor=round(float(np.exp(fit.coefficient[i])), 3),
                p_value=round(float(p[i]), 5),
                q_value=round(float(q[i]), 5),
                is_clear=clear,
                words=_words(factor, low, high, clear),
            )
        )
    return sorted(made, key=lambda e: (e.q_value, e.p_value, e.group, e.label))


def _words(factor: float, low: float, high: float, clear: bool) -> str:
    between = f"between {low - 1:+.0%} and {high - 1:+.0%}"
    if not clear:
        return f"no difference that the data can show ({between})"
    return f"{abs(factor - 1):.0%} {'more' if factor > 1 else 'fewer'}, {between}"
