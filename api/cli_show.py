"""What the command line prints: tables for people on a terminal, JSON for machines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from inference.wording import count as in_words
from inference.wording import window

if TYPE_CHECKING:
    from ingest import ImportReport
    from reelcast.records import Forecast, ForecastResponse
    from training.run import Trained

out, talk = Console(), Console(stderr=True)


def print_json(data: Any) -> None:
    """Write the data to stdout as JSON."""
    sys.stdout.write(orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")


def show(data: dict[str, Any], as_json: bool, words: str) -> None:
    """The data as JSON, or one line of words."""
    if as_json:
        print_json(data)
    else:
        out.print(words, highlight=False, markup=False)


def show_table(
    data: Any, head: Sequence[str], rows: Sequence[Sequence[str]], as_json: bool
) -> None:
    """The data as JSON, or rows of words under a head."""
    if as_json:
        print_json(data)
        return
    table = Table(box=SIMPLE)
    for place, name in enumerate(head):
        table.add_column(name, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr, told what is done and the total (None: unknown)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=talk, transient=True) as bar:
        task = bar.add_task(escape(what), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def status(what: str) -> Iterator[Callable[[str], None]]:
    """A line on stderr that says the current step."""
    with talk.status(what) as line:

        def step(words: str) -> None:
            line.update(f"{what}: {words}")
            if not talk.is_terminal:
                talk.print(f"{what}: {words}")

        yield step


def show_imports(reports: Sequence[ImportReport], as_json: bool) -> None:
    """Per file what was recognised, read, written and left out."""
    if as_json:
        print_json([report.to_dict() for report in reports])
        return
    table = Table(box=SIMPLE)
    for name in ("file", "format"):
        table.add_column(name, overflow="fold")
    for name in ("rows", "left out", "new", "changed", "same", "s"):
        table.add_column(name, justify="right")
    for report in reports:
        counts = report.tables.values()
        table.add_row(
            escape(report.file),
            escape(report.format),
            f"{report.rows_read:,}",
            f"{report.rows_failed:,}",
            *(f"{sum(getattr(c, k) for c in counts):,}" for k in _MERGED),
            f"{report.seconds:.1f}",
        )
    out.print(table)
    for report in reports:
        for note in (report.why, *report.notes):
            talk.print(f"{report.file}: {note}", highlight=False, markup=False)


def show_failures(
    reports: Sequence[ImportReport], failures: Sequence[Mapping[str, Any]], shown: int = 8
) -> None:
    """Where and why rows and cells of these files could not be used: the first few, on stderr."""
    files = {report.file_sha256 for report in reports}
    bad = [row for row in failures if row["file_sha256"] in files]
    for row in bad[:shown]:
        value = "" if row["value"] is None else f" {row['value']!r}"
        where = f"{row['file']} line {row['line']}, {row['column'] or 'row'}{value}"
        talk.print(f"not used: {where}: {row['reason']}", highlight=False, markup=False)
    if len(bad) > shown:
        talk.print(f"not used: {len(bad) - shown:,} more, in the lake's table `failures`")


_MERGED = ("inserted", "updated", "unchanged")


def show_training(trained: Trained, as_json: bool) -> None:
    """Scores, where the run is kept, and whether the bundle now serves."""
    manifest = trained.bundle.manifest
    if as_json:
        print_json(
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
    words = f"version {trained.tracked.version}: {crown} ({trained.verdict})"
    out.print(words, highlight=False, markup=False)


def show_scores(scores: Mapping[str, Any], history: str, as_json: bool) -> None:
    """Accuracy beside the baselines, coverage and width of the 80% interval, by target and tier."""
    if as_json:
        print_json({"history": history, "scores": scores})
        return
    table = Table(title=f"test posts, history: {history}", title_justify="left")
    table.add_column("slice")
    for name in _SCORES:
        table.add_column(name, justify="right")
    for target, of_target in scores.items():
        table.add_row(target, *_score_row(of_target["model"], of_target["baselines"]))
        for tier, of_tier in of_target["by_tier"].items():
            table.add_row(f"  {tier}", *_score_row(of_tier, {}))
    out.print(table)
    talk.print(
        "log MAE: mean |log(1+actual) - log(1+median)|; 0.7 is a factor of 2. "
        "Coverage: share of test posts inside the 80% interval. "
        "Width: log(upper/lower).",
        highlight=False,
    )
    if history == "hindsight":
        talk.print(
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
    """For several creators a row each, of the first target; for one creator a row per target."""
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    made = answer.forecasts
    first = next(iter(made[0].targets))
    alone = len(made) == 1
    what = escape(_name(made[0])) if alone else first
    rest = "" if alone or len(made[0].targets) == 1 else " (--json has all targets)"
    title = f"{what}, {window(made[0].horizon_days)} after posting{rest}"
    table = Table("" if alone else "creator", title=title, title_justify="left")
    shown = ("median", "80% interval", *(("mean",) if alone else ()), "last-5", "held")
    for name in shown:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("grade")
    for forecast in made:
        for target in forecast.targets if alone else (first,):
            name = target if alone else escape(_name(forecast))
            table.add_row(name, *_numbers(forecast, target, alone))
    out.print(table)
    talk.print(
        "held: share of the tier's test posts inside their 80% interval. "
        "last-5: median of the creator's last five posts, the naive baseline.",
        highlight=False,
    )
    _say_why(answer)


def _name(forecast: Forecast) -> str:
    return forecast.label or forecast.creator_id or "inline"


def _numbers(forecast: Forecast, target: str, with_mean: bool) -> list[str]:
    q, naive = forecast.targets[target].quantiles, forecast.targets[target].baselines
    coverage = forecast.measured_coverage[target]
    return [
        compact(q["q50"]),
        f"{compact(q['q10'])} - {compact(q['q90'])}",
        *([compact(forecast.targets[target].mean)] if with_mean else []),
        compact(naive["last5_median"]),
        "?" if coverage is None else f"{coverage:.0%}",
        forecast.grade.grade,
    ]


def compact(count: float | None) -> str:
    """A count in three digits.

    >>> compact(226_412.0), compact(78.2), compact(None)
    ('226K', '78', '-')
    """
    return "-" if count is None else in_words(count)


def _say_why(answer: ForecastResponse) -> None:
    for forecast in answer.forecasts:
        grade = forecast.grade
        words = f"{_name(forecast)}: {grade.grade}, {grade.reason}"
        talk.print(words, highlight=False, markup=False)
    if len(answer.forecasts) == 1:
        target, of_target = next(iter(answer.forecasts[0].targets.items()))
        talk.print(f"What moved the median of {target} (factors multiply):", highlight=False)
        for driver in of_target.drivers:
            talk.print(f"  {driver.words}", highlight=False, markup=False)
    for words in dict.fromkeys(note for forecast in answer.forecasts for note in forecast.notes):
        talk.print(words, highlight=False, markup=False)
    for words in answer.model.hindsight:
        talk.print(f"hindsight: {words}", highlight=False, markup=False)
