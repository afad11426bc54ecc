"""What a measured campaign teaches, as findings for the library. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from measurement.learnings import Learning
from measurement.results import CampaignMeasured

LEAKY = 0.10  # of a code's orders


def findings_of(measured: CampaignMeasured) -> tuple[Learning, ...]:
    """What came by the campaign, when, and which codes travelled; nothing where nothing is sure.

    None before the last window is over: each later look would else leave another number.
    """
    ends_at = measured.attribution.scope_to
    if ends_at is None or measured.measured_at < ends_at:
        return ()
    return (*_brought(measured), *_when(measured), *_leaks(measured))


def _brought(measured: CampaignMeasured) -> Iterator[Learning]:
    name = measured.campaign.campaign_id
    whole = next((of for of in measured.attribution.ranges if of.creator_id is None), None)
    if whole is None or whole.best is None or whole.low is None or whole.ceiling is None:
        return
    what = " and ".join(f"{of}s" for of in measured.attribution.conversions)
    yield Learning(
        title=f"{name} brought about {whole.best:.0f} {what}",
        text=f"Between {whole.low:.0f} and {whole.ceiling:.0f} ({whole.level:.0%}), all methods "
        f"combined; {whole.floor:.0f} are proven by link or code.",
        metric="incremental_orders",
        effect=whole.best,
        low=whole.low,
        high=whole.ceiling,
        n=measured.attribution.orders,
        campaign_id=name,
        post_ids=tuple(of.post_id for of in measured.posts if of.post_id and of.is_published),
        source="campaign report",
    )


def _when(measured: CampaignMeasured) -> Iterator[Learning]:
    lag, name = measured.attribution.lag, measured.campaign.campaign_id
    if lag.median_days is not None and lag.n >= 30:
        yield Learning(
            title=f"Half of {name}'s credited orders came within {lag.median_days:.1f} days",
            text=f"{lag.said}.",
            metric="order_lag_days",
            effect=lag.median_days,
            n=lag.n,
            campaign_id=name,
            source="campaign report",
        )


def _leaks(measured: CampaignMeasured) -> Iterator[Learning]:
    for leak in measured.attribution.leakage:
        of = leak.index
        if of.low is not None and of.value is not None and of.low > LEAKY:
            yield Learning(
                title=f"The code of {leak.creator_id[:9]} travelled",
                text=f"{of.value:.0%} of its {leak.code_orders:,} orders show another origin.",
                metric="code_leakage",
                effect=of.value,
                low=of.low,
                high=of.high,
                n=leak.code_orders,
                campaign_id=measured.campaign.campaign_id,
                source="campaign report",
            )
