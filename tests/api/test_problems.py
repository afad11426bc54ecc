"""Bad input and missing things: the right status, and words that say what, which and what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from inference.registry import bundle_folder
from tests.api.doors import URL, ask, client_of, past, problem
from tests.inference.homes import Home
from tests.support import fast_settings

ANYONE: list[dict[str, Any]] = [{"posts": []}]


def send(client: TestClient, body: str | bytes) -> httpx.Response:
    return client.post(URL, content=body, headers={"content-type": "application/json"})


def test_an_unknown_creator_is_named(client: TestClient) -> None:
    detail = problem(ask(client, creators=[{"creator_id": "c0123"}]), 404)
    assert "creator 'c0123' is not in the lake: import an export" in detail


def test_an_unknown_handle_is_named_with_its_platform(client: TestClient) -> None:
    asked = {"handle": "@no.body", "platform": "tiktok"}
    assert "creator @no.body on tiktok is not" in problem(ask(client, creators=[asked]), 404)


@pytest.mark.parametrize(
    "handle", ["../../etc/passwd", "@a/b\\c", "%2e%2e%2f", "a\u0000b", "😀", ""]
)
def test_an_odd_handle_is_only_unknown(client: TestClient, handle: str) -> None:
    asked = {"handle": handle, "platform": "tiktok"}
    assert "is not in the lake" in problem(ask(client, creators=[asked]), 404)


def test_one_unknown_creator_among_known_ones_is_named(home: Home, client: TestClient) -> None:
    creator = home.creators[0]
    known = {"handle": creator.handle, "platform": creator.platform}
    detail = problem(ask(client, creators=[known, {"creator_id": "who"}, known]), 404)
    assert "'who'" in detail


def test_an_unknown_target_is_told_which_there_are(client: TestClient) -> None:
    detail = problem(ask(client, creators=ANYONE, targets=["sales"]), 422)
    assert "targets.0: Input should be 'views', 'likes'" in detail


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no creators": ({"creators": []}, "creators: "),
    "no one named": ({"creators": [{}]}, "give creator_id, or platform and handle, or posts"),
    "handle alone": ({"creators": [{"handle": "@a"}]}, "a handle needs its platform"),
    "no targets": ({"creators": ANYONE, "targets": []}, "targets: "),
    "unknown key": ({"creators": ANYONE, "budget": 5}, "budget: Extra inputs"),
    "unknown key inside": ({"creators": ANYONE, "brief": {"them": "x"}}, "brief.them: Extra"),
    "negative views": ({"creators": [{"posts": [past(views=-1)]}]}, "creators.0.posts.0.views: "),
    "negative followers": ({"creators": [{"posts": [], "followers": -5}]}, "creators.0.followers"),
    "half a view": ({"creators": [{"posts": [past(views=1.5)]}]}, "creators.0.posts.0.views: "),
    "too many views": ({"creators": [{"posts": [past(views=10**13)]}]}, "posts.0.views: "),
    "no time": ({"creators": [{"posts": [{"views": 1}]}]}, "posts.0.published_at: Field required"),
    "no zone": (
        {"creators": [{"posts": [{"published_at": "2026-01-05T18:00:00"}]}]},
        "published_at: Input should have timezone info",
    ),
    "no such day": (
        {"creators": [{"posts": [{"published_at": "2026-02-30T00:00:00Z"}]}]},
        "posts.0.published_at: ",
    ),
    "2001 posts": (
        {"creators": [{"posts": [past(views=1)] * 2001}]},
        "creators.0.posts: Tuple should have at most 2000 items",
    ),
    "long caption": ({"creators": ANYONE, "brief": {"caption": "x" * 5001}}, "brief.caption: "),
    "long label": ({"creators": [{"posts": [], "label": "x" * 101}]}, "creators.0.label: "),
    "101 hashtags": ({"creators": ANYONE, "brief": {"hashtags": ["x"] * 101}}, "brief.hashtags: "),
    "no length": ({"creators": ANYONE, "brief": {"duration_s": 0}}, "brief.duration_s: "),
    "horizon 0": ({"creators": ANYONE, "brief": {"horizon_days": 0}}, "brief.horizon_days: "),
    "horizon 366": ({"creators": ANYONE, "brief": {"horizon_days": 366}}, "brief.horizon_days: "),
    "post_at words": ({"creators": ANYONE, "brief": {"post_at": "soon"}}, "brief.post_at: "),
    "a list": ([], "body: "),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("name", WRONG)
def test_input_that_cannot_be_used_is_named_by_its_field(client: TestClient, name: str) -> None:
    body, said = WRONG[name]
    assert said in problem(client.post(URL, json=body), 422)


def test_every_wrong_field_is_listed(client: TestClient) -> None:
    answer = ask(client, creators=ANYONE, brief={"horizon_days": 0, "post_at": 1.5}, x=1)
    fields = [error["field"] for error in answer.json()["errors"]]
    assert {"brief.horizon_days", "x"} <= set(fields)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("field", ["duration_s", "horizon_days"])
def test_a_number_that_is_none_is_refused(client: TestClient, field: str, number: str) -> None:
    body = f'{{"creators": [{{"posts": []}}], "brief": {{"{field}": {number}}}}}'
    assert f"brief.{field}: Input should be a finite number" in problem(send(client, body), 422)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "9" * 400])
def test_a_count_that_is_no_number_is_refused(client: TestClient, number: str) -> None:
    body = f'{{"creators": [{{"posts": [], "followers": {number}}}]}}'
    assert "creators.0.followers: " in problem(send(client, body), 422)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nothing", b'{"creators": [', b"\xff\xfe", b'"\\ud800"', b"[" * 100_000],
    ids=["empty", "open", "words", "cut off", "no utf-8", "half a character", "deep"],
)
def test_a_body_that_is_no_json_is_refused(client: TestClient, body: bytes) -> None:
    assert "body: Invalid JSON" in problem(send(client, body), 422)


def test_a_time_far_ahead_is_told_the_limit(client: TestClient) -> None:
    answer = ask(client, creators=ANYONE, brief={"post_at": "2027-03-02T00:00:00Z"})
    assert "is more than 30 days ahead" in problem(answer, 422)


@pytest.mark.parametrize("at", ["2026-02-20T00:00:00Z", "0001-01-01T00:00:00+23:59"])
def test_a_time_in_the_past_is_told_now(client: TestClient, at: str) -> None:
    detail = problem(ask(client, creators=ANYONE, brief={"post_at": at}), 422)
    assert "lies in the past (now 2026-03-02T06:00:00+00:00)" in detail


def test_the_last_moment_of_all_is_only_too_far_ahead(client: TestClient) -> None:
    answer = ask(client, creators=ANYONE, brief={"post_at": "9999-12-31T23:59:59-23:59"})
    assert "days ahead" in problem(answer, 422)


def test_a_past_post_of_tomorrow_is_refused(client: TestClient) -> None:
    tomorrow = {"published_at": "2026-03-03T06:00:00Z", "views": 1}
    detail = problem(ask(client, creators=[{"posts": [tomorrow]}]), 422)
    assert "past posts only; the planned one belongs into the brief" in detail


@pytest.mark.parametrize("at", ["2026-01-04T00:00:00Z", "2026-03-03T06:00:00Z"])
def test_a_count_outside_publication_and_now_is_refused(client: TestClient, at: str) -> None:
    answer = ask(client, creators=[{"posts": [past(views=1, observed_at=at)]}])
    assert "must lie between published_at" in problem(answer, 422)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "1969-07-20T20:17:00Z"])
def test_a_post_before_all_platforms_is_refused(client: TestClient, at: str) -> None:
    answer = ask(client, creators=[{"posts": [{"published_at": at, "views": 1}]}])
    assert "before 2000" in problem(answer, 422)


ABSURD = [
    "😀" * 1250,
    "\u0000",
    "\u202eright to left",
    "' OR 1=1 --",
    "x" * 5000,
    " \t\n",
    "#" * 900,
]


@pytest.mark.parametrize("text", ABSURD)
def test_absurd_texts_are_only_texts(client: TestClient, text: str) -> None:
    brief = {"caption": text, "theme": text[:200], "hashtags": [text], "sound_id": text[:200]}
    person = {"label": text[:100], "posts": [past(views=3, caption=text, hashtags=[text])]}
    answer = ask(client, creators=[person], brief=brief)
    assert answer.status_code == 200
    assert answer.json()["forecasts"][0]["label"] == text[:100]


def test_too_many_creators_are_told_how_many_are_allowed(client: TestClient) -> None:
    detail = problem(ask(client, creators=ANYONE * 1001), 413)
    assert detail == "1001 creators in one request, at most 1000: ask in parts"


def test_a_million_errors_have_one_short_answer(client: TestClient) -> None:
    answer = send(client, '{"creators": [' + ",".join(["{}"] * 1_000_000) + "]}")
    assert problem(answer, 422)
    assert len(answer.content) < 2000


def test_many_unknown_keys_have_one_short_answer(client: TestClient) -> None:
    answer = send(client, json.dumps({str(i): 1 for i in range(50_000)}))
    assert "the body has 50,001 errors: compare it with the example" in problem(answer, 422)


def test_an_unknown_route_is_a_problem(client: TestClient) -> None:
    assert "GET /v1/forecast: Not Found" in problem(client.get("/v1/forecast"), 404)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", URL), ("DELETE", "/health"), ("POST", "/v1/models/current")]
)
def test_a_wrong_method_is_a_problem(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert f"{method} {path}: Method Not Allowed" in problem(answer, 405)
    assert answer.headers["allow"]


@pytest.fixture
def bundle(home: Home, tmp_path: Path) -> Path:
    """A copy of the champion's bundle, to be broken."""
    return shutil.copytree(bundle_folder(home.settings.model, home.settings), tmp_path / "bundle")


