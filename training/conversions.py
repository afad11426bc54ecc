"""Learns from the lake's campaigns what posts sell, and keeps it beside the lake.

`train` reads, fits and writes; it learns from the first finished campaign on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import logit

from features.panel import I64
from reelcast.errors import NotEnoughDataError
from reelcast.records import Record
from reelcast.settings import Settings
from reelcast.store import Lake
from training.conversions_fit import Levels, Rates, Trials, fit_rates
from training.conversions_lake import SoldOrder, SoldPost, sold_posts
from training.conversions_model import ConversionsModel, Score, conversions_home, save_model
from training.conversions_prior import (
    CLICK_PRIOR,
    CLICKS_PER_VIEW,
    CONVERSION_PRIOR,
    CONVERSIONS_PER_CLICK,
    FACTORS,
    KINDS,
    SHARE_CENTRES,
    SHARE_OF,
    SHARE_PRIOR,
    Kind,
    RatePrior,
)
from training.conversions_values import values_of

_FOLLOWED: Mapping[str, Callable[[SoldOrder], bool | None]] = {
    "new": lambda order: order.is_new if order.kind == SHARE_OF["new"] else None,
    "repeat": lambda order: order.again,
    "paid": lambda order: order.paid,
}


FunnelRow = tuple[SoldPost, Kind, int, int]  # post, kind, conversions, clicks


class Learned(Record):
    """What a training of conversions rests on."""

    version: str
    data_version: str
    path: str
    posts: int
    posts_with_clicks: int
    campaigns: int
    brands: tuple[str, ...]
    clicks: int
    conversions: int
    learned: tuple[str, ...]
    notes: tuple[str, ...]


def train(settings: Settings, now: datetime) -> Learned:
    """Fit and keep the model of the lake's finished campaigns.

    Raises NotEnoughDataError where no campaign's window has closed.
    """
    lake = Lake(settings.lake_root, settings.storage_options)
    posts = sold_posts(lake, now)
    if not posts:
        raise NotEnoughDataError(
            "no campaign in the lake has a post whose window has closed: forecasts rest on the "
            "documented prior until then; add campaigns, and import touches and orders"
        )
    model = fit_model(posts, {"data_version": lake.data_version(), "made_at": now.isoformat()})
    path = save_model(model, conversions_home(settings))
    return _learned(posts, model, path)


def fit_model(posts: Sequence[SoldPost], about: Mapping[str, Any]) -> ConversionsModel:
    """The model of these posts; `about` goes into its manifest. The same posts give the same."""
    from training.run import code_version

    rows = _funnel_rows(posts)
    manifest = {
        **about,
        "code_version": code_version(),
        "posts": len(posts),
        "campaigns": len({post.campaign_id for post in posts}),
        "version": _version(posts),
        "windows": _windows(posts),
    }
    return ConversionsModel(
        clicks=_clicks(posts),
        conversions=_conversions(rows),
        values=values_of(
            [
                ((_brand(post), order.kind, order.currency), order.value)
                for post in posts
                for order in post.orders
                if order.value is not None
            ]
        ),
        shares=_shares(posts),
        lead_scores=_lead_scores(posts),
        manifest=manifest,
    )


def _version(posts: Sequence[SoldPost]) -> str:
    said = json.dumps([repr(post) for post in posts])
    return f"c{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _windows(posts: Sequence[SoldPost]) -> dict[str, int]:
    """By brand the days in which sales counted for most of its posts; the longer of two equal."""
    days: dict[str, list[int]] = {}
    for post in posts:
        days.setdefault(_brand(post), []).append(post.window_days)
    return {brand: max(of, key=lambda n: (of.count(n), n)) for brand, of in sorted(days.items())}


def _brand(post: SoldPost) -> str:
    return post.levels["brand"] or ""


def _visits(post: SoldPost) -> int | None:
    """Clicks, at least one per order of the kind that sold most; None where nothing was counted."""
    sold = [sum(order.kind == kind for order in post.orders) for kind in KINDS]
    if post.clicks is None and not any(sold):
        return None
    return max(post.clicks or 0, *sold)


def _clicks(posts: Sequence[SoldPost]) -> Rates:
    """Clicks per view, of posts whose link was counted and whose views are known."""
    used = [p for p in posts if p.views and p.clicks is not None]
    clicks = [min(_visits(p) or 0, p.views or 0) for p in used]
    views = [p.views or 0 for p in used]
    return _fit(clicks, views, [logit(CLICKS_PER_VIEW.rate)] * len(used), used, CLICK_PRIOR)


def _funnel_rows(posts: Sequence[SoldPost]) -> list[FunnelRow]:
    """A row per post of its objective's kind, and of others that its brand sold at all.

    Posts that sold none of these are rows too: a rate of those alone that sold is too high.
    """
    sells: dict[str, set[str]] = {}
    for post in posts:
        sells.setdefault(_brand(post), set()).update(order.kind for order in post.orders)
    rows = []
    for post in posts:
        if post.clicks is None:
            continue  # without its clicks, orders say nothing of the rate
        for kind in KINDS:
            if kind == post.kind or kind in sells[_brand(post)]:
                sold = sum(order.kind == kind for order in post.orders)
                rows.append((post, kind, sold, _visits(post) or 0))
    return rows


def _conversions(rows: Sequence[FunnelRow]) -> Rates:
    offsets = [float(logit(CONVERSIONS_PER_CLICK[kind].rate)) for _, kind, _, _ in rows]
    kinds = [kind for _, kind, _, _ in rows]
    posts = [post for post, _, _, _ in rows]
    counts = ([k for _, _, k, _ in rows], [n for _, _, _, n in rows])
    return _fit(*counts, offsets, posts, CONVERSION_PRIOR, kinds)


def _shares(posts: Sequence[SoldPost]) -> dict[str, Rates]:
    found = {}
    for name, followed in _FOLLOWED.items():
        known = [[a for o in p.orders if (a := followed(o)) is not None] for p in posts]
        used = [i for i, answers in enumerate(known) if answers]
        if used:
            yes, n = [sum(known[i]) for i in used], [len(known[i]) for i in used]
            centre = [float(logit(SHARE_CENTRES[name]))] * len(used)
            found[name] = _fit(yes, n, centre, [posts[i] for i in used], SHARE_PRIOR)
    return found


def _lead_scores(posts: Sequence[SoldPost]) -> dict[str, Score]:
    by_brand: dict[str, list[float]] = {}
    for post in posts:
        scores = [o.lead_score for o in post.orders if o.lead_score is not None]
        by_brand.setdefault(_brand(post), []).extend(scores)
    return {
        brand: Score(len(of), float(np.mean(of)), float(np.std(of)))
        for brand, of in sorted(by_brand.items())
        if of
    }


def _fit(
    k: Sequence[int],
    n: Sequence[int],
    offset: Sequence[float],
    posts: Sequence[SoldPost],
    prior: RatePrior,
    kinds: Sequence[str] | None = None,
) -> Rates:
    levels: Levels = {factor: [p.levels.get(factor) for p in posts] for factor in FACTORS}
    if kinds is not None:
        levels = {**levels, "kind": kinds}
    return fit_rates(Trials(_counts(k), _counts(n), np.array(offset, float), levels), prior)


def _counts(of: Sequence[int]) -> I64:
    return np.array(of, np.int64)


def _learned(posts: Sequence[SoldPost], model: ConversionsModel, path: Path) -> Learned:
    counted = [post for post in posts if post.clicks is not None]
    notes = []
    if len(counted) < len(posts):
        notes.append(
            f"{len(posts) - len(counted)} of {len(posts)} posts are of campaigns whose links no "
            "row of `touches` tells apart: their orders tell values and customers, not rates"
        )
    no_views = sum(post.views is None for post in posts)
    if no_views:
        notes.append(f"{no_views} posts have no view count within their window")
    lead_scores = ("lead_score",) if model.lead_scores else ()
    return Learned(
        version=model.version,
        data_version=str(model.manifest["data_version"]),
        path=str(path),
        posts=len(posts),
        posts_with_clicks=len(counted),
        campaigns=len({post.campaign_id for post in posts}),
        brands=tuple(sorted({_brand(post) for post in posts})),
        clicks=sum(_visits(post) or 0 for post in posts),
        conversions=sum(len(post.orders) for post in posts),
        learned=("clicks", "conversions", *sorted(model.shares), *lead_scores),
        notes=tuple(notes),
    )
