"""How long 50 people on the page wait: loading the list of creators, then sorting, ticking, asking.

python -m benchmarks.page

One server as `reelcast serve` runs it, on the demo's world. Each simulated person loads /creators,
opens the page's socket as a browser does, and acts every one to three seconds: sorts by a column,
ticks a creator, asks with another draft. An answer is there when the server's update of the list
has arrived. The people run in this process, on the same cores as the server.
"""

from __future__ import annotations

import asyncio
import html
import json
import os
import random
import re
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np
import socketio

from benchmarks.evidence import ROOT, target, write
from benchmarks.serving import served
from demo.run import run_demo
from reelcast.settings import load_settings

PEOPLE, SECONDS, RAMP_S = 50, 40.0, 10.0
MOST_TICKED = 4
WAIT_S = (1.0, 3.0)  # between an answer and the next act
SORTS = ("mean", "median", "followers", "last5", "grade")
DRAFTS = (
    "I tried this serum every night for 30 days #skincare",
    "3 mistakes that ruin your skin barrier",
    "my evening routine",
)
_ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.DOTALL)
_CLIENT = re.compile(r"['\"]client_id['\"]:\s*['\"]([0-9a-f-]+)")
_NEXT = re.compile(r"['\"]next_message_id['\"]:\s*(\d+)")


@dataclass(slots=True)
class Waited:
    """Seconds waited, by what for."""

    load: list[float] = field(default_factory=list)
    act: dict[str, list[float]] = field(default_factory=dict)
    lost: int = 0


class Person:
    """One open page."""

    def __init__(self, base: str, seed: int, waited: Waited) -> None:
        self.base, self.rng, self.waited = base, random.Random(seed), waited
        self.socket = socketio.AsyncClient(reconnection=False)
        self.updated = asyncio.Event()
        self.client_id, self.fee = "", 500
        self.ticked: list[str] = []

    async def live(self, until: float) -> None:
        """Load the page, then act until the time is up."""
        async with aiohttp.ClientSession() as session:
            began = time.perf_counter()
            async with session.get(f"{self.base}/creators?fee=500") as answer:
                page = await answer.text()
            self.waited.load.append(time.perf_counter() - began)
        self._read(page)
        await self._connect(page)
        while time.monotonic() < until:
            await asyncio.sleep(self.rng.uniform(*WAIT_S))
            await self._act()
        await self.socket.disconnect()

    def _read(self, page: str) -> None:
        """The ids of the list and of the form among the page's elements."""
        found = _ELEMENTS.search(page)
        assert found is not None, "the page holds no elements"
        elements = json.loads(html.unescape(found[1]))
        self.list = _with(elements, "click", 'data-act="sort"')
        self.form = _with(elements, "submit", "Draft caption")
        self.ids = _shown(elements)

    async def _connect(self, page: str) -> None:
        client = _CLIENT.search(page)
        following = _NEXT.search(page)
        assert client is not None
        assert following is not None
        self.client_id = client[1]
        query = {
            "client_id": self.client_id,
            "next_message_id": following[1],
            "implicit_handshake": "true",
            "document_id": str(uuid.uuid4()),
            "tab_id": str(uuid.uuid4()),
        }
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        self.socket.on("update", self._on_update)
        self.socket.on("run_javascript", self._on_javascript)
        path = "/_nicegui_ws/socket.io"
        await self.socket.connect(
            f"{self.base}?{asked}",
            transports=["websocket"],
            socketio_path=path,
            wait_timeout=30,
        )

    async def _on_update(self, message: dict[str, Any]) -> None:
        if str(self.list[0]) in message:
            self.ids = _shown(message[str(self.list[0])]) or self.ids
        if {str(self.list[0]), str(self.list[0] + 1)} & set(message):  # the list, or what is ticked
            self.updated.set()

    async def _on_javascript(self, message: dict[str, Any]) -> None:
        if "request_id" in message:
            said = {"request_id": message["request_id"], "client_id": self.client_id, "result": ""}
            await self.socket.emit("javascript_response", said)

    async def _act(self) -> None:
        kind = self.rng.choices(("sort", "tick", "draft"), (4, 3, 2))[0]
        element, args = self._chosen(kind)
        self.updated.clear()
        began = time.perf_counter()
        event = {"id": element[0], "client_id": self.client_id, "listener_id": element[1]}
        await self.socket.emit("event", {**event, "args": [json.dumps(arg) for arg in args]})
        try:
            await asyncio.wait_for(self.updated.wait(), 10.0)
        except TimeoutError:
            self.waited.lost += 1
            return
        self.waited.act.setdefault(kind, []).append(time.perf_counter() - began)

    def _chosen(self, kind: str) -> tuple[tuple[int, str], list[Any]]:
        """What is sent: each act changes what the list shows, so that an update must come."""
        if kind == "draft":
            self.fee = self.fee % 999 + self.rng.randint(1, 99)
            sent = {"caption": self.rng.choice(DRAFTS), "fee": str(self.fee), "window": "30"}
            return self.form, [sent]
        if kind == "sort":
            return self.list, ["sort", self.rng.choice(SORTS)]
        if len(self.ticked) >= MOST_TICKED:
            return self.list, ["pick", self.ticked.pop()]
        self.ticked.append(next(id_ for id_ in self.ids if id_ not in self.ticked))
        return self.list, ["pick", self.ticked[-1]]


