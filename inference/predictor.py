"""Answers questions: a bundle over the lake's posts, or over posts given inline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from content_tagging.sentences import embed
from features.dataset import load_panel
from features.panel import Panel
from features.state import F32
from inference.answer import Part, answer
from inference.asking import (
    brief_text,
    inline_panel,
    known_creator,
    planned_at,
    questions_of,
    with_vectors,
)
from inference.registry import bundle_folder
from reelcast.errors import NotFoundError, TooLargeError
from reelcast.records import CreatorQuestion, Forecast, ForecastRequest, ForecastResponse, ModelName
from reelcast.salt import read_salt
from reelcast.settings import Settings
from reelcast.store import Lake
from training.bundle import Bundle, load_bundle

_BRIEFS_KEPT = 1000
_FEW = 4


class Predictor:
    """A loaded bundle over a panel of the lake's posts, as they were when it was made."""

    def __init__(self, bundle: Bundle, panel: Panel, settings: Settings) -> None:
        self.bundle = bundle
        self._settings = settings
        self._salt = read_salt(settings)
        forecasters = bundle.model.forecasters.values()
        self._reads_text = any("text_0" in forecaster.columns for forecaster in forecasters)
        self._briefs: dict[str, F32] = {}
        self._panel = self._with_components(panel)

    @classmethod
    def load(cls, model: str, settings: Settings) -> Predictor:
        """The predictor of a model URI (models:/reelcast@champion) or of a bundle's path."""
        bundle = load_bundle(bundle_folder(model, settings))
        lake = Lake(settings.lake_root, settings.storage_options)
        return cls(bundle, load_panel(lake), settings)

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(self.bundle.model.forecasters)

    @property
    def creator_ids(self) -> Sequence[str]:
        """All creators of the lake, sorted."""
        return self._panel.creator_ids

    def forecast(self, asked: ForecastRequest, now: datetime) -> list[Forecast]:
        """One forecast per creator, in the order asked, as decided at `now` (aware).

        Raises InputError for times that cannot be, NotFoundError for unknown creators and targets.
        """
        targets = self._checked(asked.targets)
        planned = planned_at(asked.brief, now, self._settings.api.max_lead_days)
        answers: dict[int, Forecast] = {}
        for numbers, panel, creators in self._sources(asked.creators, now):
            questions = questions_of(np.array(creators, np.int64), asked.brief, planned, now)
            if self._reads_text:
                questions = with_vectors(questions, self._brief_components(questions.texts[0]))
            people = [asked.creators[i] for i in numbers]
            part = Part(panel, questions, people, planned, panel is self._panel)
            answers |= zip(numbers, answer(self.bundle, part, targets, asked.explain), strict=True)
        return [answers[i] for i in range(len(asked.creators))]

    def respond(self, asked: ForecastRequest, now: datetime) -> ForecastResponse:
        """The forecasts with the name of the model that made them.

        Raises TooLargeError for more creators than the settings allow.
        """
        limit = self._settings.api.max_creators
        if len(asked.creators) > limit:
            raise TooLargeError(
                f"{len(asked.creators)} creators in one request, at most {limit}: ask in parts"
            )
        return ForecastResponse(model=self.name, forecasts=tuple(self.forecast(asked, now)))

    @cached_property
    def name(self) -> ModelName:
        manifest = self.bundle.manifest
        scores = manifest["scores"].values()
        return ModelName(
            **{key: manifest[key] for key in ("created_at", "data_version", "code_version")},
            history=manifest["history"],
            hindsight=tuple(manifest["hindsight"]),
            tested_posts=max(int(of_target["model"]["n"]) for of_target in scores),
        )

    @cached_property
    def card(self) -> dict[str, Any]:
        """The manifest without weights' details: training data, settings, test scores, limits."""
        manifest = {k: v for k, v in self.bundle.manifest.items() if k != "targets"}
        trials = {
            target: forecaster.text_trial
            for target, forecaster in self.bundle.model.forecasters.items()
        }
        return {**manifest, "targets": list(self.targets), "text": trials}

    def is_quick(self, asked: ForecastRequest) -> bool:
        """Whether the answer takes a few milliseconds: few creators, all known, no new text."""
        is_known_text = not self._reads_text or brief_text(asked.brief) in self._briefs
        few = len(asked.creators) <= _FEW and all(q.posts is None for q in asked.creators)
        return few and is_known_text

    def _checked(self, wanted: Sequence[str] | None) -> tuple[str, ...]:
        if wanted is None:
            return self.targets
        missing = [target for target in wanted if target not in self.targets]
        if missing:
            raise NotFoundError(
                f"this model forecasts {', '.join(self.targets)}, not {', '.join(missing)}: "
                "too few such counts were in its training data"
            )
        return tuple(dict.fromkeys(wanted))

    def _sources(
        self, creators: Sequence[CreatorQuestion], now: datetime
    ) -> list[tuple[list[int], Panel, list[int]]]:
        """Positions asked, the panel that knows them, and their indices in it; at most two."""
        in_lake = [i for i, question in enumerate(creators) if question.posts is None]
        inline = [i for i, question in enumerate(creators) if question.posts is not None]
        sources = []
        if in_lake:
            known = [known_creator(creators[i], self._panel, self._salt) for i in in_lake]
            sources.append((in_lake, self._panel, known))
        if inline:
            panel = self._with_components(inline_panel([creators[i] for i in inline], now))
            sources.append((inline, panel, list(range(len(inline)))))
        return sources

    def _brief_components(self, text: str) -> F32:
        """The components of a brief's text (d,); the last briefs' are remembered."""
        if text not in self._briefs:
            if len(self._briefs) >= _BRIEFS_KEPT:
                self._briefs.clear()
            self._briefs[text] = self._components([text])[0]
        return self._briefs[text]

    def _with_components(self, panel: Panel) -> Panel:
        """The panel with its texts' components, where a model reads them."""
        return replace(panel, vectors=self._components(panel.texts) if self._reads_text else None)

    def _components(self, texts: Sequence[str]) -> F32:
        components = self.bundle.model.state.reduce(embed(texts, self._settings.sentence_cache))
        if components is None:
            raise RuntimeError("a model that reads text has no text basis")
        return components
