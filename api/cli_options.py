"""What several commands of the command line share: options, settings and the lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

if TYPE_CHECKING:
    from reelcast.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Home = Annotated[
    Optional[str],  # noqa: UP045  (typer reads the annotation at run time)
    typer.Option(envvar="REELCAST_HOME", help="Folder of the lake and models. [default: ./var]"),
]


def settings_of(home: str | None) -> Settings:
    """The settings with this home."""
    from reelcast.settings import load_settings

    return load_settings(home=home)


def lake_of(settings: Settings) -> Any:
    """The lake of the settings."""
    from reelcast.store import Lake

    return Lake(settings.lake_root, settings.storage_options)
