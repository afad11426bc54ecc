"""Effects of labels: a planted one is found, none is invented, and what is thin is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from features.dataset import Dataset
from inference.effect_design import Design, described_in, labels_in
from inference.effect_fit import Fit
from inference.effect_plot import plot_effects
from inference.effects import Effect, _effects, effects_of
from reelcast.errors import InputError, NotEnoughDataError, NotFoundError
from reelcast.store import Lake
from reelcast.tables import TABLES
from tests.support import Tables, dataset_of, table_of

HOOKS = ("question", "story", "list", "warning")
GAIN = 2.0


def hook_of(dataset: Dataset) -> dict[str, str]:
    """A hook for every post, at random."""
    drawn = np.random.default_rng(5).integers(0, len(HOOKS), dataset.panel.n_posts)
    return {post: HOOKS[i] for post, i in zip(dataset.panel.post_ids, drawn, strict=True)}


def labels_of(hooks: dict[str, str]) -> pa.Table:
    return pa.table(
        {
            "post_id": list(hooks),
            "group": ["hook"] * len(hooks),
            "label": list(hooks.values()),
            "probability": [1.0] * len(hooks),
        }
    )


@pytest.fixture(scope="module")
def hooks(dataset: Dataset) -> dict[str, str]:
    return hook_of(dataset)


@pytest.fixture(scope="module")
def planted(tables: Tables, hooks: dict[str, str]) -> list[Effect]:
    """Effects in a world where posts with the hook "story" got twice the views."""
    seen = [
        {**row, "views": int(row["views"] * (GAIN if hooks[row["post_id"]] == "story" else 1))}
        for row in tables["post_observations"].to_pylist()
    ]
    world = {**tables, "post_observations": table_of("post_observations", seen)}
    return effects_of(dataset_of(world, None), labels_of(hooks))


def test_a_planted_effect_is_found_and_its_size_lies_in_the_interval(
    planted: list[Effect],
) -> None:
    story = next(e for e in planted if e.label == "story")
    others = [e for e in planted if e.label != "story"]
    against = np.exp(np.mean([np.log(e.factor) for e in others]))
    assert story.is_clear
    assert story.low / against < GAIN < story.high / against


def test_the_strongest_evidence_comes_first(planted: list[Effect]) -> None:
    assert [e.q_value for e in planted] == sorted(e.q_value for e in planted)


def test_labels_at_random_are_not_called_clear(dataset: Dataset, hooks: dict[str, str]) -> None:
    found = effects_of(dataset, labels_of(hooks))
    assert not any(e.is_clear for e in found)
    assert all(e.words.startswith("no difference that the data can show") for e in found)


def test_shrunk_effects_are_no_larger_than_raw_ones(planted: list[Effect]) -> None:
    assert all(abs(np.log(e.factor)) <= abs(np.log(e.raw_factor)) + 0.002 for e in planted)


def test_a_label_of_few_posts_is_left_out(dataset: Dataset, hooks: dict[str, str]) -> None:
    rare = {post: "rare" if i < 10 else hook for i, (post, hook) in enumerate(hooks.items())}
    assert "rare" not in {e.label for e in effects_of(dataset, labels_of(rare))}


def test_a_label_of_few_creators_is_left_out(dataset: Dataset, hooks: dict[str, str]) -> None:
    panel = dataset.panel
    theirs = {
        post: "theirs" if creator < 3 else hooks[post]
        for post, creator in zip(panel.post_ids, panel.creator, strict=True)
    }
    assert "theirs" not in {e.label for e in effects_of(dataset, labels_of(theirs))}


def test_measures_have_effects_too(dataset: Dataset, hooks: dict[str, str]) -> None:
    rng = np.random.default_rng(6)
    measures = pa.table(
        {
            "post_id": list(hooks) * 2,
            "name": ["cuts"] * len(hooks) + ["face"] * len(hooks),
            "value": [*rng.normal(8, 2, len(hooks)), *rng.integers(0, 2, len(hooks)) * 1.0],
        }
    )
    found = {e.label: e for e in effects_of(dataset, labels_of(hooks), measures)}
    assert found["face"].unit == "yes, not no"
    assert found["cuts"].unit.startswith("by ")


def test_no_label_with_enough_posts_is_said_so(dataset: Dataset) -> None:
    with pytest.raises(NotEnoughDataError, match="no label stands at 15"):
        effects_of(dataset, labels_of({}).cast(labels_of({"a": "b"}).schema))


def test_a_target_that_is_none_is_refused(dataset: Dataset, hooks: dict[str, str]) -> None:
    with pytest.raises(InputError, match="fame"):
        effects_of(dataset, labels_of(hooks), target="fame")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_labels_are_read_from_a_file(tmp_path: Path, hooks: dict[str, str], suffix: str) -> None:
    path, table = tmp_path / f"labels.{suffix}", labels_of(hooks)
    if suffix == "csv":
        pyarrow.csv.write_csv(table, path)
    else:
        pyarrow.parquet.write_table(table, path)
    assert labels_in(path).to_pylist() == table.to_pylist()


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("post_id,label\na,b\n")
    with pytest.raises(InputError, match="lacks the columns group"):
        labels_in(path)


def test_labels_of_the_lake_are_the_present_ones(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    tag = {"content_id": "c", "group": "hook", "probability": 0.9, "rank": 0}
    for name, rows in {
        "post_contents": [{"post_id": "p", "content_id": "c"}],
        "taggings": [{"content_id": "c", "version": "2", "measures": '{"cuts": 3, "face": null}'}],
        "tags": [
            {**tag, "version": "1", "label": "old"},
            {**tag, "version": "2", "label": "new"},
        ],
    }.items():
        lake.merge(name, pa.Table.from_pylist(rows, TABLES[name].schema))
    labels, measures = described_in(lake)
    assert [(row["post_id"], row["label"]) for row in labels.to_pylist()] == [("p", "new")]
    assert {row["name"]: row["value"] for row in measures.to_pylist()} == {"cuts": 3, "face": None}


def test_a_lake_without_tagged_posts_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="reelcast tag --manifest"):
        described_in(Lake(str(tmp_path)))


def test_the_plot_is_written(tmp_path: Path, planted: list[Effect]) -> None:
    path = plot_effects(planted, "views", tmp_path / "new" / "effects.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def habitual(dataset: Dataset) -> dict[str, str]:
    """Half of the creators use one hook nine times in ten, the others hardly ever."""
    rng = np.random.default_rng(8)
    often = dataset.panel.creator % 2 == 0
    uses = rng.random(dataset.panel.n_posts) < np.where(often, 0.9, 0.1)
    return {
        post: "story" if use else "list"
        for post, use in zip(dataset.panel.post_ids, uses, strict=True)
    }


def test_a_habit_of_some_creators_does_not_shrink_an_effect(
    tables: Tables, dataset: Dataset
) -> None:
    hooks = habitual(dataset)
    seen = [
        {**row, "views": int(row["views"] * (GAIN if hooks[row["post_id"]] == "story" else 1))}
        for row in tables["post_observations"].to_pylist()
    ]
    world = {**tables, "post_observations": table_of("post_observations", seen)}
    found = {e.label: e.raw_factor for e in effects_of(dataset_of(world, None), labels_of(hooks))}
    assert found["story"] / found["list"] == pytest.approx(GAIN, rel=0.12)


def test_the_fewer_creators_use_a_label_the_less_sure_is_its_effect() -> None:
    design = Design(
        np.zeros((0, 2)),
        [("hook", name, "with it") for name in ("many", "few")],
        np.array([50, 50]),
        np.array([200, 5]),
        np.zeros(0, bool),
        [(0.0, 1.0)] * 2,
    )
    made = _effects(design, Fit(np.array([0.5, 0.5]), np.array([0.2, 0.2]), 200))
    assert [(e.label, e.p_value < 0.05) for e in made] == [("many", True), ("few", False)]
