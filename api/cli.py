"""The command line: each command parses, calls one function, and prints.

stdout is data, stderr is talk and progress; exit codes come from the error tree.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from api.cli_ahead import trajectory, update
from api.cli_campaign import campaign_app
from api.cli_conversions import conversions_app
from api.cli_creators import creators
from api.cli_drafts import compare, effects
from api.cli_keys import keys_app
from api.cli_ledger import ledger_app
from api.cli_library import benchmarks, learnings_app
from api.cli_lift import design, lift
from api.cli_links import links_app
from api.cli_options import Home, Json
from api.cli_options import lake_of as _lake
from api.cli_options import settings_of as _settings
from api.cli_plan import follow, plan
from api.cli_tag import tag, tags
from reelcast.errors import InputError, NotFoundError, ReelcastError
from reelcast.plain import plain

if TYPE_CHECKING:
    from reelcast.settings import Settings

app = typer.Typer(
    name="reelcast",
    help="Forecasts what a creator's video will do before a brand pays for it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_LAST_S = 10  # that a server waits for what it answers: who follows a job would never let it end

Collection = Annotated[
    Optional[str],  # noqa: UP045  (typer reads the annotation at run time)
    typer.Option(help="Only posts collected so, as the export's mapping names it."),
]


def main() -> None:
    """Run the command line; an error of ours is one line on stderr and its exit code."""
    try:
        app()
    except ReelcastError as exc:
        print(f"error: {plain(str(exc))}", file=sys.stderr)
        raise SystemExit(exc.exit_code) from exc


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help="auto, or a format's name, e.g. tiktok_apify.")],
    files: Annotated[list[Path], typer.Argument(help="Export files.")],
    mapping: Annotated[str, typer.Option(help="YAML mapping: a file or a shipped name.")] = "",
    creator: Annotated[str, typer.Option(help="Handle, where the export names none.")] = "",
    platform: Annotated[str, typer.Option(help="Where the export names none.")] = "",
    observed_at: Annotated[str, typer.Option(help="When it was counted, ISO 8601.")] = "",
    timezone: Annotated[str, typer.Option(help="For times without a zone.")] = "",
    year: Annotated[int, typer.Option(help="For dates without a year.")] = 0,
    brand: Annotated[str, typer.Option(help="Whose orders, in a lake of several brands.")] = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Import export files into the lake; bad rows go to its failures table with their reason."""
    from api.cli_show import show_failures, show_imports
    from ingest import ImportOptions
    from reelcast.salt import make_salt

    settings = _settings(home)
    options = ImportOptions(
        salt=make_salt(settings),
        format=None if kind == "auto" else kind,
        mapping=mapping or None,
        creator=creator or None,
        platform=platform or None,
        observed_at=_time(observed_at),
        timezone=timezone or None,
        year=year or None,
        brand=brand or None,
    )
    lake = _lake(settings)
    reports, refused = _import_each(files, lake, options)
    if reports or as_json:
        show_imports(reports, as_json)
    if not as_json:
        show_failures(reports, lake.read("failures").to_pylist())
    if refused:
        raise type(refused[0])("; ".join(map(str, refused)))


app.command()(tag)
app.command()(effects)
app.command()(compare)
app.command()(creators)
app.command()(benchmarks)
app.command()(design)
app.command()(lift)
app.add_typer(tags, name="tags")
app.add_typer(links_app, name="links")
app.add_typer(learnings_app, name="learnings")


