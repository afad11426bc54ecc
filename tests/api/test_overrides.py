"""What people decide about a creator over HTTP: kept with its reason, read by others."""

from __future__ import annotations

from contextlib import closing

import pytest
from starlette.testclient import TestClient

from api.access import scopes_of
from api.client import ProblemError, Reelcast
from api.client.models import OverrideAsked
from inference.ledger import open_ledger
from reelcast.records import creator_id_of
from reelcast.settings import Settings
from reelcast.simulated import World
from tests.api.doors import reelcast_of
from tests.inference.homes import SALT
from tests.ledger.made import entries_of, forecast

PATH = "/v1/creators/c1/overrides"


@pytest.fixture(scope="module")
def reelcast(shelf_client: TestClient) -> Reelcast:
    return reelcast_of(shelf_client)


def id_of(world: World, number: int) -> str:
    creator = world.creators[number]
    return creator_id_of(creator.platform, creator.handle, SALT)


def test_a_decision_is_kept_with_its_reason(reelcast: Reelcast, world: World) -> None:
    id_ = id_of(world, 10)
    made = reelcast.add_override(id_, OverrideAsked(decision="avoid", reason="off brand"))
    assert (made.creator_id, made.decision, made.reason) == (id_, "avoid", "off brand")
    assert made.expected_views is None
    assert reelcast.list_overrides(id_).items == [made]


def test_the_latest_comes_first_page_by_page(reelcast: Reelcast, world: World) -> None:
    id_ = id_of(world, 11)
    made = [
        reelcast.add_override(id_, OverrideAsked(decision="prefer", reason=f"reason {n}"))
        for n in range(3)
    ]
    first = reelcast.list_overrides(id_, limit=2)
    rest = reelcast.list_overrides(id_, limit=2, cursor=first.next_cursor)
    assert first.total == 3
    found = [*first.items, *rest.items]
    assert {of.override_id for of in found} == {of.override_id for of in made}
    assert rest.next_cursor is None


def test_names_of_accounts_are_taken_out_of_a_reason(reelcast: Reelcast, world: World) -> None:
    asked = OverrideAsked(decision="avoid", reason="fell out with @ana.b last year")
    made = reelcast.add_override(id_of(world, 12), asked)
    assert made.reason == "fell out with @user last year"


@pytest.mark.parametrize(
    ("decision", "expected"), [("expect", None), ("avoid", 900.0)], ids=["without", "beside"]
)
def test_views_go_with_another_count_alone(
    reelcast: Reelcast, world: World, decision: str, expected: float | None
) -> None:
    asked = OverrideAsked(decision=decision, expected_views=expected, reason="it is new")  # type: ignore[arg-type]
    with pytest.raises(ProblemError, match="422") as refused:
        reelcast.add_override(id_of(world, 12), asked)
    assert "expected_views" in str(refused.value.errors)


def test_a_decision_names_a_forecast_that_the_ledger_holds(
    reelcast: Reelcast, shelf: Settings, world: World
) -> None:
    (entry,) = entries_of(forecast())
    with closing(open_ledger(shelf)) as ledger:
        ledger.append([entry])
    asked = OverrideAsked(
        decision="expect", expected_views=5000, reason="a trend", forecast_id=entry.entry_id
    )
    assert reelcast.add_override(id_of(world, 13), asked).forecast_id == entry.entry_id


def test_a_forecast_that_nobody_made_is_refused(reelcast: Reelcast, world: World) -> None:
    asked = OverrideAsked(decision="avoid", reason="off brand", forecast_id="f000")
    with pytest.raises(ProblemError, match="404 Not found: the ledger holds no forecast 'f000'"):
        reelcast.add_override(id_of(world, 13), asked)


def test_an_unknown_creator_has_none(reelcast: Reelcast) -> None:
    with pytest.raises(ProblemError, match="404"):
        reelcast.list_overrides("nobody")
    with pytest.raises(ProblemError, match="404"):
        reelcast.add_override("nobody", OverrideAsked(decision="avoid", reason="off brand"))


def test_deciding_needs_the_scope_write_and_reading_the_scope_read() -> None:
    assert scopes_of("POST", PATH) == ("write",)
    assert scopes_of("GET", PATH) == ("read",)
