"""A form as it was filled in, to be shown again with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oim.kit.errors import BadInputError, OimError
from oim.kit.fields import FormFields
from oim.kit.i18n import Translator

WHOLE_FORM = "form"  # stands for the field of what is wrong with all of it


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, by the names of fields, and what is wrong with which."""

    fields: FormFields = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "")

    def has_value(self, name: str, value: object) -> bool:
        return str(value) in self.fields.get(name, ())


def fill_form(values: Mapping[str, object]) -> Form:
    """A form with these values in it; None leaves a field empty."""
    return Form({name: [str(value)] for name, value in values.items() if value is not None})


def with_error(fields: FormFields, error: OimError, t: Translator) -> Form:
    """The form as it was sent, with an error beside the field it names, or above all of it."""
    name = error.field if isinstance(error, BadInputError) and error.field else WHOLE_FORM
    return Form(fields, {name: t(error.message, **error.values)})
