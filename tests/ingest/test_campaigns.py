"""What exports of visits, orders, events, ads and tests say, and the traps in them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import import_file
from ingest.values import salted
from reelcast.errors import FormatError
from reelcast.records import creator_id_of
from reelcast.store import Lake
from tests.ingest.samples import FIXTURES, OPTIONS, load, load_text, rows

SHOPIFY = (FIXTURES / "shopify_orders.csv").read_text(encoding="utf-8")


def order(name: str) -> str:
    return salted("order", name, "salt")


def orders(lake: Lake) -> dict[str, dict[str, object]]:
    """The orders by hash."""
    return {str(row["order_hash"]): row for row in rows(lake, "orders")}


def shop(lake: Lake, folder: Path, *changed: dict[str, str], **options: object) -> object:
    """Import rows in Shopify's layout, each a change of the first row of the sample."""
    reader = csv.DictReader(io.StringIO(SHOPIFY))
    first = {**next(reader), "Note Attributes": ""}
    text = io.StringIO()
    writer = csv.DictWriter(text, reader.fieldnames or [])
    writer.writeheader()
    writer.writerows({**first, **change} for change in changed)
    return load_text(lake, folder, text.getvalue(), **options)


def test_links_are_compared_in_lower_case_and_their_days_added_up(lake: Lake) -> None:
    load(lake, "ga4.csv")
    (first, *_) = (row for row in rows(lake, "touches") if row["utm_content"] == "c1_1")
    assert (first["utm_source"], first["utm_campaign"]) == ("tiktok", "spring-26")
    assert (str(first["day"]), first["sessions"], first["engaged_sessions"]) == (
        "2026-09-01",
        42,
        31,
    )
    assert first["engaged_s"] == pytest.approx(40 * 32.5 + 2 * 10)


def test_the_api_and_the_page_tell_the_same_visits(tmp_path: Path) -> None:
    seen = []
    for file in ("ga4.csv", "ga4_api.json"):
        lake = Lake(tmp_path / file)
        load(lake, file)
        of_links = [row for row in rows(lake, "touches") if row["utm_medium"] == "influencer"]
        seen.append([(row["day"], row["utm_content"], row["engaged_s"]) for row in of_links])
    assert seen[0] == seen[1]


def test_a_table_of_numbered_days_beside_others_is_passed_over_and_named(lake: Lake) -> None:
    report = load(lake, "ga4.csv")
    assert "a table left out: Nth day, Active users" in report.notes


@pytest.mark.parametrize("header", ["Nth day,Sessions", "Nth day,Session source / medium,Sessions"])
def test_an_export_of_numbered_days_is_refused_with_advice(
    lake: Lake, tmp_path: Path, header: str
) -> None:
    cells = ",".join("1" for _ in header.split(","))
    with pytest.raises(FormatError, match="add Date as a secondary dimension"):
        load_text(lake, tmp_path, f"# Report\n{header}\n{cells}\n")


def test_an_export_without_days_says_how_to_get_them(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"lacks the columns Date\..*Date as a secondary"):
        load_text(lake, tmp_path, "# x\nSession source / medium,Sessions\na / b,5\n")


def test_a_batch_of_reports_is_read_whole(lake: Lake, tmp_path: Path) -> None:
    page = (FIXTURES / "ga4_api.json").read_text()
    load_text(lake, tmp_path, f'{{"reports": [{page}, {page.replace("202609", "202608")}]}}')
    assert lake.read("touches").num_rows == 4


def test_the_second_table_of_a_file_does_not_count_twice(lake: Lake, tmp_path: Path) -> None:
    table = "Date,Session source / medium,Sessions\n20260901,tiktok / influencer,5\n"
    report = load_text(lake, tmp_path, f"{table}# All Users\n{table}")
    assert [row["sessions"] for row in rows(lake, "touches")] == [5]
    assert "the first counts" in " ".join(report.notes)


def test_the_total_of_an_exploration_is_left_out_and_counted(lake: Lake, tmp_path: Path) -> None:
    text = "# Free form\nSession source / medium,Date,Sessions\n,,7,Grand total\n"
    report = load_text(lake, tmp_path, f"{text}tiktok / influencer,20260901,7\n")
    assert ([row["sessions"] for row in rows(lake, "touches")], report.rows_failed) == ([7], 0)
    assert "1 rows left out as `only` and `skip` say" in report.notes


def test_the_same_days_by_other_dimensions_are_named(lake: Lake) -> None:
    assert "count twice" not in " ".join(load(lake, "ga4.csv").notes)
    assert "2 days stand in the lake by several sets" in " ".join(load(lake, "ga4_api.json").notes)


def test_an_order_of_three_rows_is_one(lake: Lake) -> None:
    report = load(lake, "shopify_orders.csv")
    assert (report.rows_read, lake.read("orders").num_rows) == (8, 5)


