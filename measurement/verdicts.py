"""What was agreed against what came: objectives' metrics, targets reached or not, and remarks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from measurement.measured import Measured
from measurement.metrics import LOWER_IS_BETTER
from measurement.results import ObjectiveResult, TargetResult
from reelcast.campaigns import OBJECTIVE_METRICS, Campaign, Objective

SAME = {"orders": "purchases", "sales": "purchases", "conversions": "purchases"}
KINDS = ("purchases", "installs", "leads")


def objectives(campaign: Campaign, whole: Mapping[str, Measured]) -> tuple[ObjectiveResult, ...]:
    """The metrics of the primary objective, then of the secondary: platform, then off it."""
    made = [
        ObjectiveResult(
            rank=rank,
            objective=objective,
            metrics={name: whole[name] for name in _shows(objective) if name in whole},
        )
        for rank, objective in (("primary", campaign.primary), ("secondary", campaign.secondary))
        if objective is not None
    ]
    return tuple(made)


def targets(
    campaign: Campaign, whole: Mapping[str, Measured], published: Mapping[str, datetime]
) -> tuple[TargetResult, ...]:
    """Each target against the campaign's window, and whether it was set before the first post."""
    in_time = _in_time(campaign, published)
    return tuple(
        _target(name, target, _found(name, whole), in_time)
        for name, target in sorted(campaign.targets.items())
    )


def notes_on(
    campaign: Campaign, published: Mapping[str, datetime], now: datetime
) -> tuple[str, ...]:
    """What a reader must know before the numbers."""
    said = []
    unpublished = [
        f"{one.creator_id}_{one.slot}"
        for one in campaign.deliverables
        if (one.post_id or "") not in published
    ]
    if unpublished:
        some = ", ".join(unpublished[:5])
        said.append(
            f"{len(unpublished)} posts are not among the imported ones ({some}): their planned "
            "times stand in, their views are unknown"
        )
    if now < campaign.ends_at:
        last = campaign.local(campaign.ends_at)
        said.append(f"the campaign runs until {last:%F}: all of this is so far")
    if not _in_time(campaign, published):
        said.append("targets were set after the first post went out: they prove nothing")
    return tuple(said)


def _shows(objective: Objective) -> list[str]:
    """The metrics that show an objective; organic posts have some of them by views alone."""
    of = OBJECTIVE_METRICS[objective]
    names = (*of.on_platform, *of.off_platform)
    return [each for name in names for each in (name, f"{name}_of_views")]


def _in_time(campaign: Campaign, published: Mapping[str, datetime]) -> bool:
    times = [published.get(one.post_id or "") or one.planned_at for one in campaign.deliverables]
    first = min((at for at in times if at is not None), default=None)
    return not campaign.targets or first is None or campaign.set_at < first


def _found(name: str, whole: Mapping[str, Measured]) -> Measured | None:
    """The metric of a target; `orders` and its like are the campaign's own conversions."""
    if name in whole:
        return whole[name]
    of_kind = [kind for kind in KINDS if kind in whole]
    return whole[of_kind[0]] if name in SAME and of_kind else None


def _target(name: str, target: float, found: Measured | None, in_time: bool) -> TargetResult:
    value = None if found is None else found.value
    lower = name in LOWER_IS_BETTER
    reached = None if value is None else (value <= target if lower else value >= target)
    if value is None:
        said = f"{name} is not known: nothing in the lake says it"
    else:
        verdict = "reached" if reached else "not reached"
        verdict += " so far" if found is not None and "so far" in (found.window or "") else ""
        said = f"{value:,.4g} against {target:,.4g}: {verdict}"
    if not in_time:
        said += "; set after the first post went out, it proves nothing"
    return TargetResult(
        metric=name, target=target, value=value, reached=reached, set_in_time=in_time, said=said
    )
