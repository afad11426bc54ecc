"""What `reelcast tag` prints: a card of one content, a table of several, JSON for machines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli_card import card
from api.cli_show import show
from reelcast.plain import plain

if TYPE_CHECKING:
    from pathlib import Path

    from content_tagging.batch.outcomes import Failure
    from content_tagging.batch.run import Report
    from content_tagging.contents import Content
    from content_tagging.tags.text_items import TextReport
    from content_tagging.tags.train import TrainingReport

_out, _talk = Console(), Console(stderr=True)
SHOWN = 20
READ_AT_ONCE = 200
GROUPS = ("hook", "format", "theme", "cta")


def show_contents(content_ids: Sequence[str], lake: Any, as_json: bool) -> None:
    """A line of JSON for each content; else a card of one, or a table of the first of several."""
    from content_tagging.contents import load

    if as_json:
        for at in range(0, len(content_ids), READ_AT_ONCE):
            part = content_ids[at : at + READ_AT_ONCE]
            found = load(lake, part)
            for content_id in part:
                sys.stdout.write(found[content_id].model_dump_json() + "\n")
        return
    found = load(lake, content_ids[:SHOWN])
    if len(content_ids) == 1:
        _out.print(card(found[content_ids[0]]))
    elif content_ids:
        _out.print(_table([found[content_id] for content_id in content_ids[:SHOWN]]))
    if len(content_ids) > SHOWN:
        _talk.print(f"and {len(content_ids) - SHOWN:,} more, in the lake's tables", highlight=False)


def show_tagged(done: Report) -> None:
    """What a run of several files did, and which of them failed, on stderr."""
    if done.files > 1:
        _talk.print(
            f"{done.files:,} files in {done.seconds:.1f} s: {done.made:,} contents watched, "
            f"{done.known:,} known, {len(done.failures):,} failed",
            highlight=False,
        )
        show_failed(done.failures)


def show_failed(failures: Sequence[Failure]) -> None:
    """Files that failed and why: the first few, on stderr."""
    if not failures:
        return
    table = Table("file", "error", "reason", box=SIMPLE, title="failed", title_justify="left")
    for failure in failures[:SHOWN]:
        table.add_row(escape(plain(failure.path.name)), failure.kind, escape(failure.reason))
    _talk.print(table)
    if len(failures) > SHOWN:
        _talk.print(f"and {len(failures) - SHOWN:,} more, in the lake's table `failures`")


def show_text(done: TextReport, out: Path, as_json: bool) -> None:
    """What became of a file of texts; the lines that could not be read, on stderr."""
    words = f"{done.tagged:,} of {done.read:,} texts tagged -> {out}"
    show({**done.model_dump(mode="json"), "out": str(out)}, as_json, words)
    for failure in done.failures[:SHOWN]:
        words = f"not used: line {failure.line}: {failure.reason}"
        _talk.print(words, highlight=False, markup=False)


def show_learned(learned: TrainingReport, as_json: bool) -> None:
    """Right first answers on held-out corrections by group, before and after."""
    words = (
        f"learned from {learned.corpus_items:,} examples and {learned.learned_corrections:,} "
        f"corrected contents -> {learned.folder}"
    )
    show(learned.model_dump(mode="json"), as_json, words)
    if as_json:
        return
    table = Table("group", "held out", "right before", "right after", box=SIMPLE)
    for group, of in learned.groups.items():
        if of.held_out:
            table.add_row(group, f"{of.held_out:,}", f"{of.before:.0%}", f"{of.after:.0%}")
    if table.row_count:
        _out.print(table)
    else:
        _talk.print("no corrected content is held out yet: one in five is, by its id")
    _talk.print("run `reelcast tags remake` to tag the stored contents anew")


def raise_failures(failures: Sequence[Failure], files: int) -> None:
    """Raise the error of the first file that failed, where one did: its exit code is the run's."""
    if not failures:
        return
    first = failures[0].error()
    if files == 1:
        raise first
    raise type(first)(f"{len(failures):,} of {files:,} files failed, the first: {first}")


def _table(contents: Sequence[Content]) -> Table:
    table = Table("name", *GROUPS, "s", box=SIMPLE)
    for content in contents:
        told = (escape(_label(content, group)) for group in GROUPS)
        table.add_row(escape(content.name), *told, f"{content.signals.media.duration_s:.1f}")
    return table


def _label(content: Content, group: str) -> str:
    """The primary label of a group, else all its labels."""
    tags = [tag for tag in content.tags if tag.group == group]
    chosen = [tag for tag in tags if tag.primary] or tags
    return ", ".join(dict.fromkeys(tag.label for tag in chosen)) or "-"
