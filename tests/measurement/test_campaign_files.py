"""Campaigns come in as YAML and CSV, go out as CSV, and are stored once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from measurement.campaign_files import read_campaigns, to_csv
from measurement.campaign_links import lint_lake, read_seen, with_links
from measurement.campaigns import load, load_all, save
from reelcast.campaigns import Campaign
from reelcast.errors import InputError, NotFoundError
from reelcast.records import creator_id_of
from reelcast.store import Lake
from tests.measurement.campaigns import DAY, START, campaign, made_links, planned
from tests.support import table_of

NOW = START - DAY
YAML = """
campaign_id: spring
brand: Brindle
type: whitelisted
secondary: sales
starts_at: 2026-03-02
ends_at: 2026-04-01
timezone: Europe/Berlin
country: DE
promo_days: [2026-03-20]
targets: {orders: 100}
deliverables:
  - {handle: "@Ana", platform: tiktok, fee: 800, planned_at: 2026-03-04T18:00, post_id: "7700"}
  - {creator_id: c2, slot: 2, stage: awareness, fee: 300, promo_code: IDA22}
"""


def read(folder: Path, text: str, name: str = "a.yaml", now: datetime = NOW) -> Campaign:
    (folder / name).write_text(text, encoding="utf-8")
    (defined,) = read_campaigns(folder / name, "salt", now)
    return defined.campaign


def test_a_handle_becomes_the_id_that_imports_give_it(tmp_path: Path) -> None:
    of = read(tmp_path, YAML)
    assert of.deliverables[0].creator_id == creator_id_of("tiktok", "ana", "salt")
    assert "ana" not in of.model_dump_json().lower().replace("brand", "")


def test_times_without_a_zone_are_of_the_files_zone(tmp_path: Path) -> None:
    at = read(tmp_path, YAML).deliverables[0].planned_at
    assert at is not None
    assert at.isoformat() == "2026-03-04T18:00:00+01:00"


def test_a_type_known_by_another_name_sets_its_defaults(tmp_path: Path) -> None:
    of = read(tmp_path, YAML)
    assert (of.type, of.primary, of.window_days) == ("spark_ads", "traffic", 7)


def test_a_campaign_written_as_csv_is_read_back_the_same(tmp_path: Path) -> None:
    of = read(tmp_path, YAML)
    again = read(tmp_path, to_csv([of]), "b.csv")
    assert again == of
    assert to_csv([again]) == to_csv([of])


def test_a_campaign_without_posts_makes_the_round_trip_too(tmp_path: Path) -> None:
    of = campaign()
    assert read(tmp_path, to_csv([of]), "b.csv") == of


def test_campaign_columns_may_stand_on_the_first_line_alone(tmp_path: Path) -> None:
    head, first, second = to_csv([read(tmp_path, YAML)]).splitlines()
    columns = head.split(",")
    kept = [
        cell if name in ("creator_id", "slot", "promo_code", "fee", "post_stage") else ""
        for name, cell in zip(columns, second.split(","), strict=True)
    ]
    again = read(tmp_path, "\n".join([head, first, ",".join(kept)]), "c.csv")
    assert again.deliverables == read(tmp_path, YAML).deliverables


def test_a_line_that_contradicts_the_one_before_is_refused(tmp_path: Path) -> None:
    lines = to_csv([read(tmp_path, YAML)]).splitlines()
    changed = "\n".join([*lines[:2], lines[2].replace("Brindle", "Fen")])
    with pytest.raises(InputError, match="line 3: brand is Fen"):
        read(tmp_path, changed, "d.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n- b", "`key: value` lines"),
        ("campaign_id: a", "brand"),
        (YAML.replace("handle:", "handel:"), "handel"),
        (YAML.replace("secondary: sales", "secondary: traffic"), "both traffic"),
        (YAML.replace("Europe/Berlin", "Mars"), "no time zone"),
        (YAML.replace('"7700"', "https://www.instagram.com/p/abc"), "PLATFORM:ID"),
        (YAML.replace("platform: tiktok, ", ""), "needs its platform"),
        ("a: [", "cannot be read"),
        ("starts_at: 2026-13-45", "cannot be read"),
        ("campaign_id: a\ndeliverables: 5", "write them as a list"),
        ("campaign_id: a\ndeliverables: [5]", "a deliverable is 5"),
        ("just words", "`key: value` lines"),
        ("", "holds no campaign"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, text)


def test_without_a_type_what_it_would_have_set_is_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, YAML.replace("type: whitelisted", ""))
    assert "type: Field required" in str(caught.value)
    assert "window_days" not in str(caught.value)


def test_a_platform_written_in_capitals_is_the_same(tmp_path: Path) -> None:
    of = read(tmp_path, YAML.replace("platform: tiktok", "platform: TikTok "))
    assert of == read(tmp_path, YAML)


def test_a_posts_address_is_kept_as_its_id_without_the_handle(tmp_path: Path) -> None:
    text = YAML.replace('"7700"', '"https://www.tiktok.com/@ana/video/7700123"')
    assert read(tmp_path, text).deliverables[0].post_id == "tiktok:7700123"


def test_saving_twice_changes_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, read(tmp_path, YAML), NOW)
    before = lake.versions()
    again = save(lake, read(tmp_path, YAML, now=NOW + DAY), NOW + DAY)
    assert lake.versions() == before
    assert again.campaigns.unchanged == 1


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    lake, of = Lake(tmp_path / "lake"), read(tmp_path, YAML)
    save(lake, of, NOW)
    assert load(lake, "spring") == load_all(lake)[0]
    assert set(load(lake, "spring").deliverables) == set(of.deliverables)


def test_an_unknown_campaign_says_which_there_are(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(), NOW)
    with pytest.raises(NotFoundError, match="spring"):
        load(lake, "autumn")


def test_a_campaign_stored_wrongly_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    lake.merge("campaigns", table_of("campaigns", [{"campaign_id": "odd", "brand": "B"}]))
    with pytest.raises(InputError, match="odd is stored as no valid campaign"):
        load(lake, "odd")


def test_targets_changed_after_the_first_post_are_refused(tmp_path: Path) -> None:
    lake, first = Lake(tmp_path / "lake"), planned(made_links()[0], 1)
    save(lake, campaign(first, targets={"orders": 10}), NOW)
    with pytest.raises(InputError, match="proves nothing"):
        save(lake, campaign(first, targets={"orders": 5}), START + 9 * DAY)


def test_targets_set_after_a_post_was_published_are_refused(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    rows = [{"post_id": "p1", "creator_id": "c1", "published_at": START - 3 * DAY}]
    lake.merge("posts", table_of("posts", rows))
    of = campaign(planned(made_links()[0], 5, post_id="p1"), targets={"orders": 10})
    with pytest.raises(InputError, match="first post went out"):
        save(lake, of, START)


def test_a_campaign_entered_afterwards_says_so(tmp_path: Path) -> None:
    of = campaign(planned(made_links()[0], 1), targets={"orders": 10})
    saved = save(Lake(tmp_path / "lake"), of, START + 30 * DAY)
    assert "on your word" in saved.notes[0]


def test_published_links_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "seen.csv").write_bytes("creator_id,slot,link\nc1,1,é".encode("utf-16"))
    with pytest.raises(InputError, match=r"seen\.csv cannot be read"):
        read_seen(tmp_path / "seen.csv", "salt")


def test_a_line_with_more_cells_than_columns_is_refused(tmp_path: Path) -> None:
    text = (
        "campaign_id,brand,type,starts_at,ends_at\nspring,Fern, Ltd,launch,2026-03-02,2026-04-01\n"
    )
    with pytest.raises(InputError, match="line 2 has more cells"):
        read(tmp_path, text, "a.csv")


def test_targets_that_a_later_file_leaves_out_are_taken_back_and_said_so(tmp_path: Path) -> None:
    lake, first = Lake(tmp_path / "lake"), made_links()[0]
    save(lake, campaign(planned(first, 1), targets={"orders": 10}, budget=9.0), NOW)
    saved = save(lake, campaign(planned(first, 1)), NOW)
    assert saved.notes == ("targets are taken back: orders 10", "budget stays as it was: 9.0")
    assert load(lake, "spring").targets == {}


def test_slots_that_a_later_file_leaves_out_stay_and_are_named(tmp_path: Path) -> None:
    lake, (first, second, _) = Lake(tmp_path / "lake"), made_links()
    save(lake, campaign(planned(first, 1), planned(second, 2)), NOW)
    saved = save(lake, campaign(planned(first, 1)), NOW)
    assert saved.notes == ("1 slots stay from an earlier file: c1 slot 2",)


def test_links_are_made_for_slots_that_have_none_and_others_stay(tmp_path: Path) -> None:
    lake, (first, second, other) = Lake(tmp_path / "lake"), made_links()
    of = campaign(
        planned(first, 1, promo_code="FERN99"),
        planned(second, 2, link=None, promo_code=None),
        planned(other, 3, link=None, promo_code=None),
    )
    filled, made = with_links(lake, of, "https://shop.example", {"c2": "ida.cooks"})
    assert [one.promo_code for one in made][:2] == ["FERN99", "FERN99"]
    assert (made[2].promo_code or "").startswith("IDA")
    assert filled.deliverables[0].link == first.link
    assert lint_lake(lake, [filled]) == []


def test_a_link_that_no_slot_carries_is_found_in_the_analytics(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1)), NOW)
    utm = {"utm_source": "tiktok", "utm_medium": "influencer", "utm_campaign": "Spring"}
    row = {"day": START.date(), **utm, "utm_content": "c1", "landing_page": "/", "sessions": 41}
    lake.merge("touches", table_of("touches", [row]))
    (found,) = lint_lake(lake)
    assert found.rule == "unknown_content"
    assert "41 sessions" in found.said


def test_analytics_that_tell_no_links_apart_are_no_finding(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1)), NOW)
    utm = {"utm_source": "tiktok", "utm_medium": "influencer", "utm_campaign": "spring"}
    row = {"day": START.date(), **utm, "utm_content": "", "landing_page": "/", "sessions": 41}
    lake.merge("touches", table_of("touches", [row]))
    assert lint_lake(lake) == []


def test_published_links_are_read_by_creator_and_slot(tmp_path: Path) -> None:
    file = tmp_path / "seen.csv"
    file.write_text("platform,handle,slot,link\ntiktok,@Ana,2,https://a.example\n")
    who = creator_id_of("tiktok", "ana", "salt")
    assert read_seen(file, "salt") == {f"{who}_2": "https://a.example"}
