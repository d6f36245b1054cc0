"""The choices that the pages offer in lists and boxes, each as its value and its words."""

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
from oim.features import places
from oim.features.matching import MissingInfo
from oim.kit.i18n import Translator

Choices = list[tuple[str, str]]

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
    """Values with their words, in the order shown; a kind comes with an example."""

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


def build_options(t: Translator) -> Options:
    """Every choice in one language."""
    return Options(
        regions=[(region.code, region.name(t.language)) for region in places.regions()],
        kinds=[(kind.value, t(words), t(KIND_EXAMPLES[kind])) for kind, words in KINDS.items()],
        genders=[(gender.value, t(words)) for gender, words in GENDERS.items()],
        statuses=[(status.value, t(words)) for status, words in SITUATIONS.items()],
        education=[(str(level), t(words)) for level, words in EDUCATION.items()],
        memberships=[(name, t(words)) for name, words in NETWORKS.items()],
        papers=[(name, t(words)) for name, words in PAPERS.items()],
        spoken_languages=[(code, t(words)) for code, words in SPOKEN_LANGUAGES.items()],
        levels=[(level.value, t(words)) for level, words in LANGUAGE_LEVELS.items()],
        mobilities=[(mobility.value, t(words)) for mobility, words in MOBILITIES.items()],
    )


def list_missing_fields(missing: tuple[MissingInfo, ...], t: Translator) -> Choices:
    """What the person could add: the field of the form, and the words for it. For papers there is none."""
    return [
        (_FIELD_BY_MISSING[item], render_missing(item, t)) for item in missing if item in _FIELD_BY_MISSING
    ]
