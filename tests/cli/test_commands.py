"""`reelcast features`, `train`, `backtest` and `forecast` on a trained home."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from inference.registry import bundle_folder
from reelcast.records import ForecastRequest, ForecastResponse
from tests.cli.command import FAST, reelcast
from tests.inference.homes import Home

FIRST = [
    *("post_id", "creator_id", "published_at", "origin", "n_history", "tier", "y"),
    *("last5_median", "q05", "q10", "q25", "q50", "q75", "q90", "q95", "mean"),
]


@pytest.fixture
def handle(home: Home) -> str:
    """A creator of the lake on TikTok."""
    return f"@{home.creators[0].handle}"


@pytest.fixture
def untrained(home: Home, tmp_path: Path) -> Path:
    """A home with the lake and no model."""
    shutil.copytree(home.folder / "lake", tmp_path / "lake")
    return tmp_path


def test_forecast_prints_json_and_nothing_else(home: Home, handle: str) -> None:
    ran = reelcast("forecast", "--creator", handle, "--json", home=home.folder)
    assert ran.code == 0
    assert ForecastResponse.model_validate(ran.json())


def test_forecast_prints_a_table_and_talks_on_stderr(home: Home, handle: str) -> None:
    ran = reelcast("forecast", "--creator", handle, home=home.folder)
    assert ran.code == 0
    assert "views" in ran.out
    assert "80%" in ran.out
    assert "the median by" in ran.err


def test_forecast_asks_only_the_targets_named(home: Home, handle: str) -> None:
    args = ("--target", "likes", "--target", "views", "--json")
    ran = reelcast("forecast", "--creator", handle, *args, home=home.folder)
    assert list(ran.json()["forecasts"][0]["targets"]) == ["likes", "views"]


def test_forecast_of_several_creators_keeps_their_order(home: Home) -> None:
    names = [f"@{creator.handle}" for creator in home.creators[:3][::-1]]
    args = [word for name in names for word in ("--creator", name)]
    ran = reelcast("forecast", *args, "--json", home=home.folder)
    assert [made["label"] for made in ran.json()["forecasts"]] == names


def test_forecast_of_a_creator_id_is_that_of_the_handle(home: Home, handle: str) -> None:
    named = reelcast("forecast", "--creator", handle, "--json", home=home.folder).json()
    found = named["forecasts"][0]["creator_id"]
    by_id = reelcast("forecast", "--creator", found, "--json", home=home.folder).json()
    one, other = named["forecasts"][0]["targets"], by_id["forecasts"][0]["targets"]
    assert one["views"]["baselines"] == other["views"]["baselines"]


def test_forecast_reads_a_request_from_a_file(home: Home, tmp_path: Path) -> None:
    example = ForecastRequest.model_config["json_schema_extra"]["examples"][0]  # type: ignore[index,call-overload]
    file = tmp_path / "request.json"
    file.write_text(json.dumps(example))
    ran = reelcast("forecast", "--request", file, "--json", home=home.folder)
    assert ran.code == 0
    assert ran.json()["forecasts"][0]["label"] == "Ana"


@pytest.mark.parametrize("label", ["[/b]", "[red]x", "a[/", "]["])
def test_a_label_that_looks_like_markup_is_only_a_label(
    home: Home, tmp_path: Path, label: str
) -> None:
    person: dict[str, Any] = {"posts": [], "label": label}
    for people in ([person], [person, person]):
        file = tmp_path / "request.json"
        file.write_text(json.dumps({"creators": people}))
        ran = reelcast("forecast", "--request", file, home=home.folder)
        assert ran.code == 0
        assert label in ran.out


WRONG: dict[str, tuple[list[str], int, str]] = {
    "nobody": ([], 2, "name a creator: --creator ID"),
    "unknown": (["--creator", "@who"], 3, "creator @who on tiktok is not in the lake"),
    "empty": (["--creator", ""], 3, "creator '' is not in the lake"),
    "target": (["--creator", "x", "--target", "sales"], 2, "targets.0: Input should be"),
    "horizon": (["--creator", "x", "--horizon-days", "nan"], 2, "brief.horizon_days: "),
    "time": (["--creator", "x", "--post-at", "soon"], 2, "brief.post_at: "),
    "time without a zone": (["--creator", "x", "--post-at", "2026-11-01T12:00"], 2, "timezone"),
    "no file": (["--request", "none.json"], 3, "no file none.json"),
    "a folder": (["--request", "."], 3, "no file ."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_question_is_one_line_on_stderr_with_its_exit_code(home: Home, name: str) -> None:
    args, code, said = WRONG[name]
    ran = reelcast("forecast", *args, "--json", home=home.folder)
    assert (ran.code, ran.out) == (code, "")
    (line,) = [line for line in ran.err.splitlines() if line.startswith("error: ")]
    assert said in line


@pytest.mark.parametrize("text", ["", "{", "[]", '{"creators": [], "x": NaN}', "\udcff"])
def test_a_request_file_that_is_none_is_refused(home: Home, tmp_path: Path, text: str) -> None:
    file = tmp_path / "request.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    ran = reelcast("forecast", "--request", file, home=home.folder)
    assert (ran.code, ran.out) == (2, "")
    assert "error: the request is not valid: " in ran.err


def test_forecast_without_a_model_has_exit_code_3(untrained: Path, handle: str) -> None:
    ran = reelcast("forecast", "--creator", handle, "--json", home=untrained)
    assert (ran.code, ran.out) == (3, "")
    assert "run `reelcast train`" in ran.err


def test_a_bundle_of_other_features_has_exit_code_4(home: Home, tmp_path: Path) -> None:
    kept = bundle_folder(home.settings.model, home.settings)
    bundle = shutil.copytree(kept, tmp_path / "bundle")
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["targets"]["views"]["columns"] += ["moon_phase"]
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    env = {**FAST, "REELCAST_MODEL": str(bundle)}
    ran = reelcast("forecast", "--creator", "x", home=home.folder, env=env)
    assert (ran.code, ran.out) == (4, "")


@pytest.mark.parametrize("command", ["features", "train", "backtest"])
def test_an_empty_lake_has_exit_code_5(tmp_path: Path, command: str) -> None:
    ran = reelcast(command, "--json", home=tmp_path)
    assert (ran.code, ran.out) == (5, "")
    assert "has no observed posts: import exports first" in ran.err


@pytest.mark.parametrize("command", ["features", "train", "backtest"])
def test_a_collection_that_is_not_there_is_named(untrained: Path, command: str) -> None:
    ran = reelcast(command, "--collection", "mars", home=untrained)
    assert (ran.code, ran.out) == (5, "")
    assert "'mars'" in ran.err


def test_a_wrong_setting_is_named_with_exit_code_2(tmp_path: Path) -> None:
    ran = reelcast("train", home=tmp_path, env={"REELCAST_TRAINING__TREES": "many"})
    assert ran.code == 2
    assert "training.trees" in ran.err


def test_features_writes_a_row_per_observed_post(untrained: Path, home: Home) -> None:
    out = untrained / "deep" / "features.parquet"
    ran = reelcast("features", "--out", out, "--json", home=untrained)
    table = pq.read_table(out)
    assert ran.json()["rows"] == table.num_rows == len(home.world.posts)
    assert ran.json()["columns"] == table.num_columns
    assert table.column_names[:3] == ["post_id", "creator_id", "published_at"]


def test_features_knows_nothing_of_a_posts_own_counts(untrained: Path) -> None:
    out = untrained / "features.parquet"
    reelcast("features", "--out", out, home=untrained)
    outcomes = [n for n in pq.read_table(out).column_names if n.startswith("outcome_")]
    assert outcomes == [f"outcome_{t}" for t in ("views", "likes", "comments", "shares", "saves")]


@pytest.fixture(scope="module")
def tested(home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """A backtest's JSON and its Parquet table."""
    folder = tmp_path_factory.mktemp("backtest")
    shutil.copytree(home.folder / "lake", folder / "lake")
    out = folder / "preds.parquet"
    args = ("--target", "views", "--origins", "2", "--out", out, "--json")
    return reelcast("backtest", *args, home=folder).json(), pq.read_table(out)


