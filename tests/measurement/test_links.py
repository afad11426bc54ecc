"""Links and codes tell creators apart, and the linter finds those that do not."""

from __future__ import annotations

import pytest

from measurement.attribution.claims import placed_slots
from measurement.links import Slot, make_links, utm_of
from measurement.links_lint import Finding, lint
from reelcast.errors import InputError
from tests.measurement.campaigns import SLOTS, campaign, made_links, planned


def rules(findings: list[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


def test_made_links_and_codes_have_no_findings() -> None:
    assert lint({"spring": [planned(made, 1) for made in made_links()]}) == []


def test_the_same_slots_get_the_same_codes() -> None:
    assert made_links() == made_links()


def test_a_creator_has_one_code_and_two_creators_never_the_same() -> None:
    slots = [Slot(f"c{n}", 1, "tiktok", "fern") for n in range(300)]
    codes = [made.promo_code for made in make_links(slots, "https://a.example", "spring")]
    assert len(set(codes)) == 300
    assert len({made.promo_code for made in made_links()[:2]}) == 1


def test_a_code_that_is_taken_is_not_made() -> None:
    first = made_links()[0].promo_code
    again = make_links([Slot("c1", 1, "tiktok", "fern")], "https://a.example", "spring", [first])
    assert again[0].promo_code != first


@pytest.mark.parametrize("page", ["shop.example", "ftp://shop.example", ""])
def test_a_landing_page_that_is_no_web_address_is_refused(page: str) -> None:
    with pytest.raises(InputError, match="no web address"):
        make_links([Slot("c1", 1, "tiktok", "fern")], page, "spring")


def test_a_landing_page_with_utm_parameters_is_refused() -> None:
    with pytest.raises(InputError, match="utm_source already"):
        make_links([Slot("c1", 1, "tiktok", "x")], "https://a.example/?utm_source=b", "spring")


def test_other_parameters_of_the_page_stay() -> None:
    (made,) = make_links([Slot("c1", 1, "tiktok", "x")], "https://a.example/?a=1", "spring")
    assert made.link.startswith("https://a.example/?a=1&utm_source=tiktok")


def test_one_code_of_two_creators_is_an_error() -> None:
    first, _, other = made_links()
    found = lint({"spring": [planned(first, 1), planned(other, 1, promo_code=first.promo_code)]})
    assert rules(found) == {"code_of_two_creators"}
    assert found[0].where == ("c1_1", "c2_1")


def test_one_link_of_two_slots_names_what_they_share() -> None:
    first, second, _ = made_links()
    found = lint({"spring": [planned(first, 1), planned(second, 2, link=first.link)]})
    assert rules(found) == {"same_content"}


def test_a_link_of_another_campaign_is_an_error() -> None:
    first = made_links()[0]
    assert {"other_campaign", "link_of_two_campaigns"} <= rules(
        lint({"spring": [planned(first, 1)], "autumn": [planned(first, 1)]})
    )


def test_capitals_in_a_link_are_a_warning() -> None:
    first = made_links()[0]
    (found,) = lint({"spring": [planned(first, 1, link=first.link.replace("tiktok", "TikTok"))]})
    assert (found.rule, found.severity) == ("case", "warning")


def test_a_link_without_a_parameter_says_which() -> None:
    first = made_links()[0]
    found = lint({"spring": [planned(first, 1, link=first.link.split("&utm_content")[0])]})
    assert "utm_content" in found[0].said


def test_a_creator_on_two_schemes_is_a_warning() -> None:
    first, second, _ = made_links()
    other = second.link.replace("utm_source=tiktok", "utm_source=tt")
    found = lint({"spring": [planned(first, 1), planned(second, 2, link=other)]})
    assert rules(found) == {"two_schemes"}


def test_a_link_that_was_cut_on_the_way_is_an_error() -> None:
    first = made_links()[0]
    found = lint({"spring": [planned(first, 1)]}, {"c1_1": first.link.split("&utm_content")[0]})
    assert (found[0].rule, found[0].severity) == ("changed", "error")


def test_a_published_link_is_held_against_the_campaign_that_it_names() -> None:
    spring, autumn = (
        make_links(SLOTS[:1], "https://shop.example/new", name)[0] for name in ("spring", "autumn")
    )
    both = {"spring": [planned(spring, 1)], "autumn": [planned(autumn, 9)]}
    assert "changed" not in rules(lint(both, {"c1_1": autumn.link}))


def test_a_slot_with_neither_link_nor_code_is_an_error() -> None:
    (found,) = lint({"spring": [planned(made_links()[0], 1, link=None, promo_code=None)]})
    assert found.rule == "nothing"


def test_a_link_that_cannot_be_parsed_is_no_address_and_stops_nothing() -> None:
    broken = planned(made_links()[0], 1, link="https://[shop.example/?utm_content=c1_1")
    assert "no_address" in rules(lint({"spring": [broken]}))
    assert placed_slots([campaign(broken)], {})[0].utm_content == ""


def test_a_landing_page_that_cannot_be_parsed_is_refused() -> None:
    with pytest.raises(InputError, match="no web address"):
        make_links(SLOTS, "https://[shop.example", "spring")


def test_what_is_no_link_has_no_parameters() -> None:
    assert utm_of("not a link") == {}
