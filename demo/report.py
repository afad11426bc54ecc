"""Writes the demo's report: one HTML file that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demo.clips_tag import TaggedClip
from demo.page import bullets, page, paragraph, percent, section
from demo.report_backtest import Arrays, backtest, coverage_by_tier
from demo.report_campaigns import campaigns
from demo.report_clips import clips
from demo.report_forecasts import forecasts
from demo.report_imports import imports
from demo.report_ledger import kept_in_ledger
from demo.use_cases import SoldCase
from inference.ledger import LedgerReport
from ingest import ImportReport
from reelcast.records import Brief, Forecast


@dataclass(frozen=True, slots=True)
class ReportContent:
    """What the report tells.

    `tested` holds arrays (n_test_posts,): y, q10, q50, q90 and last5_median in views (NaN where
    unknown), tier as text, and where known mean, creator_id, tier_median, followers_rate and
    true_median.
    `failures` are rows of that table. `hindsight` says what was seen later than a decision.
    """

    made_at: datetime
    model: str
    forecasts: Sequence[Forecast]
    brief: Brief | None
    tested: Arrays
    imports: Sequence[ImportReport]
    failures: Sequence[Mapping[str, object]] = ()
    hindsight: Sequence[str] = ()
    clips: Sequence[TaggedClip] = ()
    campaigns: Sequence[SoldCase] = ()
    ledger: LedgerReport | None = None


def write_report(path: Path, content: ReportContent) -> Path:
    """Write the report to `path` and return it."""
    title = "reelcast demo: forecasts with measured coverage"
    html = page(
        title,
        "<h1>Forecasts with measured coverage</h1>",
        paragraph(
            f"A simulated world, imported, learned and forecast by {content.model} on "
            f"{content.made_at:%d %B %Y, %H:%M %Z}.",
            "lead",
        ),
        _tiles(content),
        forecasts(content.forecasts, content.brief),
        backtest(content.tested),
        kept_in_ledger(content.ledger) if content.ledger else "",
        clips(content.clips, path.parent) if content.clips else "",
        campaigns(content.campaigns, path.parent) if content.campaigns else "",
        imports(content.imports, content.failures),
        limits(content.hindsight),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")
    return path


def _tiles(content: ReportContent) -> str:
    overall = coverage_by_tier(content.tested)[0]
    rows = sum(report.rows_read for report in content.imports)
    said = (
        (percent(overall.share), f"of {overall.n:,} test posts inside their 80% interval"),
        (f"{len(content.forecasts):,}", "creators forecast for one draft"),
        (f"{rows:,}", f"rows read from {len(content.imports):,} export files"),
        (f"{len(content.failures):,}", "rows or cells unusable, each with its reason"),
    )
    tiles = "".join(
        f'<div class="tile"><b>{big}</b><span>{small}</span></div>' for big, small in said
    )
    return f'<div class="tiles">{tiles}</div>'


def limits(notes: Sequence[str]) -> str:
    """What the model is and what it cannot do, in plain words; `notes` name any hindsight."""
    return section(
        "What this is, and its limits",
        bullets(
            (
                "The world is simulated: creators, captions and counts are made up by a program, "
                "and no real person or brand is in it. Real posts are harder; see the benchmarks.",
                "A forecast is a range, not a promise. The median is what a typical post does; one "
                "post in ten is expected above the interval and one in ten below it.",
                "The model is a set of gradient-boosted trees, one for each quantile, that learns "
                "from earlier posts: the creator's history, caption, length, posting time, "
                "followers. The interval is then widened or narrowed on later posts (conformal "
                "calibration) until its coverage is what it says.",
                "It knows no cause: a better caption in the draft moves the forecast only as far "
                "as posts with such captions did better.",
                "Grades say how much data stands behind a forecast: A is much, D is none of the "
                "creator's own, so that only the tier speaks.",
                "Coverage is measured on posts of the same world. On another platform, country or "
                "year it has to be measured again.",
            )
        ),
        "<h3>Hindsight</h3>",
        bullets(notes)
        if notes
        else paragraph("None: every row saw only what had been observed before its post went out."),
    )