def test_backtest_writes_the_promised_columns_first(tested: tuple[Any, Any]) -> None:
    assert tested[1].column_names[: len(FIRST)] == FIRST


def test_backtest_writes_a_row_per_test_post(tested: tuple[Any, Any]) -> None:
    said, table = tested
    assert said["scores"]["views"]["model"]["n"] == table.num_rows
    assert len(set(table["post_id"].to_pylist())) == table.num_rows
    assert set(table["origin"].to_pylist()) == {1, 2}


def test_backtest_writes_counts_and_not_logs(tested: tuple[Any, Any]) -> None:
    table = tested[1].to_pydict()
    assert sorted(table["q50"])[len(table["q50"]) // 2] > 100
    assert all(low <= high for low, high in zip(table["q05"], table["q95"], strict=True))


def test_backtest_names_its_target_and_history_in_the_file(tested: tuple[Any, Any]) -> None:
    kept = tested[1].schema.metadata
    assert (kept[b"target"], kept[b"history"]) == (b"views", b"as_of")


def test_backtest_of_no_target_is_told_which_there_are(untrained: Path) -> None:
    ran = reelcast("backtest", "--target", "sales", home=untrained)
    assert (ran.code, ran.out) == (2, "")
    assert "'sales' is no target: choose of views, likes" in ran.err


@pytest.mark.parametrize("origins", ["0", "53", "x"])
def test_backtest_of_no_origins_is_refused(untrained: Path, origins: str) -> None:
    ran = reelcast("backtest", "--origins", origins, home=untrained)
    assert (ran.code, ran.out) == (2, "")


@pytest.fixture(scope="module")
def trained(home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A home trained from the command line, and what was printed."""
    folder = tmp_path_factory.mktemp("trained")
    shutil.copytree(home.folder / "lake", folder / "lake")
    return folder, reelcast("train", "--json", home=folder).json()


def test_train_prints_scores_and_the_verdict(trained: tuple[Path, Any]) -> None:
    said = trained[1]
    assert said["champion"] is True
    assert said["version"] == "1"
    assert said["scores"]["views"]["model"]["n"] > 0
    assert said["history"] == "as_of" if "history" in said else said["hindsight"] == []


def test_what_train_made_forecasts(trained: tuple[Path, Any], handle: str) -> None:
    ran = reelcast("forecast", "--creator", handle, "--json", home=trained[0])
    assert ran.json()["model"]["data_version"] == trained[1]["data_version"]
