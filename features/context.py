"""All that a column beyond one count's history may look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from features.gather import Past, Questions, usual_duration
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
