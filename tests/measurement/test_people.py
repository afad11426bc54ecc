"""Intervals of what concerns people hold what they promise, at the edges too."""

from __future__ import annotations

import numpy as np
import pytest

from measurement.people import follower_growth, net_sentiment


@pytest.mark.parametrize(("positive", "negative"), [(20, 20), (30, 0), (0, 30), (0, 0)])
def test_net_sentiment_has_a_width_where_opinions_are_even_or_alike(
    positive: int, negative: int
) -> None:
    made = net_sentiment(positive, negative, 0 if positive + negative else 10, 0)
    assert made.low is not None
    assert made.high is not None
    assert made.value is not None
    assert made.low < made.high
    assert made.low <= made.value <= made.high


@pytest.mark.parametrize("shares", [(0.45, 0.45, 0.1), (0.9, 0.02, 0.08)])
def test_net_sentiment_holds_the_true_share(shares: tuple[float, float, float]) -> None:
    drawn = np.random.default_rng(1).multinomial(40, shares, 1500).tolist()
    made = [net_sentiment(*counts, 0) for counts in drawn]
    truth = shares[0] - shares[1]
    assert np.mean([(m.low or 0) <= truth <= (m.high or 0) for m in made]) > 0.93


@pytest.mark.parametrize("days", [3, 7, 28])
def test_follower_growth_holds_none_where_nothing_changed(days: int) -> None:
    rng = np.random.default_rng(days)
    made = [
        follower_growth(int(rng.normal(50, 10, 7).sum().round()), 7, rng.normal(50, 10, days))
        for _ in range(1500)
    ]
    held = np.mean([(m.low or 0) <= 0 <= (m.high or 0) for m in made])
    assert held == pytest.approx(0.95, abs=0.02)
