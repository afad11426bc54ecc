"""The conversions model as files, and what is learned from the lake."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from reelcast.errors import MismatchError, NotEnoughDataError, NotFoundError
from reelcast.store import Lake
from tests.conversions.shops import BRAND, DAY, START, campaign_of, settings_in, store
from tests.support import table_of
from training.conversions import fit_model, train
from training.conversions_lake import sold_posts
from training.conversions_model import (
    conversions_home,
    load_model,
    load_or_prior,
    prior_model,
    save_model,
)
from training.conversions_values import values_of

LATER = START + 90 * DAY
SOLD: list[tuple[int, int | None, int]] = [(20_000, 100, 4), (50_000, 300, 9), (8_000, 20, 2)]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with one finished campaign of three posts."""
    made = Lake(settings_in(tmp_path_factory.mktemp("home")).lake_root)
    store(made, campaign_of("spring", 3), SOLD)
    return made


def test_each_post_of_a_finished_campaign_is_a_row(lake: Lake) -> None:
    posts = sold_posts(lake, LATER)
    assert [(p.views, p.clicks, len(p.orders)) for p in posts] == SOLD
    assert posts[0].levels["brand"] == BRAND
    assert posts[0].levels["platform"] == "tiktok"


def test_a_post_whose_window_is_open_is_not_learned_from(lake: Lake) -> None:
    assert sold_posts(lake, START + 3 * DAY) == []


def test_orders_outside_the_window_are_not_the_posts(tmp_path: Path) -> None:
    lake = Lake(settings_in(tmp_path).lake_root)
    store(lake, campaign_of("spring", 1), [(20_000, 100, 4)])
    rows = lake.read("orders").to_pylist()
    late = [{**row, "order_hash": f"late{i}", "at": START + 40 * DAY} for i, row in enumerate(rows)]
    lake.merge("orders", table_of("orders", late))
    assert len(sold_posts(lake, LATER)[0].orders) == 4


def test_a_link_that_nobody_clicked_counts_as_zero_clicks(tmp_path: Path) -> None:
    lake = Lake(settings_in(tmp_path).lake_root)
    store(lake, campaign_of("spring", 2), [(20_000, 100, 0), (50_000, None, 0)])
    assert [post.clicks for post in sold_posts(lake, LATER)] == [100, 0]


def test_a_count_from_early_in_the_window_is_not_the_windows(tmp_path: Path) -> None:
    lake = Lake(settings_in(tmp_path).lake_root)
    store(lake, campaign_of("spring", 1, window_days=30), [(20_000, 100, 4)])
    assert sold_posts(lake, LATER)[0].views is None


def test_an_order_of_one_brand_is_no_post_of_anothers(tmp_path: Path) -> None:
    lake = Lake(settings_in(tmp_path).lake_root)
    ours = campaign_of("spring", 1)
    store(lake, ours, [(20_000, 100, 0)])
    code = ours.deliverables[0].promo_code
    theirs = campaign_of("glow", 1, START + DAY, brand="Glow")
    one = theirs.deliverables[0].model_copy(update={"promo_code": code})
    store(lake, theirs.model_copy(update={"deliverables": (one,)}), [(9_000, 50, 0)])
    row = {"at": START + 2 * DAY, "type": "purchase", "codes": [code], "value": 10.0}
    orders = [{**row, "order_hash": name, "brand": name} for name in ("brindle ", "Glow")]
    lake.merge("orders", table_of("orders", orders))
    sold = {post.campaign_id: len(post.orders) for post in sold_posts(lake, LATER)}
    assert sold == {"spring": 1, "glow": 1}


def test_a_persons_correction_is_the_posts_label(tmp_path: Path) -> None:
    lake = Lake(settings_in(tmp_path).lake_root)
    store(lake, campaign_of("spring", 1), [(20_000, 100, 0)])
    tag = {"content_id": "v", "version": "1", "rank": 0, "group": "hook", "label": "question"}
    shown = {"post_id": "tiktok:spring-c0", "content_id": "v"}
    said = {"content_id": "v", "group": "hook", "labels": ["list"], "corrected_at": START}
    lake.merge("post_contents", table_of("post_contents", [shown]))
    lake.merge("taggings", table_of("taggings", [{"content_id": "v", "version": "1"}]))
    lake.merge("tags", table_of("tags", [{**tag, "primary": True, "probability": 0.9}]))
    lake.merge("tag_corrections", table_of("tag_corrections", [said]))
    assert sold_posts(lake, LATER)[0].levels["hook"] == "list"


def test_the_first_campaign_is_learned_from(lake: Lake) -> None:
    model = fit_model(sold_posts(lake, LATER), {})
    assert model.clicks.rows_at["brand", BRAND] == 3
    assert model.values.groups[BRAND, "purchase", "USD"].orders == 15
    assert "new" in model.shares
    assert "paid" not in model.shares


