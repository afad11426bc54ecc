"""What is taken for granted before a brand has data: rates with their sources, and how wide.

Rates are centres on the logit scale. The widths are chosen so that the published ranges lie well
inside 80%: published averages are of other brands, other years, other definitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from reelcast.campaigns import Objective
from reelcast.plans import ConversionKind

Kind = ConversionKind
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_OF: Mapping[Objective, Kind] = {"installs": "install", "leads": "lead"}  # else purchases
NO_OWN_DATA = "prior, no own data"


@dataclass(frozen=True, slots=True)
class Rate:
    """A documented rate and where it is from."""

    rate: float
    source: str


CLICKS_PER_VIEW = Rate(
    0.003,
    "TikTok: 3-5% of viewers visit the profile, 10-20% of visitors click (napolify.com, TikTok bio "
    "link conversion), that is .3-1%; 2-5% and 1-3% (calculatecreator.com, TikTok conversion "
    "rate), that is .02-.15%; the geometric middle is about .3%",
)
CONVERSIONS_PER_CLICK: Mapping[Kind, Rate] = {
    "purchase": Rate(
        0.012,
        "Littledata 2023, 2,800 Shopify stores: 1.4% of visits on average, 4.7% and more in the "
        "top tenth; visits from social media .74% on average, 1.66% in the top quarter (VWO)",
    ),
    "signup": Rate(
        0.08, "napolify.com, TikTok bio link conversion: 10-25% of clicks sign up for an email"
    ),
    "install": Rate(
        0.25, "AppTweak, first half of 2024: 25% of page views in the US App Store become installs"
    ),
    "trial": Rate(
        0.016,
        "AppTweak: 25% of page views become installs; RevenueCat, State of Subscription Apps "
        "2025: a median of 6.2% of installs start a trial",
    ),
    "lead": Rate(0.04, "Klipfolio: about 4% of visits to a lead-generation page become leads"),
    "download": Rate(0.06, "taken between a lead (4%) and a signup (8%): no source of its own"),
    "registration": Rate(0.04, "taken as a lead (4%): no source of its own"),
}
PAID_PER_TRIAL = Rate(
    0.348, "RevenueCat, State of Subscription Apps 2025: a median of 34.8% of trials become paid"
)
ORDER_VALUE_USD = Rate(82.0, "Kibo, ecommerce benchmarks, Q4 2020: USD 82.38 by social visits")
ORDER_VALUE_SD_LOG = 0.8  # Littledata's stores: from below 60 to above 200 USD
ORDER_VALUE_CV = 0.6


@dataclass(frozen=True, slots=True)
class RatePrior:
    """How far a rate may lie from its centre, logit scale: `sd` all of ours, `spread` per factor.

    `slope_sd` is of the change per factor e in size (views, clicks). `shape` is 1 / CV^2 of the
    rate between posts that are alike in all factors.
    """

    sd: float
    spread: Mapping[str, float]
    slope_sd: float = 0.12
    reference: float = 10_000.0
    shape: float = 2.0
    shape_sd_log: float = 0.6
    spread_dof: float = 4.0


_TAGS = {"offer": 0.3, "theme": 0.25, "format": 0.25, "hook": 0.25, "platform": 0.3}
CLICK_PRIOR = RatePrior(
    sd=0.9, spread={"brand": 0.5, "creator": 0.5, "objective": 0.3, **_TAGS}, reference=10_000.0
)
CONVERSION_PRIOR = RatePrior(
    sd=0.6,
    spread={"kind": 0.4, "brand": 0.5, "creator": 0.4, "objective": 0.3, **_TAGS},
    reference=100.0,
    shape=3.0,
)
SHARE_PRIOR = RatePrior(
    sd=1.0, spread={"brand": 0.6, "creator": 0.3}, slope_sd=0.01, reference=10.0, shape=8.0
)
FACTORS = ("brand", "creator", "objective", *_TAGS)
SHARE_CENTRES: Mapping[str, float] = {"new": 0.5, "repeat": 0.2, "paid": PAID_PER_TRIAL.rate}
SHARE_OF: Mapping[str, Kind] = {"new": "purchase", "repeat": "purchase", "paid": "trial"}


def sources() -> list[str]:
    """The documented rates in words, as a manifest keeps them."""
    rates = {"clicks per view": CLICKS_PER_VIEW, "paid per trial": PAID_PER_TRIAL}
    rates |= {f"{kind} per click": of for kind, of in CONVERSIONS_PER_CLICK.items()}
    rates |= {"value per order, USD": ORDER_VALUE_USD}
    return [f"{what} {of.rate:g}: {of.source}" for what, of in rates.items()]
