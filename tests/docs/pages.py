"""The pages that the documentation tests read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import typer

from api.cli import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)


def cli_commands() -> dict[str, Any]:
    """Every command by its words, those of groups with the group's: `train`, `tags correct`."""
    group: Any = typer.main.get_command(app)
    found = {}
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        if inner is None or command.invoke_without_command:
            found[name] = command
        if inner is not None:
            found |= {f"{name} {of}": each for of, each in inner.items()}
    return found


def text_of(name: str) -> str:
    """The text of a page, named from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def table_rows(text: str) -> dict[str, list[str]]:
    """Cells of each table row by its first cell, without its code marks."""
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells:
            rows[cells[0].strip("`")] = cells[1:]
    return rows


def section(text: str, heading: str) -> str:
    """What stands under a heading of level 2."""
    start = text.index(f"\n## {heading}\n")
    end = text.find("\n## ", start + 1)
    return text[start : end if end > 0 else None]


def commands(text: str) -> list[str]:
    """Lines that begin with `$ ` in the ```console blocks, without the prompt."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