def test_a_subscription_pays_a_trial(tmp_path: Path) -> None:
    lake = Lake(settings_in(tmp_path).lake_root)
    store(lake, campaign_of("spring", 1), [(20_000, 100, 0)])
    utm = {"utm_campaign": "spring", "utm_content": "c0_1"}
    events = [("a", "trial", 1), ("b", "trial", 1), ("a", "subscription", 8)]
    rows = [
        {"order_hash": f"{who}{kind}", "type": kind, "at": START + day * DAY, **utm,
         "customer_hash": who}
        for who, kind, day in events
    ]  # fmt: skip
    lake.merge("orders", table_of("orders", rows))
    trials = [order for order in sold_posts(lake, LATER)[0].orders if order.kind == "trial"]
    assert sorted(order.paid for order in trials) == [False, True]


def test_a_kind_that_one_post_sold_is_a_rate_of_all_posts_of_the_brand(tmp_path: Path) -> None:
    lake = Lake(settings_in(tmp_path).lake_root)
    store(lake, campaign_of("spring", 2), [(20_000, 100, 4), (50_000, 300, 9)])
    row = {"order_hash": "lead", "at": START + DAY, "type": "lead"}
    utm = {"utm_campaign": "spring", "utm_content": "c0_1"}
    lake.merge("orders", table_of("orders", [{**row, **utm}]))
    model = fit_model(sold_posts(lake, LATER), {})
    assert model.conversions.rows_at["kind", "lead"] == 2


def test_repeat_customers_are_known_only_after_their_time(lake: Lake) -> None:
    early = fit_model(sold_posts(lake, START + timedelta(days=20)), {})
    late = fit_model(sold_posts(lake, LATER), {})
    assert "repeat" not in early.shares
    assert late.shares["repeat"].rows == 3


def test_a_model_reads_back_as_it_was_written(lake: Lake, tmp_path: Path) -> None:
    model = fit_model(sold_posts(lake, LATER), {"data_version": "d"})
    again = load_model(save_model(model, tmp_path / "conversions"))
    assert again.version == model.version
    assert again.clicks.names == model.clicks.names
    assert again.clicks.rows_at == model.clicks.rows_at
    assert np.array_equal(again.conversions.covariance, model.conversions.covariance)
    assert again.values == model.values


def test_the_same_lake_gives_the_same_files(lake: Lake, tmp_path: Path) -> None:
    model = [fit_model(sold_posts(lake, LATER), {}) for _ in range(2)]
    paths = [save_model(m, tmp_path / str(i)) for i, m in enumerate(model)]
    manifests = [json.loads((path / "manifest.json").read_text()) for path in paths]
    assert manifests[0] == manifests[1]


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    path = save_model(prior_model(), tmp_path / "conversions")
    (path / "effects.npz").write_bytes(b"x")
    with pytest.raises(MismatchError, match="conversions train"):
        load_model(path)


def test_no_model_is_the_prior_where_that_will_do(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        load_model(tmp_path)
    assert load_or_prior(tmp_path).version == "prior"


def test_the_manifest_names_the_sources_of_the_prior(tmp_path: Path) -> None:
    path = save_model(prior_model(), tmp_path / "conversions")
    assert any(
        "Littledata" in line for line in json.loads((path / "manifest.json").read_text())["prior"]
    )


def test_training_without_a_finished_campaign_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughDataError, match="documented prior"):
        train(settings_in(tmp_path), LATER)


def test_training_keeps_the_model_beside_the_lake(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    store(Lake(settings.lake_root), campaign_of("spring", 3), SOLD)
    store(Lake(settings.lake_root), campaign_of("dark", 1), [(8_000, None, 2)])
    made = train(settings, LATER)
    assert load_or_prior(conversions_home(settings)).version == made.version
    assert (made.posts, made.posts_with_clicks, made.conversions) == (4, 3, 17)
    assert "no row of `touches`" in made.notes[0]


def test_another_brands_order_values_lead_a_new_one() -> None:
    values = values_of([(("a", "purchase", "SEK"), 400.0)] * 10)
    worth = values.worth("b", "purchase", "SEK")
    assert worth is not None
    assert worth.log_mean == pytest.approx(np.log(400))
    assert "prior, no own data" in worth.words
    assert values.worth("b", "purchase", "EUR") is None


def test_a_brands_first_order_is_held_against_the_prior_not_against_itself() -> None:
    values = values_of([(("a", "purchase", "USD"), 500.0)])
    worth = values.worth("a", "purchase", "USD")
    assert worth is not None
    assert np.log(82) < worth.log_mean < np.log(500) - 0.5
