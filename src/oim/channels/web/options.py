"""The choices in the lists and tick boxes of forms: each a value and its text."""

from __future__ import annotations

from dataclasses import dataclass

from oim.channels.wording import (
    EDUCATION,
    GENDERS,
    KIND_EXAMPLES,
    KINDS,
    LANGUAGE_LEVELS,
    MOBILITIES,
    NETWORKS,
    PAPERS,
    SITUATIONS,
    SPOKEN_LANGUAGES,
    render_missing,
)
from oim.features import places, profile
from oim.features.matching import MissingInfo
from oim.kit.i18n import Translator

Choices = list[tuple[str, str]]

# The field of the search form in which a missing fact is added. The form does not ask for papers.
_FIELD_BY_MISSING = {
    MissingInfo.TEXT: "text",
    MissingInfo.PLACE: "town",
    MissingInfo.AGE: "birth_year",
    MissingInfo.EDUCATION: "education",
    MissingInfo.EXPERIENCE: "experience",
    MissingInfo.GENDER: "gender",
    MissingInfo.STATUS: "status",
    MissingInfo.MEMBERSHIP: "membership",
    MissingInfo.SAVINGS: "savings",
}


@dataclass(frozen=True, slots=True)
class Options:
    """All choices in one language, in the order shown; a kind of offer comes with an example too."""

    regions: Choices
    kinds: list[tuple[str, str, str]]
    genders: Choices
    statuses: Choices
    education: Choices
    memberships: Choices
    papers: Choices
    spoken_languages: Choices
    levels: Choices
    mobilities: Choices


def build_options(t: Translator, *, is_age_known: bool = False) -> Options:
    """Build all choices in one language."""
    situations = profile.list_situations(is_age_known=is_age_known)
    return Options(
        regions=[(region.code, region.name(t.language)) for region in places.regions()],
        kinds=[(kind.value, t(words), t(KIND_EXAMPLES[kind])) for kind, words in KINDS.items()],
        genders=[(gender.value, t(words)) for gender, words in GENDERS.items()],
        statuses=[(status.value, t(words)) for status, words in SITUATIONS.items() if status in situations],
        education=[(str(level), t(words)) for level, words in EDUCATION.items()],
        memberships=[(name, t(words)) for name, words in NETWORKS.items()],
        papers=[(name, t(words)) for name, words in PAPERS.items()],
        spoken_languages=[(code, t(words)) for code, words in SPOKEN_LANGUAGES.items()],
        levels=[(level.value, t(words)) for level, words in LANGUAGE_LEVELS.items()],
        mobilities=[(mobility.value, t(words)) for mobility, words in MOBILITIES.items()],
    )


def list_missing_fields(missing: tuple[MissingInfo, ...], t: Translator) -> Choices:
    """List what the person could add to the search form: the name of the field, and the text for it."""
    return [
        (_FIELD_BY_MISSING[item], render_missing(item, t)) for item in missing if item in _FIELD_BY_MISSING
    ]
