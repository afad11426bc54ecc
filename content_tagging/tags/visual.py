"""What pictures say without a word: hooks by simple rules, the theme by CLIP where it is on.

None of it is calibrated, and each detector says so.
"""

from __future__ import annotations

from statistics import median

from content_tagging.records import Tag
from content_tagging.tags.reading import Seen
from content_tagging.tags.taxonomy import load_taxonomy

DETECTOR = "visual-rules/1, not calibrated"
OPENING_S = 2.0
CUTS = 3  # in the opening
MOTION_RATIO = 4.0  # of the opening's motion to the rest's
MIN_MOTION = 0.3  # frame widths per second
LIKELY = 0.5  # of a theme
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


def visual_theme(seen: Seen, primary: bool) -> tuple[Tag, ...]:
    """The likeliest theme of the pictures alone, where they were asked and the taxonomy has it;
    `primary` where it may be the content's: then it is, if likelier than all others together."""
    known = load_taxonomy().names("theme")
    shares = {theme: share for theme, share in (seen.themes or {}).items() if theme in known}
    if not shares:
        return ()
    best = max(sorted(shares), key=lambda theme: shares[theme])
    tag = Tag(
        group="theme",
        label=best,
        probability=round(shares[best], 4),
        primary=primary and shares[best] > LIKELY,
        modality="visual",
        evidence="the pictures alone",
        detector=f"{seen.themes_by}, not calibrated",
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