@pytest.fixture
def client_of_bundle(home: Home, bundle: Path) -> Iterator[TestClient]:
    """A client of a server that tells, from its start, what is wrong with a bundle."""
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["targets"]["views"]["columns"] += ["moon_phase"]
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    with client_of(home.settings.model_copy(update={"model": str(bundle)})) as client:
        yield client


def test_a_server_without_a_model_says_how_to_get_one(tmp_path: Path) -> None:
    with client_of(fast_settings(tmp_path)) as client:
        for answer in (ask(client, creators=ANYONE), client.get("/v1/models/current")):
            assert "no model is trained yet" in problem(answer, 404)
            assert "run `reelcast train`" in problem(answer, 404)


def test_a_bundle_of_other_features_is_a_conflict(client_of_bundle: TestClient) -> None:
    detail = problem(ask(client_of_bundle, creators=ANYONE), 409)
    assert "reads other features than this code builds for views: moon_phase; train again" in detail


def test_a_bundle_of_other_features_shows_in_health(client_of_bundle: TestClient) -> None:
    assert "moon_phase" in client_of_bundle.get("/health").json()["reason"]


def test_a_target_that_the_model_lacks_is_named(home: Home, bundle: Path) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text())
    del manifest["targets"]["saves"]
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    with client_of(home.settings.model_copy(update={"model": str(bundle)})) as client:
        detail = problem(ask(client, creators=ANYONE, targets=["views", "saves"]), 404)
    assert "this model forecasts views, likes, comments, shares, not saves" in detail


def test_a_lake_that_cannot_be_read_is_a_store_failure(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.folder / "lake", tmp_path / "lake")
    for log in (tmp_path / "lake" / "posts" / "_delta_log").glob("*.json"):
        log.write_text("no log")
    broken = fast_settings(tmp_path, tracking_uri=home.settings.resolved_tracking_uri)
    with client_of(broken) as client:
        assert "posts" in problem(ask(client, creators=ANYONE), 503)


def test_an_error_of_ours_is_a_problem_without_its_secrets(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("inference.predictor.inline_panel", fail)
    answer = ask(client, creators=ANYONE)
    assert "an error of ours" in problem(answer, 500)
    assert "secret" not in answer.text


def test_an_error_of_ours_in_a_quick_request_is_answered_too(
    home: Home, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("inference.predictor.answer", fail)
    creator = home.creators[0]
    asked = {"handle": creator.handle, "platform": creator.platform}
    assert problem(ask(client, creators=[asked]), 500)
