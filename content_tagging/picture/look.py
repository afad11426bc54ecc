"""A file -> what it is and what was seen in it: one decoding pass serves all extractors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from content_tagging.media import frames
from content_tagging.media.frame import Extractor, Frame
from content_tagging.media.frames import FrameReader
from content_tagging.picture import clip_themes, faces, motion, onscreen_text, shots
from content_tagging.picture.clip_themes import ClipThemes
from content_tagging.picture.faces import FaceFinder
from content_tagging.picture.motion import Motion
from content_tagging.picture.onscreen_text import OnScreenText
from content_tagging.picture.shots import Shots
from content_tagging.records import Cut, Faces, Media, Pictures, TextLine
from reelcast.settings import TaggingSettings


class Extractors(NamedTuple):
    """What looks at each frame, for one video; None leaves a part out."""

    shots: Extractor[tuple[Cut, ...]]
    motion: Extractor[tuple[tuple[float, float], ...]]
    text: Extractor[tuple[TextLine, ...]] | None
    faces: Extractor[tuple[Faces, ...]] | None
    themes: Extractor[dict[str, float]] | None = None

    def see(self, frame: Frame) -> None:
        for extractor in self:
            if extractor is not None:
                extractor.see(frame)

    def pictures(self, detectors: dict[str, str]) -> Pictures:
        return Pictures(
            cuts=self.shots.result(),
            motion=self.motion.result(),
            lines=self.text.result() if self.text else (),
            faces=self.faces.result() if self.faces else (),
            themes=self.themes.result() if self.themes else {},
            detectors=detectors,
        )


def all_extractors(settings: TaggingSettings) -> Extractors:
    """Those of the settings, new."""
    themes = ClipThemes(settings) if settings.clip_weights else None
    return Extractors(Shots(), Motion(), OnScreenText(), FaceFinder(settings), themes)


def look(
    path: Path,
    settings: TaggingSettings,
    extractors: Callable[[TaggingSettings], Extractors] = all_extractors,
) -> tuple[Media, Pictures]:
    """What the file is and what was seen, times from its start; a file of sound alone has no
    pictures, and loads no weights for them.

    Raises NotFoundError, MediaError, MediaLimitError.
    """
    reader = FrameReader(path, settings)
    lookers: Extractors | None = None
    for frame in reader:
        lookers = lookers or extractors(settings)
        lookers.see(frame)
    seen = detectors(settings)
    return reader.media, lookers.pictures(seen) if lookers else Pictures(detectors=seen)


def detectors(settings: TaggingSettings) -> dict[str, str]:
    """Name and version of each part that looks."""
    themes = clip_themes.version(settings)
    return {
        "frames": frames.VERSION,
        "shots": shots.VERSION,
        "motion": motion.VERSION,
        "text": onscreen_text.version(),
        "faces": faces.version(settings),
        **({"themes": themes} if themes else {}),
    }


def version(settings: TaggingSettings) -> str:
    """One word for all versions: another one asks for another pass over the file."""
    return " ".join(f"{name}={value}" for name, value in sorted(detectors(settings).items()))
