"""Writes a simulated world as export files in the real layouts, a few rows broken on purpose."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from demo import layouts
from demo.layouts import Row
from reelcast.simulated import SimulatedCreator, SimulatedPost, World

SCRAPES_PER_ARCHIVE = 5
UNDATED_SCRAPES = 2
STUDIO_DAYS = 60
OWN_EXPORT_AGES_DAYS = (160, 80, 0)  # when accounts without a scraper were exported
YTDLP_POSTS = 5


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A written file and what a person who imports it must tell: whose it is, when counted.

    `bad_rows` were broken on purpose. None means that the file says it itself.
    """

    path: Path
    format: str
    platform: str
    creator: str | None = None
    observed_at: datetime | None = None
    mapping: Path | None = None
    bad_rows: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """Which creators are exported how."""

    apify_json: tuple[SimulatedCreator, ...]
    apify_csv: tuple[SimulatedCreator, ...]
    generic: tuple[SimulatedCreator, ...]
    studio: SimulatedCreator
    ytdlp: SimulatedCreator
    instagram: tuple[SimulatedCreator, ...]
    youtube: tuple[SimulatedCreator, ...]


def share_out(world: World) -> Shares:
    """Each creator with posts in one layout: most in Apify's JSON, one in yt-dlp's few files."""
    active = [c for c in world.creators if world.posts_of(c)]
    tiktok = [c for c in active if c.platform == "tiktok"]
    ytdlp = min(tiktok[3:], key=lambda c: abs(len(world.posts_of(c)) - YTDLP_POSTS))
    rest = [c for c in tiktok if c is not ytdlp]
    n_csv, n_generic = max(1, len(world.creators) // 15), max(1, len(world.creators) // 20)
    studio, sheets = rest[3], rest[4 : 4 + n_csv + n_generic]
    return Shares(
        apify_json=(*rest[:3], *rest[4 + n_csv + n_generic :]),
        apify_csv=tuple(sheets[:n_csv]),
        generic=tuple(sheets[n_csv:]),
        studio=studio,
        ytdlp=ytdlp,
        instagram=tuple(c for c in active if c.platform == "instagram"),
        youtube=tuple(c for c in active if c.platform == "youtube"),
    )


def write_exports(world: World, folder: Path) -> list[ExportFile]:
    """The files written below `folder`, the same bytes for the same world."""
    shares = share_out(world)
    return [
        *_apify_json(world, shares.apify_json, folder / "apify"),
        _apify_csv(world, shares.apify_csv, folder / "apify" / "profiles.csv"),
        *_studio(world, shares.studio, folder / "tiktok_studio"),
        *_ytdlp(world, shares.ytdlp, folder / "ytdlp"),
        *_instagram(world, shares.instagram, folder / "instagram"),
        *(
            file
            for creator in shares.youtube
            for file in _youtube(world, creator, folder / "youtube" / creator.handle)
        ),
        _generic(world, shares.generic, folder / "agency"),
    ]


def _apify_json(
    world: World, creators: Sequence[SimulatedCreator], folder: Path
) -> Iterator[ExportFile]:
    """Archives of several scrapes, whose items are dated, then the last scrapes, one file each."""
    by_scrape: dict[datetime, list[Row]] = {at: [] for at in world.era.scrapes}
    undated = world.era.scrapes[-UNDATED_SCRAPES:]
    for creator in creators:
        for post in world.posts_of(creator):
            for counts in post.observed:
                item = layouts.apify_item(
                    world, creator, post, counts, counts.observed_at not in undated
                )
                by_scrape[counts.observed_at].append(item)
    dated = world.era.scrapes[:-UNDATED_SCRAPES]
    for first in range(0, len(dated), SCRAPES_PER_ARCHIVE):
        scrapes = dated[first : first + SCRAPES_PER_ARCHIVE]
        items = [item for at in scrapes for item in by_scrape[at]]
        path = folder / f"archive_{scrapes[0]:%Y-%m-%d}_{scrapes[-1]:%Y-%m-%d}.json"
        yield _write_items(ExportFile(path, "tiktok_apify", "tiktok"), items)
    for at in undated:
        is_last = at == world.era.now
        items = [*by_scrape[at], *([{**by_scrape[at][0], "id": None}] if is_last else [])]
        path = folder / f"dataset_{at:%Y-%m-%d}.json"
        file = ExportFile(path, "tiktok_apify", "tiktok", observed_at=at, bad_rows=int(is_last))
        yield _write_items(file, items)


def _apify_csv(world: World, creators: Sequence[SimulatedCreator], path: Path) -> ExportFile:
    rows = [
        layouts.flattened(layouts.apify_item(world, creator, post, counts, True))
        for creator in creators
        for post in world.posts_of(creator)
        for counts in post.observed
    ]
    rows.append(_without_counts(rows[-1]) | {"playCount": "abc"})
    _write_csv(path, rows)
    return ExportFile(path, "tiktok_apify", "tiktok", bad_rows=1)


def _without_counts(row: Row) -> Row:
    return {k: "" if k.endswith("Count") else v for k, v in row.items()}


def _export_times(world: World) -> list[datetime]:
    """When the owners of accounts exported them: some times before now, and now."""
    times = [world.era.now - timedelta(days=age) for age in OWN_EXPORT_AGES_DAYS]
    return [at for at in times if at > world.era.start]


def _published(world: World, creator: SimulatedCreator, at: datetime) -> list[SimulatedPost]:
    return [post for post in world.posts_of(creator) if post.published_at < at]


def _studio(world: World, creator: SimulatedCreator, folder: Path) -> Iterator[ExportFile]:
    """Content.csv at each export, newest post first; the account's days only at the last one."""
    for at in _export_times(world):
        posts = _published(world, creator, at)
        if posts:
            rows = [layouts.studio_content(post, post.counts_at(at)) for post in reversed(posts)]
            path = folder / f"{at:%Y-%m-%d}" / "Content.csv"
            _write_csv(path, rows)
            yield ExportFile(path, "tiktok_studio_content", "tiktok", creator.handle, at)
    yield from _studio_days(world, creator, folder)


def _studio_days(world: World, creator: SimulatedCreator, folder: Path) -> Iterator[ExportFile]:
    now, posts = world.era.now, world.posts_of(creator)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=back) for back in range(STUDIO_DAYS, 0, -1)]
    overview = [layouts.studio_overview(posts, day) for day in days]
    all_days = [world.era.start + timedelta(days=day) for day in range(world.era.n_days)]
    followers = [layouts.studio_followers(world, creator, day) for day in all_days]
    for name, known_as, rows in (
        ("Overview.csv", "tiktok_studio_overview", overview),
        ("FollowerHistory.csv", "tiktok_studio_followers", followers),
    ):
        path = folder / f"{now:%Y-%m-%d}" / name
        _write_csv(path, rows)
        yield ExportFile(path, known_as, "tiktok", creator.handle, now)


