"""Forecasts through the web API: the routes, their answers and their documents."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from inference.predictor import Predictor
from reelcast.records import ForecastRequest, ForecastResponse, creator_id_of
from reelcast.tables import TARGETS
from tests.api.doors import URL, ask, past
from tests.inference.homes import SALT, Home
from tests.support import NOW, fast_settings


def named(home: Home, number: int = 0) -> dict[str, str]:
    creator = home.creators[number]
    return {"handle": f"@{creator.handle}", "platform": creator.platform}


def id_of(home: Home, number: int = 0) -> str:
    creator = home.creators[number]
    return creator_id_of(creator.platform, creator.handle, SALT)


def test_an_answer_is_the_predictors(home: Home, client: TestClient) -> None:
    body = {"creators": [{"creator_id": id_of(home)}], "brief": {"caption": "hello #vlog"}}
    predictor = Predictor.load(home.settings.model, home.settings)
    expected = predictor.respond(ForecastRequest.model_validate(body), NOW)
    answer = ForecastResponse.model_validate_json(ask(client, **body).content)
    (made,) = answer.forecasts
    assert made.forecast_id is not None
    assert made.model_copy(update={"forecast_id": None}) == expected.forecasts[0]


def test_a_creator_is_asked_for_by_handle(home: Home, client: TestClient) -> None:
    answer = ask(client, creators=[named(home)]).json()
    assert answer["forecasts"][0]["creator_id"] == id_of(home)


def test_an_answer_never_repeats_a_handle(home: Home, client: TestClient) -> None:
    assert home.creators[0].handle not in ask(client, creators=[named(home)]).text


def test_posts_are_given_inline(client: TestClient) -> None:
    answer = ask(client, creators=[{"label": "Ana", "posts": [past(views=800)]}]).json()
    made = answer["forecasts"][0]
    assert (made["label"], made["creator_id"], made["n_history"]) == ("Ana", None, 1)


def test_a_creator_without_posts_has_grade_d(client: TestClient) -> None:
    answer = ask(client, creators=[{"posts": []}])
    assert answer.status_code == 200
    assert answer.json()["forecasts"][0]["grade"]["grade"] == "D"


def test_the_example_of_the_document_is_answered(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["ForecastRequest"]
    assert ask(client, **schema["examples"][0]).status_code == 200


def test_the_posting_time_defaults_to_now(client: TestClient) -> None:
    made = ask(client, creators=[{"posts": []}]).json()["forecasts"][0]
    assert made["post_at"] == "2026-03-02T06:00:00Z"


def test_a_time_in_another_zone_means_the_same_moment(client: TestClient) -> None:
    people = [{"posts": [past(views=5)]}]
    here = ask(client, creators=people, brief={"post_at": "2026-03-05T12:00:00Z"}).json()
    there = ask(client, creators=people, brief={"post_at": "2026-03-05T19:00:00+07:00"}).json()
    assert here["forecasts"][0]["targets"] == there["forecasts"][0]["targets"]


def test_the_same_request_has_the_same_bytes(home: Home, client: TestClient) -> None:
    people = [named(home), {"posts": [past(views=3)]}]
    assert len({ask(client, creators=people).content for _ in range(3)}) == 1


def test_requests_at_one_moment_have_the_answers_of_requests_alone(
    home: Home, client: TestClient
) -> None:
    bodies = [{"creators": [{"creator_id": id_of(home, n)}]} for n in range(12)]
    bodies.insert(5, {"creators": [{"creator_id": "nobody"}]})

    async def all_at_once() -> list[httpx.Response]:
        transport = httpx.ASGITransport(client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as many:
            return list(await asyncio.gather(*(many.post(URL, json=body) for body in bodies)))

    together = asyncio.run(all_at_once())
    alone = [client.post(URL, json=body) for body in bodies]
    assert [r.status_code for r in together] == [200] * 5 + [404] + [200] * 7
    for one, other in zip(alone, together, strict=True):
        if one.status_code == 200:
            assert medians(one) == pytest.approx(medians(other), rel=1e-6, abs=0.11)


def medians(response: httpx.Response) -> list[float]:
    (made,) = response.json()["forecasts"]
    return [made["targets"][target]["quantiles"]["q50"] for target in TARGETS]


def test_health_names_the_model_and_the_data(client: TestClient) -> None:
    said = client.get("/health").json()
    assert said["status"] == "ok"
    assert said["model"]["tested_posts"] > 0
    assert said["data_version"].startswith("posts@")


def test_health_without_a_model_is_an_answer_with_the_reason(tmp_path: Any) -> None:
    with TestClient(create_app(fast_settings(tmp_path))) as client:
        said = client.get("/health")
    assert said.status_code == 200
    assert said.json()["status"] == "no model"
    assert "reelcast train" in said.json()["reason"]


def test_the_model_card_says_what_it_learned_and_how_it_was_tested(
    home: Home, client: TestClient
) -> None:
    card = client.get("/v1/models/current").json()
    assert card["n_posts"] == len(home.world.posts)
    assert card["targets"] == list(TARGETS)
    assert card["scores"]["views"]["model"]["coverage_80"] > 0
    assert set(card["scores"]["views"]["baselines"]) >= {"last5_median", "tier_median"}


def test_the_model_card_names_settings_and_versions(client: TestClient) -> None:
    card = client.get("/v1/models/current").json()
    assert {"created_at", "code_version", "data_version", "history", "settings"} <= set(card)


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def test_the_document_has_an_example_of_a_request(document: dict[str, Any]) -> None:
    examples = document["components"]["schemas"]["ForecastRequest"]["examples"]
    assert ForecastRequest.model_validate(examples[0])


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [r for value in node.values() for r in references(value)]
    if isinstance(node, list):
        return [r for value in node for r in references(value)]
    return []


@pytest.mark.parametrize("status", ["404", "409", "413", "422", "500", "501", "503"])
@pytest.mark.parametrize(
    ("path", "method"), [("/v1/forecasts", "post"), ("/v1/models/current", "get")]
)
def test_every_error_status_is_documented_as_a_problem(
    document: dict[str, Any], path: str, method: str, status: str
) -> None:
    responses = document["paths"][path][method]["responses"]
    assert list(responses[status]["content"]) == ["application/problem+json"]


def test_every_route_says_what_it_does(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["description"]


def test_an_answer_fits_its_schema(home: Home, client: TestClient) -> None:
    answer = ask(client, creators=[named(home), {"posts": []}])
    assert ForecastResponse.model_validate_json(answer.content)
