"""Every command, setting, column, error and package is documented, with what the code says."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest
from pydantic import BaseModel

from api.client.generate import document
from features import history, shared, text
from reelcast import errors
from reelcast.errors import ReelcastError
from reelcast.keys import SCOPES
from reelcast.settings import Settings
from tests.docs.pages import ROOT, cli_commands, section, table_rows, text_of

COMMANDS = cli_commands()


def settings() -> dict[str, object]:
    """Each setting's dotted name and default."""
    found: dict[str, object] = {}
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, BaseModel):
            found |= {f"{name}.{key}": value for key, value in default.model_dump().items()}
        else:
            found[name] = default
    return found


def error_classes() -> dict[str, type[ReelcastError]]:
    found = {name: each for name, each in vars(errors).items() if isinstance(each, type)}
    return {name: each for name, each in found.items() if issubclass(each, ReelcastError)}


def first_line(function: Any) -> str:
    return str(function.__doc__).strip().splitlines()[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    rows = table_rows(section(text_of("docs/cli.md"), f"reelcast {name}"))
    flags = {flag for option in COMMANDS[name].params for flag in option.opts if "--" in flag}
    assert sorted(flags - rows.keys() - {"--help"}) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_is_documented_that_is_not_there(name: str) -> None:
    rows = table_rows(section(text_of("docs/cli.md"), f"reelcast {name}"))
    flags = {flag for option in COMMANDS[name].params for flag in option.opts}
    assert sorted(key for key in rows if re.match("--[a-z]", key) and key not in flags) == []


def test_no_command_is_documented_that_is_not_there() -> None:
    heads = re.findall(r"^## reelcast (.+)$", text_of("docs/cli.md"), re.MULTILINE)
    assert sorted(heads) == sorted(COMMANDS)


def test_the_exit_codes_are_those_of_the_error_tree() -> None:
    rows = table_rows(text_of("docs/cli.md"))
    codes = {str(each.exit_code) for each in error_classes().values()}
    assert {key for key in rows if key.isdigit()} == {"0", *codes}


def test_every_setting_is_documented_with_its_default() -> None:
    rows = table_rows(text_of("docs/settings.md"))
    told = {name: rows.get(name, ["missing"])[0].strip("`") for name in settings()}
    assert told == {
        name: "unset" if default is None else str(default) for name, default in settings().items()
    }


def test_every_history_column_is_documented_in_its_words() -> None:
    rows = table_rows(section(text_of("docs/features.md"), "Of each count's history"))
    words = {name: first_line(column) for name, column in history.COLUMNS.items()}
    assert {name: rows.get(name, ["missing"])[0] for name in words} == words


def test_every_shared_column_is_documented_in_its_words() -> None:
    rows = table_rows(section(text_of("docs/features.md"), "Shared by all targets"))
    words = {name: first_line(column) for name, column in shared.COLUMNS.items()}
    assert {name: rows.get(name, ["missing"])[0] for name in words} == words


def test_differences_and_logs_are_marked_as_such() -> None:
    rows = table_rows(text_of("docs/features.md"))
    differences = {n for n in history.COLUMNS if rows[n][1] == "difference of logs"}
    logs = {name for name in shared.COLUMNS if rows[name][1].startswith("log(1 +")}
    assert (differences, logs) == (history.DIFFERENCES, shared.LOGS)


def test_every_text_column_is_documented() -> None:
    page = text_of("docs/features.md")
    assert [name for name in (*text.NAMES, "text_0") if f"`{name}`" not in page] == []


def test_every_error_is_documented_with_its_status_and_exit_code() -> None:
    rows = table_rows(section(text_of("docs/api.md"), "Problems"))
    expected = {
        name: [str(each.status), str(each.exit_code), each.title]
        for name, each in error_classes().items()
    }
    assert {name: rows.get(name, [])[:3] for name in expected} == expected


def test_every_route_is_documented() -> None:
    text = text_of("docs/api.md")
    routes = {
        f"{method.upper()} {path}"
        for path, operations in document()["paths"].items()
        for method in operations
    }
    assert sorted(route for route in routes if route not in text) == []


def test_every_scope_is_documented() -> None:
    rows = table_rows(section(text_of("docs/operations.md"), "API keys"))
    assert set(SCOPES) == rows.keys() - {"scope", "---"}


def test_every_package_stands_in_the_readme() -> None:
    build = tomllib.loads(text_of("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    rows = table_rows(section(text_of("README.md"), "How the repository is laid out"))
    assert set(build["packages"]) == rows.keys() - {"package", "---"}


def test_every_decision_stands_in_the_index() -> None:
    index = text_of("docs/index.md")
    found = [path.name for path in (ROOT / "docs" / "adr").glob("*.md")]
    assert sorted(name for name in found if f"(adr/{name})" not in index) == []


@pytest.mark.parametrize("name", ["vi", "famous", "news", "hotels"])
def test_the_readme_quotes_what_was_measured_on_real_posts(name: str) -> None:
    measured = json.loads((ROOT / "benchmarks/out/forecast.json").read_text())
    of = measured["collections"][name]["protocols"]["rule"]["plain"]["all"]
    rows = section(text_of("README.md"), "How good is it?").splitlines()
    row = next(line for line in rows if line.startswith(f"| {name}:"))
    posts, *errors_, held = [cell.strip() for cell in row.split("|")[2:-1]]
    rivals = of["baselines"]["last5_median"], of["baselines"]["plain_lightgbm"]
    assert posts == f"{of['model']['n']:,}"
    assert errors_ == [f"{each['mae_log']:.2f}" for each in (of["model"], *rivals)]
    assert held == f"{of['model']['coverage_80']:.0%}"
