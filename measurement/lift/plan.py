"""Runs of lift: plans from what is asked, and the lake's tests by every method."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from measurement.attribution.holdout import read_tests
from measurement.lift.design import ArmsPlan, RegionsPlan, Wanted, plan_arms, plan_regions
from measurement.lift.history import read_history
from measurement.lift.said import arms_words, regions_words
from measurement.lift.side_by_side import Compared, Exposure, compare
from reelcast.errors import InputError, NotEnoughDataError, NotFoundError
from reelcast.store import Lake


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan starts from: a buying rate for two arms, a history of regions, or both."""

    wanted: Wanted
    rate: float | None = None
    people_a_day: float | None = None
    held_out: float = 0.5
    history: Path | None = None
    draws: int = 60


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans, and in words which to take."""

    words: tuple[str, ...]
    arms: ArmsPlan | None
    regions: tuple[RegionsPlan, ...]


def plans(asked: Asked) -> Plans:
    """What can be planned; two arms come first, for a lot by person needs no history.

    Raises InputError where neither a rate nor a history is given.
    """
    if asked.rate is None and asked.history is None:
        raise InputError(
            "give a rate (the share of people who buy anyhow) for a test of two arms, a history of "
            "regions (unit, day, outcome) for a test of regions, or both"
        )
    arms: ArmsPlan | None = None
    regions: tuple[RegionsPlan, ...] = ()
    words: list[str] = []
    if asked.rate is not None:
        arms = plan_arms(asked.rate, asked.wanted, asked.people_a_day, asked.held_out)
        words.append(arms_words(arms))
    if asked.history is not None:
        tried = plan_regions(read_history(asked.history), asked.wanted, asked.draws)
        words.append(regions_words(tried[0], asked.wanted))
        regions = tuple(tried)
    if arms is not None and regions:
        words.append(
            "Take two arms where people can be drawn by lot and followed to their orders; regions "
            "where posts reach everybody."
        )
    return Plans(tuple(words), arms, regions)


def lifts_of(lake: Lake, test_id: str | None = None) -> dict[str, Compared]:
    """Each test of the table `holdouts` by every method that it allows, by id.

    A test that no method can judge keeps its place, with why. Raises NotFoundError for an id that
    is not there.
    """
    rows = lake.read("holdouts")
    tests = {test.test_id: test for test in read_tests(rows)}
    if test_id is not None and test_id not in tests:
        known = ", ".join(sorted(tests)) or "none"
        raise NotFoundError(f"no test {test_id!r} in the lake; there are: {known}")
    chosen = tests if test_id is None else {test_id: tests[test_id]}
    found = {}
    for name, test in chosen.items():
        try:
            found[name] = compare(Exposure(test.outcome, test.exposed, test.people))
        except NotEnoughDataError as exc:
            found[name] = Compared((), (str(exc),))
    return found
