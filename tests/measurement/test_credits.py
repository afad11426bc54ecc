"""Each order is credited once, and the credits sum to the orders."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from measurement.attribution.claims import claims_of, placed_slots
from measurement.attribution.credits import NOBODY, credit, leakage, reconcile
from tests.measurement.campaigns import DAY, START, campaign, made_links, orders_of, planned

MADE = made_links()
OF = campaign(planned(MADE[0], 1), planned(MADE[1], 4), planned(MADE[2], 2))
SLOTS = placed_slots([OF], {})
LINK = {"utm_campaign": "spring", "utm_source": "tiktok"}
COLUMNS = st.fixed_dictionaries(
    {
        "at": st.none() | st.integers(0, 40).map(lambda day: START + day * DAY),
        "value": st.floats(0, 1000),
        "refund": st.none() | st.floats(0, 10),
        "codes": st.lists(st.sampled_from([made.promo_code for made in MADE] + ["XMAS"])),
        "utm_content": st.sampled_from([None, "c1_1", "C1_2 ", "c2_1", "banner"]),
        "referrer": st.sampled_from([None, "https://couponhub.example", "https://a.example"]),
        "is_cancelled": st.sampled_from([None, False, True]),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(COLUMNS, min_size=1, max_size=30))
def test_credits_sum_to_the_orders_that_were_not_cancelled(rows: list[dict[str, object]]) -> None:
    claims = claims_of(orders_of(*rows), SLOTS)
    made = reconcile(claims, len(SLOTS))
    kept = [row for row in rows if not row["is_cancelled"]]
    assert made.orders.sum() == len(kept) == claims.num_rows
    net = sum(max(float(r["value"]) - float(r["refund"] or 0), 0.0) for r in kept)  # type: ignore[arg-type]
    assert np.isclose(made.net.sum(), net)


def test_a_code_goes_before_a_link() -> None:
    order = {**LINK, "utm_content": "c2_1", "codes": [MADE[0].promo_code.lower()]}
    claims = claims_of(orders_of(order), SLOTS)
    assert reconcile(claims, 3).by_order.tolist() == [1]  # the later open slot of c1
    assert reconcile(claims, 3, ("last_click", "promo_code")).by_order.tolist() == [2]


def test_a_creators_code_is_the_posts_whose_link_the_order_came_by() -> None:
    order = {**LINK, "utm_content": "c1_1", "codes": [MADE[0].promo_code]}
    claims = claims_of(orders_of(order), SLOTS)
    assert reconcile(claims, 3).by_order.tolist() == [0]
    assert leakage(claims, 3).from_elsewhere.sum() == 0


def test_a_coupon_site_is_known_by_its_host_not_by_the_rest_of_the_address() -> None:
    referrers = ("https://shop.example/promo?deal=1", "https://www.CouponHub.example/x", "honey.io")
    orders = [{"codes": [MADE[2].promo_code], "referrer": of} for of in referrers]
    claims = claims_of(orders_of(*orders), SLOTS)
    assert claims["from_coupon_site"].to_pylist() == [False, True, True]


def test_side_by_side_methods_count_an_order_twice_and_the_reconciled_once() -> None:
    order = {**LINK, "utm_content": "c2_1", "codes": [MADE[0].promo_code]}
    claims = claims_of(orders_of(order), SLOTS)
    alone = credit(claims, 3, "last_click").credited + credit(claims, 3, "promo_code").credited
    assert (alone, reconcile(claims, 3).credited) == (2, 1)


def test_an_order_after_the_window_is_nobodys() -> None:
    order = {**LINK, "utm_content": "c1_1", "at": START + 9 * DAY}
    assert reconcile(claims_of(orders_of(order), SLOTS), 3).by_order.tolist() == [NOBODY]


def test_an_order_before_the_post_is_nobodys() -> None:
    order = {"codes": [MADE[2].promo_code], "at": START + DAY}
    assert reconcile(claims_of(orders_of(order), SLOTS), 3).by_order.tolist() == [NOBODY]


def test_a_code_of_two_creators_claims_nothing_and_says_so() -> None:
    shared = campaign(planned(MADE[0], 1), planned(MADE[2], 1, promo_code=MADE[0].promo_code))
    claims = claims_of(orders_of({"codes": [MADE[0].promo_code]}), placed_slots([shared], {}))
    assert claims["code_ambiguous"].to_pylist() == [True]
    assert reconcile(claims, 2).by_order.tolist() == [NOBODY]


def test_a_code_read_on_a_coupon_site_is_leakage_and_gives_way_to_the_link() -> None:
    order = {
        **LINK,
        "utm_content": "c2_1",
        "codes": [MADE[0].promo_code],
        "referrer": "https://couponhub.example",
    }
    claims = claims_of(orders_of(order, {"codes": [MADE[0].promo_code]}), SLOTS)
    assert sorted(reconcile(claims, 3).by_order.tolist()) == [1, 2]
    leaked = leakage(claims, 3)
    assert leaked.from_coupon_sites.tolist() == [0, 1, 0]
    assert leaked.index[1] == 0.5


def test_a_published_post_counts_from_its_publication() -> None:
    one = planned(MADE[0], 1, post_id="p1")
    slots = placed_slots([campaign(one)], {"p1": START + 10 * DAY})
    order = {**LINK, "utm_content": "c1_1", "at": START + 12 * DAY}
    assert reconcile(claims_of(orders_of(order), slots), 1).credited == 1


def test_credits_of_ten_thousand_random_histories_sum_to_their_orders() -> None:
    rng = np.random.default_rng(11)
    codes = [made.promo_code for made in MADE] + ["XMAS"]
    contents = [None, "c1_1", "c1_2", "c2_1", "banner"]
    rows = [
        {
            "at": None if rng.random() < 0.05 else START + int(rng.integers(0, 40)) * DAY,
            "value": float(rng.exponential(40)),
            "refund": float(rng.exponential(40)) if rng.random() < 0.1 else None,
            "codes": list(rng.choice(codes, rng.integers(0, 3))),
            "utm_content": contents[rng.integers(0, 5)],
            "is_cancelled": bool(rng.random() < 0.05),
        }
        for _ in range(40_000)
    ]
    history = rng.integers(0, 10_000, len(rows))
    claims = claims_of(orders_of(*rows), SLOTS)
    made = reconcile(claims, len(SLOTS))
    of_row = {f"o{i}": history[i] for i in range(len(rows))}
    at = np.array([of_row[name] for name in claims["order_hash"].to_pylist()])
    where = np.where(made.by_order == NOBODY, len(SLOTS), made.by_order)
    credited = np.zeros((10_000, len(SLOTS) + 1), np.int64)
    np.add.at(credited, (at, where), 1)
    kept = np.bincount(history[[not row["is_cancelled"] for row in rows]], minlength=10_000)
    assert np.array_equal(credited.sum(1), kept)
    assert np.array_equal(credited.sum(0), made.orders)


def test_an_order_without_time_is_kept_claims_nothing_and_says_whose_link_it_carries() -> None:
    claims = claims_of(orders_of({**LINK, "utm_content": "c2_1", "at": None}), SLOTS)
    assert claims.num_rows == 1
    assert claims["outside_slot"].to_pylist() == [2]
    assert reconcile(claims, 3).by_order.tolist() == [NOBODY]


def test_an_order_outside_every_window_says_how_far() -> None:
    late = {**LINK, "utm_content": "c2_1", "at": START + 10 * DAY}
    early = {"codes": [MADE[2].promo_code], "at": START + DAY}
    claims = claims_of(orders_of(late, early), SLOTS)
    assert claims["hours_early"].to_pylist() == [24.0, -24.0]


def test_a_refund_above_the_order_is_counted_and_leaves_nothing() -> None:
    claims = claims_of(orders_of({"value": 10.0, "refund": 25.0}), SLOTS)
    assert (claims["net"][0].as_py(), claims["refund_above"][0].as_py()) == (0.0, 15.0)


def test_an_order_without_value_is_worth_the_average_order() -> None:
    claims = claims_of(orders_of({"value": None}), SLOTS, aov=40.0)
    assert (claims["net"][0].as_py(), claims["has_value"][0].as_py()) == (40.0, False)


def test_codes_of_two_creators_on_one_order_are_told_from_a_shared_code() -> None:
    both = {"codes": [MADE[0].promo_code, MADE[2].promo_code]}
    claims = claims_of(orders_of(both), SLOTS)
    assert (claims["code_ambiguous"][0].as_py(), claims["several_codes"][0].as_py()) == (True, True)


def test_a_value_that_is_no_number_is_unknown_and_a_code_that_is_null_is_none() -> None:
    claims = claims_of(orders_of({"value": float("nan"), "codes": [None, "XMAS"]}), SLOTS)
    assert (claims["net"][0].as_py(), claims["has_value"][0].as_py()) == (0.0, False)
    assert reconcile(claims, 3).by_order.tolist() == [NOBODY]
