"""The page's part on conversions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import difference, table

_METHOD = """Log score is minus the mean log probability of the count that came, deviance that of a
Poisson count from the forecast's mean: less is better in both. The differences are the model less
the rival with 95% intervals from resampling campaigns (simulated: worlds); below 0 the model is
better. The model knows what its rivals know: exposure and spend. "Dispersion learned" gives a rival
the width that its Poisson counts lack. Counts are often 0 or 1: coverage is that of a randomised
PIT, in expectation."""
_FACEBOOK = """On facebook_ads_funnel conversions are approved sales, forecast from impressions by
way of enquiries. Enquiries and clicks stand beside without a target: each row has an enquiry, so
that they vary less than any Beta-Binomial; clicks were billed, so that spend is a count of them."""
_SLICES = """Simulated, by how many campaigns of the brand were learned from. The simulator draws
from the model's own family (with other numbers than its prior): it shows that the intervals are
right where the model is, not that the model is right."""


def conversions_part(figures: dict[str, Any]) -> Iterator[str]:
    """Tables of scores against rivals, and of the first campaigns' worth."""
    yield _METHOD
    yield _FACEBOOK
    yield table(
        ("data, count", "rows", "log score", "deviance", "P10 to P90 held"),
        (
            (f"{name}, {count}", of["n_test"], *_two(of[count]["model"]), of[count]["coverage_80"])
            for name, of in figures["measured"].items()
            for count in _counts(of)
        ),
    )
    yield table(
        ("data, count, rival", "log score", "difference", "deviance", "difference"),
        (
            (
                f"{name}, {count}, {rival}",
                scores["log_score"],
                difference(scores["log_score_difference"]),
                scores["deviance"],
                difference(scores["deviance_difference"]),
            )
            for name, of in figures["measured"].items()
            for count in _counts(of)
            for rival, scores in of[count]["rivals"].items()
        ),
    )
    yield _SLICES
    yield table(
        ("campaigns", "rows", "log score", "pooled, dispersion learned", "P10 to P90 held"),
        (
            (words, of["n"], of["log_score"], of["log_score_pooled"], of["coverage_80"])
            for words, of in figures["measured"]["simulated"]["by_campaigns_of_the_brand"].items()
        ),
    )


def _counts(of: dict[str, Any]) -> list[str]:
    return [name for name in ("conversions", "enquiries", "clicks") if name in of]


def _two(scores: dict[str, float]) -> tuple[float, float]:
    return scores["log_score"], scores["deviance"]
