"""Keeps the predictor that a server answers with: loaded once, renewed when something changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import reelcast
from content_tagging.sentences import SentenceEncoder, default_encoder
from inference.predictor import Predictor
from inference.registry import run_of
from reelcast.errors import NotFoundError, ReelcastError
from reelcast.settings import Settings
from reelcast.store import Lake

log = logging.getLogger(__name__)


class Serving:
    """The current predictor of a model URI; `renew` swaps it after an import or a coronation.

    `encoder` is loaded behind the first model that reads words, so that no request waits for it.
    """

    def __init__(
        self, settings: Settings, encoder: Callable[[], SentenceEncoder] = default_encoder
    ) -> None:
        self.settings = settings
        self._encoder = encoder
        self._warming: threading.Thread | None = None
        self._lake = Lake(settings.lake_root, settings.storage_options)
        self._predictor: Predictor | None = None
        self._made_from: tuple[str, str] | None = None
        self._renewing = threading.Lock()
        self._trouble: ReelcastError = NotFoundError("no model is loaded yet: try again shortly")

    def current(self) -> Predictor:
        """The predictor; raises what keeps it from loading where there is none."""
        if self._predictor is None:
            raise self._trouble
        return self._predictor

    def renew(self) -> None:
        """Load the model and the lake's posts where either is newer than what is loaded."""
        with self._renewing:
            try:
                newest = self._versions()
                if newest != self._made_from:
                    self._predictor = Predictor.load(self.settings.model, self.settings)
                    self._made_from = newest
                    log.info("serving %s on %s", *newest)
                    self._warm(self._predictor)
            except ReelcastError as exc:
                log.warning("cannot load the model: %s", exc)
                self._trouble = exc

    def _warm(self, predictor: Predictor) -> None:
        """Begin to load the encoder, once, where the model reads words."""
        if predictor.reads_words and self._warming is None:
            self._warming = threading.Thread(target=self._load_encoder, name="warm", daemon=True)
            self._warming.start()

    def _load_encoder(self) -> None:
        try:
            self._encoder().encode(["a warm start"])
        except ReelcastError as exc:
            log.warning("the sentence encoder cannot be loaded: %s", exc)

    def health(self) -> dict[str, Any]:
        """Whether forecasts can be made, by which model, on which data, else why not."""
        about = {"version": reelcast.__version__, "data_version": self._lake.data_version()}
        if self._predictor is None:
            return {"status": "no model", "reason": str(self._trouble), **about}
        return {"status": "ok", "model": self._predictor.name.model_dump(mode="json"), **about}

    def _versions(self) -> tuple[str, str]:
        model = self.settings.model
        named = run_of(model, self.settings) if model.startswith("models:") else model
        return named, self._lake.data_version()


class Renewal:
    """A background thread that calls `renew` every `every_s` seconds until stopped."""

    def __init__(self, renew: Callable[[], None], every_s: float) -> None:
        self._renew, self._every_s = renew, every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewal", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopped.wait(self._every_s):
            try:
                self._renew()
            except Exception:  # a thread that ends here would leave the server old for ever
                log.exception("renewal fails; tried again in %s s", self._every_s)
