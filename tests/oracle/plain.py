"""History a second way: plain Python loops over the canonical tables' rows, no arrays."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median, pstdev
from typing import Any

from tests.support import Tables

KNOTS_DAYS = (0.1, 0.5, 1.0, 2.0, 3.0, 4.0, 7.0, 14.0, 30.0)
DAY = timedelta(days=1)
KEEP = 64


@dataclass(frozen=True)
class Seen:
    """An earlier post with the observation that counts."""

    post: dict[str, Any]
    age_days: float
    observed_age_days: float
    stand_in: bool
    counts: dict[str, float | None]


def log_growth(age_days: float, slopes: tuple[float, ...]) -> float:
    """Log of the share of the count at 30 days: a sum over the power law's pieces above the age."""
    age = min(max(age_days, 0.1), 30.0)
    total = 0.0
    for start, end, slope in zip(KNOTS_DAYS, KNOTS_DAYS[1:], slopes, strict=False):
        if age < end:
            total -= slope * (math.log(end) - math.log(max(age, start)))
    return total


class Plain:
    """The three tables as dictionaries of rows."""

    def __init__(self, tables: Tables) -> None:
        self.posts = {row["post_id"]: row for row in tables["posts"].to_pylist()}
        self.of_creator: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for post in self.posts.values():
            self.of_creator[post["creator_id"]].append(post)
        self.observations: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in tables["post_observations"].to_pylist():
            self.observations[row["post_id"]].append(row)
        self.followers: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
        for row in tables["creator_observations"].to_pylist():
            if row["followers"] is not None:
                self.followers[row["creator_id"]].append((row["observed_at"], row["followers"]))

    def earlier(self, creator: str, decided: datetime) -> list[dict[str, Any]]:
        found = [post for post in self.of_creator[creator] if post["published_at"] < decided]
        return sorted(found, key=lambda post: (post["published_at"], post["post_id"]))

    def past(self, creator: str, decided: datetime, gap_days: float | None) -> list[Seen]:
        """The last KEEP seen posts, oldest first."""
        seen = []
        for post in self.earlier(creator, decided):
            found = self._observation(post, decided, gap_days)
            if found is not None:
                seen.append(found)
        return seen[-KEEP:]

    def _observation(
        self, post: dict[str, Any], decided: datetime, gap_days: float | None
    ) -> Seen | None:
        rows = sorted(self.observations[post["post_id"]], key=lambda row: row["observed_at"])
        before = [row for row in rows if row["observed_at"] <= decided]
        age = (decided - post["published_at"]) / DAY
        if before:
            chosen = before[-1]
        elif gap_days is not None and rows and age >= gap_days:
            chosen = rows[0]
        else:
            return None
        counts = {name: chosen[name] for name in ("views", "likes", "comments", "shares", "saves")}
        if counts["views"] == 0 and any(counts[name] for name in counts if name != "views"):
            counts["views"] = None
        observed_age = (chosen["observed_at"] - post["published_at"]) / DAY
        return Seen(post, age, observed_age, not before, counts)

    def followers_at(self, creator: str, decided: datetime, gap_days: float | None) -> float | None:
        rows = sorted(self.followers[creator])
        before = [count for when, count in rows if when <= decided]
        if before:
            return before[-1]
        return rows[0][1] if rows and gap_days is not None else None


def known(past: list[Seen], target: str, slopes: tuple[float, ...]) -> list[tuple[float, float]]:
    """Mature log count and age in days of each past post with a known count, oldest first."""
    return [
        (
            math.log1p(seen.counts[target]) - log_growth(seen.observed_age_days, slopes),
            seen.age_days,
        )
        for seen in past
        if seen.counts[target] is not None
    ]


def pooled_mean(past: list[tuple[float, float]], prior: float, ratio: float) -> float:
    return (sum(log for log, _ in past) + ratio * prior) / (len(past) + ratio)


def last5_median(past: list[tuple[float, float]], prior: float, ratio: float) -> float | None:
    return median(log for log, _ in past[-5:]) if past else None


def fading_mean(past: list[tuple[float, float]], prior: float, ratio: float) -> float:
    total, weight = 0.5 * prior, 0.5
    for back, (log, _) in enumerate(reversed(past)):
        total += 0.5 ** (back / 4) * log
        weight += 0.5 ** (back / 4)
    return total / weight


def month_mean(past: list[tuple[float, float]], prior: float, ratio: float) -> float:
    total, weight = ratio * prior, ratio
    for log, age in past:
        total += 0.5 ** (age / 30) * log
        weight += 0.5 ** (age / 30)
    return total / weight


