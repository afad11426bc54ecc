"""What a creator's dossier says, on the simulated world."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from inference.authenticity import Figures, figures_of, indicators
from inference.documents_html import html_of
from inference.dossier import Dossier, DossierQuery, Dossiers
from inference.dossier_document import document_of
from inference.habits import consistency, kinds, tags_that_work
from inference.ledger import open_ledger
from inference.overrides import Override, Overrides
from inference.past_posts import PastCount
from inference.predictor import Predictor
from inference.ranking import Ranker, RankingQuery
from reelcast.errors import NotFoundError
from reelcast.plans import Selling
from reelcast.records import Brief, CreatorQuestion
from tests.inference.homes import Home, by_handle
from tests.support import DAY, NOW


def past(days_ago: float, views: float, **more: object) -> PastCount:
    given = {"is_sponsored": False, "hashtags": (), "caption": None, **more}
    return PastCount(
        post_id=f"tiktok:{days_ago}",
        published_at=NOW - days_ago * DAY,
        age_days=30.0,
        count=views,
        at_window=views,
        **given,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def overrides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Overrides]:
    kept = Overrides(f"sqlite:///{tmp_path_factory.mktemp('overrides') / 'ledger.db'}")
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def dossiers(home: Home, predictor: Predictor, overrides: Overrides) -> Iterator[Dossiers]:
    ledger = open_ledger(home.settings)
    yield Dossiers(lambda: predictor, home.settings, ledger, overrides)
    ledger.close()


@pytest.fixture(scope="module")
def dossier(home: Home, dossiers: Dossiers) -> Dossier:
    query = DossierQuery(
        creator=by_handle(home.creators[0]), fee=500, most_per_1000=10, most_per_action=0.5
    )
    return dossiers.of(query, NOW)


def test_a_creator_is_found_by_handle_and_named_by_it(home: Home, predictor: Predictor) -> None:
    creator = home.creators[0]
    listed = Ranker(lambda: predictor, home.settings)
    found = listed.find(RankingQuery(text=f"@{creator.handle}"), NOW)
    assert [row.label for row in found.rows] == [f"@{creator.handle}"]


def test_the_list_is_sorted_by_what_is_asked(home: Home, predictor: Predictor) -> None:
    listed = Ranker(lambda: predictor, home.settings)
    medians = [row.forecast.quantiles["q50"] for row in listed.find(RankingQuery(), NOW).rows]
    assert medians == sorted(medians, reverse=True)
    by_cost = listed.find(RankingQuery(sort="cost", descending=False, fee=100), NOW).rows
    costs = [row.cost.typical for row in by_cost if row.cost and row.cost.typical is not None]
    assert costs == sorted(costs)


def test_a_filter_leaves_its_own_and_tells_all_choices(home: Home, predictor: Predictor) -> None:
    listed = Ranker(lambda: predictor, home.settings)
    everyone = listed.find(RankingQuery(), NOW)
    tier = everyone.rows[0].tier
    found = listed.find(RankingQuery(tier=tier), NOW)
    assert {row.tier for row in found.rows} == {tier}
    assert found.choices == everyone.choices
    assert listed.find(RankingQuery(niche="no such niche"), NOW).rows == ()


def test_a_list_has_the_same_forecast_as_a_question(home: Home, dossier: Dossier) -> None:
    predictor = Predictor.load(home.settings.model, home.settings)
    rows = Ranker(lambda: predictor, home.settings).find(RankingQuery(), NOW).rows
    own = next(row for row in rows if row.creator_id == dossier.creator_id)
    assert own.forecast.quantiles == dossier.forecast.targets["views"].quantiles


def test_the_list_is_sorted_by_whose_audience_stays(home: Home, predictor: Predictor) -> None:
    rows = Ranker(lambda: predictor, home.settings).find(RankingQuery(sort="audience"), NOW).rows
    changes = [row.attention.change for row in rows if row.attention.change is not None]
    assert len(changes) > 5
    assert changes == sorted(changes, reverse=True)


def test_the_audience_of_a_dossier_is_that_of_the_list(
    home: Home, dossier: Dossier, predictor: Predictor
) -> None:
    rows = Ranker(lambda: predictor, home.settings).find(RankingQuery(), NOW).rows
    own = next(row for row in rows if row.creator_id == dossier.creator_id)
    assert own.attention == dossier.attention
    assert f"Views: {own.attention.words}." in html_of(document_of(dossier)).replace("&#x27;", "'")


def test_costs_turn_the_interval_around(home: Home, predictor: Predictor) -> None:
    row = Ranker(lambda: predictor, home.settings).find(RankingQuery(fee=100), NOW).rows[0]
    assert row.cost is not None
    assert row.cost.low == pytest.approx(100_000 / row.forecast.quantiles["q90"])
    assert row.cost_of_action is not None
    assert row.cost_of_action.low < row.cost_of_action.typical < row.cost_of_action.high  # type: ignore[operator]


def test_a_higher_chance_allows_a_lower_fee(dossier: Dossier) -> None:
    for ceiling in dossier.ceilings:
        fees = list(ceiling.by_chance.values())
        assert fees == sorted(fees)


def test_the_fee_ceiling_follows_the_forecast_median(dossier: Dossier) -> None:
    median = dossier.forecast.targets["views"].quantiles["q50"]
    assert dossier.ceilings[0].by_chance["50%"] == pytest.approx(median / 100, rel=0.03)


def test_every_number_of_a_dossier_has_its_method(dossier: Dossier) -> None:
    html = html_of(document_of(dossier))
    assert "How each number was made" in html
    assert "no share of false ones is given" in html
    assert "None" not in html
    assert "nan" not in html.lower().replace("financ", "")


def test_history_holds_only_posts_of_the_creator(home: Home, dossier: Dossier) -> None:
    own = {f"{p.platform}:{p.post_id}" for p in home.world.posts_of(home.creators[0])}
    assert {post.post_id for post in dossier.history} <= own
    assert dossier.history


def test_an_unknown_creator_is_refused_in_words(dossiers: Dossiers) -> None:
    with pytest.raises(NotFoundError):
        dossiers.of(DossierQuery(creator=CreatorQuestion(creator_id="c0")), NOW)


def test_a_creator_without_posts_still_has_a_dossier(home: Home, dossiers: Dossiers) -> None:
    new = next(c for c in home.world.creators if not home.world.posts_of(c))
    made = dossiers.of(DossierQuery(creator=by_handle(new), brief=Brief(horizon_days=7)), NOW)
    assert made.history == ()
    assert made.habits.spread is None
    assert "No earlier post" in html_of(document_of(made))


def test_even_posts_have_no_spread_and_wide_ones_do() -> None:
    even = consistency([past(50 - i, 1000) for i in range(10)], NOW)
    wide = consistency([past(50 - i, 100 * 4 ** (i % 3)) for i in range(12)], NOW)
    assert even.spread == pytest.approx(1.0)
    assert wide.spread is not None
    assert wide.spread > 3


def test_a_rise_shows_in_the_last_ten_posts() -> None:
    posts = [past(100 - i, 1000 if i < 10 else 3000 + i) for i in range(20)]
    assert consistency(posts, NOW).change == pytest.approx(3.0, rel=0.02)


def test_sponsored_posts_stand_apart_from_organic_ones() -> None:
    paid = [past(9, 50, is_sponsored=True), past(8, 60, is_sponsored=None)]
    by_kind = {k.kind: k for k in kinds([past(30 - i, 1000) for i in range(5)] + paid)}
    assert by_kind["organic"].posts == 5
    assert by_kind["sponsored"].median == 50
    assert by_kind["not known which"].posts == 1


def test_a_tag_that_triples_views_is_clear_and_one_without_effect_is_not() -> None:
    rng = np.random.default_rng(3)
    noise = np.exp(rng.normal(0, 0.3, 40))
    posts = [
        past(
            100 - i,
            1000 * noise[i] * (3 if i % 2 else 1),
            hashtags=(("good",) if i % 2 else ()) + (("idle",) if i % 4 < 2 else ()),
        )
        for i in range(40)
    ]
    by_label = {tag.label: tag for tag in tags_that_work(posts, {})}
    assert by_label["good"].is_clear
    assert 2 < by_label["good"].factor < 4
    assert not by_label["idle"].is_clear


def test_a_label_of_a_watched_video_is_judged_among_watched_videos_alone() -> None:
    posts = [past(50 - i, 100 if i < 10 else 10_000) for i in range(20)]
    labels = {post.post_id: [("hook", "question")] for post in posts[:3]}
    labels |= {post.post_id: [("hook", "listicle")] for post in posts[3:6]}
    (one, other) = tags_that_work(posts, labels)
    assert one.factor == other.factor == pytest.approx(1.0)


def test_an_account_far_beyond_its_peers_is_a_question_to_ask(predictor: Predictor) -> None:
    name = "views per follower"
    values = figures_of(predictor.panel).values[name].copy()
    values[0] = np.nanmax(values) * 50
    alike = Figures({name: values}, ("micro",) * len(values))
    found = {of.name: of for of in indicators(alike, 0)}
    assert found[name].is_unusual
    assert "ask about it" in found[name].words


def test_an_override_is_kept_with_its_reason_beside_the_forecast(
    home: Home, dossiers: Dossiers, overrides: Overrides
) -> None:
    query = DossierQuery(creator=by_handle(home.creators[1]))
    before = dossiers.of(query, NOW)
    given = Override(creator_id=before.creator_id, decision="avoid", reason="off brand")
    overrides.keep(given, NOW)
    overrides.keep(given.model_copy(update={"reason": "still so"}), NOW + timedelta(hours=1))
    after = dossiers.of(query, NOW)
    assert [each.reason for each in after.overrides] == ["still so", "off brand"]
    assert after.overrides[0].at == NOW + timedelta(hours=1)
    assert after.forecast == before.forecast


def test_overrides_outlive_the_process_that_kept_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    at: datetime = NOW
    first = Overrides(url)
    first.keep(Override(creator_id="c1", decision="expect", expected_views=9, reason="new"), at)
    first.close()
    again = Overrides(url)
    assert again.of("c1")[0].expected_views == 9
    assert again.of("c2") == ()
    again.close()


def test_what_a_post_sells_says_what_it_rests_on(home: Home, dossiers: Dossiers) -> None:
    selling = Selling(brand="Quiet One", aov=40, currency="EUR")
    query = DossierQuery(creator=by_handle(home.creators[0]), fee=500, selling=selling)
    made = dossiers.of(query, NOW)
    assert made.sales is not None
    assert made.sales.totals["conversions"].p50 <= made.sales.totals["clicks"].p50
    html = html_of(document_of(made))
    assert "Cost per conversion" in html
    assert "no own data" in html
