"""What a decision may see of a creator's past: the last posts, with their counts as of then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from features.history import quantile
from features.kinds import Kind, kind_of
from features.panel import DAY_S, F64, I64, Panel, key_of

KEEP = 64  # the most recent posts that a row sees
_NO_KIND = kind_of(None, None)
_LATELY = 16  # posts whose captions say what is usual
_LOOK_BACK = 256  # among so many candidates; posts too young to count are passed over


@dataclass(frozen=True, slots=True)
class Questions:
    """One row each: whose post is asked about, decided when, planned how. Unknown: NaN, 0 or ''."""

    creator: I64  # (n,) index into the panel, -1 for a creator without posts
    decided_s: I64  # (n,) seconds since 1970, UTC: nothing later is seen
    post_s: I64  # (n,) planned publication
    horizon_days: F64  # (n,) age at which counts are asked for
    duration_s: F64
    sound: I64
    hashtags: I64  # (n, MAX_HASHTAGS) codes, 0 where there are fewer
    texts: list[str]  # as embedded
    vectors: npt.NDArray[np.float32] | None = None  # (n, 384)
    shown: I64 | None = None  # (n,) row of the panel's `shown`, -1 where no video is known
    unsaid: npt.NDArray[np.bool_] | None = None  # (n,) drafts whose words are not known yet

    @property
    def is_unsaid(self) -> npt.NDArray[np.bool_]:
        """Of which drafts (n,) the words are not known, unlike a post that has none."""
        return np.zeros(len(self), bool) if self.unsaid is None else self.unsaid

    @property
    def shown_row(self) -> I64:
        """The row of each draft's video, -1 where none is known."""
        return np.full(len(self), -1, np.int64) if self.shown is None else self.shown

    def __len__(self) -> int:
        return len(self.creator)

    def take(self, rows: slice | I64) -> Questions:
        """The questions at a slice or at indices (k,)."""
        index = np.arange(len(self))[rows]
        return Questions(
            self.creator[index],
            self.decided_s[index],
            self.post_s[index],
            self.horizon_days[index],
            self.duration_s[index],
            self.sound[index],
            self.hashtags[index],
            [self.texts[i] for i in index],
            None if self.vectors is None else self.vectors[index],
            None if self.shown is None else self.shown[index],
            None if self.unsaid is None else self.unsaid[index],
        )


@dataclass(frozen=True, slots=True)
class Past:
    """The last KEEP eligible posts of each question, oldest first, right-aligned."""

    post: I64  # (n, KEEP) index into the panel's posts, meaningless where not seen
    seen: npt.NDArray[np.bool_]  # (n, KEEP)
    counts: F64  # (n, KEEP, 5) NaN where unknown or not seen
    age_days: F64  # (n, KEEP) from publication to the decision
    observed_age_days: F64  # (n, KEEP) from publication to the observation that is used
    stand_in: npt.NDArray[np.bool_]  # (n, KEEP) observed only after the decision (hindsight)
    posted_days: F64  # (n, <= KEEP) ages of the last posts known to exist: as-of, those seen;
    # in hindsight, where a lake is filled with all posts at once, the uncounted ones too


def gather(panel: Panel, asked: Questions, gap_days: float | None) -> Past:
    """The past of each question.

    Of each earlier post the last observation before the decision counts. With `gap_days` (the
    hindsight mode), a post published at least so long before the decision and not observed by
    then is seen through its first observation; with None it is not seen.
    """
    first = (
        panel.creator_start[np.maximum(asked.creator, 0)] if panel.n_posts else asked.creator * 0
    )
    end = np.searchsorted(panel.post_key, key_of(np.maximum(asked.creator, 0), asked.decided_s))
    end = np.where(asked.creator >= 0, end, first)
    width = int(min(_LOOK_BACK, max(1, (end - first).max(initial=1))))
    post = end[:, None] - width + np.arange(width)[None, :]
    is_own = post >= first[:, None]
    post = np.where(is_own, post, 0)
    observation, seen, stand_in = _observation(panel, post, asked.decided_s, gap_days)
    seen &= is_own
    past = _past(panel, asked, _last(seen, post, observation, seen, stand_in))
    if gap_days is None:
        return past
    return replace(past, posted_days=_age_days(panel, post, asked.decided_s, is_own)[:, -KEEP:])


def _age_days(panel: Panel, post: I64, decided_s: I64, where: npt.NDArray[np.bool_]) -> F64:
    if not panel.n_posts:
        return np.full(post.shape, np.nan)
    return np.where(where, (decided_s[:, None] - panel.published_s[post]) / DAY_S, np.nan)


