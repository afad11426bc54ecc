"""Forecasts meet their posts: by creator and time or by a link, at an age near the horizon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inference.ledger_join import ACTUAL, join, link
from inference.ledger_scores import resolved
from inference.ledger_store import Ledger
from reelcast.errors import InputError, NotFoundError
from tests.ledger.made import entries_of, forecast, panel_with
from tests.support import NOW

LATER = NOW + timedelta(days=60)
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened
    opened.close()


def joined(ledger: Ledger) -> list[tuple[str, float]]:
    return [(e.body["post_id"], e.body["count"]) for e in ledger.read(ACTUAL)]


def test_the_count_nearest_to_the_horizon_is_the_actual(ledger: Ledger) -> None:
    ledger.append(entries_of(forecast()))
    panel = panel_with({"t:1": NOW + HOUR}, [("t:1", 1, 100), ("t:1", 6.8, 700), ("t:1", 8, 800)])
    assert join(ledger, panel, 24, LATER) == 1
    assert joined(ledger) == [("t:1", 700.0)]


def test_joining_again_adds_nothing(ledger: Ledger) -> None:
    ledger.append(entries_of(forecast()))
    panel = panel_with({"t:1": NOW + HOUR}, [("t:1", 7, 700)])
    assert [join(ledger, panel, 24, LATER) for _ in range(2)] == [1, 0]


def test_a_count_far_from_the_horizon_is_none(ledger: Ledger) -> None:
    ledger.append(entries_of(forecast()))
    panel = panel_with({"t:1": NOW + HOUR}, [("t:1", 3, 300), ("t:1", 12, 900)])
    assert join(ledger, panel, 24, LATER) == 0


def test_of_several_posts_the_one_nearest_to_the_planned_time_is_meant(ledger: Ledger) -> None:
    ledger.append(entries_of(forecast(post_at=NOW + timedelta(days=2))))
    near = NOW + timedelta(days=2, hours=3)
    panel = panel_with(
        {"t:1": NOW + timedelta(days=1, hours=2), "t:2": near}, [("t:1", 7, 1), ("t:2", 7, 2)]
    )
    join(ledger, panel, 24, LATER)
    assert joined(ledger) == [("t:2", 2.0)]


def test_a_post_published_before_the_forecast_was_made_is_not_its_post(ledger: Ledger) -> None:
    ledger.append(entries_of(forecast()))
    panel = panel_with({"t:1": NOW - timedelta(hours=5)}, [("t:1", 7, 1)])
    assert join(ledger, panel, 24, LATER) == 0


def test_a_post_too_far_from_the_planned_time_is_not_its_post(ledger: Ledger) -> None:
    ledger.append(entries_of(forecast()))
    panel = panel_with({"t:1": NOW + timedelta(hours=30)}, [("t:1", 7, 1)])
    assert join(ledger, panel, 24, LATER) == 0
    assert join(ledger, panel, 48, LATER) == 1


def test_counts_after_now_are_not_seen(ledger: Ledger) -> None:
    ledger.append(entries_of(forecast()))
    panel = panel_with({"t:1": NOW + HOUR}, [("t:1", 7, 1)])
    assert join(ledger, panel, 24, NOW + timedelta(days=3)) == 0


def test_a_link_says_which_post_is_meant(ledger: Ledger) -> None:
    (entry,) = entries_of(forecast(creator_id=None))
    ledger.append([entry])
    link(ledger, entry.entry_id, "t:9", NOW)
    panel = panel_with({"t:9": NOW + timedelta(days=4)}, [("t:9", 7, 5)])
    assert join(ledger, panel, 24, LATER) == 1
    assert joined(ledger) == [("t:9", 5.0)]


def test_a_link_to_a_post_that_was_out_already_is_no_outcome(ledger: Ledger) -> None:
    (entry,) = entries_of(forecast(creator_id=None))
    ledger.append([entry])
    link(ledger, entry.entry_id, "t:9", NOW)
    panel = panel_with({"t:9": NOW - timedelta(days=2)}, [("t:9", 7, 5)])
    assert join(ledger, panel, 24, LATER) == 0


def test_a_link_cannot_be_changed(ledger: Ledger) -> None:
    (entry,) = entries_of(forecast())
    ledger.append([entry])
    link(ledger, entry.entry_id, "t:9", NOW)
    with pytest.raises(InputError, match="linked to a post already"):
        link(ledger, entry.entry_id, "t:8", NOW)


def test_a_link_of_an_unknown_forecast_is_refused(ledger: Ledger) -> None:
    with pytest.raises(NotFoundError, match="holds no forecast 'f0'"):
        link(ledger, "f0", "t:9", NOW)


def test_of_many_forecasts_of_one_post_the_last_counts(ledger: Ledger) -> None:
    planned = NOW + timedelta(hours=10)
    for hours in (0, 5, 2):
        ledger.append(entries_of(forecast(post_at=planned), NOW + hours * HOUR))
    panel = panel_with({"t:1": planned}, [("t:1", 7, 700)])
    assert join(ledger, panel, 24, LATER) == 3
    (only,) = resolved(ledger)
    assert only.made_at == (NOW + 5 * HOUR).isoformat()


@pytest.mark.parametrize("post_id", ["", "  ", "https://t.example/@ana/video/1"])
def test_a_link_to_what_is_no_id_is_refused_and_leaves_no_trace(
    ledger: Ledger, post_id: str
) -> None:
    (entry,) = entries_of(forecast())
    ledger.append([entry])
    with pytest.raises(InputError, match="no post id"):
        link(ledger, entry.entry_id, post_id, NOW)
    link(ledger, entry.entry_id, "t:9", NOW)
