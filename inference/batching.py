"""Answers quick requests that arrive at the same moment in one pass (dynamic batching)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from inference.predictor import Predictor
from reelcast.records import ForecastRequest, ForecastResponse

_MOST = 64  # requests in one pass

Kind = tuple[Predictor, tuple[str, ...] | None, bool]


@dataclass(frozen=True, slots=True)
class _Waiting:
    asked: ForecastRequest
    answer: asyncio.Future[ForecastResponse]


class Batcher:
    """Collects requests until the event loop has read all that has arrived, then answers them.

    Nothing waits on a timer: a lone request is answered at once.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._waiting: dict[Kind, list[_Waiting]] = {}

    async def submit(self, predictor: Predictor, asked: ForecastRequest) -> ForecastResponse:
        """The response to a quick request, as `Predictor.respond` gives it."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._answer_all)
        waiting = _Waiting(asked, loop.create_future())
        self._waiting.setdefault((predictor, asked.targets, asked.explain), []).append(waiting)
        return await waiting.answer

    def _answer_all(self) -> None:
        collected, self._waiting = self._waiting, {}
        for (predictor, _, _), waiting in collected.items():
            for at in range(0, len(waiting), _MOST):
                self._answer(predictor, waiting[at : at + _MOST])

    def _answer(self, predictor: Predictor, waiting: list[_Waiting]) -> None:
        """Answer together; where one request is at fault, each alone, so that only it fails."""
        try:
            answers = predictor.respond_together([one.asked for one in waiting], self._now())
        except Exception as exc:  # bugs of ours too: who is not told of them waits for ever
            if len(waiting) == 1:
                _fail(waiting[0], exc)
                return
            for one in waiting:
                self._answer(predictor, [one])
            return
        for one, response in zip(waiting, answers, strict=True):
            if not one.answer.cancelled():
                one.answer.set_result(response)


def _fail(waiting: _Waiting, exc: Exception) -> None:
    if not waiting.answer.cancelled():
        waiting.answer.set_exception(exc)
