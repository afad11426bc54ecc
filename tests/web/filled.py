"""What the served home holds besides posts: a sold campaign, and a plan frozen before its posts."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from demo.use_cases import measure_use_cases, write_use_cases
from inference.ledger import open_ledger
from inference.ledger_freeze import freeze as entries_of
from inference.plan_freeze import freeze
from inference.plan_make import make_plan
from inference.plan_store import keep_plan
from reelcast.records import ForecastRequest, ForecastResponse, creator_id_of
from reelcast.rosters import RosterPlan
from reelcast.simulated import SimulatedPost
from reelcast.store import Lake
from tests.inference.homes import SALT, Home
from tests.planning.plans import asking
from tests.support import DAY, NOW, fast_settings

FROZEN = "winter"
CAMPAIGN = "brindle-launch"
FROZEN_AT = NOW - 60 * DAY


def fill_campaign(home: Home, folder: Path) -> None:
    """The demo's first campaign with its orders, in the lake of a home."""
    lake = Lake(fast_settings(folder).lake_root)
    made = write_use_cases(home.world, folder / "campaigns", SALT)
    measure_use_cases(made[:1], folder / "campaigns", lake, SALT, NOW)


def posts_after(home: Home) -> dict[str, SimulatedPost]:
    """The first post of each creator in the ten days after the plan was frozen, by id."""
    found = {}
    for creator in home.creators:
        for post in home.world.posts_of(creator):
            if FROZEN_AT + DAY < post.published_at < FROZEN_AT + 11 * DAY:
                found[creator_id_of(creator.platform, creator.handle, SALT)] = post
                break
    return found


def fill_plan(home: Home, folder: Path) -> None:
    """A plan of three creators, of whom the first was expected to do far better than it did."""
    settings = fast_settings(folder, salt=SALT)
    posts = dict(list(posts_after(home).items())[:3])
    views = [post.counts_at(NOW).views for post in posts.values()]
    medians = dict(zip(posts, (views[0] * 100.0 + 1e6, *views[1:]), strict=True))
    asked = RosterPlan.model_validate(
        {
            "name": FROZEN,
            "budget": 1000,
            "starts_at": FROZEN_AT,
            "ends_at": FROZEN_AT + timedelta(days=14),
            "candidates": [
                {"creator": {"creator_id": id_}, "fee": 300, "brief": {"post_at": of.published_at}}
                for id_, of in posts.items()
            ],
            "target": {"metric": "views", "at_least": 1000},
            "draws": 500,
        }
    )
    ask = asking(medians)

    def keep(request: ForecastRequest, name: str) -> ForecastResponse:
        answer = ask(request)
        made = (FROZEN_AT, "test")
        entries = entries_of(request, (answer.model, answer.forecasts), made, SALT)
        with closing(open_ledger(settings)) as ledger:
            ledger.append(entries)
        named = [
            of.model_copy(update={"forecast_id": entry.entry_id})
            for of, entry in zip(answer.forecasts, entries, strict=True)
        ]
        return answer.model_copy(update={"forecasts": tuple(named)})

    plan = make_plan(asked, ask, FROZEN_AT)
    keep_plan(settings, freeze(plan, dict.fromkeys(posts, 1), keep, FROZEN_AT))
