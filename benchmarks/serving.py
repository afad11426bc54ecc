"""Requests per second and latency of the API against `mlflow models serve` of the same booster.

python -m benchmarks.serving

Both servers run on this machine in one run, one worker each, asked in turn by the same client
over 8 kept-alive connections. reelcast gets a creator's id and a brief, and builds the features
from the lake; MLflow's server gets the finished feature row, which is all that it can do.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow.lightgbm
import numpy as np
import pandas as pd

from benchmarks.evidence import ROOT, target, write
from demo.run import run_demo
from inference.registry import bundle_folder
from reelcast.settings import Settings, load_settings
from reelcast.store import Lake
from training.bundle import load_bundle

CONNECTIONS, SECONDS, ROUNDS = 8, 5.0, 5
_RIVALS = ("signed", "bare")


@dataclass(frozen=True, slots=True)
class Load:
    """What one round measured: requests per second, latencies in ms."""

    per_s: float
    p50_ms: float
    p99_ms: float


def main() -> None:
    """Measure and write benchmarks/out/serving.json."""
    started = time.monotonic()
    settings = load_settings(home=str(ROOT / "var" / "bench" / "serving"))
    if not (settings.local_home / "mlflow.db").exists():
        run_demo(settings, lambda step: print(step, file=sys.stderr))
    with tempfile.TemporaryDirectory() as folder:
        signed, bare = (_save_rival(settings, Path(folder) / n, n == "signed") for n in _RIVALS)
        with (
            served(settings) as ours,
            served(settings, REELCAST_LEDGER__ENABLED="false") as without,
            _mlflow(signed) as first,
            _mlflow(bare) as second,
        ):
            rows = _compare(settings, (ours, without), (first, second))
    write("serving", {"command": "python -m benchmarks.serving", "rows": rows}, started)
    for row in rows:
        print(f"{row['what']}: {row['value']} {row['unit']}  {_judged(row)}")


def _judged(row: dict[str, Any]) -> str:
    return (
        ""
        if row["target"] is None
        else f"(target {row['target']}: {'met' if row['met'] else 'NOT met'})"
    )


def _compare(
    settings: Settings, own: tuple[int, int], rivals: tuple[int, int]
) -> list[dict[str, Any]]:
    """`own`: the ports of reelcast's server, and of one that keeps no ledger."""
    ours, without = own
    creators = Lake(settings.lake_root).read("creators")["creator_id"].to_pylist()
    lean = [_request(c, explain=False) for c in creators]
    full = [_request(c, explain=True) for c in creators]
    row = [_mlflow_request(settings)]
    rounds = [
        (
            _load(ours, "/v1/forecasts", lean),
            _load(ours, "/v1/forecasts", full),
            _load(without, "/v1/forecasts", lean),
            *(_load(rival, "/invocations", row) for rival in rivals),
        )
        for _ in range(ROUNDS)
    ]
    mine, explained, unkept, signed, bare = zip(*rounds, strict=True)
    over = [_ratio(mine, rival) for rival in (signed, bare)]
    p99 = _median(mine, "p99_ms")
    batch_s = statistics.median(_batch(ours, creators) for _ in range(3))
    served = "mlflow models serve"
    return [
        target(f"requests/s over {served}, with signature", over[0], "times", ">= 8", over[0] >= 8),
        target(f"requests/s over {served}, no signature", over[1], "times", ">= 8", over[1] >= 8),
        target("one creator from the lake, p99", round(p99, 1), "ms", "< 20", p99 < 20),
        _figure("the same, p50", _median(mine, "p50_ms"), "ms"),
        _figure("the same", _median(mine, "per_s"), "requests/s"),
        _figure("the same, no ledger, p99", _median(unkept, "p99_ms"), "ms"),
        _figure("the same, no ledger", _median(unkept, "per_s"), "requests/s"),
        _figure("requests/s over no ledger", _ratio(mine, unkept), "times"),
        _figure("with drivers and comparable posts, p99", _median(explained, "p99_ms"), "ms"),
        _figure("with drivers and comparable posts", _median(explained, "per_s"), "requests/s"),
        _figure(f"{served}, with signature, p99", _median(signed, "p99_ms"), "ms"),
        _figure(f"{served}, with signature", _median(signed, "per_s"), "requests/s"),
        _figure(f"{served}, no signature, p99", _median(bare, "p99_ms"), "ms"),
        _figure(f"{served}, no signature", _median(bare, "per_s"), "requests/s"),
        target("1,000 creators, all targets", round(batch_s, 2), "s", "< 3", batch_s < 3),
    ]


