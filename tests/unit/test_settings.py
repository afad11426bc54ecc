from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from reelcast.errors import InputError
from reelcast.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("REELCAST_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The YAML file that REELCAST_CONFIG names, empty as yet."""
    path = tmp_path / "reelcast.yaml"
    path.write_text("")
    monkeypatch.setenv("REELCAST_CONFIG", str(path))
    return path


def test_without_file_or_variables_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.home == "./var"
    assert settings.features.history == "auto"
    assert settings.training.min_rows == 60


def test_the_yaml_file_says_what_differs(config: Path) -> None:
    config.write_text("training: {trees: 77}\nhome: elsewhere\n")
    settings = load_settings()
    assert (settings.home, settings.training.trees, settings.training.seed) == ("elsewhere", 77, 7)


def test_an_empty_yaml_file_leaves_the_defaults(config: Path) -> None:
    assert load_settings().training.trees == Settings().training.trees


def test_a_nested_variable_sets_a_nested_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELCAST_TRAINING__TREES", "99")
    assert load_settings().training.trees == 99


def test_a_variable_beats_the_file_key_by_key(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("training: {trees: 77, seed: 3}\n")
    monkeypatch.setenv("REELCAST_TRAINING__TREES", "99")
    training = load_settings().training
    assert (training.trees, training.seed) == (99, 3)


def test_what_is_given_beats_variable_and_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("home: of_file\n")
    monkeypatch.setenv("REELCAST_HOME", "of_variable")
    assert load_settings(home="given").home == "given"
    assert load_settings(home=None).home == "of_variable"


def test_an_unknown_key_in_the_file_is_named(config: Path) -> None:
    config.write_text("training: {treees: 77}\n")
    with pytest.raises(InputError, match=r"training\.treees"):
        load_settings()


def test_an_unknown_nested_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELCAST_TRAINING__TREEES", "99")
    with pytest.raises(InputError, match="treees"):
        load_settings()


def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELCAST_HOMME", "x")
    with pytest.raises(InputError, match="REELCAST_HOMME"):
        load_settings()


def test_an_unknown_argument_is_named() -> None:
    with pytest.raises(InputError, match="colour"):
        load_settings(colour="red")


def test_a_value_out_of_range_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELCAST_TRAINING__MIN_ROWS", "3")
    with pytest.raises(InputError, match=r"training\.min_rows.*greater than or equal to 20"):
        load_settings()


def test_a_variable_that_is_no_json_where_a_mapping_belongs_is_an_input_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REELCAST_STORAGE_OPTIONS", "region")
    with pytest.raises(InputError, match="storage_options"):
        load_settings()


def test_a_missing_config_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELCAST_CONFIG", "nowhere.yaml")
    with pytest.raises(InputError, match=r"nowhere\.yaml"):
        load_settings()


@pytest.mark.parametrize("text", ["training: {trees: [", "- a\n- b\n", "just words\n"])
def test_a_config_file_that_is_no_yaml_mapping_is_an_input_error(config: Path, text: str) -> None:
    config.write_text(text)
    with pytest.raises(InputError, match=r"reelcast\.yaml"):
        load_settings()


def test_the_salt_does_not_show() -> None:
    assert "pepper" not in repr(load_settings(salt="pepper"))


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.home = "x"  # type: ignore[misc]


def test_the_lake_of_a_bucket_stays_in_it_and_the_rest_is_local() -> None:
    settings = load_settings(home="s3://bucket/x/")
    assert settings.lake_root == "s3://bucket/x/lake"
    assert settings.local_home == Path("var").resolve()


def test_the_default_tracking_store_is_sqlite_in_home(tmp_path: Path) -> None:
    settings = load_settings(home=str(tmp_path))
    assert settings.resolved_tracking_uri == f"sqlite:///{tmp_path.resolve()}/mlflow.db"


def test_a_tracking_uri_that_is_given_is_used() -> None:
    assert load_settings(tracking_uri="http://h:5000").resolved_tracking_uri == "http://h:5000"
