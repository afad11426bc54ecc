from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from reelcast.records import Brief, CreatorQuestion, PastPost, creator_id_of, tier_of
from reelcast.tracks import Seen

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("followers", "tier"),
    [
        (0, "nano"),
        (9_999, "nano"),
        (10_000, "micro"),
        (99_999, "micro"),
        (100_000, "mid"),
        (500_000, "macro"),
        (1_000_000, "mega"),
        (10**9, "mega"),
        (None, "unknown"),
        (float("nan"), "unknown"),
    ],
)
def test_a_tier_starts_at_its_edge(followers: float | None, tier: str) -> None:
    assert tier_of(followers) == tier


@pytest.mark.parametrize("handle", ["ana", "@ana", " Ana ", "@ANA"])
def test_a_handle_has_one_id_however_it_is_written(handle: str) -> None:
    assert creator_id_of("TikTok", handle, "s") == creator_id_of("tiktok", "ana", "s")


@pytest.mark.parametrize(
    "other", [("tiktok", "anb", "s"), ("youtube", "ana", "s"), ("tiktok", "ana", "t")]
)
def test_another_handle_platform_or_salt_gives_another_id(other: tuple[str, str, str]) -> None:
    assert creator_id_of(*other) != creator_id_of("tiktok", "ana", "s")


def test_an_id_does_not_hold_the_handle() -> None:
    assert "ana" not in creator_id_of("tiktok", "ana", "s")


def test_a_question_must_name_someone() -> None:
    with pytest.raises(ValidationError, match="give creator_id, or platform and handle, or posts"):
        CreatorQuestion(followers=10)


def test_a_handle_needs_its_platform() -> None:
    with pytest.raises(ValidationError, match="needs its platform"):
        CreatorQuestion(handle="ana")


def test_a_creator_without_posts_can_be_asked_about() -> None:
    assert CreatorQuestion(posts=()).posts == ()


@pytest.mark.parametrize("views", [-1, float("nan"), float("inf"), 1.5, "many", 10**13])
def test_views_must_be_a_count(views: Any) -> None:
    with pytest.raises(ValidationError, match="views"):
        PastPost(published_at=AT, views=views)


@pytest.mark.parametrize("name", ["likes", "comments", "shares", "saves"])
@pytest.mark.parametrize("record", [PastPost, Seen])
def test_engagement_far_above_views_is_refused_by_its_name(record: Any, name: str) -> None:
    at = {"published_at": AT} if record is PastPost else {"observed_at": AT}
    with pytest.raises(ValidationError, match=rf"{name} \(5,000\) are far above views \(10\)"):
        record(**at, views=10, **{name: 5_000})


def test_engagement_a_little_above_views_is_delay_and_without_views_unknown() -> None:
    assert PastPost(published_at=AT, views=10, likes=60).likes == 60
    assert PastPost(published_at=AT, likes=5_000).views is None


def test_views_may_be_unknown() -> None:
    assert PastPost(published_at=AT).views is None


@pytest.mark.parametrize("followers", [-1, float("nan")])
def test_followers_must_be_a_count(followers: Any) -> None:
    with pytest.raises(ValidationError, match="followers"):
        CreatorQuestion(creator_id="c", followers=followers)


@pytest.mark.parametrize("duration_s", [0, -3, float("nan"), float("inf")])
def test_a_duration_must_be_positive(duration_s: float) -> None:
    with pytest.raises(ValidationError, match="duration_s"):
        Brief(duration_s=duration_s)


@pytest.mark.parametrize("horizon_days", [0, -1, 366, float("nan")])
def test_a_horizon_must_lie_within_a_year(horizon_days: float) -> None:
    with pytest.raises(ValidationError, match="horizon_days"):
        Brief(horizon_days=horizon_days)


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        PastPost(published_at=datetime(2026, 1, 1))


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(ValidationError, match="colour"):
        Brief(colour="red")  # type: ignore[call-arg]


def test_a_record_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Brief().theme = "x"  # type: ignore[misc]
