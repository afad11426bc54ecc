"""What the command line prints: tables for people on a terminal, JSON for machines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from ingest import ImportReport
    from reelcast.records import Forecast, ForecastResponse
    from training.run import Trained

_out, _talk = Console(), Console(stderr=True)


def _json(data: Any) -> None:
    sys.stdout.write(orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")


def show(data: dict[str, Any], as_json: bool, words: str) -> None:
    """The data as JSON, or one line of words."""
    if as_json:
        _json(data)
    else:
        _out.print(words, highlight=False)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr, told what is done and the total (None: unknown)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=_talk, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def status(what: str) -> Iterator[Callable[[str], None]]:
    """A line on stderr that says the current step."""
    with _talk.status(what) as line:

        def step(words: str) -> None:
            line.update(f"{what}: {words}")
            if not _talk.is_terminal:
                _talk.print(f"{what}: {words}")

        yield step


def show_imports(reports: Sequence[ImportReport], as_json: bool) -> None:
    """Per file what was recognised, read, written and left out."""
    if as_json:
        _json([report.to_dict() for report in reports])
        return
    table = Table("file", "format")
    for name in ("rows read", "left out", "new", "changed", "as before", "seconds"):
        table.add_column(name, justify="right")
    for report in reports:
        counts = report.tables.values()
        table.add_row(
            report.file,
            report.format,
            f"{report.rows_read:,}",
            f"{report.rows_failed:,}",
            *(f"{sum(getattr(c, k) for c in counts):,}" for k in _MERGED),
            f"{report.seconds:.1f}",
        )
    _out.print(table)
    for report in reports:
        for note in (report.why, *report.notes):
            _talk.print(f"{report.file}: {note}", highlight=False, markup=False)


_MERGED = ("inserted", "updated", "unchanged")


def show_training(trained: Trained, as_json: bool) -> None:
    """Scores, where the run is kept, and whether the bundle now serves."""
    manifest = trained.bundle.manifest
    if as_json:
        _json(
            {
                "run_id": trained.tracked.run_id,
                "version": trained.tracked.version,
                "champion": trained.is_champion,
                "verdict": trained.verdict,
                "data_version": manifest["data_version"],
                "hindsight": manifest["hindsight"],
                "scores": trained.scores,
            }
        )
        return
    show_scores(trained.scores, manifest["history"], False)
    crown = "champion" if trained.is_champion else "kept, not champion"
    _out.print(f"version {trained.tracked.version}: {crown} ({trained.verdict})", highlight=False)


def show_scores(scores: Mapping[str, Any], history: str, as_json: bool) -> None:
    """Accuracy beside the baselines, coverage and width of the 80% interval, by target and tier."""
    if as_json:
        _json({"history": history, "scores": scores})
        return
    table = Table(title=f"test posts, history: {history}", title_justify="left")
    table.add_column("slice")
    for name in _SCORES:
        table.add_column(name, justify="right")
    for target, of_target in scores.items():
        table.add_row(target, *_score_row(of_target["model"], of_target["baselines"]))
        for tier, of_tier in of_target["by_tier"].items():
            table.add_row(f"  {tier}", *_score_row(of_tier, {}))
    _out.print(table)
    _talk.print(
        "log MAE: mean |log(1+actual) - log(1+median)|; 0.7 is a factor of 2. "
        "Coverage: share of test posts inside the 80% interval. "
        "Width: log(upper/lower).",
        highlight=False,
    )
    if history == "hindsight":
        _talk.print(
            "history: hindsight - counts of earlier posts stand in as scraped, since this "
            "collection was scraped once, after its posts.",
            highlight=False,
        )


_SCORES = ("posts", "log MAE", "last-5 median", "tier median", "coverage", "width")


def _score_row(model: Mapping[str, Any], baselines: Mapping[str, Any]) -> list[str]:
    naive = [baselines.get(name, {}).get("mae_log") for name in ("last5_median", "tier_median")]
    return [
        f"{model['n']:,}",
        f"{model['mae_log']:.3f}",
        *("" if value is None else f"{value:.3f}" for value in naive),
        f"{model['coverage_80']:.0%}",
        f"{model['width_80_log']:.2f}",
    ]


def show_forecasts(answer: ForecastResponse, as_json: bool) -> None:
    """One row per creator and target; with one creator also its drivers."""
    if as_json:
        _json(answer.model_dump(mode="json"))
        return
    days = answer.forecasts[0].horizon_days
    table = Table(title=f"counts {days:g} days after posting", title_justify="left")
    for name in ("creator", "tier", "target"):
        table.add_column(name)
    for name in ("low (10%)", "median", "high (90%)", "mean", "last-5 median"):
        table.add_column(name, justify="right")
    table.add_column("measured coverage", justify="right")
    table.add_column("grade")
    for forecast in answer.forecasts:
        for row in _forecast_rows(forecast):
            table.add_row(*row)
        table.add_section()
    _out.print(table)
    _say_why(answer)


def _forecast_rows(forecast: Forecast) -> Iterator[list[str]]:
    name = forecast.label or forecast.creator_id or "inline"
    for target, of_target in forecast.targets.items():
        q, baseline = of_target.quantiles, of_target.baselines["last5_median"]
        coverage = forecast.measured_coverage[target]
        yield [
            name,
            forecast.tier,
            target,
            *(f"{q[level]:,.0f}" for level in ("q10", "q50", "q90")),
            f"{of_target.mean:,.0f}",
            "-" if baseline is None else f"{baseline:,.0f}",
            "not measured" if coverage is None else f"{coverage:.0%} of 80%",
            forecast.grade.grade,
        ]
        name = ""


def _say_why(answer: ForecastResponse) -> None:
    for forecast in answer.forecasts:
        name = forecast.label or forecast.creator_id or "inline"
        _talk.print(f"{name}: {forecast.grade.grade}, {forecast.grade.reason}", highlight=False)
    if len(answer.forecasts) == 1:
        target, of_target = next(iter(answer.forecasts[0].targets.items()))
        for driver in of_target.drivers:
            _talk.print(f"  {target}: {driver.words}", highlight=False, markup=False)
    for words in answer.model.hindsight:
        _talk.print(f"hindsight: {words}", highlight=False, markup=False)