@pytest.mark.parametrize("batch_rows", [1, 2, 3, 7])
def test_orders_are_whole_wherever_a_batch_ends(
    lake: Lake, tmp_path: Path, batch_rows: int
) -> None:
    load(lake, "shopify_orders.csv")
    other = Lake(tmp_path / "other")
    load(other, "shopify_orders.csv", batch_rows=batch_rows)
    assert rows(other, "orders") == rows(lake, "orders")
    assert rows(other, "failures") == rows(lake, "failures") == []


def test_an_order_keeps_all_its_codes_in_capitals(lake: Lake) -> None:
    load(lake, "shopify_orders.csv")
    assert orders(lake)[order("1002")]["codes"] == ["FERN07", "SALE10"]


def test_codes_on_several_rows_of_an_order_are_put_together(lake: Lake, tmp_path: Path) -> None:
    shop(lake, tmp_path, {"Discount Code": "a1"}, {"Discount Code": "b2"})
    assert orders(lake)[order("1001")]["codes"] == ["A1", "B2"]


def test_a_link_is_read_from_notes_and_from_a_landing_page(lake: Lake) -> None:
    load(lake, "shopify_orders.csv")
    by_note, by_page = orders(lake)[order("1001")], orders(lake)[order("1003")]
    assert (by_note["utm_source"], by_note["utm_content"]) == ("tiktok", "c1_1")
    assert (by_page["utm_source"], by_page["utm_content"]) == ("tiktok", "c2_1")
    assert by_note["referrer"] == "www.coupons.example"


def test_times_with_offsets_are_one_clock(lake: Lake) -> None:
    load(lake, "shopify_orders.csv")
    assert str(orders(lake)[order("1002")]["at"]) == "2026-09-02 04:30:00+00:00"


def test_refunds_and_cancellations_are_kept_apart_from_the_value(lake: Lake) -> None:
    load(lake, "shopify_orders.csv")
    refunded, gone = orders(lake)[order("1002")], orders(lake)[order("1004")]
    assert (refunded["value"], refunded["refund"], refunded["is_cancelled"]) == (25.5, 5.5, False)
    assert gone["is_cancelled"] is True


def test_a_customers_first_order_is_new_and_later_ones_are_not(lake: Lake) -> None:
    load(lake, "shopify_orders.csv")
    new = {name: orders(lake)[order(name)]["is_new"] for name in ("1001", "1002", "1004", "1005")}
    assert new == {"1001": True, "1002": True, "1004": False, "1005": False}


def test_a_cancelled_order_is_nobodys_first(lake: Lake, tmp_path: Path) -> None:
    cancelled = {"Name": "#1", "Cancelled at": "2026-09-01 11:00:00 +0200"}
    shop(lake, tmp_path, cancelled, {"Name": "#2", "Created at": "2026-09-02 10:00:00 +0200"})
    assert orders(lake)[order("2")]["is_new"] is True


def test_an_older_export_imported_later_tells_anew_who_is_new(lake: Lake, tmp_path: Path) -> None:
    shop(lake, tmp_path, {"Name": "#2", "Created at": "2026-09-02 10:00:00 +0200"}, name="new.csv")
    assert orders(lake)[order("2")]["is_new"] is True
    shop(lake, tmp_path, {"Name": "#1", "Created at": "2026-08-02 10:00:00 +0200"}, name="old.csv")
    assert orders(lake)[order("2")]["is_new"] is False


def test_a_later_export_adds_the_refund_and_the_cancellation(lake: Lake, tmp_path: Path) -> None:
    shop(lake, tmp_path, {"Name": "#1"}, name="first.csv")
    change = {"Name": "#1", "Refunded Amount": "40.00", "Cancelled at": "2026-09-05 10:00:00 +0200"}
    shop(lake, tmp_path, change, name="later.csv")
    (row,) = rows(lake, "orders")
    assert (row["refund"], row["is_cancelled"]) == (40.0, True)


def test_events_become_installs_trials_and_subscriptions(tmp_path: Path) -> None:
    for file in ("appsflyer.csv", "adjust.csv"):
        lake = Lake(tmp_path / file)
        load(lake, file, timezone="UTC")
        types = sorted(str(row["type"]) for row in rows(lake, "orders"))
        assert types == ["install", "install", "subscription", "trial"]
        paid = [row["value"] for row in rows(lake, "orders") if row["type"] == "subscription"]
        assert paid == [9.99]  # Adjust's `revenue` is in cents and is not it


def test_an_organic_install_has_no_link(lake: Lake) -> None:
    load(lake, "adjust.csv")
    assert sorted(str(row["utm_source"]) for row in rows(lake, "orders")) == [
        "None",
        *["tiktok creators"] * 3,
    ]


def test_an_event_of_two_partners_counts_once(lake: Lake, tmp_path: Path) -> None:
    text = (FIXTURES / "appsflyer.csv").read_text()
    first = text.splitlines()[1]
    other = first.replace("tiktok_creators", "other_network").replace(",true", ",false")
    load_text(lake, tmp_path, f"{text}{other}\n", timezone="UTC")
    assert lake.read("orders").num_rows == 4
    assert "other_network" not in str(rows(lake, "orders"))


