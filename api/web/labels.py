"""Who is who: the lake holds pseudonyms, so handles are typed, kept in the browser, and hashed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from api.web.pieces import form, lines, say, show

Renamed = Callable[[str], Awaitable[None]]
_MOST = 50_000
_ANSWER_S = 10.0


async def kept() -> str:
    """The handles that this browser keeps."""
    from nicegui import ui

    await ui.context.client.connected()
    try:
        names = await ui.run_javascript("rcNames()", timeout=_ANSWER_S)
    except TimeoutError:  # a browser that is gone, or far too slow: rows stay unnamed
        return ""
    return str(names or "")[:_MOST]


async def names_kept(renamed: Renamed) -> None:
    """Tell the handles that this browser keeps, where it keeps some."""
    names = await kept()
    if names.strip():
        await renamed(names)


def label_form(renamed: Renamed) -> None:
    """A place to type handles, by which rows are named."""
    from nicegui import ui

    async def sent(fields: dict[str, str]) -> None:
        names = fields.get("names", "")[:_MOST]
        ui.run_javascript(f"rcNames({_quoted(names)})")
        await renamed(names)
        say("Names are kept in this browser", "good")

    said = (
        "<p>The lake holds pseudonyms, no names. Paste the handles you know, and their rows are "
        "named; the handles are kept in this browser alone.</p>"
    )
    with ui.element("section"):
        show(f"<h2>Names</h2>{said}")
        form(lines("Handles", "names", "", 3, "@ana @ben, as many as you like")
             + "<button>Name the rows</button>", sent)  # fmt: skip


def _quoted(words: str) -> str:
    import json

    return json.dumps(words)
