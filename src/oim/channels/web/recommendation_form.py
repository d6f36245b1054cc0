"""The search form of the home page, parsed into a profile.

A field that cannot be read gets an error, and the form is shown again with everything that was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oim.channels.web.form import Form
from oim.channels.wording import render_error
from oim.features import places
from oim.features.matching import Profile
from oim.features.profile import FIELD_PARSERS
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, check_length, first_value
from oim.kit.i18n import Translator

MAX_TEXT_LENGTH = 2000  # characters
# Fields below "Say more for better answers", which is folded until one is filled in or needed.
FOLDED_FIELDS = (
    "birth_year",
    "gender",
    "status",
    "education",
    "experience",
    "membership",
    "savings",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationForm(Form):
    """The search form, the profile parsed from it, and notices for the person (town unknown)."""

    profile: Profile
    notices: tuple[str, ...]

    @property
    def folded_count(self) -> int:
        """How many of the folded fields are filled in."""
        return sum(1 for name in FOLDED_FIELDS if self.fields.get(name))

    @property
    def has_folded_errors(self) -> bool:
        """Whether a folded field has an error, so that the fold must be open."""
        return any(name in self.errors for name in FOLDED_FIELDS)


def parse_recommendation_form(fields: FormFields, t: Translator) -> RecommendationForm:
    """Parse a posted form, or create the empty form from no fields. Errors are collected, not raised."""
    typed = {name: [v.strip() for v in values if v.strip()] for name, values in fields.items()}
    values: dict[str, Any] = {"language": t.language}
    errors: dict[str, str] = {}
    for name, parse in _PARSERS.items():
        try:
            values |= parse(typed)
        except BadInputError as error:
            errors[name] = render_error(error, t)
    notices = _notice_unknown_town(typed, t)
    return RecommendationForm(fields=typed, errors=errors, profile=Profile(**values), notices=notices)


def _parse_text(fields: FormFields) -> dict[str, Any]:
    """The text as it was typed. Raises BadInputError where it is too long, rather than cut what is read."""
    text = first_value(fields, "text")
    check_length(text, MAX_TEXT_LENGTH, "text")
    return {"text": text}


_PARSERS = {**FIELD_PARSERS, "text": _parse_text}


def _notice_unknown_town(fields: FormFields, t: Translator) -> tuple[str, ...]:
    """A notice if the town is unknown. It is no error: the search uses the region instead, or no place."""
    town = first_value(fields, "town")
    if not town or places.resolve(None, town):
        return ()
    return (
        t("We do not know the place “%(town)s”. Try the nearest town, or choose your region.", town=town),
    )