def test_events_that_are_no_conversions_are_left_out_and_counted(
    lake: Lake, tmp_path: Path
) -> None:
    text = (FIXTURES / "appsflyer.csv").read_text()
    viewed = text.splitlines()[2].replace("af_start_trial", "af_content_view")
    again = viewed.replace("08:05:00", "08:06:00")
    report = load_text(lake, tmp_path, f"{text}{viewed}\n{again}\n", timezone="UTC")
    assert (report.rows_failed, len(rows(lake, "failures"))) == (2, 1)
    assert "2 of af_content_view" in " ".join(report.notes)


def test_an_apps_own_event_names_are_told_in_a_mapping(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "extends: appsflyer\ncolumns:\n  type: {from: Event Name, values: {af_start_trial: "
        "signup, af_subscribe: subscription}}\n"
    )
    options = replace(OPTIONS, mapping=tmp_path / "mine.yaml", timezone="UTC")
    import_file(FIXTURES / "appsflyer.csv", lake, options)
    assert "signup" in {row["type"] for row in rows(lake, "orders")}


def test_leads_have_a_type_and_a_score(lake: Lake) -> None:
    load(lake, "leads.csv")
    found = sorted((str(row["type"]), row["lead_score"]) for row in rows(lake, "orders"))
    assert found == [("download", 31.5), ("lead", None), ("registration", 72.0)]


def test_organic_rows_of_an_ad_export_are_no_ads(lake: Lake) -> None:
    report = load(lake, "ads.csv")
    assert [row["impressions"] for row in rows(lake, "ad_days")] == [4000, 3100]
    assert "1 rows left out as `only` and `skip` say" in report.notes


def test_a_spark_ad_names_its_creator_slot_and_post(lake: Lake) -> None:
    load(lake, "ads.csv")
    ad = rows(lake, "ad_days")[0]
    assert ad["creator_id"] == creator_id_of("tiktok", "made.up", "salt")
    assert (ad["slot"], ad["post_id"]) == (1, "tiktok:7300000000000000101")


def test_the_currency_is_read_from_a_columns_name(lake: Lake) -> None:
    load(lake, "meta_ads.csv")
    assert {row["currency"] for row in rows(lake, "ad_days")} == {"EUR"}


def test_rows_of_one_ad_and_day_are_added_up(lake: Lake, tmp_path: Path) -> None:
    text = "ad_id,date,spend,impressions,age\na,2026-09-01,1.5,10,18-24\na,2026-09-01,2,20,25-34\n"
    load_text(lake, tmp_path, text)
    (ad,) = rows(lake, "ad_days")
    assert (ad["spend"], ad["impressions"], ad["clicks"]) == (3.5, 30, None)


def test_answers_are_sorted_and_their_words_not_kept(lake: Lake) -> None:
    load(lake, "survey.csv", platform="tiktok")
    found = {str(row["answer"]): row for row in rows(lake, "survey_responses")}
    assert sorted(found) == ["creator", "other", "search"]
    assert found["creator"]["creator_id"] == creator_id_of("tiktok", "made.up", "salt")
    assert found["creator"]["order_hash"] == order("1001")


def test_a_creators_spoken_name_is_told_in_a_mapping(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        'extends: survey\ncolumns:\n  answer: {from: "How did you hear about us?", values: '
        '{"Fern Diary": creator}}\n  creator: {from: "How did you hear about us?", '
        'values: {"Fern Diary": "@fern.diary"}}\n'
    )
    text = "Response ID,How did you hear about us?\n1,fern diary\n2,Google\n"
    load_text(lake, tmp_path, text, mapping=tmp_path / "mine.yaml", platform="tiktok")
    found = {row["answer"]: row["creator_id"] for row in rows(lake, "survey_responses")}
    assert found == {"creator": creator_id_of("tiktok", "fern.diary", "salt"), "search": None}


def test_arms_are_read_from_their_names(lake: Lake) -> None:
    load(lake, "holdout_regions.csv")
    found = {row["unit"]: row["is_exposed"] for row in rows(lake, "holdouts")}
    assert found == {"Northland": True, "Southland": False}


def test_english_comments_are_scored_and_others_counted_without(lake: Lake) -> None:
    load(lake, "comments.json")
    found = sorted((str(row["language"]), row["sentiment"]) for row in rows(lake, "comments"))
    assert found == [("en", "negative"), ("en", "positive"), ("es", None)]


def test_a_language_that_the_file_tells_wins(lake: Lake, tmp_path: Path) -> None:
    text = "comment_id,post_id,at,language,text\n1,tiktok:1,2026-09-01T10:00Z,de,I love this\n"
    load_text(lake, tmp_path, text)
    assert rows(lake, "comments")[0]["sentiment"] is None


@pytest.mark.parametrize("file", ["shopify_orders.csv", "ga4.csv", "comments.json", "ads.csv"])
def test_campaign_files_twice_change_nothing(lake: Lake, file: str) -> None:
    load(lake, file)
    before = lake.versions()
    load(lake, file, batch_rows=2)
    assert lake.versions() == before
