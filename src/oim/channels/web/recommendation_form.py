"""The search form read into a profile. What cannot be read is told beside its field; the rest is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oim.channels.web.form import Form
from oim.features import places
from oim.features.matching import Profile
from oim.features.profile import FIELD_PARSERS
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, first_value
from oim.kit.i18n import Translator, format_number

MAX_TEXT_LENGTH = 2000  # characters
FOLDED_FIELDS = (
    "birth_year",
    "gender",
    "status",
    "education",
    "experience",
    "membership",
    "savings",
)  # under "say more"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationForm(Form):
    """The search form: what it means too, and what is to be told of how it was read."""

    profile: Profile
    notices: tuple[str, ...]

    @property
    def folded_count(self) -> int:
        """How many fields under "say more" are filled in."""
        return sum(1 for name in FOLDED_FIELDS if self.fields.get(name))

    @property
    def has_folded_errors(self) -> bool:
        return any(name in self.errors for name in FOLDED_FIELDS)


def parse_recommendation_form(fields: FormFields, t: Translator) -> RecommendationForm:
    """Read a form, sent or not: with no fields it is the empty form."""
    typed = {name: [v.strip() for v in values if v.strip()] for name, values in fields.items()}
    notices = _cut_text(typed, t) + _notice_unknown_town(typed, t)
    known: dict[str, Any] = {"language": t.language}
    errors: dict[str, str] = {}
    for name, parse in FIELD_PARSERS.items():
        try:
            known |= parse(typed)
        except BadInputError as error:
            errors[name] = t(error.message, **error.values)
    return RecommendationForm(fields=typed, errors=errors, profile=Profile(**known), notices=notices)


def _cut_text(fields: dict[str, list[str]], t: Translator) -> tuple[str, ...]:
    """Cut a text that is too long, counting a line break as one character, as browsers do."""
    text = "".join(fields.get("text", [])[:1]).replace("\r\n", "\n")
    fields["text"] = [text[:MAX_TEXT_LENGTH]] if text else []
    if len(text) <= MAX_TEXT_LENGTH:
        return ()
    count = format_number(MAX_TEXT_LENGTH, t.language)
    return (t("Your text was long: only its first %(count)s characters were read.", count=count),)


def _notice_unknown_town(fields: FormFields, t: Translator) -> tuple[str, ...]:
    town = first_value(fields, "town")
    if not town or places.resolve(None, town):
        return ()
    return (
        t("We do not know the place “%(town)s”. Try the nearest town, or choose your region.", town=town),
    )
