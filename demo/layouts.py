"""Rows of the simulated world as each platform's export lays them out. Pure: text and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from reelcast.simulated import Counts, SimulatedCreator, SimulatedPost, World

Row = dict[str, object]

GENERIC_MAPPING = """\
# An agency's own tracking sheet: which column means what.
name: agency_sheet
about: Weekly counts of creators' posts, kept by hand.
timezone: UTC
constants: {platform: tiktok}
columns:
  post_id: {from: post, prefix: "tiktok:"}
  creator: account
  published_at: posted
  observed_at: seen
  caption: text
  duration_s: length
  sound_id: sound
  views: plays
  likes: hearts
  comments: replies
  shares: forwards
  saves: bookmarks
  followers: audience
"""


def iso(when: datetime) -> str:
    """The time as scrapers write it: 2026-03-01T06:00:00.000Z."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def apify_item(
    world: World, creator: SimulatedCreator, post: SimulatedPost, counts: Counts, is_dated: bool
) -> Row:
    """An item of Apify's clockworks/tiktok-scraper; dated ones say when they were scraped."""
    item: Row = {
        "id": post.post_id,
        "text": post.caption,
        "textLanguage": "en",
        "createTime": int(post.published_at.timestamp()),
        "createTimeISO": iso(post.published_at),
        "isAd": False,
        "isSponsored": post.is_sponsored,
        "isPinned": False,
        "authorMeta": _author(world, creator, counts.observed_at),
        "musicMeta": {"musicId": post.sound_id},
        "webVideoUrl": link(post),
        "videoMeta": {"height": 1024, "width": 576, "duration": post.duration_s},
        "diggCount": counts.likes,
        "shareCount": counts.shares,
        "playCount": counts.views,
        "collectCount": counts.saves,
        "commentCount": counts.comments,
        "hashtags": [{"name": tag} for tag in post.hashtags],
    }
    return {**item, "scrapedAt": iso(counts.observed_at)} if is_dated else item


def _author(world: World, creator: SimulatedCreator, when: datetime) -> Row:
    return {
        "name": creator.handle,
        "nickName": f"{creator.handle.split('.')[0].title()} (simulated)",
        "verified": False,
        "fans": world.followers_at(creator, when),
        "video": sum(post.published_at <= when for post in world.posts_of(creator)),
    }


