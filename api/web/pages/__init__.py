"""The pages: their addresses and names, in the order of the navigation.

A page is a coroutine of (doors, request) that shows what functions of the packages below return.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request

from api.doors import Doors
from api.web.pages import (
    campaign,
    campaigns,
    content,
    creator,
    creators,
    hook_lab,
    ledger,
    library,
    models,
    plan,
    planner,
    start,
)

Show = Callable[[Doors, Request], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `in_navigation` is False for those that belong to another page's list."""

    path: str
    name: str
    show: Show
    in_navigation: bool = True


PAGES: tuple[Page, ...] = (
    Page("/", "Start", start.show_page),
    Page("/creators", "Creators", creators.show_page),
    Page("/creators/{creator_id}", "Creator", creator.show_page, in_navigation=False),
    Page("/hook-lab", "Hook lab", hook_lab.show_page),
    Page("/hook-lab/{content_id}", "Video", content.show_page, in_navigation=False),
    Page("/planner", "Planner", planner.show_page),
    Page("/planner/{plan_id}", "Frozen plan", plan.show_page, in_navigation=False),
    Page("/campaigns", "Campaigns", campaigns.show_page),
    Page("/campaigns/{campaign_id}", "Campaign", campaign.show_page, in_navigation=False),
    Page("/library", "Library", library.show_page),
    Page("/ledger", "Ledger", ledger.show_page),
    Page("/models", "Models", models.show_page),
)