def _ratio(mine: tuple[Load, ...], rival: tuple[Load, ...]) -> float:
    """The median of the rounds' ratios of requests per second."""
    pairs = zip(mine, rival, strict=True)
    return round(statistics.median(a.per_s / b.per_s for a, b in pairs), 2)


def _figure(what: str, value: float, unit: str) -> dict[str, Any]:
    return {"what": what, "value": round(value, 1), "unit": unit, "target": None, "met": None}


def _median(loads: tuple[Load, ...], field: str) -> float:
    return statistics.median(getattr(load, field) for load in loads)


def _request(creator_id: str, explain: bool) -> bytes:
    asked = {
        "creators": [{"creator_id": creator_id}],
        "brief": {"caption": "3 things I learned about this serum #skincare", "duration_s": 30},
        "targets": ["views"],
        "explain": explain,
    }
    return json.dumps(asked).encode()


def _batch(port: int, creators: list[str]) -> float:
    people = [{"creator_id": creators[i % len(creators)]} for i in range(1000)]
    body = json.dumps({"creators": people, "explain": False}).encode()
    began = time.perf_counter()
    asyncio.run(_one(port, "/v1/forecasts", body))
    return time.perf_counter() - began


def _mlflow_request(settings: Settings) -> bytes:
    columns = _booster(settings).feature_name()
    split = {"columns": columns, "data": [[1.0] * len(columns)]}
    return json.dumps({"dataframe_split": split}).encode()


def _save_rival(settings: Settings, path: Path, signed: bool) -> Path:
    """The booster as MLflow's users save it: with the signature that MLflow advises, or bare."""
    booster = _booster(settings)
    example = pd.DataFrame([[1.0] * booster.num_feature()], columns=booster.feature_name())
    signature = mlflow.models.infer_signature(example, booster.predict(example))
    mlflow.lightgbm.save_model(booster, str(path), signature=signature if signed else None)
    return path


def _booster(settings: Settings) -> Any:
    bundle = load_bundle(bundle_folder(settings.model, settings))
    return bundle.model.forecasters["views"].model


def _load(port: int, path: str, bodies: list[bytes]) -> Load:
    latencies = asyncio.run(_drive(port, path, bodies))
    per_s = len(latencies) / SECONDS
    p50, p99 = np.percentile(np.array(latencies) * 1000, [50, 99])
    return Load(per_s, float(p50), float(p99))


async def _drive(port: int, path: str, bodies: list[bytes]) -> list[float]:
    await _one(port, path, bodies[0])
    until = time.perf_counter() + SECONDS
    results = await asyncio.gather(
        *(_connection(port, path, bodies[i:] + bodies[:i], until) for i in range(CONNECTIONS))
    )
    return [latency for of_one in results for latency in of_one]


async def _connection(port: int, path: str, bodies: list[bytes], until: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    latencies, number = [], 0
    while (began := time.perf_counter()) < until:
        await _ask(reader, writer, path, bodies[number % len(bodies)])
        latencies.append(time.perf_counter() - began)
        number += 1
    writer.close()
    return latencies


async def _one(port: int, path: str, body: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await _ask(reader, writer, path, body)
    writer.close()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: bytes
) -> None:
    lines = (f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}")
    head = "\r\n".join((*lines, "Content-Type: application/json", "", ""))
    writer.write(head.encode() + body)
    header = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in header.lower().split(b"\r\n")
        if line.startswith(b"content-length")
    )
    answer = await reader.readexactly(length)
    if b" 200 " not in header[:20]:
        raise RuntimeError(f"{path}: {header[:20].decode()} {answer[:500].decode()}")


@contextmanager
def served(settings: Settings, **variables: str) -> Iterator[int]:
    """The port of a server of these settings, as `reelcast serve` runs it."""
    command = [sys.executable, "-m", "api.cli", "serve", "--home", settings.home]
    with _server(command, "/health", variables) as port:
        yield port


@contextmanager
def _mlflow(model: Path) -> Iterator[int]:
    command = [
        sys.executable,
        "-m",
        "mlflow",
        "models",
        "serve",
        "-m",
        str(model),
        "--env-manager",
        "local",
    ]
    with _server(command, "/ping") as port:
        yield port


@contextmanager
def _server(
    command: list[str], ready: str, variables: Mapping[str, str] | None = None
) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, **(variables or {})},
    )
    try:
        _wait(port, ready, process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{process.args} did not answer in two minutes")


if __name__ == "__main__":
    main()
