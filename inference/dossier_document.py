"""A creator's dossier as a document: each number with its interval and its method. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from inference.documents import Block, Bullets, Cell, Document, Grid, Heading, Number
from inference.documents import Paragraph as Words
from inference.dossier import Dossier
from inference.dossier_past import looking_back, unit_of
from inference.ranking import EACH
from inference.wording import (
    count,
    interval,
    interval80,
    money,
    share,
    short_id,
    window,
)
from reelcast.tracks import Window


def document_of(dossier: Dossier) -> Document:
    """The vetting dossier."""
    known = ", ".join(
        filter(None, (dossier.platform, f"{dossier.forecast.tier} tier", dossier.niche))
    )
    return Document(
        title=f"Vetting dossier: {name_of(dossier)}",
        subtitle=known,
        made_at=dossier.made_at,
        blocks=tuple(blocks_of(dossier)),
    )


def name_of(dossier: Dossier) -> str:
    """The handle that was asked for, else the pseudonym."""
    return dossier.label or short_id(dossier.creator_id)


def blocks_of(dossier: Dossier) -> Iterator[Block]:
    """The dossier's parts in their order."""
    yield from _summary(dossier)
    yield from _forecast(dossier)
    yield from _fees(dossier)
    yield from _sales(dossier)
    yield from looking_back(dossier)


def _model(dossier: Dossier) -> str:
    of = dossier.model
    return (
        f"forecast of the model of {of.created_at[:10]} ({of.code_version}) on data "
        f"{of.data_version}; 80% interval"
    )


def _summary(dossier: Dossier) -> Iterator[Block]:
    forecast = dossier.forecast
    of = forecast.targets[dossier.target]
    yield Words(
        f"The next post is expected to have {count(of.quantiles['q50'])} {unit_of(dossier)}; 80% "
        f"of such posts lie between {interval80(of.quantiles).replace(' to ', ' and ')}.",
        "lead",
    )
    yield Words(f"Data grade {forecast.grade.grade}: {forecast.grade.reason}.")
    if dossier.brief.caption:
        yield Words(f"Draft: {dossier.brief.caption}", "soft")


def _forecast(dossier: Dossier) -> Iterator[Block]:
    yield Heading("Forecast by window")
    method = _model(dossier)
    names = tuple(dossier.path.targets)
    windows = dossier.path.targets[names[0]]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each.window, *(_number(dossier.path.targets[name][i], method) for name in names))
        for i, each in enumerate(windows)
    )
    yield Grid("Medians of the next post's counts", ("Window", *names), rows)
    said = (*dossier.forecast.notes, *dossier.path.notes)
    if said:
        yield Bullets(said)
    of = dossier.forecast.targets[dossier.target]
    naive = {
        "last5_median": "median of the last five posts",
        "followers_rate": "followers times the tier's usual rate",
        "likes_per_video": "likes per video of the account",
        "tier_median": "the tier's median",
    }
    told = [
        f"{naive.get(name, name)}: {count(value)} {dossier.target}"
        for name, value in of.baselines.items()
        if value is not None
    ]
    yield Heading("Naive forecasts beside it", 3)
    yield Bullets(tuple(told) or ("none: no earlier count is known",))
    held = dossier.forecast.measured_coverage[dossier.target]
    yield Words(
        f"On test posts of this tier the 80% interval held {share(held)}."
        if held is not None
        else "Too few test posts of this tier to measure how often intervals hold.",
        "soft",
    )
    if of.drivers:
        yield Heading("What moved the median", 3)
        yield Bullets(tuple(driver.words for driver in of.drivers))


def _number(each: Window, method: str) -> Number:
    return Number(count(each.quantiles["q50"]), interval80(each.quantiles), method)


def _fees(dossier: Dossier) -> Iterator[Block]:
    of = dossier.forecast.targets[dossier.target].quantiles
    if dossier.fee is not None and of["q50"] >= 1:
        yield Heading("What the fee buys")
        cost = [dossier.fee * EACH / max(of[name], 1.0) for name in ("q50", "q90", "q10")]
        method = f"the fee of {money(dossier.fee)} over the {_model(dossier)}"
        yield Grid(
            "Cost at the fee",
            ("What", "Cost"),
            (
                (
                    f"1,000 {unit_of(dossier)}",
                    Number(money(cost[0]), f"{money(cost[1])} to {money(cost[2])}", method),
                ),
            ),
        )
    if dossier.ceilings:
        yield Heading("The highest fee that meets the target")
        rows = tuple(
            (
                f"{money(each.target)} for {each.per}",
                Number(
                    money(each.by_chance["50%"]),
                    f"{money(each.by_chance['90%'])} to {money(each.by_chance['10%'])} (80%)",
                    "the target times the forecast's sampled counts: median, 10% and 90%",
                ),
                Number(
                    money(each.by_chance["80%"]),
                    None,
                    "the fee at which 80% of the samples cost at most the target",
                ),
            )
            for each in dossier.ceilings
        )
        head = ("Target cost", "Highest fee, at even chance", "Highest fee, 80% sure")
        yield Grid(f"For one post, {window(dossier.brief.horizon_days)}", head, rows)


_SOLD = ("clicks", "conversions", "revenue")
_COSTS = {"cpc": "Cost per click", "cpa": "Cost per conversion", "roas": "Revenue over the fee"}


def _sales(dossier: Dossier) -> Iterator[Block]:
    """What the post sells, where it is to sell: each figure with what it rests on."""
    made = dossier.sales
    if made is None:
        return
    yield Heading("What the post sells")
    rows = [
        (
            name,
            Number(count(of.p50), f"{interval(of.p10, of.p90)} (80%)", of.words or of.basis),
            count(of.mean),
        )
        for name, of in made.totals.items()
        if name in _SOLD
    ]
    yield Grid(f"In {window(dossier.brief.horizon_days)}", ("What", "Median", "Mean"), tuple(rows))
    costs = [
        (
            words,
            Number(
                "no limit" if of.p50 is None else f"{money(of.p50)} {of.unit}",
                f"{money(of.p10)} to {'no limit' if of.p90 is None else money(of.p90)} (80%)",
                of.words,
            ),
        )
        for name, words in _COSTS.items()
        if (of := made.costs.get(name)) is not None
    ]
    if costs:
        yield Grid(f"At a fee of {money(dossier.fee)}", ("Cost", "Typical"), tuple(costs))