def _shown(element: Any) -> list[str]:
    """The creators that can be ticked in an element."""
    said = json.dumps(element).replace('\\"', '"')
    return re.findall(r'data-act="pick" data-value="(c[0-9a-f]+)"', said)


def _with(elements: dict[str, Any], event: str, words: str) -> tuple[int, str]:
    """The id and the listener of the element that hears an event and holds these words."""
    for id_, element in elements.items():
        for each in element.get("events", ()):
            if each["type"] == event and words in json.dumps(element).replace('\\"', '"'):
                return int(id_), str(each["listener_id"])
    raise AssertionError(f"no element hears {event} and holds {words}")


async def crowd(base: str) -> Waited:
    """What PEOPLE waited, who came over RAMP_S seconds."""
    waited = Waited()
    until = time.monotonic() + RAMP_S + SECONDS

    async def comes(seed: int) -> None:
        await asyncio.sleep(RAMP_S * seed / PEOPLE)
        await Person(base, seed, waited).live(until)

    await asyncio.gather(*(comes(seed) for seed in range(PEOPLE)))
    return waited


def main() -> None:
    """Measure and write benchmarks/out/page.json."""
    started, before = time.monotonic(), os.getloadavg()[0]
    settings = load_settings(home=str(ROOT / "var" / "bench" / "serving"))
    if not (settings.local_home / "mlflow.db").exists():
        run_demo(settings, lambda step: print(step, file=sys.stderr))
    with served(settings) as port:
        base = f"http://127.0.0.1:{port}"
        asyncio.run(_warm(base))
        waited = asyncio.run(crowd(base))
    every = [value for values in waited.act.values() for value in values]
    rows = [
        _row(f"{PEOPLE} people: an act's answer, p95", every, 0.95, 500),
        _row("the same, p50", every, 0.5),
        *(_row(f"{kind}, p95", values, 0.95) for kind, values in sorted(waited.act.items())),
        _row("loading the list of creators, p95", waited.load, 0.95),
        {"what": "acts", "value": len(every), "unit": "in all", "target": None, "met": None},
        target("acts without an answer in 10 s", waited.lost, "acts", "0", waited.lost == 0),
    ]
    rows.append(_load_row(before, "before"))
    rows.append(_load_row(os.getloadavg()[0], "after"))
    figures = {"people": PEOPLE, "acting_s": SECONDS, "rows": rows}
    write("page", figures, started)
    for row in rows:
        print(f"{row['what']}: {row['value']} {row['unit']} {row['target'] or ''}")


async def _warm(base: str) -> None:
    """One person first: what loads once (the sentence encoder) is no one's wait."""
    person = Person(base, 0, Waited())
    async with aiohttp.ClientSession() as session:
        for draft in DRAFTS:
            body = {"creators": [{"posts": []}], "brief": {"caption": draft}}
            async with session.post(f"{base}/v1/forecasts", json=body) as answer:
                await answer.read()
    await person.live(time.monotonic() + 4.0)


def _load_row(load: float, when: str) -> dict[str, Any]:
    """How busy the machine was with others' work: figures count where this is near 0 before."""
    what = f"processes that wanted a core, {when}"
    return {"what": what, "value": round(load, 1), "unit": "load", "target": None, "met": None}


def _row(what: str, seconds: list[float], level: float, goal_ms: float | None = None) -> Any:
    value = round(1000 * float(np.quantile(seconds, level)), 1)
    if goal_ms is None:
        return {"what": what, "value": value, "unit": "ms", "target": None, "met": None}
    return target(what, value, "ms", f"< {goal_ms:g}", value < goal_ms)


if __name__ == "__main__":
    main()
