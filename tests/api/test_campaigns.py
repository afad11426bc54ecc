"""Campaigns, learnings and what is usual over HTTP, in a lake that holds a campaign's sales."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.client import ProblemError, Reelcast
from api.client.models import CampaignAsked, Learning
from measurement.always_on import always_on
from reelcast.settings import JobSettings
from tests.api.doors import problem, reelcast_of
from tests.measurement.conftest import NOW, SoldLake, sold_lake
from tests.support import fast_settings


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> SoldLake:
    return sold_lake(tmp_path_factory.mktemp("sold") / "lake")


@pytest.fixture(scope="module")
def client(sold: SoldLake) -> Iterator[TestClient]:
    home = sold.lake.root.removesuffix("/lake")
    settings = fast_settings(home, jobs=JobSettings(workers=0))
    with TestClient(create_app(settings, lambda: NOW)) as serving:
        yield serving


@pytest.fixture(scope="module")
def reelcast(client: TestClient) -> Reelcast:
    return reelcast_of(client)


def test_a_campaign_is_listed_and_shown_as_agreed(reelcast: Reelcast, sold: SoldLake) -> None:
    listed = [each.campaign_id for each in reelcast.list_campaigns().items]
    assert sold.sold.campaign.campaign_id in listed
    shown = reelcast.get_campaign(sold.sold.campaign.campaign_id)
    assert shown.primary == sold.sold.campaign.primary
    assert len(shown.deliverables) == len(sold.sold.campaign.deliverables)


def test_a_campaign_is_kept_with_its_types_defaults(reelcast: Reelcast) -> None:
    asked = CampaignAsked.model_validate(
        {
            **{"campaign_id": "summer", "brand": "Brindle", "type": "launch"},
            **{"primary": "reach", "stage": "awareness", "window_days": 28},
            **{"attribution": "reconciled", "currency": "EUR"},
            "starts_at": "2026-06-01T00:00:00Z",
            "ends_at": "2026-06-30T00:00:00Z",
            "set_at": "2026-05-01T00:00:00Z",
            "targets": {"reach": 100_000},
        }
    )
    saved = reelcast.save_campaign(asked)
    assert saved.campaign.currency == "EUR"
    assert reelcast.get_campaign("summer").targets == {"reach": 100_000}
    assert reelcast.save_campaign(asked).campaign == saved.campaign


def test_types_defaults_fill_what_is_left_out(client: TestClient) -> None:
    asked = {
        **{"campaign_id": "always", "brand": "Brindle", "type": "always_on"},
        **{"starts_at": "2026-06-01T00:00:00Z", "ends_at": "2026-06-30T00:00:00Z"},
        "set_at": "2026-05-01T00:00:00Z",
    }
    made = client.post("/v1/campaigns", json=asked).json()["campaign"]
    assert (made["primary"], made["stage"], made["window_days"]) == ("sales", "loyalty", 30)


def test_an_end_before_the_start_is_refused(client: TestClient) -> None:
    asked = {
        **{"campaign_id": "late", "brand": "Brindle", "type": "launch"},
        **{"starts_at": "2026-06-30T00:00:00Z", "ends_at": "2026-06-01T00:00:00Z"},
        "set_at": "2026-05-01T00:00:00Z",
    }
    answer = client.post("/v1/campaigns", json=asked)
    assert "ends_at lies before starts_at" in problem(answer, 422)


def test_attribution_says_who_brought_what_by_each_method(
    reelcast: Reelcast, sold: SoldLake
) -> None:
    made = reelcast.get_attribution(sold.sold.campaign.campaign_id)
    assert len(made.methods) >= 6


def test_measures_have_slices_and_a_timeline(reelcast: Reelcast, sold: SoldLake) -> None:
    made = reelcast.get_measures(sold.sold.campaign.campaign_id)
    assert {each.by for each in made.slices} >= {"campaign", "creator"}
    assert made.timeline


def test_the_report_comes_as_a_page_and_as_pdf(
    reelcast: Reelcast, client: TestClient, sold: SoldLake
) -> None:
    path = f"/v1/campaigns/{sold.sold.campaign.campaign_id}/report"
    page = client.get(path)
    assert page.headers["content-type"].startswith("text/html")
    assert "Primary objective" in page.text
    again = client.get(path, headers={"if-none-match": page.headers["etag"]})
    assert again.status_code in (200, 304)
    pdf = client.get(path, params={"format": "pdf"})
    assert pdf.content.startswith(b"%PDF-")
    assert "Primary objective" in reelcast.get_campaign_report(sold.sold.campaign.campaign_id)


@pytest.mark.parametrize("part", ["", "/attribution", "/measures", "/report"])
def test_an_unknown_campaign_is_a_problem(client: TestClient, part: str) -> None:
    assert "no campaign 'none'" in problem(client.get(f"/v1/campaigns/none{part}"), 404)


def test_a_brands_months_are_those_of_the_command(reelcast: Reelcast, sold: SoldLake) -> None:
    brand = sold.sold.campaign.brand
    made = reelcast.get_always_on(brand=brand.lower(), months=3)
    own = always_on(sold.lake, brand, NOW, 3)
    assert made.brand == brand
    assert len([of for of in made.months if of.creator_id is None]) == 3
    assert [of.orders for of in made.months] == [of.orders for of in own.months]


def test_a_brand_without_a_campaign_has_no_months(reelcast: Reelcast) -> None:
    with pytest.raises(ProblemError, match="404 Not found: no campaign of brand 'Nobody'"):
        reelcast.get_always_on(brand="Nobody")


def test_a_learning_is_kept_once_and_found_by_its_words(reelcast: Reelcast) -> None:
    learning = Learning(title="Questions open best", text="1.4 times the views", n=42)
    first, again = reelcast.add_learning(learning), reelcast.add_learning(learning)
    assert (first.is_new, again.is_new, first.id == again.id) == (True, False, True)
    page = reelcast.list_learnings(q="question")
    assert [each.title for each in page.items] == ["Questions open best"]


def test_learnings_come_in_pages(reelcast: Reelcast) -> None:
    for number in range(3):
        reelcast.add_learning(Learning(title=f"Finding {number}"))
    first = reelcast.list_learnings(q="finding", limit=2)
    rest = reelcast.list_learnings(q="finding", limit=2, cursor=first.next_cursor)
    assert (first.total, len(first.items), len(rest.items)) == (3, 2, 1)
    assert rest.next_cursor is None


def test_a_learning_rests_on_posts_that_are_there(reelcast: Reelcast) -> None:
    with pytest.raises(ProblemError, match=r"422 .*no post 'tiktok:0' in the lake"):
        reelcast.add_learning(Learning(title="Seen once", post_ids=["tiktok:0"]))


def test_benchmarks_say_how_many_posts_stand_behind_them(reelcast: Reelcast) -> None:
    made = reelcast.list_benchmarks(by="all").items
    assert {each.metric for each in made} >= {"views", "engagement_rate_by_views"}
    assert all(each.posts >= 5 and each.low <= each.median <= each.high for each in made)
