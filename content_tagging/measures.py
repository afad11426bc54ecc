"""ABCD and craft measures of a content, one function each, named as in the taxonomy.

Watermarks are no on-screen text here, but for names: a brand's mark shows the brand.
A measure of what was not looked at is None: of pictures where the file has none, of words where
nothing transcribed them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from content_tagging.calls import Call, calls_of
from content_tagging.records import Signals, Tag, TextLine
from content_tagging.timeline import (
    START_S,
    holds_name,
    share_spoken,
    shown_together,
    spoken_words,
    tokens,
    total_s,
    words_known,
)

FIRST_S = 5.0
PACING_WINDOW_S = 5.0
QUICK_SHOTS = 5
BRISK_SHOT_S = 2.0
CLOSEUP_HEIGHT = 1 / 3
SAID_SHARE = 0.6  # of a text's words, spoken while it shows or near it
Value = float | bool | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: the signals, the names to look for, the calls to action found."""

    signals: Signals
    brand: str | None = None
    product: str | None = None
    calls: tuple[Call, ...] = ()

    @property
    def seen(self) -> bool:
        return self.signals.media.width_px is not None

    @property
    def cuts_s(self) -> list[float]:
        return sorted(cut.at_s for cut in self.signals.pictures.cuts)

    @property
    def texts(self) -> list[TextLine]:
        return [line for line in self.signals.pictures.lines if line.kind != "watermark"]

    @property
    def speech(self) -> Sequence[tuple[float, float]]:
        """Spans of speech as heard; where none was heard, those of the transcript."""
        segments = self.signals.transcript.segments
        return self.signals.sound.speech or [(each.start_s, each.end_s) for each in segments]


def measures_of(
    signals: Signals, brand: str | None, product: str | None, tags: Iterable[Tag]
) -> dict[str, Value]:
    """Every measure of the taxonomy by name; None where unknown or where it does not apply."""
    ctas = [tag for tag in tags if tag.group == "cta" and tag.label != "none"]
    subject = Subject(signals, brand, product, tuple(calls_of(signals, ctas)))
    return {name: measure(subject) for name, measure in MEASURES.items()}


def dynamic_start(of: Subject) -> Value:
    """Whether the first shot change comes before 3 s."""
    return any(at_s < START_S for at_s in of.cuts_s) if of.seen else None


def quick_pacing(of: Subject) -> Value:
    """Whether five shots, so four changes, fall within any 5 s."""
    if not of.seen:
        return None
    later = of.cuts_s[QUICK_SHOTS - 2 :]
    return any(b - a < PACING_WINDOW_S for a, b in zip(of.cuts_s, later, strict=False))


def quick_pacing_first5(of: Subject) -> Value:
    """Whether five shots, so four changes, fall within the first 5 s."""
    return sum(at_s < FIRST_S for at_s in of.cuts_s) >= QUICK_SHOTS - 1 if of.seen else None


def overall_pacing(of: Subject) -> Value:
    """Whether the mean shot is shorter than 2 s."""
    duration_s = of.signals.media.duration_s
    return duration_s / (len(of.cuts_s) + 1) < BRISK_SHOT_S if of.seen else None


def face_first5(of: Subject) -> Value:
    """Whether a face is seen in a frame of the first 5 s."""
    early = [each.count > 0 for each in of.signals.pictures.faces if each.at_s < FIRST_S]
    return any(early) if early else None


def face_closeup(of: Subject) -> Value:
    """Whether a face is taller than a third of the frame."""
    faces = of.signals.pictures.faces
    return any(each.largest_height > CLOSEUP_HEIGHT for each in faces) if faces else None


def people_ratio(of: Subject) -> Value:
    """Share of the sampled frames with a face."""
    faces = of.signals.pictures.faces
    return fmean(each.count > 0 for each in faces) if faces else None


def speech_first5(of: Subject) -> Value:
    """Whether speech begins within the first 5 s."""
    return any(start_s < FIRST_S for start_s, _ in of.speech)


def supers(of: Subject) -> Value:
    """Whether there is on-screen text."""
    return bool(of.texts) if of.seen else None


def supers_with_audio(of: Subject) -> Value:
    """Whether an on-screen text says what is spoken while it shows."""
    if not of.seen or not words_known(of.signals.transcript):
        return None
    if any(line.kind == "caption" for line in of.texts):
        return True
    words = spoken_words(of.signals.transcript)
    shares = [share_spoken(group, words) for group in shown_together(of.texts)]
    return any(share >= SAID_SHARE for share in shares)


def brand_first5(of: Subject) -> Value:
    """Whether the brand's name is spoken or shown within the first 5 s."""
    return _named_early(of, of.brand)


