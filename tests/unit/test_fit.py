"""What is fitted on the calibration's posts meets forecasts that have not seen them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from features.dataset import Dataset
from features.panel import DAY_S
from reelcast.tables import TARGETS
from tests.support import NOW, fast_settings
from training.fit import _folds, _out_of_fold
from training.forecaster import TargetForecaster, columns_of

VIEWS = TARGETS.index("views")


def test_forecasts_for_rates_are_calibrated_by_other_creators_posts(dataset: Dataset) -> None:
    settings = fast_settings()
    cut = int(NOW.timestamp() - 60 * DAY_S)
    asked, outcomes = dataset.ask(cut)
    state = dataset.fit(asked, outcomes, 0)
    early = TargetForecaster("views", columns_of("views"), state.growth)
    rows, log = dataset.rows(asked, state), outcomes.mature_log(state.growth)[:, VIEWS]
    known = np.flatnonzero(~np.isnan(log))
    early.fit(rows.take(known), log[known], settings.training)
    later, found = dataset.ask()
    use = np.flatnonzero(later.decided_s >= cut)
    unseen = dataset.rows(later.take(use), state), found.take(use)
    days = later.horizon_days[use]
    first = _folds(unseen[0].creator) == 0
    better = unseen[1].counts * np.where(first, 50.0, 1.0)[:, None]
    made = _out_of_fold(early, unseen, days, settings)
    moved = _out_of_fold(early, (unseen[0], replace(unseen[1], counts=better)), days, settings)
    assert 20 < first.sum() < len(first) - 20
    np.testing.assert_array_equal(made[first], moved[first])  # their own outcomes say nothing
    assert (moved[~first, 5] > made[~first, 5] + 1).mean() > 0.9  # but those of the others do


def test_folds_are_whole_creators_in_their_order_of_appearance() -> None:
    assert _folds(np.array([9, 9, 4, 7, 4])).tolist() == [0, 0, 1, 0, 1]
