"""Links lead somewhere, commands exist, and no page names a machine of ours."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.docs.pages import PAGES, ROOT, cli_commands, commands, text_of

LINK = re.compile(r"\]\(([^)\s]+)\)")
OTHERS = {"curl", "export", ".", "hf", "mlflow", "pip", "python"}
COMMANDS = cli_commands()


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken_links(page: Path) -> Iterator[str]:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        there = (page.parent / path) if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            yield target


def program(command: str) -> list[str]:
    """A command's words without the variables set before it."""
    words = shlex.split(command)
    while re.fullmatch(r"[A-Z_]+=.*", words[0], re.DOTALL):
        words.pop(0)
    return words


def command_of(words: list[str]) -> str:
    """The command of a `reelcast COMMAND ...`, with its group where it has one."""
    both = " ".join(words[1:3])
    return both if both in COMMANDS else words[1]


def unknown_options(words: list[str]) -> list[str]:
    """The options of a `reelcast COMMAND ...` that the command does not have."""
    known = {flag for option in COMMANDS[command_of(words)].params for flag in option.opts}
    return [word for word in words[2:] if word.startswith("--") and word not in known]


def all_commands() -> list[list[str]]:
    return [program(command) for page in PAGES for command in commands(text_of(name_of(page)))]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    assert list(broken_links(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_an_absolute_path_of_a_machine_of_ours(page: Path) -> None:
    found = re.findall(
        r"(?:^|[\s`'\"(=/])(/(?:work|tmp|root|home)/[^\s`]*)", text_of(name_of(page))
    )
    assert found == []


def test_every_command_is_a_known_one() -> None:
    first = {words[0] for words in all_commands()}
    assert sorted(first - OTHERS - {"reelcast", "make"}) == []


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    named = {words[1] for words in all_commands() if words[0] == "make"}
    assert sorted(named - targets) == []


def test_every_reelcast_command_and_its_options_exist() -> None:
    ours = [words for words in all_commands() if words[0] == "reelcast"]
    named = {command_of(words) for words in ours}
    runner = CliRunner()
    helped = {name: runner.invoke(app, [*name.split(), "--help"]).exit_code for name in named}
    assert helped == dict.fromkeys(named, 0)
    assert [(words, bad) for words in ours if (bad := unknown_options(words))] == []


def test_the_readme_shows_a_command_for_each_door() -> None:
    shown = {" ".join(program(command)[:2]) for command in commands(text_of("README.md"))}
    needed = {"make demo", "make test", "reelcast import", "reelcast train", "reelcast backtest"}
    assert needed | {"reelcast forecast", "reelcast serve"} <= shown
