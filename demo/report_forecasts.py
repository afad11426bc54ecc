"""The report's forecasts: interval bars and a table, the naive baseline beside each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from demo.page import Column, chart, count, legend, paragraph, percent, section, table
from demo.plots import Bar, interval_bars
from reelcast.records import Brief, Forecast

_LEGEND_BARS = (
    ('<rect class="bar80" x="0" y="5" width="26" height="6" rx="3"/>', "80% interval"),
    ('<rect class="bar50" x="0" y="2" width="26" height="12" rx="3"/>', "50% interval"),
    ('<line class="median" x1="13" x2="13" y1="0" y2="16"/>', "median"),
    (
        '<path class="baseline" d="M13 2L19 8L13 14L7 8Z"/>',
        "naive baseline: median of last 5 posts",
    ),
)


def forecasts(made: Sequence[Forecast], brief: Brief | None) -> str:
    """Interval bars and the table of all forecast creators."""
    horizon = made[0].horizon_days if made else 0
    said = (
        f"Views {horizon:.0f} days after posting, one draft for {len(made)} creators. Four of five "
        "posts should end inside the 80% interval; the naive baseline stands beside each forecast."
    )
    bars = [_bar(forecast) for forecast in made if "views" in forecast.targets]
    return section(
        "What the next post will do",
        paragraph(said, "soft"),
        _draft(brief),
        legend(_LEGEND_BARS),
        chart(lambda width_px: interval_bars(bars, width_px)),
        _forecast_table(made),
    )


def _draft(brief: Brief | None) -> str:
    if brief is None or not brief.caption:
        return ""
    theme = brief.theme and brief.theme.replace("_", " and ")
    parts = [theme, brief.duration_s and f"{brief.duration_s:.0f} s long"]
    facts = ", ".join(part for part in parts if part)
    said = f'{escape(brief.caption)}<br><span class="soft">{escape(facts)}</span>'
    return f"<blockquote>{said}</blockquote>"


def _bar(forecast: Forecast) -> Bar:
    views = forecast.targets["views"]
    q = views.quantiles
    return Bar(
        name_of(forecast),
        (q["q10"], q["q25"], q["q50"], q["q75"], q["q90"]),
        views.baselines.get("last5_median"),
    )


def _forecast_table(made: Sequence[Forecast]) -> str:
    columns = (
        Column("Creator", kind="name"),
        Column("Tier"),
        Column("Followers", kind="num"),
        Column("Posts known", kind="num"),
        Column("Median", "views", "num"),
        Column("80% interval", "views", "num keep"),
        Column("Last-5 baseline", "views", "num"),
        Column("Grade and reason", kind="why"),
        Column("Measured coverage", "% of the tier's test posts", "num"),
    )
    return table(columns, [_forecast_row(forecast) for forecast in made])


def _forecast_row(forecast: Forecast) -> list[str]:
    bar = _bar(forecast)
    grade = forecast.grade
    return [
        escape(bar.label),
        escape(forecast.tier),
        count(forecast.followers),
        f"{forecast.n_history:,}",
        f"<b>{count(bar.q[2])}</b>",
        f"{count(bar.q[0])} to {count(bar.q[4])}",
        count(bar.baseline) if bar.baseline is not None else "no posts",
        f'<span class="grade {grade.grade}">{grade.grade}</span> {escape(grade.reason)}',
        _measured(forecast),
    ]


def _measured(forecast: Forecast) -> str:
    share = forecast.measured_coverage.get("views")
    return "too few to say" if share is None else percent(share)


def name_of(forecast: Forecast) -> str:
    return forecast.label or forecast.creator_id or "unnamed"
