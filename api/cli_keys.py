"""`reelcast keys`: API keys are made, listed and revoked here, never over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from api.cli_options import Home, Json, settings_of

if TYPE_CHECKING:
    from reelcast.keys import KeyRing

keys_app = typer.Typer(
    help="Make, list and revoke the keys of the web API.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@keys_app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who or what it is for.")],
    scope: Annotated[
        Optional[list[str]],  # noqa: UP045  (typer reads the annotation at run time)
        typer.Option(
            help="read, forecast, tag, write or admin; repeat for more. [default: read, forecast]"
        ),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make a key; it is shown this once."""
    from api.cli_show import show

    with _ring(home) as ring:
        secret, key = ring.create(name, scope or ["read", "forecast"], datetime.now(UTC))
    made = {"key": secret, **key.model_dump(mode="json")}
    show(made, as_json, f"{secret}\nfor {key.name}: {', '.join(key.scopes)}. It is not shown again")


@keys_app.command("list")
def list_(home: Home = None, as_json: Json = False) -> None:
    """List the keys: their beginnings, scopes, and which are revoked."""
    from api.cli_show import show

    with _ring(home) as ring:
        keys = ring.all()
    lines = [
        f"{key.key_id}  {key.created_at:%Y-%m-%d}  {','.join(key.scopes):24}  {key.name}"
        f"{f'  revoked {key.revoked_at:%Y-%m-%d}' if key.revoked_at else ''}"
        for key in keys
    ]
    found = {"keys": [key.model_dump(mode="json") for key in keys]}
    show(found, as_json, "\n".join(lines) or "no keys: `reelcast keys create NAME` makes one")


@keys_app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's beginning, as its list shows it.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Revoke a key: servers refuse it within five seconds."""
    from api.cli_show import show

    with _ring(home) as ring:
        key = ring.revoke(key_id, datetime.now(UTC))
    show(key.model_dump(mode="json"), as_json, f"{key.key_id} ({key.name}) is revoked")


@contextmanager
def _ring(home: str | None) -> Iterator[KeyRing]:
    from reelcast.database import database_url
    from reelcast.keys import KeyRing

    ring = KeyRing(database_url(settings_of(home)))
    try:
        yield ring
    finally:
        ring.close()
