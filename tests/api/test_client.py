"""The client is what the generator makes of the API as it is now, and says what is refused."""

from __future__ import annotations

import httpx
import pytest
from starlette.testclient import TestClient

from api.client import ProblemError, Reelcast
from api.client.generate import HERE, document, files_of
from api.client.models import Brief, CreatorQuestion, ForecastRequest
from tests.api.doors import reelcast_of
from tests.inference.homes import Home


@pytest.mark.parametrize("name", ["models.py", "calls.py"])
def test_generating_it_again_gives_the_code_that_is_here(name: str) -> None:
    made = files_of(document())[name]
    assert made == (HERE / name).read_text(), "run `python -m api.client.generate`"


def test_every_route_has_a_call() -> None:
    named = {
        operation["operationId"]
        for path in document()["paths"].values()
        for operation in path.values()
    }
    assert named == {name for name in named if callable(getattr(Reelcast, name, None))}


def test_a_forecast_comes_as_records(client: TestClient, home: Home) -> None:
    creator = home.creators[0]
    person = CreatorQuestion(platform=creator.platform, handle=creator.handle)
    asked = ForecastRequest(creators=[person], brief=Brief(caption="a day"), targets=["views"])
    answer = reelcast_of(client).forecasts(asked)
    assert answer.forecasts[0].targets["views"].mean > 0
    assert answer.forecasts[0].post_at.tzinfo is not None


def test_wrong_fields_are_named(client: TestClient) -> None:
    with pytest.raises(ProblemError, match="422 Input cannot be used") as refused:
        reelcast_of(client).forecasts(ForecastRequest(creators=[]))
    assert refused.value.errors[0]["field"] == "creators"


def test_the_refusal_of_a_proxy_is_a_problem_too() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<h1>Bad Gateway</h1>", headers={"retry-after": "7"})

    with (
        httpx.Client(transport=httpx.MockTransport(answer), base_url="http://x") as client,
        Reelcast("http://x", client=client) as reelcast,
        pytest.raises(ProblemError, match="502 Bad Gateway: <h1>Bad Gateway</h1>") as refused,
    ):
        reelcast.health()
    assert refused.value.retry_after_s == 7
