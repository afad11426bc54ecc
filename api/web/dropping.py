"""A place to drop files on: they go to the API's own upload route, then the page is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from api.web.markup import attribute, text
from api.web.pieces import show

if TYPE_CHECKING:
    from nicegui.elements.html import Html

Took = Callable[[dict[str, Any]], Awaitable[None]]


def drop(
    label: str, url: str, took: Took, accept: str = "", multiple: bool = False, fields: str = ""
) -> Html:
    """A zone and a button to choose files; the route's answer for each comes to `took`.

    `fields` are labelled boxes (HTML) whose values are sent along by their names.
    """

    async def uploaded(event: Any) -> None:
        await took(dict(event.args))

    shown = show(_zone(label, url, accept, multiple, fields))
    shown.on("uploaded", uploaded, js_handler="(e) => emit(e.detail)")
    return shown


def _zone(label: str, url: str, accept: str, multiple: bool, fields: str) -> str:
    many = " multiple" if multiple else ""
    return (
        f'<div class="drop" data-url="{attribute(url)}" '
        "ondragover=\"event.preventDefault(); this.classList.add('over')\" "
        "ondragleave=\"this.classList.remove('over')\" "
        "ondrop=\"event.preventDefault(); this.classList.remove('over'); "
        'rcUpload(this, event.dataTransfer.files)">'
        f'<div class="fields">{fields}</div>'
        f'<label class="zone"><span>{text(label)}</span>'
        f'<input type="file" accept="{attribute(accept)}"{many} '
        "onchange=\"rcUpload(this.closest('.drop'), this.files); this.value = ''\"></label>"
        f'<progress hidden aria-label="Sending"></progress><p role="status"></p></div>'
    )
