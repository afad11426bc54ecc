"""Days are those of the campaign's time zone: about midnight, and where clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from deltalake import DeltaTable

from measurement.always_on import always_on
from measurement.attribution import daily
from measurement.campaign_files import read_campaigns, to_csv
from measurement.campaigns import load, load_all, save
from measurement.run import measure
from reelcast.campaigns import Campaign
from reelcast.errors import InputError
from reelcast.store import Lake, MergeCount
from reelcast.tables import TABLES
from reelcast.zones import day_in, local_days, start_of, zone_of
from tests.measurement.campaigns import DAY, START, campaign, made_links, planned
from tests.support import table_of

BERLIN = zone_of("Europe/Berlin")
MADE = made_links()
LATE = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # half past midnight of the 4th in Berlin
FILE = """
campaign_id: spring
brand: Brindle
type: direct_response
starts_at: 2026-03-02
ends_at: 2026-04-01
set_at: 2026-02-20
timezone: {zone}
deliverables:
  - {{handle: fern, platform: tiktok, planned_at: 2026-03-04T00:30}}
"""


def berlin(**others: Any) -> Campaign:
    post = planned(MADE[0], 0).model_copy(update={"planned_at": LATE})
    return campaign(post, timezone="Europe/Berlin", **others)


def lake_of(folder: Path, of: Campaign, *orders: datetime) -> Lake:
    lake = Lake(folder / "lake")
    save(lake, of, START - DAY)
    rows = [
        {"order_hash": f"o{i}", "at": at, "type": "purchase", "value": 10.0,
         "codes": [MADE[0].promo_code]}
        for i, at in enumerate(orders)
    ]  # fmt: skip
    lake.merge("orders", table_of("orders", rows))
    return lake


def test_a_post_and_an_order_after_midnight_are_of_the_day_they_are_of_there(
    tmp_path: Path,
) -> None:
    lake = lake_of(tmp_path, berlin(), LATE + timedelta(minutes=10))
    days = {of.day: of for of in measure(lake, "spring", START + 30 * DAY).timeline}
    assert days[date(2026, 3, 4)].posts == ("c1_1",)
    assert (days[date(2026, 3, 4)].orders, days[date(2026, 3, 3)].orders) == (1, 0)


def test_orders_stay_in_utc_in_the_lake(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, berlin(), LATE)
    assert lake.read("orders")["at"].to_pylist() == [LATE]


def test_visits_and_ads_of_a_day_are_matched_by_the_campaigns_days(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, berlin())
    utm = {"utm_source": "tiktok", "utm_medium": "influencer", "utm_campaign": "spring"}
    utm |= {"utm_content": "c1_1", "landing_page": ""}
    rows = [
        {"day": date(2026, 3, day), **utm, "clicks": clicks}
        for day, clicks in ((3, 1), (4, 10), (11, 100), (12, 1000))
    ]
    lake.merge("touches", table_of("touches", rows))
    week = measure(lake, "spring", START + 30 * DAY).slice("campaign", "spring").windows[2]
    assert week.metrics["clicks"].value == 110  # the 4th to the 11th; by UTC the 3rd to the 10th


def test_a_window_is_so_many_hours_where_clocks_change(tmp_path: Path) -> None:
    """Clocks go forward on 29 March: seven days later it is 168 hours, not the same time."""
    out = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # 23:30
    of = berlin().deliverables[0].model_copy(update={"planned_at": out})
    late = [out + timedelta(hours=167.9), out + timedelta(hours=168.1)]
    lake = lake_of(tmp_path, berlin().model_copy(update={"deliverables": (of,)}), *late)
    made = measure(lake, "spring", START + 60 * DAY)
    assert made.attribution.to_this_campaign == 1
    last = made.timeline[-1].day
    assert last == date(2026, 4, 5)  # 00:30 in summer time


def test_orders_fall_on_their_day_on_both_sides_of_a_change() -> None:
    hours = [datetime(2026, 3, 28, 22, 59, tzinfo=UTC), datetime(2026, 3, 28, 23, 1, tzinfo=UTC)]
    hours += [datetime(2026, 3, 29, 21, 59, tzinfo=UTC), datetime(2026, 3, 29, 22, 1, tzinfo=UTC)]
    at = pa.chunked_array([pa.array(hours, TABLES["orders"].schema.field("at").type)])
    days = daily.day_numbers(at, BERLIN)
    assert [daily.EPOCH + timedelta(days=int(n)) for n in days] == [
        date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 29), date(2026, 3, 30),
    ]  # fmt: skip
    assert days.tolist() == [(day_in(hour, BERLIN) - daily.EPOCH).days for hour in hours]


def test_local_days_agree_with_the_calendar_all_year() -> None:
    for name in ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"):
        zone = zone_of(name)
        at = np.random.default_rng(1).uniform(1.76e9, 1.80e9, 300)
        dates = [day_in(datetime.fromtimestamp(s, UTC), zone) for s in at]
        found = np.floor(local_days(at, zone)).astype(int)
        assert found.tolist() == [(day - daily.EPOCH).days for day in dates]


def test_an_unknown_time_has_no_day() -> None:
    assert np.isnan(local_days(np.array([np.nan, 0.0]), BERLIN)).tolist() == [True, False]


def test_the_spikes_days_end_with_yesterday_there() -> None:
    now = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)  # the 21st in Berlin
    first = (date(2026, 2, 1) - daily.EPOCH).days
    numbers = np.arange(first, first + 60)
    spans = [daily.span_of(numbers, START, START + 30 * DAY, now, z) for z in (UTC, BERLIN)]
    assert spans[1].stop - spans[0].stop == 1


def test_months_are_those_of_the_latest_campaigns_zone(tmp_path: Path) -> None:
    of = berlin(window_days=30)
    lake = lake_of(tmp_path, of, datetime(2026, 3, 31, 22, 30, tzinfo=UTC))  # 1 April in Berlin
    made = always_on(lake, "Brindle", datetime(2026, 4, 20, tzinfo=UTC))
    orders = {one.month: one.orders for one in made.months if one.creator_id is None}
    assert (orders[date(2026, 3, 1)], orders[date(2026, 4, 1)]) == (0, 1)
    assert made.timezone == "Europe/Berlin"


def test_campaigns_of_other_zones_are_named_in_the_months(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, berlin())
    later = campaign(planned(MADE[2], 40), campaign_id="later", starts_at=START + 35 * DAY,
                     ends_at=START + 60 * DAY)  # fmt: skip
    save(lake, later, START - DAY)
    made = always_on(lake, "Brindle", START + 50 * DAY)
    assert "months are those of UTC; campaigns in Europe/Berlin too" in made.notes


def test_a_file_says_the_zone_and_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "spring.yaml"
    path.write_text(FILE.format(zone="Europe/Berlin"))
    (defined,) = read_campaigns(path, "salt", START - DAY)
    lake = Lake(tmp_path / "lake")
    save(lake, defined.campaign, START - DAY)
    of = load(lake, "spring")
    assert of.timezone == "Europe/Berlin"
    assert of.deliverables[0].planned_at == LATE
    assert of.starts_at == start_of(date(2026, 3, 2), BERLIN)


def test_the_csv_has_the_campaigns_clocks_and_reads_back(tmp_path: Path) -> None:
    text = to_csv([berlin()])
    assert "2026-03-04T00:30:00+01:00" in text
    path = tmp_path / "spring.csv"
    path.write_text(text)
    (defined,) = read_campaigns(path, "salt", START)
    assert defined.campaign == berlin()


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../etc", "Europe"])
def test_an_unknown_zone_is_named(tmp_path: Path, zone: str) -> None:
    path = tmp_path / "spring.yaml"
    path.write_text(FILE.format(zone=zone))
    with pytest.raises(InputError, match="no time zone"):
        read_campaigns(path, "salt", START)


def old_lake(folder: Path) -> Lake:
    """A lake whose campaigns were written before they had a time zone."""
    schema = TABLES["campaigns"].schema
    old = schema.remove(schema.get_field_index("timezone"))
    row = {"campaign_id": "winter", "brand": "Brindle", "type": "launch", "primary": "reach",
           "stage": "awareness", "starts_at": START - 60 * DAY, "ends_at": START - 30 * DAY,
           "window_days": 28, "attribution": "reconciled", "currency": "USD", "targets": "{}",
           "set_at": START - 70 * DAY}  # fmt: skip
    made = DeltaTable.create(
        (folder / "lake" / "campaigns").as_uri(), schema=old, name="campaigns",
        description='{"schema_version": 1, "about": "old"}',
    )  # fmt: skip
    rows, on = pa.Table.from_pylist([row], schema=old), "t.campaign_id = s.campaign_id"
    merging = made.merge(rows, on, source_alias="s", target_alias="t")
    merging.when_not_matched_insert_all().execute()
    return Lake(folder / "lake")


def test_a_campaign_of_an_old_lake_is_of_utc(tmp_path: Path) -> None:
    assert load(old_lake(tmp_path), "winter").timezone == "UTC"


def test_an_old_lake_takes_up_the_zone_with_the_next_campaign(tmp_path: Path) -> None:
    lake = old_lake(tmp_path)
    assert save(lake, berlin(), START - DAY).campaigns == MergeCount(inserted=1)
    assert save(lake, berlin(), START - DAY).campaigns == MergeCount(unchanged=1)
    assert [of.timezone for of in load_all(lake)] == ["UTC", "Europe/Berlin"]
    assert lake.read_columns("campaigns", ["timezone"])["timezone"].null_count == 1
    assert lake.query("SELECT timezone FROM campaigns ORDER BY 1").num_rows == 2


def test_an_old_campaign_takes_up_its_zone_when_it_is_added_again(tmp_path: Path) -> None:
    lake = old_lake(tmp_path)
    of = load(lake, "winter").model_copy(update={"timezone": "Asia/Tokyo"})
    assert save(lake, of, START).campaigns == MergeCount(updated=1)
    assert load(lake, "winter").timezone == "Asia/Tokyo"


def test_the_state_before_a_column_came_can_still_be_read(tmp_path: Path) -> None:
    lake = old_lake(tmp_path)
    before = lake.versions()["campaigns"]
    save(lake, berlin(), START - DAY)
    assert lake.read("campaigns", version=before)["timezone"].to_pylist() == [None]
