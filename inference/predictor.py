"""Answers requests: a bundle over the lake's posts, or over posts given inline."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

import numpy as np

from content_tagging.sentences import embed
from features.blocks import NAMES
from features.dataset import load_panel, niches_of
from features.panel import F64, Panel
from features.shown import OWN, load_shown
from features.state import F32
from inference.answer import Batch, answer, look_ahead
from inference.asking import Ask, brief_text, inline_panel, known_creator, planned_at, questions_of
from inference.drafts import Drafts
from inference.horizons import Counted
from inference.registry import bundle_folder
from reelcast.errors import MismatchError, NotFoundError, TooLargeError
from reelcast.records import (
    Brief,
    CreatorQuestion,
    Forecast,
    ForecastRequest,
    ForecastResponse,
    ModelName,
    Target,
)
from reelcast.salt import read_salt
from reelcast.settings import Settings
from reelcast.store import Lake
from training.bundle import Bundle, load_bundle

_BRIEFS_KEPT = 1000
_FEW = 4
_NAMED = ("created_at", "data_version", "code_version")
_NEEDED = {*_NAMED, "history", "hindsight", "scores", "coverage_by_tier", "collection"}


class Predictor:
    """A loaded bundle over a panel of the lake's posts, as they were when it was made."""

    def __init__(self, bundle: Bundle, panel: Panel, settings: Settings) -> None:
        self.bundle = bundle
        self.settings = settings
        self._salt = read_salt(settings)
        forecasters = bundle.model.forecasters.values()
        self._reads_text = any("text_0" in forecaster.columns for forecaster in forecasters)
        content = bundle.model.state.content
        reads_content = any(OWN in forecaster.columns for forecaster in forecasters)
        self._drafts = Drafts(content, panel.shown) if reads_content else None
        self._briefs: dict[bytes, F32] = {}
        for forecaster in forecasters:
            forecaster.importance()  # loads the head that explains, before anybody waits for it
        self._panel = self._with_components(panel)
        self._counted = Counted.of(panel)

    @classmethod
    def load(cls, model: str, settings: Settings) -> Predictor:
        """The predictor of a model URI (models:/reelcast@champion) or of a bundle's path."""
        folder = bundle_folder(model, settings)
        bundle = load_bundle(folder)
        missing = sorted(_NEEDED - bundle.manifest.keys())
        if missing or not bundle.model.forecasters:
            lacks = ", ".join(missing) or "a target that this release forecasts"
            raise MismatchError(f"the manifest of bundle {folder} lacks {lacks}: train again")
        lake = Lake(settings.lake_root, settings.storage_options)
        panel = load_panel(lake, bundle.manifest["collection"])
        content = bundle.model.state.content
        if content.names:
            reads = partial(embed, cache_path=settings.sentence_cache) if content.words else None
            panel = replace(panel, shown=load_shown(lake, panel.post_ids, reads))
        return cls(bundle, panel, settings)

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(self.bundle.model.forecasters)

    @property
    def reads_words(self) -> bool:
        """Whether a draft's words are embedded for a forecast."""
        return self._reads_text

    @property
    def panel(self) -> Panel:
        """The lake's posts, as this predictor sees them."""
        return self._panel

    @cached_property
    def niches(self) -> dict[str, str]:
        """The lake's creators' niches, by id."""
        return niches_of(Lake(self.settings.lake_root, self.settings.storage_options))

    @property
    def creator_ids(self) -> Sequence[str]:
        """All creators of the lake, sorted."""
        return self._panel.creator_ids

    def respond(self, asked: ForecastRequest, now: datetime) -> ForecastResponse:
        """One forecast per creator, in the order asked, as decided at `now` (aware).

        Raises InputError for times that cannot be, NotFoundError for unknown creators and
        targets, TooLargeError for more creators than the settings allow.
        """
        targets = self._checked(asked)
        forecasts: dict[int, Forecast] = {}
        for rows, batch in self._batches(asked, now):
            forecasts |= zip(rows, answer(self.bundle, batch, targets, asked.explain), strict=True)
        ordered = tuple(forecasts[i] for i in range(len(asked.creators)))
        return ForecastResponse(model=self.name, forecasts=ordered)

    def samples(self, asked: ForecastRequest, now: datetime) -> dict[str, F64]:
        """Sampled counts (n_creators, n_draws) by target: draw k of one target goes with draw k of
        every other. Raises as `respond` does.
        """
        targets = self._checked(asked)
        drawn: dict[str, F64] = {}
        for rows, batch in self._batches(asked, now):
            for target, of in look_ahead(self.bundle, batch, targets).items():
                shape = len(asked.creators), of.samples.shape[1]
                drawn.setdefault(target, np.empty(shape))[rows] = of.samples
        return drawn

    def respond_together(
        self, requests: Sequence[ForecastRequest], now: datetime
    ) -> list[ForecastResponse]:
        """The responses to quick requests for the same targets and explanation, in one pass.

        Rows are independent, so each response is what `respond` gives; the fixed cost of numpy's
        calls is shared. Raises as `respond` does for the first request that cannot be answered.
        """
        targets = self._checked(requests[0])
        asks = [list(self._asks(asked, now)[0].values()) for asked in requests]
        batch = self._batch(self._panel, [ask for of_one in asks for ask in of_one], now)
        made = iter(answer(self.bundle, batch, targets, requests[0].explain))
        return [
            ForecastResponse(model=self.name, forecasts=tuple(next(made) for _ in of_one))
            for of_one in asks
        ]

    def log_quantiles(
        self,
        person: CreatorQuestion,
        briefs: Sequence[Brief],
        targets: tuple[Target, ...] | None,
        now: datetime,
    ) -> dict[str, F64]:
        """Quantiles of log1p counts (n_briefs, n_quantiles) by target, of one creator's drafts.

        Raises as `respond` does.
        """
        panel, asks = self._panel, []
        wanted: tuple[str, ...] = ()
        for brief in briefs:
            asked = ForecastRequest(creators=(person,), brief=brief, targets=targets)
            wanted = self._checked(asked)
            in_lake, inline = self._asks(asked, now)
            asks += [*in_lake.values(), *inline.values()]
        if person.posts is not None:
            panel = self._with_components(inline_panel([person], now))
        batch = self._batch(panel, asks, now)
        return {t: of.log_quantiles for t, of in look_ahead(self.bundle, batch, wanted).items()}

    def is_quick(self, asked: ForecastRequest) -> bool:
        """Whether the answer takes a few milliseconds: few creators, all known, no new text."""
        is_known_text = not self._reads_text or _key(brief_text(asked.brief)) in self._briefs
        few = len(asked.creators) <= _FEW and all(q.posts is None for q in asked.creators)
        return few and is_known_text

    @cached_property
    def name(self) -> ModelName:
        """Which model answers."""
        manifest = self.bundle.manifest
        scores = manifest["scores"].values()
        return ModelName(
            **{key: manifest[key] for key in _NAMED},
            history=manifest["history"],
            hindsight=tuple(manifest["hindsight"]),
            tested_posts=max(int(of_target["model"]["n"]) for of_target in scores),
        )

    @cached_property
    def card(self) -> dict[str, Any]:
        """The manifest without weights' details: training data, settings, test scores, limits."""
        manifest = {k: v for k, v in self.bundle.manifest.items() if k != "targets"}
        of = self.bundle.model.forecasters
        trials = {
            name: {target: forecaster.trials[name] for target, forecaster in of.items()}
            for name in NAMES
        }
        return {**manifest, "targets": list(self.targets), **trials}

    def _checked(self, asked: ForecastRequest) -> tuple[str, ...]:
        limit = self.settings.api.max_creators
        if len(asked.creators) > limit:
            raise TooLargeError(
                f"{len(asked.creators)} creators in one request, at most {limit}: ask in parts"
            )
        missing = [target for target in asked.targets or () if target not in self.targets]
        if missing:
            raise NotFoundError(
                f"this model forecasts {', '.join(self.targets)}, not {', '.join(missing)}: "
                "too few such counts were in its training data"
            )
        return tuple(dict.fromkeys(asked.targets or self.targets))

    def _batches(self, asked: ForecastRequest, now: datetime) -> list[tuple[list[int], Batch]]:
        """The rows of the request on each panel, with their places in it."""
        in_lake, inline = self._asks(asked, now)
        parts = [(in_lake, self._panel)] if in_lake else []
        if inline:
            people = [ask.person for ask in inline.values()]
            parts.append((inline, self._with_components(inline_panel(people, now))))
        return [(list(of), self._batch(panel, list(of.values()), now)) for of, panel in parts]

    def _asks(self, asked: ForecastRequest, now: datetime) -> tuple[dict[int, Ask], dict[int, Ask]]:
        """Rows by their position in the request: of creators in the lake, and given inline."""
        planned = planned_at(asked.brief, now, self.settings.api.max_lead_days)
        in_lake: dict[int, Ask] = {}
        inline: dict[int, Ask] = {}
        for i, person in enumerate(asked.creators):
            if person.posts is None:
                creator = known_creator(person, self._panel, self._salt)
                in_lake[i] = Ask(creator, person, asked.brief, planned)
            else:
                inline[i] = Ask(len(inline), person, asked.brief, planned)
        return in_lake, inline

    def _batch(self, panel: Panel, asks: Sequence[Ask], now: datetime) -> Batch:
        questions = questions_of(asks, now)
        if self._reads_text:
            vectors = np.stack([self._brief_components(text) for text in questions.texts])
            questions = replace(questions, vectors=vectors)
        in_lake = panel is self._panel
        if self._drafts is not None:
            panel, rows = self._drafts.beside(panel, [ask.brief for ask in asks])
            questions = replace(questions, shown=rows)
        return Batch(panel, questions, asks, in_lake, self._counted)

    def _brief_components(self, text: str) -> F32:
        """The components of a brief's text (d,); the last briefs' are remembered."""
        key = _key(text)
        known = self._briefs.get(key)
        if known is None:
            known = self._components([text])[0]
            if len(self._briefs) >= _BRIEFS_KEPT:
                self._briefs.clear()
            self._briefs[key] = known
        return known

    def _with_components(self, panel: Panel) -> Panel:
        """The panel with its texts' components, where a model reads them."""
        return replace(panel, vectors=self._components(panel.texts) if self._reads_text else None)

    def _components(self, texts: Sequence[str]) -> F32:
        components = self.bundle.model.state.reduce(embed(texts, self.settings.sentence_cache))
        if components is None:
            raise RuntimeError("a model that reads text has no text basis")
        return components


def _key(text: str) -> bytes:
    """A short name of a text: a thousand remembered briefs must not hold a thousand bodies."""
    return hashlib.sha256(text.encode()).digest()
