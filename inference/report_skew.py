"""What few posts hold of a total, as blocks of a document. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from inference.documents import Block, Cell, Grid, Heading, Number, Paragraph
from inference.wording import count
from measurement.skew import Skew


def skew_blocks(of: Skew, unit: str) -> Iterator[Block]:
    """The total of `unit` as counted, winsorised and without flagged posts, and which rule flags;
    nothing where no post has enough before it."""
    if not of.judged:
        return
    rule = "three times the median of up to ten posts of the creator before, at the same age"
    yield Heading("What few posts hold", 3)
    yield Paragraph(f"{of.words[0].upper()}{of.words[1:]}.")
    if not of.flagged:
        return
    rows: tuple[tuple[Cell, ...], ...] = (
        ("as counted", Number(count(of.total), None, f"sum over {of.posts} posts")),
        ("winsorised", Number(count(of.winsorised), None, f"flagged posts cut to {rule}")),
        ("without flagged posts", Number(count(of.without), None, f"flagged from {rule} on")),
    )
    yield Grid(f"Total {unit}", ("total", "counts"), rows)
