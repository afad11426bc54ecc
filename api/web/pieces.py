"""Pieces of live pages: HTML that is shown and listened to, empty states, work with progress."""

from __future__ import annotations

import html
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from api.web.markup import attribute, prose, text
from reelcast.errors import ReelcastError

if TYPE_CHECKING:
    from nicegui.elements.html import Html

Answer = TypeVar("Answer")
Act = Callable[[str, str], Awaitable[None]]
Send = Callable[[dict[str, str]], Awaitable[None]]
Move = Callable[[str, str, str], Awaitable[None]]
_CLICKED = (
    "(e) => { const b = e.target.closest('[data-act]');"
    " if (b) emit(b.dataset.act, b.dataset.value ?? (b.checked === undefined ? '' : "
    "String(b.checked))) }"
)
_MOVED = (
    "(e) => { const b = e.target.closest('[data-set]');"
    " if (b) emit(b.dataset.set, b.dataset.value, b.value) }"
)
_SENT = (
    "(e) => { e.preventDefault(); const sent = {};"
    " for (const [k, v] of new FormData(e.target)) if (typeof v === 'string')"
    " sent[k] = k in sent ? sent[k] + ',' + v : v; emit(sent) }"
)
_TYPED = (
    "(e) => { const f = e.target.closest('form'); if (!f) return; const typed = {};"
    " for (const [k, v] of new FormData(f)) if (typeof v === 'string') typed[k] = v; emit(typed) }"
)
_CHANGED = (
    "(e) => { const f = e.target.closest('form');"
    " if (f && e.target.matches('select, input[type=checkbox]')) f.requestSubmit() }"
)


def show(content: str) -> Html:
    """HTML on the page, made by `markup` (all that people wrote is escaped there)."""
    from nicegui import ui

    return ui.html(content, sanitize=False)


def listen(shown: Html, act: Act) -> Html:
    """Calls `act` with the words of each thing clicked that has `data-act` (and `data-value`)."""

    async def clicked(event: Any) -> None:
        name, value = event.args
        await act(str(name), str(value))

    shown.on("click", clicked, js_handler=_CLICKED)
    return shown


def moved(shown: Html, move: Move) -> Html:
    """Calls `move` while a slider or a box that has `data-set` is moved: its word, whose it is
    (`data-value`), its value. At most twenty times a second, the last time always."""

    async def heard(event: Any) -> None:
        name, whose, value = event.args
        await move(str(name), str(whose), str(value))

    shown.on("input", heard, js_handler=_MOVED, throttle=0.05)
    return shown


async def fill(cells: Mapping[str, str]) -> None:
    """Puts HTML into elements of the page by their ids, and leaves all else as it is."""
    from nicegui import ui

    await ui.context.client.connected()
    ui.run_javascript(f"rcFill({json.dumps(dict(cells))})")


def opens(title: str) -> Any:
    """A part that opens on asking, which live pieces are put into."""
    from nicegui import ui

    part = ui.element("details")
    with part, ui.element("summary"):
        show(f"<span>{text(title)}</span>")
    return part


def form(content: str, send: Send, at_once: bool = False, name: str = "") -> Html:
    """A form whose fields (by name) come to `send`; with `at_once` also when a choice changes.

    A button elsewhere on the page sends it by `form="NAME"`.
    """

    async def sent(event: Any) -> None:
        await send({str(k): str(v) for k, v in dict(event.args).items()})

    own = f' id="{attribute(name)}"' if name else ""
    shown = show(f"<form{own}>{content}</form>")
    shown.on("submit", sent, js_handler=_SENT)
    if at_once:
        shown.on("change", js_handler=_CHANGED)
    return shown


def empty(title: str, what_to_do: str) -> None:
    """Says that there is nothing here, and what to do about it."""
    show(f'<div class="empty" role="status"><h2>{text(title)}</h2><p>{prose(what_to_do)}</p></div>')


def say(words: str, kind: str = "info") -> None:
    """A short message, also read aloud: `kind` is info, good or bad."""
    from nicegui import ui

    colours = {"info": None, "good": "positive", "bad": "negative"}
    ui.notify(words, type=colours[kind], multi_line=True, timeout=8000)  # type: ignore[arg-type]


async def at_work(run: Callable[..., Answer], *given: Any, **named: Any) -> Answer:
    """What a function returns that would block the server, run beside it."""
    from nicegui import run as beside

    answer = await beside.io_bound(run, *given, **named)
    return answer  # type: ignore[return-value]  # None only where the server is stopping


async def told(work: Awaitable[Answer]) -> Answer | None:
    """The answer, or None after an error of ours was told on the page."""
    try:
        return await work
    except ReelcastError as exc:
        say(f"{exc.title}: {exc}", "bad")
        return None


def typed(shown: Html, take: Send) -> Html:
    """Calls `take` with a form's fields whenever one was changed, before the form is sent."""

    async def changed(event: Any) -> None:
        await take({str(k): str(v) for k, v in dict(event.args).items()})

    shown.on("change", changed, js_handler=_TYPED)
    return shown


def field(label: str, name: str, control: str, hint: str = "") -> str:
    """A labelled control; `control` is HTML with `id="f-NAME"`."""
    said = f'<span class="hint" id="h-{name}">{text(hint)}</span>' if hint else ""
    return f'<div class="field"><label for="f-{name}">{text(label)}</label>{control}{said}</div>'


def entry(label: str, name: str, value: object = "", kind: str = "text", **more: str) -> str:
    """A labelled box for a line of text or a number."""
    hint = more.pop("hint", "")
    extra = "".join(f' {key}="{attribute(given)}"' for key, given in more.items())
    said = f' aria-describedby="h-{name}"' if hint else ""
    box = (
        f'<input id="f-{name}" name="{name}" type="{kind}" value="{attribute(value)}"{extra}{said}>'
    )
    return field(label, name, box, hint)


def lines(label: str, name: str, value: str = "", rows: int = 2, hint: str = "") -> str:
    """A labelled box for several lines."""
    said = f' aria-describedby="h-{name}"' if hint else ""
    box = (
        f'<textarea id="f-{name}" name="{name}" rows="{rows}"{said}>{html.escape(value)}</textarea>'
    )
    return field(label, name, box, hint)


def choice(label: str, name: str, options: Mapping[str, str], chosen: str = "") -> str:
    """A labelled list of which one is chosen."""
    listed = "".join(
        f'<option value="{attribute(key)}"{" selected" if key == chosen else ""}>{text(words)}'
        "</option>"
        for key, words in options.items()
    )
    return field(label, name, f'<select id="f-{name}" name="{name}">{listed}</select>')
