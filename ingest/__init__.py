"""Export files into the lake: one importer per known export, and any table with a mapping."""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.formats import IMPORTERS
from ingest.options import ImportOptions
from ingest.preview import Preview, preview
from ingest.recognition import Recognition
from ingest.run import ImportReport, import_file, recognise

__all__ = [
    "IMPORTERS",
    "ExportFormat",
    "ImportOptions",
    "ImportReport",
    "Preview",
    "Recognition",
    "import_file",
    "preview",
    "recognise",
]
