"""A known export: its mapping and the marks by which it is recognised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.mapping import Mapping
from ingest.sources import FileKind


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """`marks` are columns that it always has, each with the names the column may bear.

    `says` are cells of the first row that must begin so (in any case). `refuses` are columns of
    variants that cannot be read, each with what to do; `advice` is what to do where a mark lacks.
    """

    title: str
    files: tuple[FileKind, ...]
    marks: tuple[tuple[str, ...], ...]
    mapping: Mapping
    says: dict[str, str] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    advice: str = ""

    @property
    def name(self) -> str:
        return self.mapping.name

    def missing(self, header: Sequence[str]) -> list[str]:
        """The marks that the header lacks, by their first name."""
        there = {name.strip().casefold() for name in header}
        heads = {name.rpartition(".")[0] for name in there}
        known = there | heads
        return [mark[0] for mark in self.marks if not any(m.casefold() in known for m in mark)]

    def refusal(self, header: Sequence[str]) -> str | None:
        """What to do about a table that is a variant of this export which cannot be read."""
        there = {name.strip().casefold() for name in header}
        return next((said for name, said in self.refuses.items() if name.casefold() in there), None)

    def fits_row(self, row: dict[str, object]) -> bool:
        """Whether the first row says what this export's rows say."""
        cells = {name: str(row.get(name, "")).casefold() for name in self.says}
        return all(cells[name].startswith(start.casefold()) for name, start in self.says.items())
