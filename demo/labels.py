"""Labels of the world's posts, as a team that watched them would have noted them down.

No video of these posts exists. Their hook and theme are those that the simulator made them with,
so that `reelcast effects` can be held against the truth; their format is drawn here and truly
does nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np

from content_tagging.contents import Content, keep, keep_posts
from content_tagging.records import Media, Signals, Tag, Transcript
from content_tagging.tags.taxonomy import taxonomy_version
from reelcast.simulated import SimulatedPost, World
from reelcast.store import Lake

DETECTOR = "simulator/1"
FORMATS = ("talking_head", "voiceover_broll", "tutorial_how_to", "storytime", "demo", "slideshow")
_HABITS = 4  # formats that a creator uses
_NO_VIDEO = "no video of this post exists: its labels are those it was simulated with"


def label_posts(world: World, lake: Lake) -> int:
    """How many posts of the lake that show no video yet have their labels in it now."""
    labelled = set(lake.read_columns("post_contents", ["post_id"])["post_id"].to_pylist())
    imported = set(lake.read_columns("posts", ["post_id"])["post_id"].to_pylist())
    made = {
        post_id: _content(post, post_id, form)
        for post, form in _with_formats(world)
        if (post_id := f"{post.platform}:{post.post_id}") in imported - labelled
    }
    if made:
        keep(lake, list(made.values()))
        keep_posts(lake, {post_id: of.content_id for post_id, of in made.items()})
    return len(made)


def _with_formats(world: World) -> Iterator[tuple[SimulatedPost, str]]:
    """Each post with a format, drawn of those that its creator uses."""
    for number, creator in enumerate(world.creators):
        rng = np.random.default_rng([world.settings.seed, 3, number])
        usual = rng.choice(FORMATS, _HABITS, replace=False)
        for post in world.posts_of(creator):
            yield post, str(rng.choice(usual))


def _content(post: SimulatedPost, post_id: str, form: str) -> Content:
    content_id = hashlib.sha256(f"simulated video of {post_id}".encode()).hexdigest()
    labels = {"hook": post.hook, "format": form, "theme": post.theme}
    transcript = Transcript(status="no_sound", engine="none", notes=(_NO_VIDEO,))
    media = Media(duration_s=post.duration_s)
    return Content(
        content_id=content_id,
        name=f"world post {post.post_id}",
        caption=post.caption,
        signals=Signals(content_id=content_id, media=media, transcript=transcript),
        tags=tuple(
            Tag(group=group, label=label, probability=1, primary=True, detector=DETECTOR)
            for group, label in labels.items()
        ),
        measures={},
        tags_version=f"{taxonomy_version()}.{DETECTOR}",
        taxonomy_version=taxonomy_version(),
        versions={"simulator": "1"},
    )
