"""Options that several command modules share."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Home = Annotated[
    Optional[str],  # noqa: UP045  (typer reads the annotation at run time)
    typer.Option(envvar="REELCAST_HOME", help="Folder of the lake and models. [default: ./var]"),
]
