"""Creators of the lake: searched, filtered, sorted, in pages, and one with its history."""

from __future__ import annotations

from collections import Counter

import pytest
from starlette.testclient import TestClient

from api.client import ProblemError, Reelcast
from api.client.models import CreatorRow
from reelcast.settings import Settings
from reelcast.simulated import World
from reelcast.store import Lake
from tests.api.doors import problem, reelcast_of
from tests.support import NOW


@pytest.fixture(scope="module")
def reelcast(shelf_client: TestClient) -> Reelcast:
    return reelcast_of(shelf_client)


@pytest.fixture(scope="module")
def rows(reelcast: Reelcast) -> list[CreatorRow]:
    """All creators, page by page."""
    found: list[CreatorRow] = []
    cursor = None
    while True:
        page = reelcast.list_creators(limit=7, cursor=cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            assert page.total == len(found)
            return found


def test_the_pages_hold_every_creator_once(rows: list[CreatorRow], world: World) -> None:
    assert len({row.creator_id for row in rows}) == len(rows) == len(world.creators)


def test_the_largest_come_first_and_the_unknown_last(rows: list[CreatorRow]) -> None:
    counts = [row.followers for row in rows]
    known = [count for count in counts if count is not None]
    assert counts == [*sorted(known, reverse=True), *[None] * (len(counts) - len(known))]


@pytest.mark.parametrize(
    "name", ["posts", "median_views", "last_post_at", "engagement_rate", "audience_change"]
)
def test_each_column_sorts_both_ways(reelcast: Reelcast, name: str) -> None:
    up = [getattr(row, name) for row in reelcast.list_creators(sort=name, limit=200).items]  # type: ignore[arg-type]
    down = [getattr(row, name) for row in reelcast.list_creators(sort=f"-{name}", limit=200).items]  # type: ignore[arg-type]
    known = sorted(value for value in up if value is not None)
    assert [value for value in up if value is not None] == known
    assert [value for value in down if value is not None] == known[::-1]


def test_a_tier_holds_its_creators_alone(reelcast: Reelcast, rows: list[CreatorRow]) -> None:
    for tier, count in Counter(row.tier for row in rows).items():
        page = reelcast.list_creators(tier=tier, limit=200)  # type: ignore[arg-type]
        assert page.total == count
        assert {row.tier for row in page.items} == {tier}


def test_words_find_a_handle_a_niche_or_an_id(reelcast: Reelcast, world: World) -> None:
    creator = world.creators[3]
    found = reelcast.list_creators(q=f"@{creator.handle.upper()}")
    assert found.total == 1
    assert reelcast.list_creators(q="beauty").total == len(world.creators)
    assert reelcast.list_creators(q=found.items[0].creator_id[:9]).total == 1
    assert reelcast.list_creators(platform="none such").items == []


def test_one_creator_has_its_posts_and_followers(
    reelcast: Reelcast, rows: list[CreatorRow]
) -> None:
    row = max(rows, key=lambda row: row.posts)
    found = reelcast.get_creator(row.creator_id, posts=5)
    assert found.creator.posts == row.posts
    published = [post.published_at for post in found.posts]
    assert len(published) == 5
    assert published == sorted(published, reverse=True)
    assert found.posts[0].published_at == row.last_post_at
    assert found.followers[-1].followers == row.followers


def test_the_stage_of_a_creators_campaigns_filters(reelcast: Reelcast, shelf: Settings) -> None:
    (paid,) = Lake(shelf.lake_root).read("deliverables")["creator_id"].to_pylist()
    page = reelcast.list_creators(stage="loyalty")
    assert [row.creator_id for row in page.items] == [paid]
    assert page.items[0].stages == ["loyalty"]


def test_an_unknown_creator_is_not_found(reelcast: Reelcast) -> None:
    with pytest.raises(ProblemError, match=r"404 Not found: creator 'no.one' is not in the lake"):
        reelcast.get_creator("no.one")


def test_a_list_that_has_not_changed_is_not_sent_again(shelf_client: TestClient) -> None:
    first = shelf_client.get("/v1/creators")
    asked = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
    again = shelf_client.get("/v1/creators", headers=asked)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert shelf_client.get("/v1/creators?limit=1", headers=asked).status_code == 200


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "WyJhIl0", "\u00e4", "W251bGwsMV0"])
def test_a_cursor_of_another_list_is_refused(shelf_client: TestClient, cursor: str) -> None:
    answer = shelf_client.get("/v1/creators", params={"cursor": cursor})
    assert "this list gave no such cursor" in problem(answer, 422)


def test_a_world_without_a_model_has_creators(shelf_client: TestClient) -> None:
    assert shelf_client.get("/health").json()["status"] == "no model"
    assert NOW.isoformat() > shelf_client.get("/v1/creators").json()["items"][0]["last_post_at"]
