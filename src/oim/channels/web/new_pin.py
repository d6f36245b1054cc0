"""What can be wrong with a name and a PIN that somebody chooses, on joining and after forgetting one."""

from __future__ import annotations

from oim.channels.web.form import find_errors
from oim.features import people
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, first_value
from oim.kit.i18n import Translator, mark


def find_new_pin_errors(form: FormFields, t: Translator) -> dict[str, str]:
    """Find what is wrong with a name and a new PIN, which was typed twice: by field, all of it at once."""
    checks = (
        lambda: people.validate_name(first_value(form, "name")),
        lambda: people.validate_pin(first_value(form, "pin")),
        lambda: check_repeated_pin(form),
    )
    return find_errors(checks, t)


def check_repeated_pin(form: FormFields) -> None:
    """Check that a new PIN was typed twice, as nobody sees what they type. Raises BadInputError."""
    pins = ("".join(first_value(form, name).split()) for name in ("pin", "pin_again"))
    if len(set(pins)) != 1:
        raise BadInputError(mark("The two PINs are not the same. Type both again."), field="pin_again")
