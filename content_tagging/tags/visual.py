"""Hooks that pictures make, without a word: simple rules, not calibrated, and said to be so."""

from __future__ import annotations

from statistics import median

from content_tagging.records import Tag
from content_tagging.tags.reading import Seen

DETECTOR = "visual-rules/1, not calibrated"
OPENING_S = 2.0
CUTS = 3  # in the opening
MOTION_RATIO = 4.0  # of the opening's motion to the rest's
MIN_MOTION = 0.3  # frame widths per second
PROBABILITY = 0.3  # a guess: how often such an opening is meant to startle


def visual_hooks(seen: Seen) -> tuple[Tag, ...]:
    """A `pattern_interrupt` where the first two seconds are cut or moved far faster than usual."""
    said = (_cut_fast(seen), _moved_fast(seen))
    evidence = "; ".join(words for words in said if words)
    if not evidence:
        return ()
    tag = Tag(
        group="hook",
        label="pattern_interrupt",
        probability=PROBABILITY,
        modality="visual",
        start_s=0.0,
        end_s=OPENING_S,
        evidence=evidence,
        detector=DETECTOR,
    )
    return (tag,)


def _cut_fast(seen: Seen) -> str | None:
    cuts = sum(at < OPENING_S for at in seen.cuts_s or ())
    return f"{cuts} cuts in the first {OPENING_S:g} s" if cuts >= CUTS else None


def _moved_fast(seen: Seen) -> str | None:
    first = [value for at, value in seen.motion or () if at < OPENING_S]
    rest = [value for at, value in seen.motion or () if at >= OPENING_S]
    if not first or not rest or max(first) < max(MIN_MOTION, MOTION_RATIO * median(rest)):
        return None
    return f"motion of {max(first):.1f} frame widths a second in the first {OPENING_S:g} s"
