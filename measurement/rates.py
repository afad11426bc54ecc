"""Rates of posts and ads, one definition each: numerator, denominator, trap.

A rate of counts has a Wilson interval here, which holds where units are people or orders; over
posts `over_posts` gives another. A denominator of zero gives no value, not zero; more successes
than trials is a wrong export and an InputError.
"""

from __future__ import annotations

from measurement.intervals import check_share, wilson
from measurement.measured import Measured, Provenance


def share_of(
    metric: str, part: int, whole: int | None, denominator: str, of: Provenance, **more: float
) -> Measured:
    """`part` of `whole` as a share with its Wilson interval."""
    known = {"metric": metric, "unit": "share", "denominator": denominator, **of.model_dump()}
    if not whole:
        return Measured(**known, value=None, n=whole, note=f"no {denominator}", **more)
    check_share(part, whole)
    low, high = wilson(part, whole)
    return Measured(
        **known, value=part / whole, low=low, high=high, method="wilson", n=whole, **more
    )


def like_rate(likes: int, views: int, of: Provenance) -> Measured:
    """Likes / views.

    >>> like_rate(50, 1000, Provenance()).value
    0.05
    """
    return _ratio("like_rate", likes, views, "views", of)


def comment_rate(comments: int, views: int, of: Provenance) -> Measured:
    """Comments / views.

    >>> comment_rate(4, 1000, Provenance()).value
    0.004
    """
    return _ratio("comment_rate", comments, views, "views", of)


def share_rate(shares: int, views: int, of: Provenance) -> Measured:
    """Shares / views.

    >>> share_rate(6, 1000, Provenance()).value
    0.006
    """
    return _ratio("share_rate", shares, views, "views", of)


def save_rate(saves: int, views: int, of: Provenance) -> Measured:
    """Saves / views.

    >>> save_rate(9, 1000, Provenance()).value
    0.009
    """
    return _ratio("save_rate", saves, views, "views", of)


def hook_rate(plays: int, impressions: int, threshold_s: float, of: Provenance) -> Measured:
    """Plays of at least `threshold_s` / impressions: 3 s at Meta, 2 s at TikTok.

    >>> hook_rate(300, 1000, 3, Provenance()).value
    0.3
    """
    return share_of("hook_rate", plays, impressions, "impressions", of, threshold_s=threshold_s)


def hold_rate(long_plays: int, short_plays: int, threshold_s: float, of: Provenance) -> Measured:
    """Views of 15 s / views of 3 s (TikTok's proxy: 6 s / 2 s); `threshold_s` is the long one.

    >>> hold_rate(90, 300, 15, Provenance()).value
    0.3
    """
    return share_of(
        "hold_rate", long_plays, short_plays, "short plays", of, threshold_s=threshold_s
    )


def view_through_rate(
    plays: int, impressions: int | None, views: int, threshold_s: float, of: Provenance
) -> Measured:
    """Views that reach `threshold_s` / impressions; without impressions / views, named so.

    >>> view_through_rate(50, None, 200, 6, Provenance()).metric
    'vtr_of_views'
    """
    if impressions is None:
        return share_of("vtr_of_views", plays, views, "views", of, threshold_s=threshold_s)
    return share_of(
        "view_through_rate", plays, impressions, "impressions", of, threshold_s=threshold_s
    )


def completion_rate(full_views: int, views: int, of: Provenance) -> Measured:
    """Views to the end / views.

    >>> completion_rate(25, 100, Provenance()).value
    0.25
    """
    return share_of("completion_rate", full_views, views, "views", of)


def average_watch_s(total_play_s: float, views: int, of: Provenance) -> Measured:
    """Play time in all / views, in seconds; replays are included, so it may exceed the length.

    >>> average_watch_s(1200.0, 100, Provenance()).value
    12.0
    """
    return Measured(
        metric="average_watch_s",
        unit="s",
        value=total_play_s / views if views else None,
        n=views,
        denominator="views",
        note="replays included",
        **of.model_dump(),
    )


def engagement_rate_by_views(
    likes: int, comments: int, shares: int, views: int, of: Provenance
) -> Measured:
    """(likes + comments + shares) / views, as TikTok One defines it; saves stay out.

    >>> engagement_rate_by_views(80, 15, 5, 1000, Provenance()).value
    0.1
    """
    return _ratio("engagement_rate_by_views", likes + comments + shares, views, "views", of)


def engagement_rate_with_saves(
    likes: int, comments: int, shares: int, saves: int, views: int, of: Provenance
) -> Measured:
    """(likes + comments + shares + saves) / views: a variant, never mixed with the other.

    >>> engagement_rate_with_saves(80, 15, 5, 20, 1000, Provenance()).value
    0.12
    """
    engaged = likes + comments + shares + saves
    return _ratio("engagement_rate_with_saves", engaged, views, "views", of)


def engagement_rate_by_followers(
    likes: int, comments: int, followers: int, of: Provenance, shares: int | None = None
) -> Measured:
    """(likes + comments) / followers, as GRIN has it; with shares, as CreatorIQ, named so.

    May exceed 1, for viewers need not follow.

    >>> engagement_rate_by_followers(400, 100, 1000, Provenance()).value
    0.5
    >>> engagement_rate_by_followers(400, 100, 1000, Provenance(), 50).metric
    'engagement_rate_by_followers_with_shares'
    """
    name = "engagement_rate_by_followers" + ("" if shares is None else "_with_shares")
    return _ratio(name, likes + comments + (shares or 0), followers, "followers", of)


def click_through_rate(
    clicks: int, impressions: int | None, views: int, of: Provenance
) -> Measured:
    """Clicks to the destination / impressions; organic posts have none: / views, named so.

    >>> click_through_rate(6, None, 1000, Provenance()).metric
    'ctr_of_views'
    """
    if impressions is None:
        return share_of("ctr_of_views", clicks, views, "views", of)
    return share_of("ctr", clicks, impressions, "impressions", of)


def conversion_rate(conversions: int, clicks: int, of: Provenance) -> Measured:
    """Conversions / clicks. TikTok also knows one by impressions: not this.

    >>> conversion_rate(3, 100, Provenance()).value
    0.03
    """
    return share_of("conversion_rate", conversions, clicks, "clicks", of)


def session_s(engaged_s: float, sessions: int, of: Provenance) -> Measured:
    """GA4's userEngagementDuration / sessions, in seconds.

    >>> session_s(900.0, 30, Provenance()).value
    30.0
    """
    return Measured(
        metric="session_s",
        unit="s",
        value=engaged_s / sessions if sessions else None,
        n=sessions,
        denominator="sessions",
        **of.model_dump(),
    )


def _ratio(metric: str, part: int, whole: int, denominator: str, of: Provenance) -> Measured:
    """Events per unit, which may exceed 1: an interval is given only where it is a share."""
    if whole and part > whole:
        known = {"metric": metric, "unit": "ratio", "denominator": denominator}
        return Measured(**known, value=part / whole, n=whole, **of.model_dump())
    return share_of(metric, part, whole, denominator, of)