def _ytdlp(world: World, creator: SimulatedCreator, folder: Path) -> Iterator[ExportFile]:
    """One .info.json for each of the latest posts."""
    for post in world.posts_of(creator)[-YTDLP_POSTS:]:
        info = layouts.ytdlp_info(world, creator, post, post.counts_at(world.era.now))
        path = folder / f"{post.post_id}.info.json"
        _write(path, json.dumps(info, ensure_ascii=False))
        yield ExportFile(path, "ytdlp_tiktok", "tiktok")


def _instagram(
    world: World, creators: Sequence[SimulatedCreator], folder: Path
) -> Iterator[ExportFile]:
    """The first account's CSV in UTF-16 with `sep=,` and a title, the others' together in UTF-8."""
    for at in _export_times(world):
        for name, accounts in (("first.csv", creators[:1]), ("others.csv", creators[1:])):
            rows = [
                layouts.meta_content(creator, post, post.counts_at(at))
                for creator in accounts
                for post in _published(world, creator, at)
            ]
            path = folder / f"{at:%Y-%m-%d}" / name
            if rows and name == "first.csv":
                text = f"sep=,\r\nContent\r\n{_csv_text(rows)}"
                _write_bytes(path, b"\xff\xfe" + text.encode("utf-16-le"))
            elif rows:
                _write_csv(path, rows)
            if rows:
                yield ExportFile(path, "instagram_meta", "instagram", observed_at=at)


def _youtube(world: World, creator: SimulatedCreator, folder: Path) -> Iterator[ExportFile]:
    for at in _export_times(world):
        posts = _published(world, creator, at)
        rows = [layouts.youtube_table(post, post.counts_at(at)) for post in posts]
        if rows:
            path = folder / f"{at:%Y-%m-%d}" / "Table data.csv"
            _write_csv(path, [layouts.youtube_total(rows), *rows])
            yield ExportFile(path, "youtube_studio", "youtube", creator.handle, at)


def _generic(world: World, creators: Sequence[SimulatedCreator], folder: Path) -> ExportFile:
    rows = [
        layouts.generic_row(world, creator, post, counts)
        for creator in creators
        for post in world.posts_of(creator)
        for counts in post.observed
    ]
    negative = {**rows[0], "plays": -5, "hearts": "", "replies": "", "forwards": ""}
    broken = [{**rows[-1], "post": ""}, negative | {"bookmarks": ""}]
    path, mapping = folder / "sheet.csv", folder / "sheet.yaml"
    _write(path, _csv_text([*rows, *broken]) + "@cut.off.demo,7300\r\n")
    _write(mapping, layouts.GENERIC_MAPPING)
    return ExportFile(path, "mapping:agency_sheet", "tiktok", mapping=mapping, bad_rows=3)


def _write_items(file: ExportFile, items: list[Row]) -> ExportFile:
    _write(file.path, json.dumps(items, ensure_ascii=False, separators=(",", ":")))
    return file


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    _write(path, _csv_text(rows))


def _csv_text(rows: Sequence[Row]) -> str:
    """CSV with the columns of all rows, in order of appearance."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    _write_bytes(path, text.encode("utf-8"))


def _write_bytes(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
