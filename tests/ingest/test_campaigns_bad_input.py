"""Bad rows of campaigns' exports: each named, none silently dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelcast.errors import InputError, MappingError
from reelcast.store import Lake
from tests.ingest.samples import load_text, rows
from tests.ingest.test_campaigns import shop

LEADS = "lead_id,created_at,type,email,score,utm_source\n"


def failures(lake: Lake) -> list[tuple[object, object]]:
    return [(row["line"], row["column"]) for row in rows(lake, "failures")]


@pytest.mark.parametrize("time", ["", "last Tuesday"])
def test_an_order_without_time_is_kept_and_named(lake: Lake, tmp_path: Path, time: str) -> None:
    report = shop(lake, tmp_path, {"Name": "#1"}, {"Name": "#2", "Created at": time})
    times = sorted(str(row["at"]) for row in rows(lake, "orders"))
    assert times == ["2026-09-01 08:00:00+00:00", "None"]
    assert failures(lake) == [(3, "Created at")]
    assert (report.rows_failed, report.rows_flagged) == (0, 1)  # type: ignore[attr-defined]


def test_an_order_without_number_is_left_out_and_named(lake: Lake, tmp_path: Path) -> None:
    report = shop(lake, tmp_path, {"Name": "#1"}, {"Name": ""})
    assert (lake.read("orders").num_rows, failures(lake)) == (1, [(3, "Name")])
    assert report.rows_failed == 1  # type: ignore[attr-defined]


def test_a_second_currency_is_named_once_and_both_are_kept(lake: Lake, tmp_path: Path) -> None:
    names = [{"Name": f"#{i}", "Currency": "USD" if i > 2 else "EUR"} for i in range(1, 6)]
    report = shop(lake, tmp_path, *names)
    assert sorted(str(row["currency"]) for row in rows(lake, "orders")) == ["EUR"] * 2 + ["USD"] * 3
    assert failures(lake) == [(4, "Currency")]
    assert "several currencies (EUR, USD): sum each on its own" in report.notes  # type: ignore[attr-defined]


def test_a_refund_above_its_order_is_kept_and_named(lake: Lake, tmp_path: Path) -> None:
    shop(lake, tmp_path, {"Refunded Amount": "99.00"})
    assert rows(lake, "orders")[0]["refund"] == 99.0
    assert failures(lake) == [(2, "Refunded Amount")]
    assert "above value" in str(rows(lake, "failures")[0]["reason"])


def test_times_without_a_zone_ask_for_it(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 2: times in column 'Created at' .*--timezone"):
        shop(lake, tmp_path, {"Created at": "2026-09-01 10:00:00"})
    assert lake.versions() == {}


def test_a_zone_that_is_told_is_used(lake: Lake, tmp_path: Path) -> None:
    change = {"Created at": "2026-09-01 10:00:00"}
    shop(lake, tmp_path, change, timezone="America/New_York")
    assert str(rows(lake, "orders")[0]["at"]) == "2026-09-01 14:00:00+00:00"


def test_one_time_without_a_zone_among_others_is_named(lake: Lake, tmp_path: Path) -> None:
    shop(lake, tmp_path, {"Name": "#1"}, {"Name": "#2", "Created at": "2026-09-01 10:00:00"})
    (bad,) = rows(lake, "failures")
    assert (bad["line"], "--timezone" in str(bad["reason"])) == (3, True)
    assert lake.read("orders").num_rows == 2


def test_a_code_of_anyone_and_a_link_of_any_campaign_are_kept(lake: Lake, tmp_path: Path) -> None:
    both = [
        {"Name": f"#{i}", "Note Attributes": f"utm_campaign: c{i}\nutm_content: x_1"}
        for i in (1, 2)
    ]
    shop(lake, tmp_path, *both)
    assert [row["codes"] for row in rows(lake, "orders")] == [["FERN07"], ["FERN07"]]
    assert {row["utm_campaign"] for row in rows(lake, "orders")} == {"c1", "c2"}


def test_a_discount_that_is_no_code_is_named_and_the_order_kept(lake: Lake, tmp_path: Path) -> None:
    shop(lake, tmp_path, {"Discount Code": "10 EUR off for Ana"})
    assert rows(lake, "orders")[0]["codes"] is None
    assert failures(lake) == [(2, "Discount Code")]


@pytest.mark.parametrize("value", ["free", "-5", "1e400", "+49 170 1234567"])
def test_a_bad_amount_is_named_and_its_shape_kept(lake: Lake, tmp_path: Path, value: str) -> None:
    shop(lake, tmp_path, {"Total": value})
    (bad,) = rows(lake, "failures")
    assert (bad["column"], rows(lake, "orders")[0]["value"]) == ("Total", None)
    assert not any(char in "12345678" for char in str(bad["value"]))


def test_an_unknown_kind_of_lead_says_how_to_name_it(lake: Lake, tmp_path: Path) -> None:
    text = f"{LEADS}1,2026-09-01T10:00Z,coffee,,,\n2,2026-09-01T10:00Z,ebook,,,\n"
    report = load_text(lake, tmp_path, text)
    assert (report.rows_failed, lake.read("orders").num_rows) == (1, 1)
    assert "use `values`" in str(rows(lake, "failures")[0]["reason"])


def test_rows_whose_cells_moved_keep_no_texts(lake: Lake, tmp_path: Path) -> None:
    moved = "1,Ana,lead,a@b.example,50,Roe\n2,,lead,a@b.example,high,Roe\n"
    load_text(lake, tmp_path, f"{LEADS}{moved}3,2026-09-01T10:00Z,lead,a@b.example,50,tiktok\n")
    found = sorted(str(row["utm_source"]) for row in rows(lake, "orders"))
    assert found == ["None", "None", "tiktok"]


def test_positive_answers_above_all_answers_are_left_out(lake: Lake, tmp_path: Path) -> None:
    text = "study_id,question,arm,positive,answers\ns,recall,exposed,12,10\ns,recall,control,1,10\n"
    report = load_text(lake, tmp_path, text)
    assert (report.rows_failed, lake.read("brand_lift").num_rows) == (1, 1)
    assert failures(lake) == [(2, "positive")]


def test_a_unit_that_stands_twice_in_a_day_counts_once_and_is_named(
    lake: Lake, tmp_path: Path
) -> None:
    text = "test_id,region,day,arm,orders\nt,N,2026-09-01,on,5\nt,N,2026-09-01,off,7\n"
    load_text(lake, tmp_path, text)
    assert [row["outcome"] for row in rows(lake, "holdouts")] == [5.0]
    assert "line 2 has the same" in str(rows(lake, "failures")[0]["reason"])


def test_an_arm_that_is_none_is_left_out_and_named(lake: Lake, tmp_path: Path) -> None:
    text = "test_id,region,day,arm,orders\nt,N,2026-09-01,maybe,5\n"
    assert load_text(lake, tmp_path, text).rows_failed == 1
    assert failures(lake) == [(2, "arm")]


def test_more_clicks_than_impressions_are_kept_and_named(lake: Lake, tmp_path: Path) -> None:
    load_text(lake, tmp_path, "ad_id,date,spend,impressions,clicks\na,2026-09-01,1,10,20\n")
    assert (lake.read("ad_days").num_rows, failures(lake)) == (1, [(2, "clicks")])


def test_an_account_without_its_platform_is_named_and_its_answer_kept(
    lake: Lake, tmp_path: Path
) -> None:
    load_text(lake, tmp_path, "Response ID,Answer\n1,saw @made.up\n")
    assert (lake.read("survey_responses").num_rows, failures(lake)) == (1, [(2, "Answer")])


def test_a_wrong_constant_is_an_error_of_the_mapping(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "grain: orders\nconstants: {type: gift}\ncolumns: {order_id: id, at: at}\n"
    )
    with pytest.raises(MappingError, match="a constant is wrong: type"):
        load_text(lake, tmp_path, "id,at\n1,2026-09-01T10:00Z\n", mapping=tmp_path / "m.yaml")
