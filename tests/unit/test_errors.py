from __future__ import annotations

import re

import pytest

from reelcast import errors
from reelcast.errors import ReelcastError

LINE = re.compile(r"^(?P<branch>[│├└─ ]*)(?P<name>\w+Error)\s+(?P<status>\d+)\s+exit (?P<exit>\d+)")


def drawn() -> dict[str, tuple[str | None, int, int]]:
    """Parent, status and exit code of each class in the module's tree."""
    tree: dict[str, tuple[str | None, int, int]] = {}
    path: list[str] = []
    for match in filter(None, map(LINE.match, (errors.__doc__ or "").splitlines())):
        depth = len(match["branch"]) // 4
        path[depth:] = [match["name"]]
        parent = path[depth - 1] if depth else None
        tree[match["name"]] = (parent, int(match["status"]), int(match["exit"]))
    return tree


def classes() -> dict[str, type[ReelcastError]]:
    found = {name: each for name, each in vars(errors).items() if isinstance(each, type)}
    return {name: each for name, each in found.items() if issubclass(each, ReelcastError)}


def test_the_drawn_tree_holds_every_class() -> None:
    assert set(drawn()) == set(classes())


@pytest.mark.parametrize("name", classes())
def test_a_class_has_the_parent_status_and_exit_code_that_the_tree_draws(name: str) -> None:
    parent, status, exit_code = drawn()[name]
    error = classes()[name]
    assert (error.status, error.exit_code) == (status, exit_code)
    assert error.__base__ is (classes()[parent] if parent else Exception)


def test_every_class_has_a_title_of_its_own() -> None:
    titles = [error.title for error in classes().values()]
    assert len(set(titles)) == len(titles)


def test_the_branches_below_the_root_have_exit_codes_of_their_own() -> None:
    codes = [exit_code for parent, _, exit_code in drawn().values() if parent == "ReelcastError"]
    assert len(set(codes)) == len(codes)
    assert 0 not in codes
