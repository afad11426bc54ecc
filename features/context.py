"""All that a column beyond one count's history may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from features.gather import Past, Questions, usual_duration, usual_hashtags, usual_length
from features.history import Known
from features.panel import F64, I64, Panel
from features.state import State


@dataclass(frozen=True)
class Context:
    """All that a shared column may look at; nothing in it was observed after the decision but the
    stand-ins that `past.stand_in` marks."""

    asked: Questions
    past: Past
    views: Known
    state: State
    panel: Panel
    followers: F64

    @cached_property
    def duration_s(self) -> F64:
        """The draft's length; where unknown the creator's usual one, else the training posts'."""
        usual = usual_duration(self.panel, self.past)
        usual = np.where(np.isnan(usual), self.state.usual_duration_s, usual)
        return np.where(np.isnan(self.asked.duration_s), usual, self.asked.duration_s)

    @cached_property
    def text_length(self) -> F64:
        """log1p characters of the draft's text (n,); where unsaid the usual, as `duration_s`."""
        own = np.log1p([len(text) for text in self.asked.texts])
        return self._said(own, usual_length, self.state.usual_length)

    @cached_property
    def n_hashtags(self) -> F64:
        """The draft's hashtags (n,); where unsaid the usual number, as `duration_s`."""
        own = (self.asked.hashtags != 0).sum(axis=1).astype(np.float64)
        return self._said(own, usual_hashtags, self.state.usual_hashtags)

    def _said(self, own: F64, usual_of: Callable[[Panel, Past], F64], usual: float) -> F64:
        if not self.asked.is_unsaid.any():
            return own
        known = usual_of(self.panel, self.past)
        return np.where(self.asked.is_unsaid, np.where(np.isnan(known), usual, known), own)

    @cached_property
    def place(self) -> I64:
        """Index into PLACES (n,) of most past posts, the first of equals; -1 without any."""
        found, most = np.full(len(self.asked), -1, np.int64), np.zeros(len(self.asked))
        if not self.panel.n_posts:
            return found
        past = np.where(self.past.seen, self.panel.place[self.past.post], -1)
        for number in np.unique(past[past >= 0]):
            n = (past == number).sum(axis=1)
            found, most = np.where(n > most, number, found), np.maximum(n, most)
        return found