def spread(past: list[tuple[float, float]], prior: float, ratio: float) -> float | None:
    if len(past) < 2:
        return None
    mean = sum(log for log, _ in past) / len(past)
    return math.sqrt(sum((log - mean) ** 2 for log, _ in past) / (len(past) - 1))


def high_quarter(past: list[tuple[float, float]], prior: float, ratio: float) -> float | None:
    if not past:
        return None
    ordered = sorted(log for log, _ in past)
    at = 0.75 * (len(ordered) - 1)
    low, high = ordered[math.floor(at)], ordered[math.ceil(at)]
    return low + (high - low) * (at - math.floor(at))


def last_step(past: list[tuple[float, float]], prior: float, ratio: float) -> float | None:
    return past[-1][0] - median(log for log, _ in past[-5:]) if past else None


def recent_worst(past: list[tuple[float, float]], prior: float, ratio: float) -> float | None:
    return min(log for log, _ in past[-5:]) - fading_mean(past, prior, ratio) if past else None


def recent_best(past: list[tuple[float, float]], prior: float, ratio: float) -> float | None:
    return max(log for log, _ in past[-5:]) - fading_mean(past, prior, ratio) if past else None


def last5_spread(past: list[tuple[float, float]], prior: float, ratio: float) -> float | None:
    return pstdev(log for log, _ in past[-5:]) if past else None


def persistence(past: list[tuple[float, float]]) -> float:
    if not past:
        return 0.0
    mean = sum(log for log, _ in past) / len(past)
    against = [log - mean for log, _ in past]
    together = sum(one * following for one, following in itertools.pairwise(against))
    return together / (sum(x * x for x in against) + 3)


def posts_since_best(past: list[tuple[float, float]]) -> float | None:
    if not past:
        return None
    logs = [log for log, _ in past]
    return math.log1p(len(logs) - 1 - logs.index(max(logs)))


def last_like_rate(past: list[Seen]) -> float | None:
    rates = [
        math.log1p(likes) - math.log1p(views)
        for views, likes in ((seen.counts["views"], seen.counts["likes"]) for seen in past)
        if views is not None and likes is not None
    ]
    last = past[-1].counts if past else {"views": None, "likes": None}
    is_known = last["views"] is not None and last["likes"] is not None
    return rates[-1] - fmean(rates) if is_known else None


def like_rate(past: list[Seen], pool: float) -> float:
    both = [s for s in past if s.counts["views"] is not None and s.counts["likes"] is not None]
    likes = sum(s.counts["likes"] or 0 for s in both) + 500 * pool
    return math.log(likes / (sum(s.counts["views"] or 0 for s in both) + 500))


def own_hour(past: list[Seen], post_at: datetime, slopes: tuple[float, ...]) -> float:
    views = known(past, "views", slopes)
    if not views:
        return 0.0
    mean = sum(log for log, _ in views) / len(views)
    total, weight = 0.0, 2.0
    with_views = [seen for seen in past if seen.counts["views"] is not None]
    for seen, (log, _) in zip(with_views, views, strict=True):
        apart = abs((seen.post["published_at"] - post_at) / timedelta(hours=1)) % 24
        near = math.exp(-0.5 * (min(apart, 24 - apart) / 2) ** 2)
        total += near * (log - mean)
        weight += near
    return total / weight


def own_content(
    past: list[Seen],
    labels: dict[str, float] | None,
    labels_of: dict[str, dict[str, float]],
    slopes: tuple[float, ...],
) -> float | None:
    """How past posts with labels like the draft's do; `labels_of` by post id, by name."""
    if labels is None:
        return None
    views = known(past, "views", slopes)
    if not views:
        return 0.0
    mean = sum(log for log, _ in views) / len(views)
    total, weight = 0.0, 1.0
    with_views = [seen for seen in past if seen.counts["views"] is not None]
    for seen, (log, _) in zip(with_views, views, strict=True):
        theirs = labels_of.get(seen.post["post_id"])
        if theirs is None:
            continue
        dot = sum(labels[name] * theirs[name] for name in labels)
        length = math.hypot(*labels.values()) * math.hypot(*theirs.values())
        near = math.exp(6 * (dot / length - 1)) if length else math.exp(-6)
        total += near * (log - mean)
        weight += near
    return total / weight


def usual_language(past: list[Seen], order: dict[str, int]) -> str | None:
    """The language of most past posts that names a place, the first in order of equals."""
    spoken = [seen.post["language"] for seen in past if seen.post["language"] in order]
    return min(spoken, key=lambda one: (-spoken.count(one), order[one])) if spoken else None
