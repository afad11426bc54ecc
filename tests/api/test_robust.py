"""Whatever is asked, the server answers it or says what is wrong with it: never a 5xx."""

from __future__ import annotations

import copy
import json
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from reelcast.records import ENGAGEMENT, QUANTILE_COLUMNS, ForecastResponse
from tests.api.doors import URL
from tests.inference.homes import Home

texts = st.text(max_size=30)
counts = st.none() | st.integers(0, 10**12)
past_times = st.datetimes(
    min_value=datetime(2000, 1, 1),
    max_value=datetime(2026, 3, 1),
).map(lambda at: at.isoformat() + "Z")


def allowed(post: dict[str, Any]) -> dict[str, Any]:
    """The post, engagement no further above views than a request may say."""
    if post.get("views") is None:
        return post
    most = max(2 * post["views"], post["views"] + 100)
    cut = {name: min(post[name], most) for name in ENGAGEMENT if post.get(name) is not None}
    return {**post, **cut}


posts = st.fixed_dictionaries(
    {"published_at": past_times},
    optional={
        **dict.fromkeys(("views", "likes", "comments", "shares", "saves"), counts),
        "caption": st.none() | texts,
        "hashtags": st.lists(texts, max_size=4),
        "duration_s": st.none() | st.floats(0.1, 36_000),
        "sound_id": st.none() | texts,
    },
).map(allowed)
inline = st.fixed_dictionaries(
    {"posts": st.lists(posts, max_size=5)},
    optional={"followers": counts, "label": st.none() | texts},
)
briefs = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.none() | texts,
        "caption": st.none() | texts,
        "script": st.none() | texts,
        "hashtags": st.lists(texts, max_size=4),
        "duration_s": st.none() | st.floats(0.1, 36_000),
        "post_at": st.sampled_from(["2026-03-02T06:00:00Z", "2026-03-28T23:59:59.999-11:00"]),
        "horizon_days": st.floats(1, 365),
    },
)
requests = st.fixed_dictionaries(
    {"creators": st.lists(inline | st.just({"lake": True}), min_size=1, max_size=4)},
    optional={
        "brief": briefs,
        "explain": st.booleans(),
        "targets": st.none() | st.lists(st.sampled_from(["views", "likes", "saves"]), min_size=1),
    },
)
garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def filled(request: dict[str, Any], home: Home) -> dict[str, Any]:
    """The request with a known account wherever the lake is asked."""
    creator = home.creators[0]
    known = {"handle": creator.handle, "platform": creator.platform}
    return {**request, "creators": [known if "lake" in c else c for c in request["creators"]]}


@settings(max_examples=60, deadline=None)
@given(request_=requests)
def test_a_valid_request_is_answered(
    home: Home, client: TestClient, request_: dict[str, Any]
) -> None:
    answer = client.post(URL, json=filled(request_, home))
    assert answer.status_code == 200, answer.text[:500]
    made = ForecastResponse.model_validate_json(answer.content).forecasts
    assert len(made) == len(request_["creators"])
    for forecast in made:
        for of_target in forecast.targets.values():
            levels = [of_target.quantiles[name] for name in QUANTILE_COLUMNS]
            assert levels == sorted(levels)


@settings(max_examples=100, deadline=None)
@given(body=garbage)
def test_any_json_is_answered_or_refused(client: TestClient, body: Any) -> None:
    refused_or_answered(client, json.dumps(body))


@settings(max_examples=100, deadline=None)
@given(data=st.data(), request_=requests)
def test_a_valid_request_with_one_part_replaced_is_answered_or_refused(
    home: Home, client: TestClient, data: st.DataObject, request_: dict[str, Any]
) -> None:
    body = copy.deepcopy(filled(request_, home))
    node: Any = body
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        inner = node[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        node = inner
    node[key] = data.draw(garbage)
    refused_or_answered(client, json.dumps(body))


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=60))
def test_any_bytes_are_refused(client: TestClient, body: bytes) -> None:
    refused_or_answered(client, body)


def refused_or_answered(client: TestClient, body: str | bytes) -> None:
    answer = client.post(URL, content=body)
    assert answer.status_code in (200, 404, 413, 422), answer.text[:500]
    kind = "application/json" if answer.status_code == 200 else "application/problem+json"
    assert answer.headers["content-type"] == kind
    assert answer.json()
