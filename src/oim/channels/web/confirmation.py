"""The page before an act that cannot be undone, or that changes what others see: it names what goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.responses import HTMLResponse

from oim.channels.web.form import Form
from oim.channels.web.pages import PageContext
from oim.channels.web.statuses import Status
from oim.kit.fields import FormFields


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What is about to happen, in translated words.

    `consequences` are whole sentences. `action` is where the form goes and `back` where the person changes
    nothing, both below the language: `me/data/erase`. `fields` go with it: what was typed before.
    """

    heading: str
    consequences: Sequence[str]
    button: str
    action: str
    back: str
    asks_pin: bool = False
    fields: Sequence[tuple[str, str]] = ()


CONFIRMED = "confirmed"  # the field of a form that was confirmed, where asking and acting have one address


def list_confirmed_fields(form: FormFields) -> list[tuple[str, str]]:
    """List what was typed, and that it is confirmed, to be sent once more."""
    typed = [(name, value) for name, values in form.items() if name != CONFIRMED for value in values]
    return [*typed, (CONFIRMED, "yes")]


def render_confirmation(
    page: PageContext, confirmation: Confirmation, form: Form | None = None, status: Status = 200
) -> HTMLResponse:
    """Render the page that asks to confirm; `form` carries the errors of the PIN."""
    return page.render("confirm.html", status, confirmation=confirmation, form=form or Form())
