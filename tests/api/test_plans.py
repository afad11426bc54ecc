"""A plan over HTTP: chosen, asked what if, frozen, followed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.client import ProblemError, Reelcast
from api.client.models import (
    Candidate,
    CeilingsAsked,
    ChoiceAsked,
    CreatorQuestion,
    RosterPlan,
)
from reelcast.settings import JobSettings
from tests.api.doors import client_of, reelcast_of
from tests.inference.homes import Home


@pytest.fixture(scope="module")
def client(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("planned") / "home"
    shutil.copytree(home.folder, folder)
    changes = {"home": str(folder), "jobs": JobSettings(workers=0)}
    settings = home.settings.model_copy(update=changes)
    settings.__dict__.pop("local_home", None)
    with client_of(settings) as serving:
        yield serving


@pytest.fixture(scope="module")
def reelcast(client: TestClient) -> Reelcast:
    return reelcast_of(client)


@pytest.fixture(scope="module")
def asked(home: Home) -> RosterPlan:
    """Four candidates of whom a budget of 500 pays a few."""
    people = [
        CreatorQuestion(label=f"c{n}", platform=each.platform, handle=each.handle)
        for n, each in enumerate(home.creators[:4])
    ]
    candidates = [Candidate(creator=one, fee=200.0, slots=2) for one in people]
    return RosterPlan(name="spring", budget=500.0, candidates=candidates, draws=500)


def test_a_roster_stays_within_its_budget(reelcast: Reelcast, asked: RosterPlan) -> None:
    chosen = reelcast.plans(asked)
    assert chosen.feasible
    assert 0 < sum(chosen.posts.values()) <= 2
    assert chosen.totals.cost <= 500


def test_other_fees_change_the_cost_and_not_what_comes(
    reelcast: Reelcast, asked: RosterPlan
) -> None:
    posts = {"c0": 2}
    plain = reelcast.plans_totals(ChoiceAsked(plan=asked, posts=posts))
    cheap = reelcast.plans_totals(ChoiceAsked(plan=asked, posts=posts, fees={"c0": 50.0}))
    assert (plain.cost, cheap.cost) == (400, 100)
    assert plain.totals["views"] == cheap.totals["views"]


def test_each_candidate_has_a_highest_fee(reelcast: Reelcast, asked: RosterPlan) -> None:
    made = reelcast.plans_ceilings(CeilingsAsked(plan=asked, cost_per_result=0.01)).items
    assert [each.name for each in made] == ["c0", "c1", "c2", "c3"]
    assert all(each.p10 <= each.p50 <= each.p90 for each in made)


def test_a_frozen_plan_is_listed_shown_and_followed(reelcast: Reelcast, asked: RosterPlan) -> None:
    frozen = reelcast.plans_freeze(ChoiceAsked(plan=asked, posts={"c1": 1}))
    assert frozen.plan_id in [each.plan_id for each in reelcast.list_frozen_plans().items]
    assert reelcast.get_plan(frozen.plan_id).totals == frozen.totals
    assert reelcast.get_plan("spring").plan_id == frozen.plan_id
    followed = reelcast.follow_plan(frozen.plan_id)
    assert {each.state for each in followed.windows} == {"waiting"}


def test_an_unknown_plan_or_candidate_is_told(reelcast: Reelcast, asked: RosterPlan) -> None:
    with pytest.raises(ProblemError, match=r"404 .*no frozen plan 'none'"):
        reelcast.get_plan("none")
    with pytest.raises(ProblemError, match=r"422 .*zoe: no such candidate"):
        reelcast.plans_totals(ChoiceAsked(plan=asked, posts={"zoe": 1}))


def test_more_slots_than_a_plan_may_have_are_refused(reelcast: Reelcast, asked: RosterPlan) -> None:
    one = asked.candidates[0]
    many = [
        one.model_copy(
            update={"slots": 20, "creator": one.creator.model_copy(update={"label": str(n)})}
        )
        for n in range(51)
    ]
    wide = asked.model_copy(update={"candidates": many})
    with pytest.raises(ProblemError, match=r"413 .*1,020 slots in one plan, at most 1,000"):
        reelcast.plans(wide)
