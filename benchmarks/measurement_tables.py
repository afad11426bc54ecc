"""The page's parts on lift, overlapping posts and combined orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import number, table

_LIFT = """Simulated regions ([the world](../benchmarks/measurement_world.py)): 20 of them, 60 days
before and 28 after, shared trend, shocks and slow cycles that regions follow unequally, each with
its own week and autocorrelated noise. The same draws for all methods, slow ones on the first of
them; n is how many. False positives are of draws without a lift, coverage and power of the same
with a lift of 7.5%; in brackets Wilson's 95% interval. Published for such a design: independent
errors .313 and .687, spike .107, in-space synthetic control .053, .947 and .41. The world's noise
was set, on other seeds, so that the reference with independent errors errs as published. The
other packages run with their defaults, but for CausalPy's sampling (2 chains, 300 draws).
What `reelcast lift` offers has goals above; independent errors and the spike are comparisons: the
spike on the exposed regions alone cannot tell a shared shock from the posts. Daily differences
take days' errors as related over 9 days where the world's last longer: they miss their goals, and
are only shown with their placebos, which refuse most of their verdicts (below)."""
_REFUSED = """How often placebos forbid a verdict where nothing happened, one region exposed."""
_SIGNALS = """Simulated campaigns ([the world](../benchmarks/measurement_campaign.py)): 20 creators,
32 posts in four weeks whose effects overlap, links and codes that some buyers use, codes that
leak, and a survey that few answer, not fairly. Means over the campaigns, with standard errors.
Errors of totals are mean absolute shares; the error of a post is in orders."""
_ROWS = {
    "spike_error": "posts together: error of the total",
    "spike_bias": "posts together: bias of the total",
    "spike_total_covered": "posts together: total in its 90% interval",
    "spike_posts_covered": "posts together: posts in their 90% intervals",
    "post_error": "posts together: error of each post",
    "post_error_alone": "one at a time: error of each post",
    "alone_error": "one at a time: error of the total",
    "posts_better": "share of posts nearer to the truth than one at a time",
    "links_of_total": "orders with a link, of those caused",
    "codes_of_total": "orders with a code, of those caused",
    "survey_of_total": "orders by survey, of those caused",
    "error": "combined: error of the total",
    "bias": "combined: bias of the total",
    "total_covered": "combined: total in its 90% interval",
    "creators_covered": "combined: creators in their 90% intervals",
    "rank": "rank correlation of creators: combined",
    "without_views_rank": "rank correlation: combined, without views",
    "rank_links": "rank correlation: links alone",
    "rank_codes": "rank correlation: codes alone",
    "rank_survey": "rank correlation: survey alone",
    "rank_spike": "rank correlation: spike alone",
}


def lift_part(figures: dict[str, Any]) -> Iterator[str]:
    """Tables of methods by exposed regions, and of refusals."""
    yield _LIFT
    yield table(
        ("exposed, method", "n", "false positives", "coverage", "power", "error", "s"),
        (
            (
                f"{treated}, {name.replace('_', ' ')}",
                of["n"],
                *(_share(of, what) for what in ("false_positives", "coverage", "power")),
                of["error"],
                of.get("seconds_each"),
            )
            for treated, methods in figures["treated"].items()
            for name, of in methods.items()
        ),
    )
    yield _REFUSED
    yield table(
        ("", "n", "refused", "placebos called"),
        ((name, of["n"], of["refused"], of["placebos"]) for name, of in figures["refused"].items()),
    )


def _share(of: dict[str, Any], what: str) -> str:
    low, high = of[f"{what}_95"]
    return f"{of[what]:.3f} [{low:.2f}, {high:.2f}]"


def signals_part(figures: dict[str, Any]) -> Iterator[str]:
    """One table: the main world, and worlds that are kinder or harder."""
    yield _SIGNALS
    worlds = {"main": figures["main"], **figures["scenarios"]}
    yield table(
        ("", *(f"{name} ({of['n']})" for name, of in worlds.items())),
        (
            (
                words,
                *(f"{number(of[key])} ± {number(of[f'{key}_se'])}" for of in worlds.values()),
            )
            for key, words in _ROWS.items()
        ),
    )
