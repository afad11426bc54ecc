"""Comparisons and effects over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.doors import client_of, problem
from tests.inference.homes import HOOKS, Home

URL = "/v1/comparisons"
DRAFTS = [{"caption": "stop buying this"}, {"caption": "week 4", "duration_s": 90}]


@pytest.fixture(scope="module")
def serving(tagged: Home) -> Iterator[TestClient]:
    with client_of(tagged.settings) as client:
        yield client


def person(home: Home) -> dict[str, str]:
    return {"platform": home.creators[0].platform, "handle": home.creators[0].handle}


def test_drafts_are_compared_by_every_target_and_the_rate(home: Home, client: TestClient) -> None:
    answer = client.post(URL, json={"creator": person(home), "drafts": DRAFTS})
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert [duel["target"] for duel in made["duels"]] == [
        "views", "likes", "comments", "shares", "saves", "engagement_rate",
    ]  # fmt: skip
    assert "10%" in made["control"]
    assert made["content_evidence"] == {}


def test_the_same_comparison_has_the_same_answer(home: Home, client: TestClient) -> None:
    asked = {"creator": person(home), "drafts": DRAFTS, "names": ["stop", "diary"]}
    first, again = (client.post(URL, json=asked).content for _ in range(2))
    assert first == again


def test_tagged_videos_are_compared(tagged: Home, serving: TestClient) -> None:
    drafts = [{"content_id": "clip-0"}, {"content_id": f"{1:064x}"}]
    asked = {"creator": person(tagged), "drafts": drafts, "targets": ["views"]}
    made = serving.post(URL, json=asked).json()
    assert [draft["content_id"] for draft in made["drafts"]] == [f"{k:064x}" for k in range(2)]
    assert set(made["content_evidence"]) == {"views"}
    assert len(made["duels"]) == 1


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"drafts": DRAFTS[:1]}, 422, "drafts"),
        ({"drafts": DRAFTS, "names": ["same", "same"]}, 422, "names"),
        ({"drafts": DRAFTS, "targets": ["fame"]}, 422, "targets"),
        ({"drafts": [{"content_id": "nothing"}, DRAFTS[0]]}, 404, "nothing"),
        ({"drafts": DRAFTS, "creator": {"creator_id": "nobody"}}, 404, "nobody"),
    ],
)
def test_a_comparison_that_cannot_be_is_a_problem(
    home: Home, client: TestClient, wrong: dict[str, Any], status: int, said: str
) -> None:
    asked = {"creator": person(home), **wrong}
    assert said in problem(client.post(URL, json=asked), status)


def test_effects_are_listed_with_their_control(serving: TestClient) -> None:
    made = serving.get("/v1/effects", params={"target": "likes"}).json()
    assert {e["label"] for e in made["effects"] if e["group"] == "hook"} == set(HOOKS)
    assert made["target"] == "likes"
    assert "Benjamini-Hochberg" in made["control"]


def test_effects_without_tagged_posts_are_not_found(client: TestClient) -> None:
    assert "reelcast tag" in problem(client.get("/v1/effects"), 404)


def test_effects_of_a_target_that_is_none_are_refused(client: TestClient) -> None:
    problem(client.get("/v1/effects", params={"target": "fame"}), 422)


def test_what_is_asked_stands_in_the_openapi_document(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    body = document["paths"][URL]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["$ref"].endswith("/CompareRequest")
    assert {"CompareRequest", "CompareResponse", "EffectsResponse"} <= set(
        document["components"]["schemas"]
    )
    for path in ("/v1/trajectories", "/v1/trajectories/update", "/v1/campaigns/forecast", URL):
        assert document["paths"][path]["post"]["description"]