@app.command()
def features(
    out: Annotated[Path, typer.Option(help="Parquet file to write.")] = Path("features.parquet"),
    collection: Collection = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write the training table: one row per post, as of its publication, with its outcome."""
    from api.cli_show import show
    from features.export import write_features

    written = write_features(_dataset(_settings(home), collection), out)
    show(written, as_json, f"{written['rows']:,} rows x {written['columns']} columns -> {out}")


@app.command()
def train(collection: Collection = None, home: Home = None, as_json: Json = False) -> None:
    """Train, test and track a bundle; it becomes the champion where it beats the last one."""
    from api.cli_show import show_training, status
    from training.run import train as run

    settings = _settings(home)
    dataset = _dataset(settings, collection)
    with status("training") as progress:
        trained = run(dataset, settings, progress)
    show_training(trained, as_json)


@app.command()
def backtest(
    target: Annotated[str, typer.Option(help="views, likes, comments, shares or saves.")] = "views",
    origins: Annotated[int, typer.Option(min=1, max=52, help="How often it learns anew.")] = 4,
    out: Annotated[Path, typer.Option(help="Parquet file, one row per test post.")] = Path(
        "preds.parquet"
    ),
    collection: Collection = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Forecast the latest 40% of posts from what came before each, and score it."""
    from api.cli_show import progress_bar, show_scores
    from training.backtest import run_backtest

    settings = _settings(home)
    dataset = _dataset(settings, collection)
    with progress_bar(f"backtest of {target}") as progress:
        scores = run_backtest(dataset, target, origins, settings, out, progress)
    show_scores({target: scores}, dataset.history, as_json)


@app.command()
def forecast(
    creator: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="A creator id, or @handle with --platform; repeat for more."),
    ] = None,
    platform: Annotated[str, typer.Option(help="Platform of the handles.")] = "tiktok",
    caption: Annotated[str, typer.Option(help="The draft's caption.")] = "",
    theme: Annotated[str, typer.Option(help="The brief's theme.")] = "",
    post_at: Annotated[str, typer.Option(help="Planned time, ISO 8601. [default: now]")] = "",
    horizon_days: Annotated[float, typer.Option(help="Days after posting.")] = 30,
    target: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="views, likes, ...; repeat for more. [default: all]"),
    ] = None,
    request: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="JSON file as POST /v1/forecasts takes it, in place of the options."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Forecast the next post of creators in the lake, or of those in a request file."""
    from datetime import UTC

    from api.cli_ask import from_file, from_options
    from api.cli_show import show_forecasts, status
    from inference.ledger_keeping import DirectKeeping
    from inference.predictor import Predictor

    settings = _settings(home)
    if request is not None:
        asked = from_file(request)
    else:
        brief = {"caption": caption, "theme": theme, "post_at": post_at}
        asked = from_options(creator or [], platform, brief, horizon_days, target)
    with status("forecasting") as progress:
        progress("loading the model")
        now = datetime.now(UTC)
        answer = Predictor.load(settings.model, settings).respond(asked, now)
        answer = DirectKeeping(settings).keep(asked, answer, now)
    show_forecasts(answer, as_json)


app.command()(trajectory)
app.command()(update)
app.add_typer(campaign_app, name="campaign")
app.add_typer(conversions_app, name="conversions")
app.command()(plan)
app.command()(follow)
app.add_typer(ledger_app, name="ledger")
app.add_typer(keys_app, name="keys")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    home: Home = None,
) -> None:
    """Serve the web page at /, and the API; its documentation is at /docs."""
    import uvicorn

    from api.app import create_app
    from api.web.mount import add_pages

    served = add_pages(create_app(_settings(home), host=host))
    uvicorn.run(served, host=host, port=port, access_log=False, timeout_graceful_shutdown=_LAST_S)


@app.command()
def demo(home: Home = None, as_json: Json = False) -> None:
    """Make a world, import, train and forecast it, and write HOME/demo/report.html."""
    from api.cli_show import show_forecasts, status
    from demo.run import run_demo
    from reelcast.settings import load_settings

    folder = _settings(home).local_home / "demo"
    with status("demo") as progress:
        made = run_demo(load_settings(home=str(folder)), progress)
    show_forecasts(made.answer, as_json)
    print(f"report: {made.report}", file=sys.stderr)


def _import_each(files: list[Path], lake: Any, options: Any) -> tuple[list[Any], list[Any]]:
    """Reports of the files imported, and the errors of those refused, which stop no other file."""
    from api.cli_show import progress_bar
    from ingest import import_file

    reports: list[Any] = []
    refused: list[ReelcastError] = []
    for file in files:
        try:
            with progress_bar(file.name) as progress:
                reports.append(import_file(file, lake, options, progress))
        except (InputError, NotFoundError) as exc:
            refused.append(exc)
    return reports, refused


def _dataset(settings: Settings, collection: str | None) -> Any:
    from api.cli_show import progress_bar
    from features.dataset import load_dataset

    with progress_bar("embedding texts") as progress:
        return load_dataset(
            _lake(settings), settings.features, settings.sentence_cache, collection, progress
        )


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as exc:
        raise InputError(f"{text!r} is no ISO 8601 time, e.g. 2026-11-01T12:00:00+00:00") from exc


if __name__ == "__main__":
    main()
