"""A campaign has one primary objective and targets set before its first post."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from measurement.calendar import calendar, overlaps
from tests.measurement.campaigns import DAY, START, campaign, made_links, planned


def test_a_type_sets_what_the_campaign_leaves_out() -> None:
    of = campaign()
    assert (of.primary, of.stage, of.window_days) == ("sales", "conversion", 7)


def test_what_the_campaign_says_goes_before_its_type() -> None:
    assert campaign(window_days=28).window_days == 28


def test_two_objectives_that_are_one_are_refused() -> None:
    with pytest.raises(ValidationError, match="primary and secondary are both sales"):
        campaign(secondary="sales")


def test_a_third_objective_has_no_place() -> None:
    with pytest.raises(ValidationError, match="tertiary"):
        campaign(tertiary="reach")


def test_a_target_set_after_the_first_post_is_refused() -> None:
    first = planned(made_links()[0], 1)
    with pytest.raises(ValidationError, match="proves nothing"):
        campaign(first, targets={"orders": 100}, set_at=START + 2 * DAY)


def test_a_slot_planned_twice_is_named() -> None:
    made = made_links()[0]
    with pytest.raises(ValidationError, match="c1 slot 1"):
        campaign(planned(made, 1), planned(made, 2))


def test_the_calendar_takes_a_post_where_it_was_published() -> None:
    one = planned(made_links()[0], 1, post_id="p1")
    (entry,) = calendar([campaign(one)], {"p1": START + 3 * DAY})
    assert (entry.at, entry.is_published) == (START + 3 * DAY, True)


def test_two_posts_of_one_creator_within_a_window_overlap() -> None:
    first, second, _ = made_links()
    (found,) = overlaps(calendar([campaign(planned(first, 1), planned(second, 3))]))
    assert found.hours == 5 * 24
    assert "same creator" in found.why


def test_posts_of_two_creators_of_one_campaign_are_no_overlap() -> None:
    first, _, other = made_links()
    assert overlaps(calendar([campaign(planned(first, 1), planned(other, 1))])) == []
