"""What every call of the client does: send, raise the problem that comes back, read the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter

T = TypeVar("T")
File = tuple[str, BinaryIO | bytes]  # a name and what it holds
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)


class Model(BaseModel):
    """The base of the client's records: what a newer server adds is kept, not refused."""

    model_config = ConfigDict(extra="allow", frozen=True)


class ProblemError(Exception):
    """A refusal of the server, as its problem+json says it."""

    def __init__(self, problem: Mapping[str, Any], retry_after_s: float | None = None) -> None:
        super().__init__(f"{problem.get('status')} {problem.get('title')}: {problem.get('detail')}")
        self.status = int(problem.get("status", 0))
        self.type = str(problem.get("type", "about:blank"))
        self.detail = str(problem.get("detail", ""))
        self.errors: list[dict[str, str]] = list(problem.get("errors", ()))
        self.retry_after_s = retry_after_s


class Transport:
    """One server; used in a `with` block, or closed by `close`."""

    def __init__(
        self, base_url: str, key: str | None = None, client: httpx.Client | None = None
    ) -> None:
        """`client`: another httpx client, e.g. with a proxy or of a test."""
        self._client = client or httpx.Client(base_url=base_url, timeout=_TIMEOUT)
        self._headers = {} if key is None else {"Authorization": f"Bearer {key}"}

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def call(self, method: str, path: str, answer: type[T] | Any, **given: Any) -> Any:
        """The answer of a call, read as `answer` (`str`: as text). Raises ProblemError."""
        response = self._client.request(method, path, **self._request(given))
        _check(response)
        if answer is str:
            return response.text
        return TypeAdapter(answer).validate_json(response.content)

    def follow(self, path: str, event: type[T]) -> Iterator[T]:
        """The data of server-sent events, as they come. Raises ProblemError."""
        reader = TypeAdapter(event)
        with self._client.stream("GET", path, headers=self._headers) as response:
            if response.is_error:
                response.read()
            _check(response)
            for line in response.iter_lines():
                if line.startswith("data: "):
                    yield reader.validate_json(line.removeprefix("data: "))

    def _request(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What httpx is asked: parameters that are None are left out, so that defaults hold."""
        headers = dict(self._headers)
        if given.get("idempotency_key") is not None:
            headers["Idempotency-Key"] = given["idempotency_key"]
        made: dict[str, Any] = {"params": _known(given.get("query", {}))}
        body = given.get("body")
        if isinstance(body, BaseModel):
            made["content"] = body.model_dump_json(exclude_unset=True)
            headers["Content-Type"] = "application/json"
        if "files" in given:
            made |= {"files": given["files"], "data": _known(given.get("data", {}))}
        return {**made, "headers": headers}


def quoted(part: str) -> str:
    """A part of a path, safe in it.

    >>> quoted("a/b?")
    'a%2Fb%3F'
    """
    return quote(part, safe="")


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _check(response: httpx.Response) -> None:
    if not response.is_error:
        return
    wait = response.headers.get("retry-after", "")
    try:
        problem = response.json()
    except json.JSONDecodeError:  # of a proxy in between
        said = response.text[:500]
        problem = {"status": response.status_code, "title": response.reason_phrase, "detail": said}
    raise ProblemError(problem, float(wait) if wait.isdigit() else None)
