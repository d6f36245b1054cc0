"""The search form read into a profile. What cannot be read is told beside its field; the rest is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oim.channels.web.form import Form, Typed, first
from oim.channels.web.parsers import PARSERS
from oim.features import places
from oim.features.matching.types import Profile
from oim.kit.errors import BadInputError
from oim.kit.i18n import Translator, format_number

TEXT_MAX = 2000  # characters
MORE = (
    "birth_year",
    "gender",
    "status",
    "education",
    "experience",
    "membership",
    "savings",
)  # under "say more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled(Form):
    """The search form: what it means too, and what is to be told of how it was read."""

    profile: Profile
    notices: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many fields under "say more" are filled in."""
        return sum(1 for name in MORE if self.typed.get(name))

    @property
    def more_wrong(self) -> bool:
        return any(name in self.errors for name in MORE)


def read(fields: Typed, t: Translator) -> Filled:
    """Read a form, sent or not: with no fields it is the empty form."""
    typed = {name: [v.strip() for v in values if v.strip()] for name, values in fields.items()}
    notices = _cut(typed, t) + _unknown_town(typed, t)
    known: dict[str, Any] = {"language": t.language}
    errors: dict[str, str] = {}
    for name, parse in PARSERS.items():
        try:
            known |= parse(typed)
        except BadInputError as error:
            errors[name] = t(error.message, **error.values)
    return Filled(typed=typed, errors=errors, profile=Profile(**known), notices=notices)


def _cut(typed: dict[str, list[str]], t: Translator) -> tuple[str, ...]:
    """Cut a text that is too long, counting a line break as one character, as browsers do."""
    text = "".join(typed.get("text", [])[:1]).replace("\r\n", "\n")
    typed["text"] = [text[:TEXT_MAX]] if text else []
    if len(text) <= TEXT_MAX:
        return ()
    count = format_number(TEXT_MAX, t.language)
    return (t("Your text was long: only its first %(count)s characters were read.", count=count),)


def _unknown_town(typed: Typed, t: Translator) -> tuple[str, ...]:
    town = first(typed, "town")
    if not town or places.resolve(None, town):
        return ()
    return (
        t("We do not know the place “%(town)s”. Try the nearest town, or choose your region.", town=town),
    )
