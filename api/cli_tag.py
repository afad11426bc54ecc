"""`reelcast tag`: videos -> contents with tags; `reelcast tags`: correct, train and remake them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from api.cli_options import Home, Json, lake_of, settings_of
from reelcast.errors import InputError

if TYPE_CHECKING:
    from content_tagging.batch.items import Item
    from reelcast.settings import Settings

tags = typer.Typer(
    help="Correct tags, learn from corrections, or make tags anew from stored signals.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
OptionalText = Optional[str]  # noqa: UP045
OptionalPath = Optional[Path]  # noqa: UP045  (typer reads the annotation at run time)
OptionalLabels = Optional[list[str]]  # noqa: UP045


def tag(
    paths: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Argument(help="Video or sound files, or folders of them."),
    ] = None,
    manifest: Annotated[
        OptionalPath, typer.Option(help="CSV or JSONL with path, post_id, caption, brand, product.")
    ] = None,
    brand: Annotated[
        OptionalText, typer.Option(help="Name to look for in the first 5 s. [default: unknown]")
    ] = None,
    product: Annotated[OptionalText, typer.Option(help="As --brand.")] = None,
    engine: Annotated[str, typer.Option(help="processes, or ray for a cluster.")] = "processes",
    workers: Annotated[
        int, typer.Option(min=0, help="Processes side by side. [default: as set, else one a core]")
    ] = 0,
    report: Annotated[OptionalPath, typer.Option(help="HTML page to write, of one file.")] = None,
    text: Annotated[
        OptionalPath, typer.Option(help="JSONL of texts to tag in place of files.")
    ] = None,
    out: Annotated[OptionalPath, typer.Option(help="JSONL file to write, of --text.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Watch videos and tag hook, format, theme and calls to action, each with its evidence."""
    settings = _with_workers(settings_of(home), workers)
    if text is not None:
        _tag_text(text, out, settings, as_json)
        return
    from content_tagging.batch.items import items_in
    from content_tagging.contents import About

    items = items_in(paths or [], manifest, About(brand=brand or None, product=product or None))
    if report is not None and len(items) > 1:
        raise InputError(f"--report is of one file, {len(items)} are named: name one")
    _tag_items(items, engine, report, settings, as_json)


def _tag_items(
    items: list[Item], engine: str, report: Path | None, settings: Settings, as_json: bool
) -> None:
    from api.cli_show import progress_bar
    from api.cli_show_tags import raise_failures, show_contents, show_tagged
    from content_tagging.batch.run import engine_of, tag_files
    from content_tagging.contents import load

    lake, watch = lake_of(settings), engine_of(engine)
    with progress_bar(f"watching {len(items):,} files") as progress:
        done = tag_files(items, lake, settings, watch, progress)
    ids = [done.content_of[item.path] for item in items if item.path in done.content_of]
    if report is not None and ids:
        from content_tagging.report.write import write_report

        write_report(report, load(lake, ids)[ids[0]], items[0].path, settings.tagging)
    show_contents(ids, lake, as_json)
    show_tagged(done)
    raise_failures(done.failures, done.files)


def _tag_text(text: Path, out: Path | None, settings: Settings, as_json: bool) -> None:
    from api.cli_show import progress_bar
    from api.cli_show_tags import show_text
    from content_tagging.tags.text_items import tag_items

    if out is None:
        raise InputError("--text needs --out, the JSONL file to write")
    with progress_bar("tagging texts") as progress:
        done = tag_items(text, out, settings, progress)
    show_text(done, out, as_json)
    if done.failures and not done.tagged:
        raise InputError(f"no line of {text} could be read: {done.failures[0].reason}")


@tags.command()
def correct(
    content: Annotated[str, typer.Argument(help="Id, its beginning, or the file's name.")],
    hook: Annotated[OptionalLabels, typer.Option(help="Repeat for more: first is primary.")] = None,
    format: Annotated[OptionalLabels, typer.Option(help="As --hook.")] = None,
    theme: Annotated[OptionalLabels, typer.Option(help="As --hook.")] = None,
    cta: Annotated[OptionalLabels, typer.Option(help="As --hook.")] = None,
    angle: Annotated[OptionalLabels, typer.Option(help="As --hook.")] = None,
    proof: Annotated[OptionalLabels, typer.Option(help="As --hook.")] = None,
    offer: Annotated[OptionalLabels, typer.Option(help="As --hook.")] = None,
    disclosure: Annotated[OptionalLabels, typer.Option(help="As --hook.")] = None,
    reason: Annotated[str, typer.Option(help="Why, for those who come after.")] = "",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Say what a content's labels are; the tagger learns from it at `reelcast tags train`."""
    from api.cli_show import show
    from content_tagging.correcting import correct_tags

    given = {
        **{"hook": hook, "format": format, "theme": theme, "cta": cta},
        **{"angle": angle, "proof": proof, "offer": offer, "disclosure": disclosure},
    }
    labels = {group: tuple(of_group) for group, of_group in given.items() if of_group}
    lake = lake_of(settings_of(home))
    content_id = correct_tags(lake, content, labels, datetime.now(UTC), reason or None)
    said = "; ".join(f"{group}: {', '.join(names)}" for group, names in labels.items())
    show({"content_id": content_id, **labels}, as_json, f"{content_id[:12]} is now {said}")


@tags.command()
def train(home: Home = None, as_json: Json = False) -> None:
    """Learn from the corpus and the corrections, and say whether held-out ones are met better."""
    from api.cli_show import status
    from api.cli_show_tags import show_learned
    from content_tagging.correcting import train_on_corrections

    settings = settings_of(home)
    with status("training the tagger"):
        learned = train_on_corrections(lake_of(settings), settings)
    show_learned(learned, as_json)


@tags.command()
def remake(home: Home = None, as_json: Json = False) -> None:
    """Make measures and tags anew from stored signals, after the taxonomy or tagger changed."""
    from api.cli_show import progress_bar, show
    from api.cli_show_tags import raise_failures, show_failed
    from content_tagging.media.threads import workers_of
    from content_tagging.reader import Reader
    from content_tagging.remake import remake as run

    settings = settings_of(home)
    load, workers = partial(Reader.load, settings), workers_of(settings.tagging)
    with progress_bar("reading signals") as progress:
        done = run(lake_of(settings), load, workers, progress)
    figures = {"made": done.made, "known": done.known, "failed": len(done.failures)}
    words = f"{done.made:,} contents tagged anew, {done.known:,} were up to date"
    show({**figures, "seconds": round(done.seconds, 3)}, as_json, words)
    show_failed(done.failures)
    raise_failures(done.failures, done.made + done.known + len(done.failures))


def _with_workers(settings: Settings, workers: int) -> Settings:
    tagging = settings.tagging.model_copy(update={"workers": workers or settings.tagging.workers})
    return settings.model_copy(update={"tagging": tagging})
