"""Forecasts of a post that is out, from what it has counted; and whether it runs off its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np

from features.growth_curves import Segment, segments_of
from features.panel import DAY_S, F64
from features.snapshots import CreatorPast, PanelTracks, Snapshots, Stand, columns
from inference.growing import Normal, meet, of_counting
from inference.horizons import FEW, name_of, notes_on
from inference.paths import at_windows, before_windows, path_logs, segment_of, window_from
from inference.predictor import Predictor
from inference.quantiles import level_of, normal_of, score_of
from inference.tracks import Track, track_of_lake, track_of_request
from reelcast.records import ForecastRequest
from reelcast.tracks import EarlyWarning, Method, State, Trajectory, UpdateRequest, UpdateResponse
from training.trajectories import WINDOWS_DAYS

_SAME = 0.05  # a count whose age is within so much (in logs) of a window is the window's


@dataclass(frozen=True, slots=True)
class _Post:
    """A post out: its track, where its curve is, and its path before posting (n_windows, 7)."""

    track: Track
    segment: Segment
    creator_id: str | None
    before: Mapping[str, F64]


class Updater:
    """Updates of one predictor's posts; what is learned of the lake's past is made once."""

    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor
        self._trajectories = predictor.bundle.trajectories
        self._pasts: dict[float, CreatorPast] = {}

    def respond(
        self, asked: UpdateRequest, now: datetime, frozen: Mapping[str, Any] | None = None
    ) -> UpdateResponse:
        """Window by window what the post counted or will, and a warning for each target.

        `frozen` is the ledger's forecast that it is held against; without it the forecast is made
        as it would have been at publication. Raises InputError for counts that cannot be,
        NotFoundError for a post that the lake does not hold.
        """
        panel = self.predictor.panel
        track = (
            track_of_request(asked, now)
            if asked.post_id is None
            else track_of_lake(asked.post_id, panel, now)
        )
        post = self._post(track, asked, frozen)
        targets = {
            name: self._trajectory(post, name, logs)
            for name, logs in post.before.items()
            if len(track.known(name)[0])
        }
        return UpdateResponse(
            model=self.predictor.name,
            creator_id=post.creator_id,
            post_id=asked.post_id,
            age_days=round(track.age_days, 4),
            targets=targets,
            forecast_id=asked.forecast_id if frozen is not None else None,
            notes=(
                *self._taught(post, frozen),
                *track.notes,
                *notes_on(self._trajectories, post.segment),
            ),
        )

    def _taught(self, post: _Post, frozen: Mapping[str, Any] | None) -> Iterator[str]:
        """In words, that the model has learned from the very post whose path it says."""
        until_s = self.predictor.bundle.model.trained_until_s
        if frozen is None and post.track.post >= 0 and post.track.published_s < until_s:
            yield (
                "this post taught the model, which learned from what was published before "
                f"{datetime.fromtimestamp(until_s, UTC):%Y-%m-%d}: its path may lie too near to "
                "what it counted, and warnings may be too quiet. The ledger holds no forecast of "
                "it made before it was out"
            )

    def _post(self, track: Track, asked: UpdateRequest, frozen: Mapping[str, Any] | None) -> _Post:
        question = ForecastRequest(
            creators=(track.creator,), brief=track.brief, targets=asked.targets, explain=False
        )
        at = datetime.fromtimestamp(track.published_s, UTC)
        answers = [self.predictor.respond(one, at) for one in at_windows(question)]
        first = answers[0].forecasts[0]
        kind = track.creator.platform or track.platform, track.creator.niche
        segment = segment_of(self.predictor, first.creator_id, kind, first.tier)
        logs = path_logs(self.predictor, [a.forecasts[0].targets for a in answers], segment)
        if frozen is not None:
            logs = self._through(logs, frozen, segment)
        return _Post(track, segment, first.creator_id, logs)

    def _through(
        self, logs: dict[str, F64], frozen: Mapping[str, Any], segment: Segment
    ) -> dict[str, F64]:
        """Paths moved so that they pass through a forecast of the ledger at its horizon."""
        share = self._trajectories.curves.of(segment).growth.log_share
        days = float(frozen["horizon_days"])
        moved = {}
        for name, of in logs.items():
            if name in frozen["targets"]:
                said = np.log1p(list(frozen["targets"][name]["quantiles"].values()))
                rise = share(np.array(WINDOWS_DAYS)) - share(np.array([days]))
                moved[name] = np.maximum(said[None, :] + rise[:, None], 0.0)
            else:
                moved[name] = of
        return moved

    def _trajectory(self, post: _Post, target: str, before: F64) -> Trajectory:
        windows = [self._window(post, target, i) for i in range(len(WINDOWS_DAYS))]
        logs = np.maximum.accumulate([logs for logs, _, _ in windows], axis=0)
        now = tuple(
            window_from(days, of, method, words)
            for days, of, (_, method, words) in zip(WINDOWS_DAYS, logs, windows, strict=True)
        )
        return Trajectory(
            before=before_windows(before), now=now, warning=self._warning(post, target, before)
        )

    def _window(self, post: _Post, target: str, at: int) -> tuple[F64, Method, str]:
        """Log quantiles (7,) at a window, the method and its words."""
        days = WINDOWS_DAYS[at]
        ages, logs = post.track.known(target)
        if ages[-1] >= days * np.exp(-_SAME):
            return self._passed(post, (ages, logs), days)
        model = self._trajectories.stage(float(ages[-1]), days) if target == "views" else None
        counted = self._trajectories.counted.get(post.segment[0], {}).get(f"{days:g}", 0)
        if model is not None and counted >= FEW:
            of = self._snapshot(post, days)
            quantiles = np.log1p(np.exp(model.predict(of, np.array([0]))[0]))
            words = (
                f"from how {model.n_posts:,} posts went on from about {name_of(model.from_days)}"
            )
            return np.maximum(quantiles, logs[-1]), "stage model", words
        prior = Normal(*normal_of(post.before[target][at]))
        age = float(ages[-1])
        said = self._said(post, age, float(logs[-1]), days)
        posterior = meet(prior, said, self._trajectories.together(age, days))
        words = "the forecast before posting, moved by what was counted along the growth curve"
        return posterior.quantiles(float(logs[-1])), "growth update", words

    def _said(self, post: _Post, age: float, log: float, days: float) -> Normal:
        """What a count at an age says of the log count at another.

        Who acts early is chance, so that few counts vary about the curve (`of_counting`).
        """
        rise, noise = self._trajectories.growth(post.segment, min(age, days), max(age, days))
        there = log + rise if age <= days else log - rise
        return Normal(there, float(np.hypot(noise, of_counting(min(log, there), rise))))

    def _passed(self, post: _Post, known: tuple[F64, F64], days: float) -> tuple[F64, Method, str]:
        """A window that the counts have reached: the count itself, or one between two counts."""
        ages, logs = known
        near = int(np.abs(np.log(ages / days)).argmin())
        if abs(np.log(ages[near] / days)) <= _SAME:
            return np.full(7, logs[near]), "counted", f"counted at {ages[near]:.2f} days"
        if ages[0] < days:
            after = int(np.searchsorted(ages, days))
            low, high = (
                self._said(post, float(ages[at]), float(logs[at]), days)
                for at in (after - 1, after)
            )
            of = meet(low, high).quantiles(float(logs[after - 1]))
            return np.minimum(of, logs[after]), "between counts", "from the counts before and after"
        said = self._said(post, float(ages[0]), float(logs[0]), days)
        back = np.minimum(said.quantiles(0.0), logs[0])
        return back, "growth update", "brought back along the growth curve from a later count"

    def _warning(self, post: _Post, target: str, before: F64) -> EarlyWarning:
        """Where the last count lies in the forecast before posting, brought to its age."""
        ages, logs = post.track.known(target)
        age = float(ages[-1])
        path = self._path_at(post, before, age)
        level = level_of(score_of(path, float(np.expm1(logs[-1]))))
        state: State = "below" if level < 0.1 else "above" if level > 0.9 else "inside"
        low, high = np.expm1(path[[1, 5]])
        range_ = f"{low:,.0f} to {high:,.0f}"
        said = {
            "below": "runs below its 10% path: look at it before more is spent on it",
            "above": "runs above its 90% path: worth boosting while it lasts",
            "inside": "runs as expected",
        }[state]
        words = (
            f"{target} {said}; {np.expm1(logs[-1]):,.0f} at {age:.1f} days, "
            f"where 80% of such posts lie between {range_}"
        )
        return EarlyWarning(state=state, level=round(level, 4), words=words)

    def _path_at(self, post: _Post, before: F64, age: float) -> F64:
        """The forecast before posting at an age: its nearest window, moved along the curve.

        A young age varies more about the curve, so the path widens by that noise.
        """
        at = int(np.abs(np.log(np.array(WINDOWS_DAYS) / max(age, 0.02))).argmin())
        days, logs = WINDOWS_DAYS[at], before[at]
        rise, noise = self._trajectories.growth(post.segment, min(age, days), max(age, days))
        if age >= days:
            return np.asarray(np.maximum(logs + rise, 0.0))
        sd = max(normal_of(logs)[1], 1e-3)
        wider = logs[3] + (logs - logs[3]) * np.sqrt(1 + (noise / sd) ** 2)
        return np.asarray(np.maximum(wider - rise, 0.0))

    @cached_property
    def _tracks(self) -> PanelTracks:
        panel = self.predictor.panel
        segments = segments_of(panel, self.predictor.niches)
        return PanelTracks(panel, self._trajectories.curves, segments)

    def _snapshot(self, post: _Post, days: float) -> Snapshots:
        """The post's last count of views as a row of the stage models."""
        track = post.track
        ages, logs = track.known("views")
        views = np.expm1(logs)
        earlier = len(ages) > 1 and ages[-1] - ages[-2] > 0.02
        excess, n_past, level = self._past(post, days)
        now_s = int(track.published_s + ages[-1] * DAY_S)
        likes, comments = (track.last(name) for name in ("likes", "comments"))
        one = np.array
        stand = Stand(
            age_days=one([ages[-1]]),
            log_views=one([np.log(max(views[-1], 1.0))]),
            earlier_days=one([ages[-2] if earlier else np.nan]),
            earlier_log_views=one([np.log(max(views[-2], 1.0)) if earlier else np.nan]),
            likes=one([likes]),
            comments=one([comments]),
            published_s=one([track.published_s]),
            duration_s=one([track.brief.duration_s or np.nan]),
            past_excess=one([excess]),
            n_past=one([n_past]),
            past_level=one([level]),
        )
        curve = self._trajectories.curves.of(post.segment)
        to = one([days])
        rise, share = curve.rise(stand.age_days, to), curve.growth.log_share(stand.age_days)
        return Snapshots(
            post=one([0]),
            observed_s=one([now_s]),
            stand=stand,
            values=columns(stand, rise, share),
            rise=rise,
            noise=curve.noise(stand.age_days, to),
            log_ratio=one([np.nan]),
            known_s=one([2**40]),
        )

    def _past(self, post: _Post, days: float) -> tuple[float, float, float]:
        creator = (
            -1 if post.creator_id is None else self.predictor.panel.creator_index(post.creator_id)
        )
        if creator < 0:
            return 0.0, 0.0, float("nan")
        if days not in self._pasts:
            self._pasts[days] = CreatorPast(self._tracks, days)
        at = np.array([int(post.track.published_s + post.track.age_days * DAY_S)])
        own = np.array([post.track.post])
        excess, n, level = self._pasts[days].at(np.array([creator]), at, own)
        return float(excess[0]), float(n[0]), float(level[0])
