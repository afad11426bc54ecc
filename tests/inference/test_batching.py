"""Requests that arrive together are answered together, and none waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import pytest

from inference.batching import Batcher
from inference.predictor import Predictor
from reelcast.errors import NotFoundError
from reelcast.records import CreatorQuestion, ForecastRequest, ForecastResponse, ModelName
from tests.support import NOW

NAME = ModelName(
    created_at="", data_version="", code_version="", history="as_of", hindsight=(), tested_posts=0
)


class Answers:
    """A predictor that answers all but the creators named "unknown" and "bug"."""

    def __init__(self) -> None:
        self.passes: list[int] = []

    def respond_together(
        self, requests: Sequence[ForecastRequest], now: datetime
    ) -> list[ForecastResponse]:
        self.passes.append(len(requests))
        names = [asked.creators[0].creator_id for asked in requests]
        if "unknown" in names:
            raise NotFoundError("unknown")
        if "bug" in names:
            raise KeyError("bug")
        return [
            ForecastResponse(model=NAME.model_copy(update={"code_version": name}), forecasts=())
            for name in names
        ]


def request(name: str, **others: Any) -> ForecastRequest:
    return ForecastRequest(creators=(CreatorQuestion(creator_id=name),), **others)


def submit(predictor: Answers, *requests: ForecastRequest) -> list[Any]:
    """What each of these requests, submitted at once, is answered or raises."""

    async def all_at_once() -> list[Any]:
        batcher = Batcher(lambda: NOW)
        each = (batcher.submit(cast(Predictor, predictor), asked) for asked in requests)
        together = asyncio.gather(*each, return_exceptions=True)
        return list(await asyncio.wait_for(together, timeout=5))

    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)
    try:
        return loop.run_until_complete(all_at_once())
    finally:
        loop.close()


def named(answers: list[Any]) -> list[Any]:
    return [a.model.code_version if isinstance(a, ForecastResponse) else type(a) for a in answers]


def test_requests_of_one_moment_are_answered_in_one_pass() -> None:
    predictor = Answers()
    assert named(submit(predictor, *map(request, "abc"))) == ["a", "b", "c"]
    assert predictor.passes == [3]


def test_no_pass_has_more_than_64_requests() -> None:
    predictor = Answers()
    submit(predictor, *(request("a") for _ in range(150)))
    assert predictor.passes == [64, 64, 22]


def test_requests_for_other_targets_are_answered_apart() -> None:
    predictor = Answers()
    submit(predictor, request("a"), request("b", targets=("likes",)), request("c", explain=False))
    assert predictor.passes == [1, 1, 1]


@pytest.mark.parametrize(("name", "kind"), [("unknown", NotFoundError), ("bug", KeyError)])
def test_only_the_request_at_fault_fails(name: str, kind: type[Exception]) -> None:
    asked = (request("a"), request(name), request("b"))
    assert named(submit(Answers(), *asked)) == ["a", kind, "b"]


def test_a_lone_request_at_fault_is_tried_once() -> None:
    predictor = Answers()
    submit(predictor, request("bug"))
    assert predictor.passes == [1]