def product_first5(of: Subject) -> Value:
    """Whether the product's name is spoken or shown within the first 5 s."""
    return _named_early(of, of.product)


def _named_early(of: Subject, name: str | None) -> Value:
    if name is None or not tokens(name):
        return None
    transcript = of.signals.transcript
    said = [word.text for word in spoken_words(transcript) if word.start_s < FIRST_S]
    shown = [line.text for line in of.signals.pictures.lines if line.start_s < FIRST_S]
    if any(holds_name(text, name) for text in [" ".join(said), *shown]):
        return True
    return False if of.seen and words_known(transcript) else None


def cta_speech(of: Subject) -> Value:
    """Whether a call to action is spoken."""
    spoken = any(call.place == "spoken" for call in of.calls)
    return spoken or (False if words_known(of.signals.transcript) else None)


def cta_text(of: Subject) -> Value:
    """Whether a call to action is on screen."""
    return any(call.place == "on_screen" for call in of.calls) if of.seen else None


def time_to_cta_s(of: Subject) -> Value:
    """When the first call to action begins, seconds; None where the video holds none."""
    return min((call.start_s for call in of.calls if call.start_s is not None), default=None)


def vertical(of: Subject) -> Value:
    """Whether the video is taller than wide."""
    media = of.signals.media
    if media.width_px is None or media.height_px is None:
        return None
    return media.height_px > media.width_px


def cuts_per_s(of: Subject) -> Value:
    """Shot changes per second."""
    duration_s = of.signals.media.duration_s
    return len(of.cuts_s) / duration_s if of.seen and duration_s > 0 else None


def first_cut_s(of: Subject) -> Value:
    """When the first shot changes, seconds; None where none does."""
    return min(of.cuts_s, default=None)


def words_in_3s(of: Subject) -> Value:
    """Words that begin within the first 3 s."""
    transcript = of.signals.transcript
    if not words_known(transcript):
        return None
    return float(sum(word.start_s < START_S for word in spoken_words(transcript)))


def speech_rate_wpm(of: Subject) -> Value:
    """Words per minute of speech; None where there is no speech."""
    words, seconds = spoken_words(of.signals.transcript), total_s(of.speech)
    return len(words) / seconds * 60 if words and seconds > 0 else None


def text_area(of: Subject) -> Value:
    """Mean share of the frame under on-screen text, over the whole video; 1 at most."""
    duration_s = of.signals.media.duration_s
    if not of.seen or duration_s <= 0:
        return None
    shown = sum(line.box[2] * line.box[3] * (line.end_s - line.start_s) for line in of.texts)
    return min(shown / duration_s, 1.0)


def face_area(of: Subject) -> Value:
    """Mean share of the frame under the largest face, 0 in frames without one."""
    faces = of.signals.pictures.faces
    return fmean(each.largest_area for each in faces) if faces else None


def motion(of: Subject) -> Value:
    """Mean optical flow, frame widths per second."""
    flow = [value for _, value in of.signals.pictures.motion]
    return fmean(flow) if flow else None


def loudness_lufs(of: Subject) -> Value:
    """Integrated loudness (EBU R128); None for silence or no sound."""
    return of.signals.sound.loudness_lufs


def speech_ratio(of: Subject) -> Value:
    """Share of the duration with speech."""
    return _share(of, of.speech)


def music_ratio(of: Subject) -> Value:
    """Share of the duration with music."""
    return _share(of, of.signals.sound.music)


def _share(of: Subject, spans: Sequence[tuple[float, float]]) -> float | None:
    duration_s = of.signals.media.duration_s
    return min(total_s(spans) / duration_s, 1.0) if duration_s > 0 else None


MEASURES: dict[str, Callable[[Subject], Value]] = {
    "dynamic_start": dynamic_start,
    "quick_pacing": quick_pacing,
    "quick_pacing_first5": quick_pacing_first5,
    "overall_pacing": overall_pacing,
    "face_first5": face_first5,
    "face_closeup": face_closeup,
    "people_ratio": people_ratio,
    "speech_first5": speech_first5,
    "supers": supers,
    "supers_with_audio": supers_with_audio,
    "brand_first5": brand_first5,
    "product_first5": product_first5,
    "cta_speech": cta_speech,
    "cta_text": cta_text,
    "vertical": vertical,
    "cuts_per_s": cuts_per_s,
    "first_cut_s": first_cut_s,
    "words_in_3s": words_in_3s,
    "speech_rate_wpm": speech_rate_wpm,
    "text_area": text_area,
    "face_area": face_area,
    "motion": motion,
    "loudness_lufs": loudness_lufs,
    "speech_ratio": speech_ratio,
    "music_ratio": music_ratio,
    "time_to_cta_s": time_to_cta_s,
}
