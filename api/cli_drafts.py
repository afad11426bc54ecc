"""`reelcast effects`: what content goes with; `reelcast compare`: drafts against each other."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from api.cli_options import Home, Json, lake_of, settings_of
from reelcast.errors import InputError

if TYPE_CHECKING:
    from inference.compare import CompareRequest, CompareResponse
    from inference.effects import Effect

OptionalPath = Optional[Path]  # noqa: UP045  (typer reads the annotation at run time)


def effects(
    target: Annotated[str, typer.Option(help="views, likes, comments, shares or saves.")] = "views",
    labels: Annotated[
        OptionalPath,
        typer.Option(help="Parquet or CSV with post_id, group, label, probability; else the lake."),
    ] = None,
    plot: Annotated[OptionalPath, typer.Option(help="Picture to write: PNG, SVG or PDF.")] = None,
    collection: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Only posts collected so, as the export's mapping names it."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """What hook, format, theme, call to action and each measure go with, and how surely."""
    from features.dataset import load_dataset
    from inference.effect_design import described_in, labels_in
    from inference.effect_plot import plot_effects
    from inference.effects import effects_of

    settings = settings_of(home)
    lake = lake_of(settings)
    named, measures = (labels_in(labels), None) if labels else described_in(lake)
    plain = settings.features.model_copy(update={"text": "never", "content": "never"})
    dataset = load_dataset(lake, plain, settings.sentence_cache, collection)
    found = effects_of(dataset, named, measures, target)
    if plot is not None:
        print(f"picture: {plot_effects(found, target, plot)}", file=sys.stderr)
    _show_effects(found, target, as_json)


def compare(
    creator: Annotated[str, typer.Option(help="A creator id, or @handle with --platform.")] = "",
    draft: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="A draft's caption; two or more."),
    ] = None,
    platform: Annotated[str, typer.Option(help="Platform of the handle.")] = "tiktok",
    request: Annotated[
        OptionalPath, typer.Option(help="JSON file with creator, drafts, names and targets.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """How likely each draft of a creator does better than each other."""
    from inference.compare import compare as run
    from inference.predictor import Predictor

    settings = settings_of(home)
    asked = _from_file(request) if request else _from_options(creator, platform, draft or [])
    predictor = Predictor.load(settings.model, settings)
    _show_comparison(run(predictor, asked, datetime.now(UTC)), as_json)


def _from_file(path: Path) -> CompareRequest:
    from pydantic import ValidationError

    from api.cli_ask import named_error
    from inference.compare import CompareRequest
    from reelcast.errors import NotFoundError

    if not path.is_file():
        raise NotFoundError(f"no file {path}: give JSON with creator, drafts, names and targets")
    try:
        return CompareRequest.model_validate_json(path.read_bytes())
    except ValidationError as exc:
        raise named_error(exc) from exc


def _from_options(creator: str, platform: str, drafts: list[str]) -> CompareRequest:
    from inference.compare import CompareRequest, briefs_of
    from reelcast.records import CreatorQuestion

    if not creator:
        raise InputError("name a creator: --creator ID, --creator @handle, or --request FILE")
    if not 2 <= len(drafts) <= 10:
        raise InputError(f"{len(drafts)} drafts are given: give --draft two to ten times")
    by_handle = {"handle": creator, "platform": platform, "label": creator}
    person = by_handle if creator.startswith("@") else {"creator_id": creator}
    return CompareRequest(creator=CreatorQuestion.model_validate(person), drafts=briefs_of(drafts))


def _show_effects(found: list[Effect], target: str, as_json: bool) -> None:
    from api.cli_show import show_table

    head = ("group", "label", "unit", "posts", "creators", "times", "95%", "q", "in words")
    rows: list[tuple[Any, ...]] = [
        (
            e.group,
            e.label,
            e.unit,
            f"{e.n_posts:,}",
            f"{e.n_creators:,}",
            f"{e.factor:.2f}",
            f"{e.low:.2f} to {e.high:.2f}",
            f"{e.q_value:.3f}",
            e.words,
        )
        for e in found
    ]
    show_table([e.model_dump() for e in found], head, rows, as_json)
    if not as_json:
        clear = sum(e.is_clear for e in found)
        print(
            f"{clear} of {len(found)} clear for {target}; association, not proof of cause",
            file=sys.stderr,
        )


def _show_comparison(answer: CompareResponse, as_json: bool) -> None:
    from api.cli_show import show_table

    head = ("target", "first", "second", "chance", "times", "in words")
    rows: list[tuple[Any, ...]] = [
        (d.target, d.first, d.second, f"{d.chance:.0%}", f"{d.times:.2f}", d.words)
        for d in answer.duels
    ]
    show_table(answer.model_dump(mode="json"), head, rows, as_json)
    if not as_json:
        for target, words in answer.evidence.items():
            print(f"{target}: {words}", file=sys.stderr)
