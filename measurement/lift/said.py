"""A plan in words: which test to run, how long, and what it can and cannot see."""

from __future__ import annotations

from measurement.lift.design import ArmsPlan, RegionsPlan, Wanted
from measurement.lift.panel import MAX_FALSE_POSITIVES

OWN_PAST = (
    "If nobody can be held out, the spike over expected days is what remains: it cannot tell the "
    "posts from anything else of those days."
)


def arms_words(plan: ArmsPlan) -> str:
    """What to do for a two-arm test.

    >>> print(arms_words(ArmsPlan(500, 500, 10, 0.1, 0.8)))
    Hold out 500 people by lot and let 500 others see the posts: 10 days. A lift of 10% is then \
found with a chance of 80%.
    """
    days = "" if plan.days is None else f": {plan.days} days"
    return (
        f"Hold out {plan.control:,} people by lot and let {plan.exposed:,} others see the posts"
        f"{days}. A lift of {plan.least_lift:.0%} is then found with a chance of {plan.power:.0%}."
    )


def regions_words(plan: RegionsPlan, wanted: Wanted) -> str:
    """What to do for a test of regions, and a warning where it would not do."""
    test = (
        f"{plan.exposed} of {plan.exposed + plan.controls} regions drawn by lot for {plan.days} "
        "days, judged by synthetic control"
    )
    found = (
        f"would have found a lift of {wanted.lift:.1%} in {plan.power:.0%} of {plan.n} stretches"
    )
    least = (
        "no lift up to 100% is found so surely"
        if plan.least_lift is None
        else f"the least lift it finds at {wanted.power:.0%} is {plan.least_lift:.1%}"
    )
    said = f"{test}, {found} of your history; {least}."
    if plan.false_positives > MAX_FALSE_POSITIVES:
        return (
            f"{said} But it called {plan.false_positives:.0%} of stretches a lift where nothing "
            "happened: do not rely on it."
        )
    if plan.power < wanted.power:
        return (
            f"No test of your regions reaches {wanted.power:.0%}. The best one: {said} {OWN_PAST}"
        )
    return f"Expose {said}"
