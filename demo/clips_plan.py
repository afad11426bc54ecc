"""The six clips of the demo: what is said, shown and meant, scene by scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WIDTH_PX, HEIGHT_PX = 540, 960
FRAMES_PER_S = 25
SILENT_SCENE_S = 3.0

Place = Literal["top", "middle", "bottom"]


@dataclass(frozen=True, slots=True)
class Line:
    """A text on screen through its whole scene."""

    text: str
    place: Place = "top"


@dataclass(frozen=True, slots=True)
class Scene:
    """One shot: a drawing of `demo.clips_draw.DRAWN`, its sentence and its texts."""

    drawing: str
    spoken: str = ""
    lines: tuple[Line, ...] = ()
    captioned: bool = False  # the sentence is burned in while it is spoken
    silent_s: float = SILENT_SCENE_S  # how long it lasts where nothing is said


@dataclass(frozen=True, slots=True)
class Meaning:
    """Labels that are right for a clip; the first of several is the primary one."""

    hooks: tuple[str, ...]
    formats: tuple[str, ...]
    theme: str
    ctas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip: its scenes in order, hard cuts between them."""

    name: str
    scenes: tuple[Scene, ...]
    meaning: Meaning
    voice: str = "slt"  # of flite
    slower: float = 1.0  # how much longer than usual each sound lasts
    music: bool = False
    watermark: str = ""
    subtitles: bool = False  # a .srt file lies beside it
    brand: str | None = None
    product: str | None = None


CLIPS = (
    Clip(
        name="skincare_question",
        scenes=(
            Scene(
                "talker",
                "Do you still wash your face with bar soap?",
                (Line("still using bar soap?"),),
            ),
            Scene(
                "bottle",
                "It strips the oil your skin needs. This cleanser fixed my dry cheeks.",
                (Line("dry cheeks: fixed"),),
            ),
            Scene("talker", "The link is in my bio.", (Line("link in bio", "bottom"),)),
        ),
        meaning=Meaning(
            ("question",),
            ("talking_head", "review", "testimonial"),
            "beauty_skincare",
            ("link_in_bio",),
        ),
        product="cleanser",
    ),
    Clip(
        name="money_listicle",
        scenes=(
            Scene(
                "coins",
                "Three money habits that saved me a thousand dollars.",
                (Line("3 money habits"),),
            ),
            Scene("phone", "One. Pay yourself first.", (Line("1. pay yourself first"),)),
            Scene("card", "Two. Cancel old subscriptions.", (Line("2. cancel old subscriptions"),)),
            Scene("coins", "Three. Wait a day.", (Line("3. wait a day"),)),
            Scene("sunset", "Follow for more.", (Line("follow for more", "middle"),)),
        ),
        meaning=Meaning(("listicle",), ("listicle",), "personal_finance", ("follow",)),
        voice="rms",
        slower=0.85,
    ),
    Clip(
        name="cat_meme",
        scenes=(
            Scene(
                "hallway",
                lines=(Line("POV: you open the treat bag at 3 am"),),
                silent_s=3.6,
            ),
            Scene("cat", lines=(Line("my cat, from two floors away"),), silent_s=3.4),
        ),
        meaning=Meaning(("pov_relatable",), ("text_meme",), "pets", ("none",)),
        music=True,
        watermark="@tabby.demo",
    ),
    Clip(
        name="chickpeas_howto",
        scenes=(
            Scene(
                "pan",
                "Here is how to make crispy chickpeas in ten minutes.",
                captioned=True,
            ),
            Scene("bowl", "Dry them well, then add oil and salt.", captioned=True),
            Scene("oven", "Roast them hot until they rattle.", captioned=True),
            Scene("pan", "Save this for later.", captioned=True),
        ),
        meaning=Meaning(("how_to",), ("tutorial_how_to",), "food_drink", ("save",)),
        subtitles=True,
    ),
    Clip(
        name="headphones_offer",
        scenes=(
            Scene(
                "headphones",
                "Forty percent off these headphones, today only.",
                (Line("40% OFF TODAY"),),
            ),
            Scene(
                "battery",
                "They block the noise and last for thirty hours.",
                (Line("30 hours of battery"),),
            ),
            Scene(
                "headphones",
                "Use code quiet at checkout.",
                (Line("use code QUIET", "bottom"), Line("QUIETONE")),
            ),
        ),
        meaning=Meaning(
            ("offer_first", "urgency_fomo"),
            ("demo", "voiceover_broll", "review"),
            "tech_gadgets",
            ("use_code", "shop_now"),
        ),
        voice="rms",
        music=True,
        brand="Quietone",
        product="headphones",
    ),
    Clip(
        name="abs_myth",
        scenes=(
            Scene(
                "talker",
                "You do not need a thousand sit ups. That is a myth.",
                (Line("MYTH: 1000 sit-ups"),),
            ),
            Scene(
                "weights",
                "I coach runners, and we plank for one minute a day.",
                (Line("plank 1 minute a day"),),
            ),
            Scene(
                "talker",
                "Comment plan and I will send you mine.",
                (Line("comment PLAN", "bottom"),),
            ),
        ),
        meaning=Meaning(
            ("contrarian_myth",),
            ("expert_explainer", "talking_head"),
            "fitness_wellness",
            ("comment_keyword",),
        ),
    ),
)
