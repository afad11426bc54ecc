"""The four campaigns: their exports import whole, and their intervals hold what was truly sold."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from demo.use_cases import USE_CASES, SoldCase, measure_use_cases, write_use_cases
from ingest import ImportReport
from measurement.learnings import search
from reelcast.simulate import simulate
from reelcast.simulated import WorldSettings
from reelcast.store import Lake
from tests.support import NOW

SALT = "salt"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


@pytest.fixture(scope="module")
def lake(folder: Path) -> Lake:
    return Lake(folder / "lake")


@pytest.fixture(scope="module")
def measured(folder: Path, lake: Lake) -> tuple[list[SoldCase], list[ImportReport]]:
    world = simulate(WorldSettings(), NOW)
    cases = write_use_cases(world, folder / "campaigns", SALT)
    return measure_use_cases(cases, folder / "campaigns", lake, SALT, NOW)


Measured = tuple[list[SoldCase], list[ImportReport]]


def test_every_row_of_their_exports_is_used(measured: Measured, lake: Lake) -> None:
    assert sum(of.rows_read for of in measured[1]) > 5_000
    assert lake.read("failures").num_rows == 0


def test_most_intervals_hold_the_truth(measured: Measured) -> None:
    held = [
        case.low <= case.truth <= case.high
        for case in measured[0]
        if case.low is not None and case.high is not None
    ]
    assert len(held) == len(USE_CASES)
    assert sum(held) >= 3  # nine in ten are promised


def test_links_and_codes_prove_a_part(measured: Measured) -> None:
    assert all(0 < case.floor < case.truth for case in measured[0])


def test_each_sells_what_its_kind_sells(measured: Measured, lake: Lake) -> None:
    kinds = Counter(lake.read("orders")["type"].to_pylist())
    assert {"purchase", "install", "trial", "subscription", "registration"} <= set(kinds)
    assert kinds["install"] > kinds["trial"] > kinds["subscription"] > 0


def test_no_address_of_a_buyer_is_in_the_lake(measured: Measured, folder: Path) -> None:
    with (folder / "campaigns" / "brindle-launch" / "shopify.csv").open() as lines:
        address = next(csv.DictReader(lines))["Email"].encode()
    assert address
    assert not [
        p for p in (folder / "lake").rglob("*") if p.is_file() and address in p.read_bytes()
    ]


def test_each_has_a_report_and_a_finding(measured: Measured, lake: Lake) -> None:
    for case in measured[0]:
        assert case.report.is_file()
        assert case.report.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")
        assert search(lake, "brought about", campaign_id=case.campaign_id)