def flattened(item: Row, prefix: str = "") -> Row:
    """The item with nested keys joined by points, as Apify's CSV has them.

    >>> flattened({"a": {"b": 1}, "c": [{"name": "x"}]})
    {'a.b': 1, 'c.0.name': 'x'}
    """
    flat: Row = {}
    for key, value in item.items():
        if isinstance(value, list):
            value = {str(position): inner for position, inner in enumerate(value)}
        if isinstance(value, dict):
            flat |= flattened(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def ytdlp_info(world: World, creator: SimulatedCreator, post: SimulatedPost, counts: Counts) -> Row:
    """yt-dlp's .info.json of a TikTok video: shares sit in `repost_count`."""
    return {
        "id": post.post_id,
        "title": post.caption[:72],
        "description": post.caption,
        "extractor": "TikTok",
        "extractor_key": "TikTok",
        "webpage_url": link(post),
        "uploader": creator.handle,
        "channel": f"{creator.handle} (simulated)",
        "channel_follower_count": world.followers_at(creator, counts.observed_at),
        "timestamp": int(post.published_at.timestamp()),
        "upload_date": f"{post.published_at:%Y%m%d}",
        "epoch": int(counts.observed_at.timestamp()),
        "duration": post.duration_s,
        "view_count": counts.views,
        "like_count": counts.likes,
        "comment_count": counts.comments,
        "repost_count": counts.shares,
        "save_count": counts.saves,
    }


def studio_content(post: SimulatedPost, counts: Counts) -> Row:
    """A row of TikTok Studio's Content.csv: the date has no year."""
    return {
        "Video title": post.caption,
        "Video link": link(post),
        "Post time": month_day(post.published_at),
        "Total likes": counts.likes,
        "Total comments": counts.comments,
        "Total shares": counts.shares,
        "Total views": counts.views,
        "Total bookmarks": counts.saves,
    }


def studio_overview(posts: tuple[SimulatedPost, ...], day: datetime) -> Row:
    """A row of TikTok Studio's Overview.csv: what the account gained on that day."""
    before = [post.counts_at(day) for post in posts]
    after = [post.counts_at(day + timedelta(days=1)) for post in posts]
    gained = {
        name: sum(getattr(a, name) - getattr(b, name) for a, b in zip(after, before, strict=True))
        for name in ("views", "likes", "comments", "shares")
    }
    return {
        "Date": month_day(day),
        "Video Views": gained["views"],
        "Profile Views": gained["views"] // 40,
        "Likes": gained["likes"],
        "Comments": gained["comments"],
        "Shares": gained["shares"],
    }


def studio_followers(world: World, creator: SimulatedCreator, day: datetime) -> Row:
    """A row of TikTok Studio's FollowerHistory.csv: the first difference is `undefined`."""
    number = world.era.day_of(day)
    today = creator.daily_followers[number]
    difference = today - creator.daily_followers[number - 1] if number else "undefined"
    return {
        "Date": month_day(day),
        "Followers": today,
        "Difference in followers from previous day": difference,
    }


def meta_content(creator: SimulatedCreator, post: SimulatedPost, counts: Counts) -> Row:
    """A row of Meta Business Suite's Instagram content CSV, with US dates."""
    return {
        "Post ID": post.post_id,
        "Account ID": f"178414{creator.handle[-2:]}00000",
        "Account username": creator.handle,
        "Account name": f"{creator.handle} (simulated)",
        "Description": post.caption,
        "Duration (sec)": post.duration_s,
        "Publish time": f"{post.published_at:%m/%d/%Y %H:%M}",
        "Permalink": f"https://www.instagram.com/reel/{post.post_id}/",
        "Post type": "IG reel",
        "Data comment": "",
        "Date": "Lifetime",
        "Views": counts.views,
        "Reach": counts.views * 4 // 5,
        "Likes": counts.likes,
        "Shares": counts.shares,
        "Follows": counts.likes // 50,
        "Comments": counts.comments,
        "Saves": counts.saves,
    }


def youtube_table(post: SimulatedPost, counts: Counts) -> Row:
    """A row of YouTube Studio's Table data.csv: publication is a date, saves are not known."""
    watched_s = round(post.duration_s * 0.62)
    return {
        "Content": post.post_id,
        "Video title": post.caption,
        "Video publish time": f"{post.published_at:%b} {post.published_at.day}, "
        f"{post.published_at.year}",
        "Duration": post.duration_s,
        "Views": counts.views,
        "Watch time (hours)": round(counts.views * watched_s / 3600, 4),
        "Average view duration": f"0:{watched_s // 60:02d}:{watched_s % 60:02d}",
        "Likes": counts.likes,
        "Comments added": counts.comments,
        "Shares": counts.shares,
        "Unique viewers": counts.views * 4 // 5,
    }


def youtube_total(rows: Sequence[Row]) -> Row:
    """The Total row that heads YouTube Studio's table; times and titles are empty."""
    total: Row = dict.fromkeys(rows[0], "")
    total["Content"] = "Total"
    for name in ("Views", "Watch time (hours)", "Likes", "Comments added", "Shares"):
        total[name] = round(sum(float(str(row[name])) for row in rows), 4)
    return total


def generic_row(
    world: World, creator: SimulatedCreator, post: SimulatedPost, counts: Counts
) -> Row:
    """A row of the agency's own sheet, read through GENERIC_MAPPING."""
    return {
        "account": f"@{creator.handle}",
        "post": post.post_id,
        "posted": iso(post.published_at),
        "seen": iso(counts.observed_at),
        "text": post.caption,
        "length": f"{post.duration_s // 60:02d}:{post.duration_s % 60:02d}",
        "sound": post.sound_id,
        "plays": counts.views,
        "hearts": counts.likes,
        "replies": counts.comments,
        "forwards": counts.shares,
        "bookmarks": counts.saves,
        "audience": world.followers_at(creator, counts.observed_at),
    }


def link(post: SimulatedPost) -> str:
    return f"https://www.tiktok.com/@{post.handle}/video/{post.post_id}"


def month_day(when: datetime) -> str:
    """A date as TikTok Studio writes it: no year.

    >>> month_day(datetime(2026, 3, 1))
    'March 1'
    """
    return f"{when:%B} {when.day}"
