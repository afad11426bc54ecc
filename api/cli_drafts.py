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
    from inference.compare_records import CompareRequest, CompareResponse
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
        typer.Option(help="A draft's caption; repeat for more."),
    ] = None,
    video: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="A tagged video: its file, id or name; repeat for more."),
    ] = None,
    target: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="views, likes, ..., engagement_rate; repeat. [default: all]"),
    ] = None,
    platform: Annotated[str, typer.Option(help="Platform of the handle.")] = "tiktok",
    request: Annotated[
        OptionalPath, typer.Option(help="JSON or YAML as POST /v1/comparisons takes it.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """How likely each draft or video of a creator does better than each other."""
    from api.cli_files import read_file
    from inference.compare_records import CompareRequest
    from inference.creative import Creative
    from inference.predictor import Predictor

    settings = settings_of(home)
    asked = (
        read_file(CompareRequest, request)
        if request
        else _from_options((creator, platform), draft or [], video or [], target)
    )
    predictor = Predictor.load(settings.model, settings)
    answer = Creative(settings, lambda: predictor).compare(asked, datetime.now(UTC))
    _show_comparison(answer, [*(draft or []), *(video or [])], as_json)


def _from_options(
    person: tuple[str, str], drafts: list[str], videos: list[str], targets: list[str] | None
) -> CompareRequest:
    from api.cli_files import valid
    from inference.compare_records import CompareRequest

    creator, platform = person
    if not creator:
        raise InputError("name a creator: --creator ID, --creator @handle, or --request FILE")
    if not 2 <= len(drafts) + len(videos) <= 10:
        raise InputError(
            f"{len(drafts) + len(videos)} drafts are given: give --draft and --video two to ten "
            "times in all"
        )
    by_handle = {"handle": creator, "platform": platform, "label": creator}
    shown = [{"content_id": _content(video)} for video in videos]
    data = {
        "creator": by_handle if creator.startswith("@") else {"creator_id": creator},
        "drafts": [*({"caption": caption} for caption in drafts), *shown],
        "targets": targets or None,
    }
    return valid(CompareRequest, data)


def _content(video: str) -> str:
    """The id of a file, by its bytes; anything else is an id or a name already."""
    from content_tagging.cache import sha256_of

    path = Path(video)
    return sha256_of(path) if path.is_file() else video


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


def _show_comparison(answer: CompareResponse, said: list[str], as_json: bool) -> None:
    from api.cli_show import show_table

    head = ("target", "first", "second", "chance", "times", "sign error", "in words")
    rows: list[tuple[Any, ...]] = [
        (d.target, d.first, d.second, f"{d.chance:.0%}", f"{d.times:.2f}", f"{d.sign_error:.2f}",
         d.words)
        for d in answer.duels
    ]  # fmt: skip
    show_table(answer.model_dump(mode="json"), head, rows, as_json)
    if not as_json:
        for draft, words in zip(answer.drafts, said, strict=False):
            print(f"{draft.name}: {words}", file=sys.stderr)
        for target, words in answer.evidence.items():
            print(f"{target}: {words}", file=sys.stderr)
        for target, words in answer.content_evidence.items():
            print(f"{target}, labels and measures: {words}", file=sys.stderr)
        print(answer.control, file=sys.stderr)
