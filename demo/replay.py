"""Forecasts of the world's latest posts, replayed for the ledger: each as of the scrape before it.

The model learned from nothing after its cut, and a row sees only what was observed before its
decision, so these are the forecasts that would have been made then. The ledger names them as
replayed: nothing pretends that they were written at that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

from inference.ledger import LedgerReport, open_ledger, posts_of_lake, report
from inference.ledger_freeze import KIND, REPLAY
from inference.ledger_keeping import Recorder
from inference.ledger_store import Entry, Ledger
from inference.predictor import Predictor
from reelcast.records import Brief, CreatorQuestion, ForecastRequest, creator_id_of
from reelcast.settings import Settings
from reelcast.simulated import SimulatedPost, World

HORIZONS_DAYS = (7.0, 30.0)
TARGETS = ("views", "likes")


def replay(world: World, predictor: Predictor, settings: Settings, salt: str) -> LedgerReport:
    """Predicted against actual of the posts after the model's cut; a second time adds nothing."""
    with closing(open_ledger(settings)) as ledger:
        if settings.ledger.enabled and not _is_replayed(ledger):
            ledger.append(_entries(world, predictor, settings, salt))
        return report(ledger, posts_of_lake(settings), settings, world.era.now)


def _is_replayed(ledger: Ledger) -> bool:
    return any(entry.body["source"] == REPLAY for entry in ledger.read(KIND))


def _entries(world: World, predictor: Predictor, settings: Settings, salt: str) -> list[Entry]:
    recorder = Recorder(settings)
    entries = []
    for made_at, posts in posts_by_decision(world, learned_until(predictor)).items():
        asked = [request for post in posts for request in _requests(post, salt)]
        answers = predictor.respond_together(asked, made_at)
        for request, answer in zip(asked, answers, strict=True):
            entries += recorder.record(request, answer, (made_at, REPLAY))[1]
    return entries


def learned_until(predictor: Predictor) -> datetime:
    """The cut: the model learned from nothing that was known later."""
    return datetime.fromtimestamp(predictor.bundle.model.trained_until_s, UTC)


def posts_by_decision(world: World, cut: datetime) -> dict[datetime, list[SimulatedPost]]:
    """The posts by the last scrape before each, where that was made at the cut or later."""
    found: dict[datetime, list[SimulatedPost]] = {at: [] for at in world.era.scrapes if at >= cut}
    for post in world.posts:
        before = max((at for at in found if at < post.published_at), default=None)
        if before is not None:
            found[before].append(post)
    return {at: posts for at, posts in found.items() if posts}


def _requests(post: SimulatedPost, salt: str) -> Iterator[ForecastRequest]:
    person = CreatorQuestion(creator_id=creator_id_of(post.platform, post.handle, salt))
    for days in HORIZONS_DAYS:
        brief = Brief(
            theme=post.theme,
            caption=post.caption,
            duration_s=post.duration_s,
            post_at=post.published_at,
            horizon_days=days,
        )
        yield ForecastRequest(creators=(person,), brief=brief, targets=TARGETS, explain=False)
