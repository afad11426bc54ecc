"""The page's part on rosters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import table

_SMALL = """Small problems (9 candidates with two slots, 12 and 17 with one) against every choice
there is: as asked, which for so few looks at every choice, and by the program and exchanges that
large ones are solved by. Infeasible ones are left out; none was called feasible. The cheapest
plan's worst is its cost over the least that meets the target."""
_LARGE = """200 candidates with up to three posts, 2,000 futures. The target is what the best roster
without one reaches, times so much more. Shares are of the bound that no roster exceeds: for none
and CVaR it is that of the relaxed program, for a chance that of a relaxation, which is loose where
the target binds. A search twelve times as long shows how much is left to find. Infeasible: no
roster within budget was found. Fresh: the chance, asked 80%, in 2,000 futures that the roster was
not chosen on. Seconds are of the thread's own time, the machine being shared by others."""


_COLUMNS = {
    "n": "n",
    "infeasible": "infeasible",
    "least share of the bound": "share_least",
    "median": "share_median",
    "of a longer search": "share_of_longer_least",
    "fresh": "fresh_chance",
    "median s": "seconds_median",
    "slowest s": "seconds_most",
    "median on the wall, s": "wall_s_median",
}


def roster_part(figures: dict[str, Any]) -> Iterator[str]:
    """Tables of small and large rosters, and the what-if answers' speed."""
    yield _SMALL
    yield table(
        ("rule", "n", "infeasible", "as asked, least", "searched, least", "99% and more",
         "cheapest, worst"),
        (
            (of["rule"], of["n"], of["infeasible"], of["least_asked"], of["least_searched"],
             of["searched_99"], of["cheapest_searched_worst"])
            for of in figures["small"]
        ),
    )  # fmt: skip
    yield _LARGE
    yield table(
        ("rule, target above", *_COLUMNS),
        (
            (f"{of['rule']}, {of['stress']:.0%}", *(of[column] for column in _COLUMNS.values()))
            for of in figures["large"]
        ),
    )
    of = figures["what_if"]
    yield (
        f"What-if answers on 200 candidates, {of['creators_chosen']} of them chosen: "
        f"{of['p50_ms']:.0f} ms (median), {of['p95_ms']:.0f} ms (95th percentile); choosing anew "
        f"under half the budget {of['choose_s']:.1f} s."
    )
