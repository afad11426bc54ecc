"""A ten-second talk with text, cuts, faces and a call to action, worked out by hand."""

from __future__ import annotations

from content_tagging.records import (
    Cut,
    Faces,
    Media,
    Pictures,
    Segment,
    Signals,
    Sound,
    Tag,
    TextLine,
    Transcript,
    Word,
)

MEDIA = Media(
    duration_s=10, width_px=540, height_px=960, frames=250, frames_per_s=25,
    video_codec="h264", audio_codec="aac",
)  # fmt: skip


def line(start_s: float, end_s: float, text: str, kind: str = "overlay") -> TextLine:
    """A line over a tenth of the frame."""
    return TextLine(
        start_s=start_s, end_s=end_s, text=text, box=(0.1, 0.1, 0.5, 0.2), confidence=0.9,
        kind=kind,
    )  # fmt: skip


def words(*given: tuple[float, str]) -> tuple[Word, ...]:
    return tuple(Word(start_s=at, end_s=at + 0.3, text=text) for at, text in given)


SPOKEN = Transcript(
    status="speech",
    engine="pocketsphinx",
    model="en-us",
    language="en",
    segments=(
        Segment(
            start_s=0.5, end_s=2.5, text="do you use soap",
            words=words((0.5, "do"), (1.0, "you"), (1.5, "use"), (2.0, "soap")),
        ),
        Segment(
            start_s=6.0, end_s=8.0, text="link in my bio",
            words=words((6.0, "link"), (6.5, "in"), (7.0, "my"), (7.5, "bio")),
        ),
    ),
    notes=("English only",),
)  # fmt: skip

PICTURES = Pictures(
    cuts=(Cut(at_s=2.0, kind="hard"), Cut(at_s=6.0, kind="fade")),
    lines=(
        line(0, 2, "still using <soap>?"),
        line(6, 10, "Link in bio"),
        line(0, 10, "Quiet One", "watermark"),
    ),
    faces=(
        Faces(at_s=0, count=1, largest_height=0.4, largest_area=0.2),
        Faces(at_s=4, count=0, largest_height=0, largest_area=0),
    ),
    motion=((0.0, 0.1), (1.0, 0.3)),
    detectors={"text": "rapidocr/3"},
)

SOUND = Sound(
    loudness_lufs=-16.2,
    loudness_curve=((0.0, -20.0), (3.0, -15.0), (6.0, -16.0), (9.0, -30.0)),
    speech=((0.5, 2.5), (6.0, 8.0)),
    music=((0.0, 5.0),),
    silence=((9.0, 10.0),),
)

SIGNALS = Signals(
    content_id="ab" * 32, media=MEDIA, pictures=PICTURES, sound=SOUND, transcript=SPOKEN
)

SOUND_ONLY = SIGNALS.model_copy(
    update={
        "media": Media(duration_s=10, audio_codec="mp3"),
        "pictures": Pictures(),
    }
)


def tag(group: str, label: str, probability: float = 0.8, **given: object) -> Tag:
    return Tag(group=group, label=label, probability=probability, detector="head/1", **given)


TAGS = (
    tag(
        "hook", "question", 0.91, primary=True, modality="spoken", start_s=0.5, end_s=2.5,
        evidence="do you use soap",
    ),
    tag("format", "talking_head", 0.66, primary=True),
    tag("theme", "beauty_skincare", 0.83, primary=True, evidence="soap"),
    tag(
        "cta", "link_in_bio", 0.95, modality="spoken", start_s=6.0, end_s=8.0,
        evidence="link in my bio",
    ),
    tag(
        "cta", "link_in_bio", 0.97, modality="on_screen", start_s=6.5, end_s=10.0,
        evidence="Link in bio",
    ),
)  # fmt: skip
