"""Runs the demo: a simulated world's export files, imported as anyone's would be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from demo.world import ExportFile
from ingest import ImportOptions, ImportReport, import_file
from reelcast.store import Lake


def import_world(
    exports: Sequence[ExportFile],
    lake: Lake,
    salt: str,
    progress: Callable[[int, int], None] | None = None,
) -> list[ImportReport]:
    """Import each file, its format recognised; `progress` is told the files done and in all."""
    reports = []
    for number, file in enumerate(exports, 1):
        options = ImportOptions(
            salt=salt, mapping=file.mapping, creator=file.creator, observed_at=file.observed_at
        )
        reports.append(import_file(file.path, lake, options))
        if progress is not None:
            progress(number, len(exports))
    return reports
