"""Keys, scopes, rates, other sites' pages: who may ask for what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.access import COOKIE
from reelcast.database import database_url
from reelcast.keys import KeyRing
from reelcast.settings import ApiSettings, JobSettings, Settings
from tests.api.doors import client_of, problem
from tests.support import NOW, fast_settings

LAN = "192.168.1.5"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return fast_settings(
        tmp_path_factory.mktemp("guarded"),
        jobs=JobSettings(workers=0),
        api=ApiSettings(allow_origins=("https://team.example",)),
    )


@pytest.fixture(scope="module")
def ring(settings: Settings) -> Iterator[KeyRing]:
    opened = KeyRing(database_url(settings))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def keys(ring: KeyRing) -> dict[str, str]:
    """A key of each scope, one with all that pages need, and one that is revoked."""
    scopes = {scope: [scope] for scope in ("read", "forecast", "tag", "write", "admin")}
    scopes |= {"pages": ["read", "forecast", "tag", "write"], "revoked": ["admin"]}
    made = {name: ring.create(name, of, NOW)[0] for name, of in scopes.items()}
    ring.revoke(made["revoked"][:11], NOW)
    return made


@pytest.fixture(scope="module")
def client(settings: Settings, keys: dict[str, str]) -> Iterator[TestClient]:
    """A client of a server that listens beyond loopback."""
    with client_of(settings, LAN) as guarded:
        yield guarded


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_without_a_key_nothing_but_health_is_answered(client: TestClient) -> None:
    answer = client.get("/v1/creators")
    assert "this server needs an API key" in problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert client.get("/health").status_code == 200
    assert problem(client.get("/openapi.json"), 401)


@pytest.mark.parametrize("key", ["rc_unknown", "", "\u00e4"])
def test_an_unknown_key_is_refused(client: TestClient, key: str) -> None:
    answer = client.get("/v1/creators", headers={"x-api-key": key.encode("latin-1")})
    assert "the API key is not valid" in problem(answer, 401)


def test_a_revoked_key_is_refused(client: TestClient, keys: dict[str, str]) -> None:
    problem(client.get("/v1/creators", headers=bearer(keys["revoked"])), 401)


@pytest.mark.parametrize("kind", ["bearer", "header"])
def test_a_key_opens_what_its_scope_allows(
    client: TestClient, keys: dict[str, str], kind: str
) -> None:
    given = bearer(keys["read"]) if kind == "bearer" else {"x-api-key": keys["read"]}
    assert client.get("/v1/creators", headers=given).status_code == 200
    assert client.get("/openapi.json", headers=given).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/v1/jobs", "read"),
        ("POST", "/v1/forecasts", "forecast"),
        ("POST", "/v1/trajectories/update", "forecast"),
        ("POST", "/v1/contents", "tag"),
        ("POST", "/v1/contents/abc/corrections", "tag"),
        ("POST", "/v1/imports", "write"),
        ("POST", "/v1/ledger/links", "write"),
        ("DELETE", "/v1/jobs/j1", "write"),
    ],
)
def test_each_call_needs_its_scope(
    client: TestClient, keys: dict[str, str], method: str, path: str, needed: str
) -> None:
    for scope in ("read", "forecast", "tag", "write", "admin"):
        answer = client.request(method, path, headers=bearer(keys[scope]))
        if scope in (needed, "admin"):
            assert answer.status_code not in (401, 403)
        else:
            assert f"lacks the scope {needed}" in problem(answer, 403)


def test_a_browser_is_led_to_the_login_and_in(client: TestClient, keys: dict[str, str]) -> None:
    answer = client.get("/", headers={"accept": "text/html,*/*"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert 'name="key"' in client.get("/login").text
    refused = client.post("/login", data={"key": "rc_no"})
    assert (refused.status_code, "not valid" in refused.text) == (401, True)
    entered = client.post("/login", data={"key": keys["pages"]}, follow_redirects=False)
    cookie = entered.headers["set-cookie"]
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    client.cookies.clear()
    within = {"cookie": f"{COOKIE}={keys['pages']}"}
    assert client.get("/v1/creators", headers=within).status_code == 200
    assert client.get("/", headers={"cookie": f"{COOKIE}={keys['read']}"}).status_code == 403


def test_another_sites_page_may_not_act(client: TestClient, keys: dict[str, str]) -> None:
    evil = {**bearer(keys["admin"]), "origin": "https://evil.example"}
    assert "a page of another site asks" in problem(client.post("/v1/imports", headers=evil), 403)
    own = {**bearer(keys["admin"]), "origin": "http://testserver"}
    assert client.post("/v1/imports", headers=own).status_code == 422


def test_a_site_that_is_named_may_ask(client: TestClient) -> None:
    asked = {"origin": "https://team.example", "access-control-request-method": "POST"}
    answer = client.options("/v1/forecasts", headers=asked)
    assert answer.headers["access-control-allow-origin"] == "https://team.example"
    other = client.options("/v1/forecasts", headers={**asked, "origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_a_server_on_loopback_needs_no_key_and_shares_with_no_other_site(
    shelf_client: TestClient,
) -> None:
    answer = shelf_client.get("/v1/creators", headers={"origin": "https://evil.example"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    evil = {"origin": "http://evil.example"}
    assert problem(shelf_client.post("/v1/contents", headers=evil), 403)
    assert shelf_client.get("/login").status_code == 404


def test_a_caller_that_asks_too_often_is_told_when_to_come_back(
    settings: Settings, keys: dict[str, str]
) -> None:
    slow = settings.model_copy(
        update={"api": ApiSettings(keys="required", requests_per_s=0.1, burst=2)}
    )
    with client_of(slow) as client:
        answers = [client.get("/v1/jobs", headers=bearer(keys["read"])) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert "too many requests" in problem(answers[2], 429)
        assert 0 < int(answers[2].headers["retry-after"]) <= 10
        assert client.get("/v1/jobs", headers=bearer(keys["admin"])).status_code == 200
        guesses = [client.get("/v1/jobs", headers=bearer(f"rc_{n}")) for n in range(3)]
        assert [answer.status_code for answer in guesses] == [401, 401, 429]
