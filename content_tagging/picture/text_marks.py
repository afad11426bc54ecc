"""Watermarks: the platform's or the account's mark, there throughout or moving between corners."""

from __future__ import annotations

from collections.abc import Sequence

from content_tagging.picture.text_tracks import letters, similarity
from content_tagging.records import TextLine

PLATFORMS = (
    "tiktok", "capcut", "instagram", "reels", "snapchat", "youtube", "shorts", "likee", "kwai",
    "triller", "douyin", "inshot", "kinemaster", "viamaker", "lemon8", "clipchamp", "veed",
)  # fmt: skip
EDGE = 0.15  # of the frame: a mark stands this close to its border
SMALL = 0.06  # of the frame's height: a mark is lower
LONG_WORDS = 3  # a mark has no more words
NARROW = 0.35  # of the frame's width: a mark that names no platform is no wider
THROUGHOUT = 0.8  # of the video
SHORTEST_S = 4.0  # a shorter video does not show what is there throughout
EXTRA = 4  # letters that a logo beside a platform's name is misread as


def fold_marks(lines: Sequence[TextLine], end_s: float) -> list[TextLine]:
    """The lines, all placements of one mark folded into one line of kind `watermark`."""
    kept: list[TextLine] = []
    for group in _groups([line for line in lines if _may_be_mark(line)]):
        kept += [_folded(group)] if _is_mark(group, end_s) else group
    return [line for line in lines if not _may_be_mark(line)] + kept


def platform(text: str) -> str | None:
    """The platform that a text names and little else.

    >>> platform("d TikTok"), platform("TikTok made me buy it")
    ('tiktok', None)
    """
    said = letters(text)
    return next(
        (name for name in PLATFORMS if name in said and len(said) <= len(name) + EXTRA), None
    )


def _may_be_mark(line: TextLine) -> bool:
    _, _, _, high = line.box
    return high <= SMALL and len(line.text.split()) <= LONG_WORDS and _by_border(line)


def _by_border(line: TextLine) -> bool:
    left, top, wide, high = line.box
    return min(left, top, 1 - left - wide, 1 - top - high) <= EDGE


def _in_corner(line: TextLine) -> bool:
    left, top, wide, high = line.box
    beside = min(left, 1 - left - wide) <= EDGE
    return wide <= NARROW and beside and min(top, 1 - top - high) <= EDGE


def _groups(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Lines of one text each, wherever and whenever they show."""
    groups: list[list[TextLine]] = []
    for line in lines:
        group = next((of for of in groups if _one_mark(of[0], line)), None)
        if group is None:
            groups.append([line])
        else:
            group.append(line)
    return groups


def _one_mark(a: TextLine, b: TextLine) -> bool:
    named = platform(a.text)
    return (named is not None and named == platform(b.text)) or similarity(a.text, b.text) >= 0.8


def _is_mark(group: Sequence[TextLine], end_s: float) -> bool:
    if any(platform(line.text) or line.text.startswith("@") for line in group):
        return True
    shown_s = sum(line.end_s - line.start_s for line in group)
    throughout = end_s >= SHORTEST_S and shown_s >= THROUGHOUT * end_s
    return throughout and all(_in_corner(line) for line in group)


def _folded(group: Sequence[TextLine]) -> TextLine:
    """One line over the whole span, at the placement that shows longest."""
    longest = max(group, key=lambda line: (line.end_s - line.start_s, line.confidence))
    return longest.model_copy(
        update={
            "start_s": min(line.start_s for line in group),
            "end_s": max(line.end_s for line in group),
            "kind": "watermark",
        }
    )
