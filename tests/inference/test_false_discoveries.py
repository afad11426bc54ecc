"""Of the effects called clear, at most the share that is promised is none."""

from __future__ import annotations

import numpy as np
import pytest

from inference.effects import FALSE_SHARE
from tests.inference.worlds import Planted, effects_in

SEEDS = range(100)


def false_share(world: Planted) -> tuple[float, float]:
    """The mean share of false ones among those called clear, and how many real ones are."""
    false, real = [], []
    for seed in SEEDS:
        found = effects_in(world, seed)
        clear = [true for effect, true in found if effect.is_clear]
        false.append(sum(true == 0 for true in clear) / max(len(clear), 1))
        real += [effect.is_clear for effect, true in found if true]
    return float(np.mean(false)), float(np.mean(real)) if real else 0.0


@pytest.mark.parametrize(
    "world",
    [Planted(), Planted(apart=0.0), Planted(creators=15, posts=30), Planted(creators=10, posts=60)],
)
def test_where_nothing_has_an_effect_something_is_called_clear_in_one_world_of_ten_at_most(
    world: Planted,
) -> None:
    assert false_share(world)[0] <= FALSE_SHARE


@pytest.mark.parametrize("creators", [15, 60])
def test_among_real_effects_one_in_ten_called_clear_is_none_at_most(creators: int) -> None:
    false, found = false_share(Planted(creators, 12 * 60 // creators, share=0.2))
    assert false <= FALSE_SHARE
    assert found > (0.2 if creators == 60 else 0.05)


def test_with_many_creators_nearly_every_real_effect_is_found() -> None:
    seeds = range(5)
    world = Planted(creators=200, share=0.2)
    found = [e.is_clear for seed in seeds for e, true in effects_in(world, seed) if true]
    assert np.mean(found) > 0.85
