"""What is odd only in the light of other rows: second currencies, rows twice, unknown events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.fields import Grain
from ingest.sources import Bad
from ingest.times import NO_ZONE
from reelcast.errors import InputError
from reelcast.mentions import without_mentions
from reelcast.tables import TABLES

ONCE: dict[Grain, str] = {"holdouts": "holdouts", "brand_lift": "brand_lift"}
MAX_EVENTS = 8
Fields = Mapping[str, list[object]]
Sources = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Oddities:
    """What earlier rows of a table told, against which later ones are held."""

    grain: Grain
    _currencies: dict[object, int] = field(default_factory=dict)
    _seen: dict[tuple[object, ...], int] = field(default_factory=dict)
    _events: Counter[str] = field(default_factory=Counter)
    _untold: set[int] = field(default_factory=set)
    _zone_seen: bool = False

    def currencies(self, fields: Fields, lines: Sequence[int], sources: Sources) -> Iterator[Bad]:
        """The first row of each currency but the first one's."""
        column = sources.get("currency", ("currency",))[0]
        for line, currency in zip(lines, fields.get("currency", ()), strict=False):
            if currency is None or currency in self._currencies:
                continue
            if self._currencies:
                first = next(iter(self._currencies))
                yield Bad(
                    line,
                    column,
                    currency,
                    f"is {currency} where rows before are {first}: rows are kept in their own "
                    "currency and must not be summed together",
                )
            self._currencies[currency] = line

    def again(
        self, fields: Fields, lines: Sequence[int], left_out: Mapping[int, Bad]
    ) -> dict[int, Bad]:
        """The rows that tell again of what an earlier row told, by position: they are left out."""
        if self.grain not in ONCE:
            return {}
        key = TABLES[ONCE[self.grain]].key
        found: dict[int, Bad] = {}
        for row, line in enumerate(lines):
            cells = tuple(fields.get(name, [None] * len(lines))[row] for name in key)
            if row in left_out:
                continue
            if cells in self._seen:
                reason = (
                    f"stands twice: line {self._seen[cells]} has the same {', '.join(key)} and "
                    "counts; give each once"
                )
                found[row] = Bad(line, key[0], None, reason)
            else:
                self._seen[cells] = line
        return found

    def zones(self, file: str, sources: Sources, fields: Fields, bad: Sequence[Bad]) -> None:
        """Refuse a file whose first times all lack a zone: an hour changes what is credited.

        Raises InputError naming the first of them.
        """
        if self._zone_seen or "at" not in sources:
            return
        naive = [each for each in bad if each.reason == NO_ZONE and each.column in sources["at"]]
        self._zone_seen = any(moment is not None for moment in fields["at"])
        if naive and not self._zone_seen:
            raise InputError(
                f"{file} line {naive[0].line}: times in column {naive[0].column!r} have no zone: "
                "give --timezone, e.g. Europe/Berlin (UTC where the export's settings say so)"
            )

    def once(self, bad: list[Bad], sources: Sources) -> list[Bad]:
        """The bad cells, an event that is no conversion told at its first row only."""
        columns = sources.get("type", ()) if self.grain == "orders" else ()
        kept, self._untold = [], set()
        for each in bad:
            if each.column in columns:
                event = without_mentions(str(each.value).strip()[:60])
                self._events[event] += 1
                if self._events[event] > 1:
                    self._untold.add(each.line)
                    continue
            kept.append(each)
        return kept

    def untold(self, left_out: Iterable[Bad]) -> list[Bad]:
        """The rows left out whose reason stands at an earlier row already, taken away."""
        return [bad for bad in left_out if bad.line not in self._untold]

    def notes(self) -> list[str]:
        """What is to be said at the end."""
        notes = []
        if len(self._currencies) > 1:
            named = ", ".join(map(str, self._currencies))
            notes.append(f"several currencies ({named}): sum each on its own")
        if self._events:
            most = [f"{n:,} of {event}" for event, n in self._events.most_common(MAX_EVENTS)]
            notes.append(
                f"rows that are no conversions left out ({', '.join(most)}): name them under "
                "`values` of `type` in a mapping to import them"
            )
        return notes