def _observation(
    panel: Panel, post: I64, decided_s: I64, gap_days: float | None
) -> tuple[I64, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which observation of each post counts, whether one does, and whether it is a stand-in."""
    if not len(panel.obs_s):
        nothing = np.zeros(post.shape, bool)
        return np.zeros(post.shape, np.int64), nothing, nothing.copy()
    before = np.searchsorted(panel.obs_key, key_of(post, decided_s[:, None]), side="right") - 1
    start = panel.obs_start[post]
    known = before >= start
    if gap_days is None:
        return np.where(known, before, 0), known, np.zeros(post.shape, bool)
    old = panel.published_s[post] <= decided_s[:, None] - gap_days * DAY_S
    stand_in = ~known & old & (panel.obs_start[post + 1] > start)
    chosen = np.where(known, before, np.where(stand_in, start, 0))
    return chosen, known | stand_in, stand_in


def _last(seen: npt.NDArray[np.bool_], *arrays: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], ...]:
    """Each array with its last KEEP seen columns, right-aligned."""
    order = np.argsort(seen, axis=1, kind="stable")[:, -KEEP:]
    return tuple(np.take_along_axis(a, order, axis=1) for a in arrays)


def _past(panel: Panel, asked: Questions, last: tuple[npt.NDArray[Any], ...]) -> Past:
    post, observation, seen_as_int, stand_in = last
    seen = seen_as_int.astype(bool)
    if not len(panel.obs_s):
        nothing = np.full(post.shape, np.nan)
        counts = np.full((*post.shape, 5), np.nan)
        return Past(post, seen, counts, nothing, nothing, seen, nothing)
    counts = np.where(seen[..., None], panel.obs_counts[observation], np.nan)
    observed_age = (panel.obs_s[observation] - panel.published_s[post]) / DAY_S
    age_days = _age_days(panel, post, asked.decided_s, seen)
    return Past(
        post,
        seen,
        counts,
        age_days,
        np.where(seen, observed_age, np.nan),
        stand_in.astype(bool) & seen,
        age_days,
    )


def kinds_asked(panel: Panel, asked: Questions) -> list[Kind]:
    """The platform and niche of each question's creator."""
    return [panel.kinds[i] if i >= 0 else _NO_KIND for i in asked.creator.tolist()]


def followers_before(panel: Panel, asked: Questions) -> F64:
    """Followers as last observed before each decision, NaN where never."""
    last, _ = _followers(panel, asked)
    return last


def last_known_followers(panel: Panel) -> F64:
    """Each creator's followers (n_creators,) as last counted, NaN where never."""
    start, stop = panel.follower_start[:-1], panel.follower_start[1:]
    if not len(panel.followers):
        return np.full(len(start), np.nan)
    return np.where(stop > start, panel.followers[np.maximum(stop - 1, 0)], np.nan)


def followers_for_tier(panel: Panel, asked: Questions) -> F64:
    """As `followers_before`, else the first count after: for hindsight's tier, never a feature."""
    last, after = _followers(panel, asked)
    return np.where(np.isnan(last), after, last)


def tier_followers(panel: Panel, asked: Questions, gap_days: float | None) -> F64:
    """The followers that name a tier, and with it a prior: nothing later in the as-of mode."""
    return (followers_before if gap_days is None else followers_for_tier)(panel, asked)


def _followers(panel: Panel, asked: Questions) -> tuple[F64, F64]:
    """The last count before each decision and the creator's first count; NaN for none."""
    nothing = np.full(len(asked), np.nan)
    if not len(panel.followers):
        return nothing, nothing
    creator = np.maximum(asked.creator, 0)
    start, stop = panel.follower_start[creator], panel.follower_start[creator + 1]
    at = np.searchsorted(panel.follower_key, key_of(creator, asked.decided_s), side="right") - 1
    is_known = asked.creator >= 0
    last = np.where(is_known & (at >= start), panel.followers[np.maximum(at, 0)], np.nan)
    first = panel.followers[np.minimum(start, len(panel.followers) - 1)]
    return last, np.where(is_known & (stop > start), first, np.nan)


def usual_duration(panel: Panel, past: Past) -> F64:
    """The median length of each creator's past videos, seconds; NaN where none is known."""
    if not panel.n_posts:
        return np.full(len(past.seen), np.nan)
    lengths = np.where(past.seen, panel.duration_s[past.post], np.nan)
    n = (~np.isnan(lengths)).sum(axis=1).astype(float)
    return quantile(np.sort(lengths, axis=1), n, 0.5)


def usual_length(panel: Panel, past: Past) -> F64:
    """The median log1p of characters of each creator's last texts (n,); NaN where none is known."""
    if not panel.n_posts:
        return np.full(len(past.seen), np.nan)
    post, seen = past.post[:, -_LATELY:], past.seen[:, -_LATELY:]
    length = [len(panel.texts[i]) for i in post[seen].tolist()]
    lengths = np.full(post.shape, np.nan)
    lengths[seen] = np.log1p(length)
    return quantile(np.sort(lengths, axis=1), seen.sum(axis=1).astype(float), 0.5)


def usual_hashtags(panel: Panel, past: Past) -> F64:
    """The median number of hashtags of each creator's last posts (n,); NaN where none is known."""
    if not panel.n_posts:
        return np.full(len(past.seen), np.nan)
    post, seen = past.post[:, -_LATELY:], past.seen[:, -_LATELY:]
    numbers = np.where(seen, (panel.hashtags[post] != 0).sum(axis=2), np.nan)
    return quantile(np.sort(numbers, axis=1), seen.sum(axis=1).astype(float), 0.5)
