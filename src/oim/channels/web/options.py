"""The choices that the forms offer, and how a search is told back in one line."""

from __future__ import annotations

from dataclasses import dataclass

from oim.channels.wording import (
    EDUCATION,
    GENDERS,
    KINDS,
    LANGUAGE_LEVELS,
    MOBILITIES,
    place_name,
    render_missing,
)
from oim.features import places
from oim.features.matching import MissingInfo, Profile
from oim.features.opportunities import Kind, Status
from oim.kit.i18n import Translator, mark

MAX_EXCERPT = 80  # characters of the person's own text that are told back

Choices = list[tuple[str, str]]

_KIND_EXAMPLES = {
    Kind.EMPLOYMENT: mark("paid work, an internship"),
    Kind.TRAINING: mark("learn a trade"),
    Kind.AGR: mark("a grant, a loan or equipment to start (AGR)"),
}

_SITUATIONS = {
    Status.RETURNEE: mark("I have come back from abroad"),
    Status.DISPLACED: mark("I had to leave my home region"),
    Status.REFUGEE: mark("I am a refugee"),
    Status.YOUTH: mark("I am under 35"),
    Status.HOST_COMMUNITY: mark("I host displaced people or refugees"),
}

NONE_VALUE = "none"
# Only the names of the networks: what a person is a member of beside them opens no offer that we hold.
MEMBERSHIPS = {
    "MC2": mark("MC2"),
    "MUFFA": mark("MUFFA"),
    "CAMCCUL": mark("A credit union (CAMCCUL)"),
    NONE_VALUE: mark("None of them"),
}

# Languages that people here speak, by ISO 639; any other has no use for an offer that we hold.
SPOKEN_LANGUAGES = {
    "fr": mark("French"),
    "en": mark("English"),
    "pcm": mark("Pidgin"),
    "ful": mark("Fulfulde"),
    "ewo": mark("Ewondo"),
    "ar": mark("Arabic"),
}

# Papers by words that `matching.terms` knows; those that one has made within a day are not asked.
PAPERS = {
    "CNI": mark("Identity card or passport"),
    "Acte de naissance": mark("Birth certificate"),
    "Casier judiciaire": mark("Criminal record extract"),
    "Diplôme": mark("Copy of a diploma"),
    "Attestation de formation": mark("Certificate of a training"),
    "Plan d'affaires": mark("Business plan"),
    "Permis A": mark("Driving licence A (motorcycle)"),
    "Permis B": mark("Driving licence B (car)"),
    "Permis C": mark("Driving licence C (lorry)"),
    "Preuve de retour": mark("Proof of return from abroad"),
    "Carnet de membre": mark("Passbook of a savings group"),
}

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
        kinds=[(kind.value, t(words), t(_KIND_EXAMPLES[kind])) for kind, words in KINDS.items()],
        genders=[(gender.value, t(words)) for gender, words in GENDERS.items()],
        statuses=[(status.value, t(words)) for status, words in _SITUATIONS.items()],
        education=[(str(level), t(words)) for level, words in EDUCATION.items()],
        memberships=[(name, t(words)) for name, words in MEMBERSHIPS.items()],
        papers=[(name, t(words)) for name, words in PAPERS.items()],
        spoken_languages=[(code, t(words)) for code, words in SPOKEN_LANGUAGES.items()],
        levels=[(level.value, t(words)) for level, words in LANGUAGE_LEVELS.items()],
        mobilities=[(one.value, t(words)) for one, words in MOBILITIES.items()],
    )


def render_situations(t: Translator) -> dict[Status, str]:
    """Situations as people say them of themselves."""
    return {status: t(words) for status, words in _SITUATIONS.items()}


def render_profile_summary(profile: Profile, town: str, t: Translator) -> str:
    """What was understood, on one line. A situation is not told back: others may look at the screen."""
    text = " ".join(profile.text.split())
    excerpt = text if len(text) <= MAX_EXCERPT else text[:MAX_EXCERPT].rsplit(" ", 1)[0] + "…"
    parts = [
        t("“%(text)s”", text=excerpt) if text else None,
        ", ".join(t(KINDS[kind]).lower() for kind in profile.kinds),
        _render_home_place(profile, town, t),
        t("born in %(year)s", year=profile.birth_year) if profile.birth_year else None,
        t(EDUCATION[profile.education]) if profile.education is not None else None,
    ]
    return " · ".join(part for part in parts if part) or t("every kind of offer, in all of Cameroon")


def _render_home_place(profile: Profile, town: str, t: Translator) -> str:
    """Where the person lives: the town as they wrote it if it is known, else what their text names."""
    if profile.region:
        names = [town if profile.department else "", place_name(profile.region, t) or ""]
    else:
        named = places.find(profile.text)
        around = places.lineage(named.code) if named else ()
        names = [place.name(t.language) for place in reversed(around)]
    return ", ".join(dict.fromkeys(filter(None, names)))


def list_missing_fields(missing: tuple[MissingInfo, ...], t: Translator) -> Choices:
    """What the person could add: the field of the form, and the words for it. For papers there is none."""
    return [
        (_FIELD_BY_MISSING[item], render_missing(item, t)) for item in missing if item in _FIELD_BY_MISSING
    ]
