"""Tags the demo's six clips into its lake, as posts of simulated creators, a page about each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from content_tagging.batch.items import Item
from content_tagging.batch.run import tag_files
from content_tagging.contents import Content, load
from content_tagging.report.write import write_report
from reelcast.settings import Settings
from reelcast.simulated import World
from reelcast.store import Lake

CLIPS_FOLDER = Path(str(files("demo") / "clips"))


@dataclass(frozen=True, slots=True)
class Truth:
    """What a clip was made to be: labels that are right, words and texts with their times."""

    file: str
    duration_s: float
    right: Mapping[str, Sequence[str] | str]
    cuts_s: Sequence[float]
    speech: Sequence[Mapping[str, float | str]]
    texts: Sequence[Mapping[str, float | str]]
    captions: Sequence[Mapping[str, float | str]]

    def labels(self, group: str) -> tuple[str, ...]:
        """The labels that are right for hook, format, theme or cta."""
        given = self.right[group if group == "theme" else f"{group}s"]
        return (given,) if isinstance(given, str) else tuple(given)


@dataclass(frozen=True, slots=True)
class TaggedClip:
    """A clip, whose post it is, what was read in it, and its page; unknown where it failed."""

    truth: Truth
    post_id: str
    content: Content | None
    page: Path | None


def truths() -> list[Truth]:
    """What the manifest says of each clip, in its order."""
    told = json.loads((CLIPS_FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return [Truth(**{name: clip[name] for name in Truth.__slots__}) for clip in told["clips"]]


def tag_clips(world: World, lake: Lake, settings: Settings, folder: Path) -> list[TaggedClip]:
    """Tag the clips and write a page about each into `folder`; a second time changes nothing."""
    posts = posts_of_clips(world)
    items = [Item(path=CLIPS_FOLDER / name, post_id=post) for name, post in posts.items()]
    done = tag_files(items, lake, settings)
    contents = load(lake, list(done.content_of.values()))
    tagged = []
    for truth in truths():
        path = CLIPS_FOLDER / truth.file
        content = contents.get(done.content_of.get(path, ""))
        page = folder / f"{path.stem}.html"
        if content is not None:
            write_report(page, content, path, settings.tagging)
        known = page if content is not None else None
        tagged.append(TaggedClip(truth, posts[truth.file], content, known))
    return tagged


def posts_of_clips(world: World) -> dict[str, str]:
    """For each clip the latest post of its theme, else of any, as the lake names it; none twice."""
    newest = sorted(world.posts, key=lambda post: post.published_at, reverse=True)
    chosen: dict[str, str] = {}
    for truth in truths():
        ids = [
            f"{post.platform}:{post.post_id}"
            for wanted in (truth.labels("theme")[0], None)
            for post in newest
            if wanted in (None, post.theme)
        ]
        chosen[truth.file] = next(each for each in ids if each not in chosen.values())
    return chosen
