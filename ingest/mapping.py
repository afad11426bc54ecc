"""What a file's columns mean: a strict model, read from YAML or written in a format's module."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from datetime import date, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ingest.fields import KINDS, Grain, Kind, misfit
from reelcast.errors import MappingError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Column(_Strict):
    """Where a field comes from and how its cells read.

    A column name may be a path into JSON ("author.fans"); "hashtags.*.name" collects a list.
    """

    source: tuple[str, ...] = Field((), alias="from", description="column, or names it may have")
    join: tuple[str, ...] = Field((), description="columns whose texts are joined by line breaks")
    kind: Kind | None = Field(None, description="how a cell reads; default by field")
    formats: tuple[str, ...] = Field((), description="strptime formats, tried before ISO 8601")
    zone: str | None = Field(None, description="zone of times without one; default `timezone`")
    at: time = Field(time(0), description="time of day for dates without one")
    read_offset_as: dict[str, str] = Field({}, description="corrects offsets written wrongly")
    separator: str = Field(",", min_length=1, description="between the items of a list")
    empty: tuple[str, ...] = Field((), description="cells that mean unknown, in any case")
    values: dict[str, str] = Field({}, description="what cells mean, in any case")
    hash: bool | None = Field(None, description="salted hash; default: true for creator only")
    prefix: str = Field("", description="put before an id")
    published_before: date | None = Field(None, description="only of posts before this day")

    @field_validator("source", "join", "formats", "empty", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_a_source(self) -> Column:
        if bool(self.source) == bool(self.join):
            raise ValueError("give either `from` or `join`")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        return self.source or self.join


class Mapping(_Strict):
    """A file's meaning: `columns` and `constants` fill the canonical fields of `grain`."""

    name: str
    about: str = ""
    extends: str | None = Field(None, description="a known format whose columns this one changes")
    grain: Grain = "posts"
    explode: str | None = Field(None, description="a nested list whose items are the rows")
    timezone: str | None = Field(None, description="of times without a zone")
    fold: str | None = Field(None, description="rows in a row with the same cell here are one")
    skip: dict[str, tuple[str, ...]] = Field({}, description="rows to leave out, by column")
    only: dict[str, tuple[str, ...]] = Field({}, description="rows to keep, by column")
    constants: dict[str, str | int | float | bool | datetime | date] = {}
    columns: dict[str, Column | None] = Field({}, description="null undoes an extended column")

    @field_validator("columns", mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        short = (str, list, tuple)
        return {k: {"from": v} if isinstance(v, short) else v for k, v in value.items()}

    @field_validator("skip", "only", mode="before")
    @classmethod
    def _one_cell_is_a_list(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        lists = {k: v if isinstance(v, list | tuple) else [v] for k, v in value.items()}
        return {column: tuple(str(cell) for cell in cells) for column, cells in lists.items()}

    @model_validator(mode="after")
    def _knows_its_fields(self) -> Mapping:
        unknown = sorted({*self.columns, *self.constants} - set(KINDS[self.grain]))
        if unknown:
            known = ", ".join(sorted(KINDS[self.grain]))
            raise ValueError(f"no field is called {', '.join(unknown)}: there are {known}")
        for field in self.read:
            needed = misfit(KINDS[self.grain][field], self.kind(field))
            if needed is not None:
                raise ValueError(f"{field} holds {needed}, kind {self.kind(field)} gives others")
        return self

    @model_validator(mode="after")
    def _keeps_secrets(self) -> Mapping:
        """What names people or orders is hashed, whatever the mapping says."""
        secret = [field for field, kind in KINDS[self.grain].items() if kind == "secret"]
        told = [field for field in secret if field in self.constants]
        for field in secret:
            column = self.columns.get(field)
            if column is not None and (column.hash is False or self.kind(field) != "secret"):
                told.append(field)
        if told:
            raise ValueError(
                f"{', '.join(told)}: always hashed, from a column, never kept as it is"
            )
        return self

    @property
    def read(self) -> dict[str, Column]:
        """The columns that are read, by field."""
        return {field: column for field, column in self.columns.items() if column is not None}

    def kind(self, field: str) -> Kind:
        column = self.columns.get(field)
        return (column.kind if column else None) or KINDS[self.grain][field]


def load_mapping(given: Path | str, formats: MappingOf[str, Mapping]) -> Mapping:
    """The mapping of a YAML file, or of the name of a shipped one.

    `formats` are those that it may extend. Raises MappingError naming each wrong key.
    """
    path = _locate(given)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise MappingError(f"mapping {path.name} is not valid YAML: {exc}") from exc
    if not isinstance(content, dict):
        raise MappingError(
            f"mapping {path.name} holds no keys: see docs/importing.md for an example"
        )
    try:
        return _build({"name": path.stem, **content}, formats)
    except ValidationError as exc:
        said = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'mapping'}: {e['msg']}" for e in exc.errors()
        )
        raise MappingError(f"mapping {path.name} is not valid: {said}") from exc


def shipped_mappings() -> tuple[str, ...]:
    """The names of the mappings that come with the package."""
    folder = files("configs") / "mappings"
    return tuple(sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".yaml")))


def _locate(given: Path | str) -> Path:
    path = Path(given)
    if path.is_file():
        return path
    if str(given) in shipped_mappings():
        return Path(str(files("configs") / "mappings" / f"{given}.yaml"))
    raise MappingError(
        f"there is no mapping {given}: give a YAML file, or one of {', '.join(shipped_mappings())}"
    )


def _build(content: dict[str, Any], formats: MappingOf[str, Mapping]) -> Mapping:
    extended = formats.get(str(content.get("extends")))
    grain = {"grain": extended.grain} if extended else {}
    own = Mapping.model_validate({**grain, **content})
    if own.extends is None:
        return own
    if own.extends not in formats:
        raise MappingError(
            f"mapping {own.name} extends {own.extends!r}, which is no known format: "
            f"there are {', '.join(formats)}"
        )
    base = formats[own.extends]
    given = own.model_dump(exclude_unset=True, exclude={"columns", "constants"})
    return base.model_copy(
        update={
            **given,
            "columns": {**base.columns, **own.columns},
            "constants": {**base.constants, **own.constants},
        }
    )
