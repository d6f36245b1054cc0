"""A form as it was filled in, to be shown again with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oim.kit.errors import BadInputError, OimError
from oim.kit.i18n import Translator

Typed = Mapping[str, Sequence[str]]
WHOLE = "form"  # stands for the field of what is wrong with all of it


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, by the names of fields, and what is wrong with which."""

    typed: Typed = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return next(iter(self.typed.get(name, ())), "")

    def has(self, name: str, value: object) -> bool:
        return str(value) in self.typed.get(name, ())


def filled(values: Mapping[str, object]) -> Form:
    """A form with these values in it; None leaves a field empty."""
    return Form({name: [str(value)] for name, value in values.items() if value is not None})


def refused(typed: Typed, error: OimError, t: Translator) -> Form:
    """The form as it was sent, with an error beside the field it names, or above all of it."""
    name = error.field if isinstance(error, BadInputError) and error.field else WHOLE
    return Form(typed, {name: t(error.message, **error.values)})


def first(typed: Typed, name: str) -> str:
    """What was typed into a field, less the space around it."""
    return next(iter(typed.get(name, ())), "").strip()
