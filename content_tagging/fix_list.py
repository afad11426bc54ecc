"""The ABCD fix list: what a creative team can change in a draft, in words. Pure.

A is Attention, B Branding, C Connection, D Direction (Google's open rubric); E is craft: picture
and sound. The measures go with what worked in advertising at large; they are no causes measured
on your own posts: a fix is a thing to try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Measures = Mapping[str, float | bool | None]

PARTS = {"A": "Attention", "B": "Branding", "C": "Connection", "D": "Direction", "E": "Craft"}


@dataclass(frozen=True, slots=True)
class FixThresholds:
    """When a number becomes a fix; yes-or-no measures have theirs in the taxonomy."""

    quiet_lufs: float = -24.0  # ten below the -14 LUFS that platforms play at
    loud_lufs: float = -9.0  # five above: turned down, and already distorted
    words_at_start: float = 3.0  # fewest in the first 3 s, where anything is spoken
    fast_wpm: float = 220.0  # conversation is 130 to 180
    slow_wpm: float = 100.0
    text_share: float = 0.25  # of the frame, on average: more hides what is shown
    people_share: float = 0.1  # of frames, where a face opens the video
    late_cta_s: float = 20.0  # most viewers are gone by then


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to change: its part of the rubric, the measure behind it, what was found."""

    part: str
    measure: str
    words: str


def abcd_fix_list(measures: Measures, thresholds: FixThresholds) -> list[Fix]:
    """What to change, in the rubric's order; unknown measures ask for nothing.

    >>> measures = {"supers": False, "vertical": True, "speech_ratio": 0.0}
    >>> [fix.words for fix in abcd_fix_list(measures, FixThresholds())]
    ['Put the point on screen as text: many watch without sound.']
    """
    found = [fix for rule in RULES for fix in rule(measures, thresholds)]
    return sorted(found, key=lambda fix: list(PARTS).index(fix.part))


def _attention(of: Measures, _: FixThresholds) -> Iterator[Fix]:
    if of.get("dynamic_start") is False:
        first = _number(of, "first_cut_s")
        when = "it never changes" if first is None else f"the first change is at {first:.1f} s"
        yield Fix("A", "dynamic_start", f"Change the shot before 3 s: {when}.")
    if of.get("quick_pacing") is False and of.get("overall_pacing") is False:
        rate = _number(of, "cuts_per_s")
        each = "" if not rate else f" (now one every {1 / rate:.0f} s)"
        yield Fix("A", "quick_pacing", f"Cut faster at least once: five shots within 5 s{each}.")
    if of.get("face_first5") is False:
        yield Fix("A", "face_first5", "Show a face within the first 5 s.")


def _start(of: Measures, limit: FixThresholds) -> Iterator[Fix]:
    words, speech = _number(of, "words_in_3s"), _number(of, "speech_ratio")
    if words is not None and speech and words < limit.words_at_start:
        yield Fix("A", "words_in_3s", f"Start talking at once: {words:.0f} words in the first 3 s.")


def _branding(of: Measures, _: FixThresholds) -> Iterator[Fix]:
    for name, what in (("brand_first5", "brand"), ("product_first5", "product")):
        if of.get(name) is False:
            yield Fix("B", name, f"Say or show the {what}'s name within the first 5 s.")


def _connection(of: Measures, limit: FixThresholds) -> Iterator[Fix]:
    if of.get("supers") is False:
        yield Fix("C", "supers", "Put the point on screen as text: many watch without sound.")
    elif of.get("supers_with_audio") is False and _number(of, "speech_ratio"):
        yield Fix(
            "C", "supers_with_audio", "Let the text on screen say what is spoken at that moment."
        )
    people = _number(of, "people_ratio")
    if of.get("face_first5") and people is not None and people < limit.people_share:
        yield Fix("C", "people_ratio", f"Keep people in the picture: a face in {people:.0%} of it.")


def _direction(of: Measures, limit: FixThresholds) -> Iterator[Fix]:
    spoken, shown = of.get("cta_speech"), of.get("cta_text")
    if spoken is False and shown is False:
        yield Fix(
            "D", "cta_speech", "Say what to do next, and show it: no call to action was found."
        )
    elif spoken is False and _number(of, "speech_ratio"):
        yield Fix("D", "cta_speech", "Say the call to action too: it is only on screen.")
    elif shown is False:
        yield Fix("D", "cta_text", "Show the call to action too: it is only spoken.")
    first = _number(of, "time_to_cta_s")
    if first is not None and first > limit.late_cta_s:
        yield Fix(
            "D", "time_to_cta_s", f"Ask sooner: the first call to action is at {first:.0f} s."
        )


def _picture(of: Measures, limit: FixThresholds) -> Iterator[Fix]:
    if of.get("vertical") is False:
        yield Fix("E", "vertical", "Frame it upright (9:16): it is as wide as tall, or wider.")
    area = _number(of, "text_area")
    if area is not None and area > limit.text_share:
        yield Fix("E", "text_area", f"Use less or smaller text: it covers {area:.0%} of the frame.")


def _sound(of: Measures, limit: FixThresholds) -> Iterator[Fix]:
    loud, rate = _number(of, "loudness_lufs"), _number(of, "speech_rate_wpm")
    if loud is not None and loud < limit.quiet_lufs:
        yield Fix("E", "loudness_lufs", f"Raise the sound to about -14 LUFS: it is {loud:.0f}.")
    if loud is not None and loud > limit.loud_lufs:
        yield Fix("E", "loudness_lufs", f"Lower the sound to about -14 LUFS: it is {loud:.0f}.")
    if rate is not None and rate > limit.fast_wpm:
        yield Fix("E", "speech_rate_wpm", f"Speak slower: {rate:.0f} words a minute.")
    if rate is not None and rate < limit.slow_wpm:
        yield Fix("E", "speech_rate_wpm", f"Tighten the speech: {rate:.0f} words a minute.")


def _number(of: Measures, name: str) -> float | None:
    value = of.get(name)
    return None if value is None else float(value)


RULES: tuple[Callable[[Measures, FixThresholds], Iterator[Fix]], ...] = (
    _attention,
    _start,
    _branding,
    _connection,
    _direction,
    _picture,
    _sound,
)
