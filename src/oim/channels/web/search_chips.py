"""What was understood of a search, as chips: each leads to the results without it, or to what corrects it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from oim.channels.web.recommendation_form import RecommendationForm
from oim.channels.wording import KINDS, render_profile_parts
from oim.features.occupations import Occupation
from oim.kit.fields import FormFields
from oim.kit.i18n import Translator

# Answers that are only counted: others may look at the screen.
_PRIVATE_FIELDS = ("gender", "membership", "savings")
# The fields of the form that a chip drops, where they are not the one it is named after.
_DROPPED_FIELDS = {"town": ("region", "town"), "private": _PRIVATE_FIELDS}


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of what was understood. `removes`: whether its link leads to the results without it."""

    text: str
    href: str
    removes: bool


def build_chips(
    form: RecommendationForm,
    trades: Sequence[Occupation],
    find_address: Callable[[FormFields], str | None],
    t: Translator,
) -> list[Chip]:
    """Build the chips of a search in the order of its form.

    `find_address` gives the address of the results for other fields; None where results have none.
    """
    chips = []
    for name, text, rest in _list_parts(form, trades, t):
        address = find_address(rest) if rest is not None else None
        field = _DROPPED_FIELDS.get(name, (name,))[-1]
        chips.append(Chip(text, address or f"#{field}", address is not None))
    return chips


def _list_parts(
    form: RecommendationForm, trades: Sequence[Occupation], t: Translator
) -> Iterator[tuple[str, str, FormFields | None]]:
    """Yield the field of each part, its text, and the search without it; None if it was read in the words."""
    parts = render_profile_parts(form.profile, form.value("town"), t)
    if "text" in parts:
        yield "text", parts.pop("text"), _drop(form.fields, "text")
    if trades:
        names = ", ".join(trade.label(t.language).lower() for trade in trades)
        yield "text", t("trade: %(names)s", names=names), None
    for kind in form.profile.kinds:
        yield "kind", t(KINDS[kind]), _drop_value(form.fields, "kind", kind.value)
    for name, text in parts.items():
        is_typed = any(form.fields.get(field) for field in _DROPPED_FIELDS.get(name, (name,)))
        yield (name, text, _drop(form.fields, name)) if is_typed else ("text", text, None)
    if statuses := form.fields.get("status", ()):
        words = t.plural(
            "your situation (%(count)s answer)", "your situation (%(count)s answers)", len(statuses)
        )
        yield "status", words, _drop(form.fields, "status")
    if answered := [name for name in _PRIVATE_FIELDS if form.fields.get(name)]:
        words = t.plural("%(count)s other answer", "%(count)s other answers", len(answered))
        yield "private", words, _drop(form.fields, "private")


def _drop(fields: FormFields, name: str) -> FormFields:
    """The fields without those of a part."""
    dropped = _DROPPED_FIELDS.get(name, (name,))
    return {field: values for field, values in fields.items() if field not in dropped}


def _drop_value(fields: FormFields, name: str, value: str) -> FormFields:
    """The fields without one value of a field that has several."""
    return {**fields, name: [other for other in fields.get(name, ()) if other != value]}
