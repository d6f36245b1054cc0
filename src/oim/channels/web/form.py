"""A form as the visitor filled it in, to be shown again with an error beside each field that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from oim.channels.wording import render_error
from oim.kit.errors import BadInputError, OimError
from oim.kit.fields import FormFields
from oim.kit.i18n import Translator

# Key in `Form.errors` of an error that concerns no single field; `fields.html` compares with the same text.
WHOLE_FORM = "form"


@dataclass(frozen=True, slots=True)
class Form:
    """The values typed and the translated errors, both by the name of the field."""

    fields: FormFields = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The first value of a field; empty where there is none."""
        return next(iter(self.fields.get(name, ())), "")

    def has_value(self, name: str, value: object) -> bool:
        """Whether a value is among those of a field, as a ticked box or a selected option."""
        return str(value) in self.fields.get(name, ())


def fill_form(values: Mapping[str, object]) -> Form:
    """Create a form filled in with these values; None leaves a field empty."""
    return Form({name: [str(value)] for name, value in values.items() if value is not None})


def find_errors(checks: Iterable[Callable[[], object]], t: Translator) -> dict[str, str]:
    """Find what is wrong with a form, each field once: a person corrects all of it at a time."""
    errors: dict[str, str] = {}
    for check in checks:
        try:
            check()
        except BadInputError as error:
            errors.setdefault(error.field or WHOLE_FORM, render_error(error, t))
    return errors


def with_error(fields: FormFields, error: OimError, t: Translator) -> Form:
    """Create the form as it was posted, with an error beside the field it names, or above the whole form."""
    name = error.field if isinstance(error, BadInputError) and error.field else WHOLE_FORM
    return Form(fields, {name: render_error(error, t)})
