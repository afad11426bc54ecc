"""What was seen and heard in a video, and the tags read from it. All are plain data, as JSON.

Times are seconds from the start of the video, to the millisecond; boxes are shares of the frame as
displayed, 0 to 1.
Nothing here depends on a taxonomy but `Tag`: signals outlive the labels read from them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from reelcast.records import Record


def to_ms(seconds: float) -> float:
    """The seconds without the noise of sums: to the millisecond.

    >>> to_ms(3.5999999999999996)
    3.6
    """
    return round(seconds, 3)


Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, AfterValidator(to_ms)]
Span = tuple[Seconds, Seconds]  # start_s, end_s
Modality = Literal["spoken", "on_screen", "visual", "sound", "caption"]


class Media(Record):
    """What the file is, sizes as displayed: after rotation and sample aspect."""

    duration_s: Seconds
    width_px: int | None = Field(None, description="unknown: no pictures")
    height_px: int | None = None
    frames: int = Field(0, description="decoded")
    frames_per_s: float | None = Field(None, description="mean")
    variable_rate: bool = False
    rotation_deg: int = 0
    hdr: bool = False
    video_codec: str | None = None
    audio_codec: str | None = Field(None, description="unknown: no sound")
    notes: tuple[str, ...] = Field((), description="what was wrong with the file, in words")


class Word(Record):
    """One spoken word."""

    start_s: Seconds
    end_s: Seconds
    text: str
    probability: Share | None = None


class Segment(Record):
    """A sentence or a breath of speech."""

    start_s: Seconds
    end_s: Seconds
    text: str
    words: tuple[Word, ...] = ()
    confidence: Share | None = None


class Transcript(Record):
    """What was said. No speech is a result: `status` says so and `segments` is empty."""

    status: Literal["speech", "no_speech", "no_sound"]
    engine: str = Field(description="captions, faster-whisper, openai-whisper, pocketsphinx")
    model: str | None = None
    language: str | None = Field(None, description="ISO 639-1")
    segments: tuple[Segment, ...] = ()
    notes: tuple[str, ...] = Field((), description="limits of the engine, what was filtered out")

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)


class TextLine(Record):
    """A line of on-screen text, followed over the frames that show it."""

    start_s: Seconds
    end_s: Seconds
    text: str
    box: tuple[Share, Share, Share, Share] = Field(description="left, top, width, height")
    confidence: Share
    kind: Literal["overlay", "caption", "watermark"] = Field(
        description="caption: repeats what is said as it is said; watermark: the platform's or "
        "the account's mark, there throughout"
    )


class Cut(Record):
    """A change of shot: `at_s` is where the next shot begins."""

    at_s: Seconds
    kind: Literal["hard", "fade"]


class Faces(Record):
    """The faces of one sampled frame."""

    at_s: Seconds
    count: int
    largest_height: Share = Field(description="share of the frame's height")
    largest_area: Share = Field(description="share of the frame's area")


class Pictures(Record):
    """What was seen, in one pass over the frames."""

    cuts: tuple[Cut, ...] = ()
    lines: tuple[TextLine, ...] = ()
    faces: tuple[Faces, ...] = Field((), description="one for each sampled frame")
    motion: tuple[tuple[Seconds, float], ...] = Field(
        (), description="at_s, mean optical flow in frame widths per second"
    )
    themes: dict[str, float] = Field(
        default_factory=dict, description="probability by pictures alone, empty: off"
    )
    detectors: dict[str, str] = Field(default_factory=dict, description="name and version by step")


class Sound(Record):
    """What was heard."""

    loudness_lufs: float | None = Field(None, description="integrated, EBU R128; null: silence")
    loudness_curve: tuple[tuple[Seconds, float], ...] = Field(
        (), description="at_s, short-term LUFS"
    )
    speech: tuple[Span, ...] = ()
    music: tuple[Span, ...] = ()
    silence: tuple[Span, ...] = ()
    detectors: dict[str, str] = Field(default_factory=dict, description="name and version by step")


class Signals(Record):
    """All that was seen and heard in one file."""

    content_id: str = Field(description="sha256 of the file's bytes")
    media: Media
    pictures: Pictures = Pictures()
    sound: Sound = Sound()
    transcript: Transcript


class Tag(Record):
    """One label with its evidence."""

    group: str = Field(description="hook, format, theme, cta, angle, proof, offer or disclosure")
    label: str
    probability: Share = Field(description="calibrated")
    primary: bool = Field(False, description="the one answer of its group, where it has one")
    modality: Modality | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    evidence: str | None = Field(None, description="the quote, or what the frames show")
    detector: str = Field(description="name and version of what said so")
