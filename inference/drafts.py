"""What the videos of drafts show: rows beside those of the lake's tagged videos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from content_tagging.tags.taxonomy import load_taxonomy
from features.panel import F64, I64, Panel
from features.shown import ContentState, Shown, labels_of, table_of
from reelcast.errors import InputError, NotFoundError
from reelcast.records import Brief

_NOTHING = Shown((), np.empty((0, 0)), None, np.empty(0, np.int64), {})


class Drafts:
    """The lake's tagged videos as a model's columns, to which drafts' are added."""

    def __init__(self, state: ContentState, lake: Shown | None) -> None:
        self._state, self._lake = state, lake or _NOTHING
        made = state.reduce(self._lake)
        if made is None:
            raise RuntimeError("a model that reads content has no content columns")
        nothing = np.full((1, made.values.shape[1]), np.nan)
        self._made = made.with_drafts(nothing)  # never empty: a row that means no video
        self._none = len(made.values)

    def beside(self, panel: Panel, briefs: Sequence[Brief]) -> tuple[Panel, I64]:
        """The panel with the lake's videos and the drafts', and each brief's row, -1 for none.

        Raises NotFoundError for a content that was not tagged, InputError for unknown labels.
        """
        rows: list[int] = []
        new: list[F64] = []
        for brief in briefs:
            at = self._row_of(brief)
            if brief.tags is None:
                rows.append(at)
                continue
            rows.append(self._none + 1 + len(new))
            new.append(self._columns(brief, at))
        shown = self._made.with_drafts(np.array(new)) if new else self._made
        if len(shown.of_post) != panel.n_posts:  # posts given inline have no videos
            shown = replace(shown, of_post=np.full(panel.n_posts, -1, np.int64))
        return replace(panel, shown=shown), np.array(rows, np.int64)

    def _row_of(self, brief: Brief) -> int:
        if brief.content_id is None:
            return -1
        found = self._lake.of_content.get(brief.content_id)
        if found is None:
            raise NotFoundError(
                f"brief: no post shows a tagged content {brief.content_id!r}: give its `tags`, or "
                "tag its file with a manifest that names its post"
            )
        return found

    def _columns(self, brief: Brief, at: int) -> F64:
        """The columns of a draft's tags, over those of its content where it names one."""
        tags = brief.tags or {}
        for group, labels in tags.items():
            known = load_taxonomy().names(group)
            unknown = sorted(set(labels) - set(known))
            if unknown:
                raise InputError(
                    f"brief: tags.{group} knows no {', '.join(unknown)}: choose of "
                    f"{', '.join(known)}"
                )
        names = tuple(dict.fromkeys((*self._lake.names, *self._state.names)))
        made = table_of([labels_of(tags)], names)
        if at >= 0:
            own = np.array([self._lake.column(name)[at] for name in names])
            made = np.where(np.isnan(made), own, made)
        words = None if self._lake.words is None or at < 0 else self._lake.words[[at]]
        one = Shown(names, made, words, np.empty(0, np.int64), {})
        reduced = self._state.reduce(one)
        return np.asarray(reduced.values[0] if reduced is not None else made[0])
