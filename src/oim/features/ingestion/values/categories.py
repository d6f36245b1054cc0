"""Parse categories (kind, contract, gender, status, diploma) from their words in French and English.

Each table pairs patterns with values. Where a text can have one value only, the first row that matches
counts, so the order of rows matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from oim.features.ingestion.values.text import clean, split_items
from oim.features.opportunities import AgrForm, Contract, Gender, Kind, Status
from oim.kit.text import fold

T = TypeVar("T")
Table = tuple[tuple[re.Pattern[str], T], ...]


def _compile_table(*rows: tuple[str, T]) -> Table[T]:
    """Compile rows of words and value, so that only whole words match, in folded text."""
    # Lookarounds and not \b, so that a digit may follow directly: "cdd6".
    return tuple((re.compile(rf"(?<![a-z])(?:{words})(?![a-z])"), value) for words, value in rows)


# The rows of AGR come first: "financement de formation" funds an activity and is no course.
KIND_WORDS = _compile_table(
    (
        r"agr|activites? generatrices? de revenus?|income generating|financements?|funding|prets?|loans?",
        Kind.AGR,
    ),
    (r"loanorcredit|grant|grants|monetarygrant|subventions?|micro-?credits?|credits?|kits?", Kind.AGR),
    (r"training|trainings|formations?|stages?|cours|courses?|educationaloccupationalprogram", Kind.TRAINING),
    (r"employment|emplois?|jobs?|jobposting|offre d'emploi|vacancy|recrutement", Kind.EMPLOYMENT),
)
# What may stand before the noun in a title that is no job: "Offre de formation", "Call for grants". The noun
# must lead, for "Responsable de la formation" is a job; so is "Loan officer", which NOT_A_JOB excludes.
TITLE_LEAD = (
    r"^(?:(?:offre|programme|session|appel a candidatures?|call|free|short) "
    r"(?:de |d'|pour (?:une |la )?|of |for )?)?"
)
NOT_A_JOB = r"(?! (?:officer|manager|coordinator|specialist|assistant|advisor|clerk|analyst|writer)|-)"
KIND_TITLES = _compile_table(
    (
        rf"{TITLE_LEAD}(?:prets?|micro-?credits?|micro-?loans?|subventions?|loans?|grants?|financements?){NOT_A_JOB}",
        Kind.AGR,
    ),
    (rf"{TITLE_LEAD}(?:formations?|stages?|cours|trainings?|courses?){NOT_A_JOB}", Kind.TRAINING),
    (r"appel a projets", Kind.AGR),
)
# Particular forms come before general ones: "Contrat de professionnalisation - CDD" is an apprenticeship.
# "mis", "sai" and "lib" are codes of France Travail.
CONTRACT_WORDS = _compile_table(
    (r"alternance|apprenti(?:e|s|es|ssage)?|apprenticeships?|professionnalisation", Contract.APPRENTICESHIP),
    (r"stages?|stagiaires?|intern|interns|internships?", Contract.INTERNSHIP),
    (r"journaliers?|journaliere|day labou?r(?:er)?|per diem|tacherons?|a la tache", Contract.DAY_LABOUR),
    (r"interim|interimaire|mis|temporary|temporaire|temp|saisonnier|seasonal|sai", Contract.TEMPORARY),
    (
        r"liberal|liberale|lib|freelances?|independante?|contractors?|self-employed|consultan(?:t|ce|cy)|prestataire",
        Contract.FREELANCE,
    ),
    (r"cdi|indeterminee?|permanent|open-ended", Contract.PERMANENT),
    (r"cdd|determinee?|fixed[ -]term|fixed", Contract.FIXED_TERM),
)
# Titles of jobs for learners. "Maître de stage" is none: an internship must begin the title.
LEARNING_TITLES = _compile_table(
    (r"alternance|alternante?|apprenti(?:e|s|es|ssage)?", Contract.APPRENTICESHIP),
    (r"^(?:offre de )?(?:stages?|stagiaires?|internship|intern)", Contract.INTERNSHIP),
)
AGR_FORM_WORDS = _compile_table(
    (r"prets?|loans?|loanorcredit|micro-?credits?|credits?", AgrForm.LOAN),
    (r"subventions?|grants?|monetarygrant|dons?|aides?", AgrForm.GRANT),
    (r"kits?|materiel|equipements?|equipment|in[ -]kind|en nature", AgrForm.KIT),
)
GENDER_WORDS = _compile_table(
    (r"f|femmes?|females?|feminin|filles?|women|woman|girls?", Gender.FEMALE),
    (r"m|h|hommes?|males?|masculin|garcons?|men|man|boys?", Gender.MALE),
)
STATUS_WORDS = _compile_table(
    (r"returnees?|retour|retournes?|retournees?|rapatriee?s?|migrants? de retour|returning", Status.RETURNEE),
    (r"displaced|deplacee?s?|idps?|pdi", Status.DISPLACED),
    (r"refugiee?s?|refugees?|asile|asylum", Status.REFUGEE),
    (r"youth|youths|young|jeunes?|jeunesse", Status.YOUTH),
    (r"host|hote|hotes|accueil", Status.HOST_COMMUNITY),
)
# Levels of ISCED 2011. In Cameroon the CAP ends the lower cycle of technical schools, hence level 2.
DIPLOMA_WORDS = _compile_table(
    (r"doctorats?|phd|ph\.d|doctorates?|bac ?\+ ?8", 8),
    (r"masters?|mba|ingenieurs?|dea|dess|maitrise|postgraduate|bac ?\+ ?[456]", 7),
    (r"(?<!driving )licences?|bachelors?|bsc|undergraduate|bac ?\+ ?3", 6),
    (r"bts|dut|deug|hnd|hnc|dsep|associate degree|bac ?\+ ?[12]", 5),
    (
        r"baccalaureats?|bac(?! ?\+)|probatoires?|terminale|advanced level|a[ -]?levels?|gce a|"
        r"brevet de technicien|high school|upper secondary|lycee",
        3,
    ),
    (r"bepc|beps|cap|brevet(?! de technicien)|dqp|cqp|ordinary level|o[ -]?levels?|gce o|lower secondary", 2),
    (r"cep|cepe|certificat d'etudes|fslc|first school leaving|primaire|primary", 1),
    (r"sans diplome|aucun diplome|no diploma|illettre|illiterate", 0),
)


def parse_kind(value: Any) -> Kind | None:
    """Return the kind of offer that a word names."""
    return _find_first(KIND_WORDS, value)


def guess_kind(title: str, *, has_contract: bool) -> Kind:
    """Guess the kind of offer from the first words of its title; with a stated contract it is a job."""
    return Kind.EMPLOYMENT if has_contract else _find_first(KIND_TITLES, title) or Kind.EMPLOYMENT


def parse_contract(value: Any, title: str) -> Contract | None:
    """Return the form of employment.

    Apprenticeships are often stated as fixed-term contracts; where the title says so, the title counts.
    """
    stated = _find_first(CONTRACT_WORDS, value)
    learning = _find_first(LEARNING_TITLES, title) if stated in (None, Contract.FIXED_TERM) else None
    return learning or stated


def parse_agr_form(value: Any) -> AgrForm | None:
    """Return the form of a support to a business: loan, grant or kit."""
    return _find_first(AGR_FORM_WORDS, value)


def parse_gender(value: Any) -> Gender | None:
    """Return the gender that an offer is reserved for; None where both are named ("H/F")."""
    genders = list(_find_all(GENDER_WORDS, value))
    return genders[0] if len(genders) == 1 else None


def parse_statuses(value: Any) -> tuple[Status, ...]:
    """Return the statuses, such as returnee or youth, that an offer is for."""
    return tuple(
        dict.fromkeys(status for item in split_items(value) for status in _find_all(STATUS_WORDS, item))
    )


def parse_education_level(value: Any) -> int | None:
    """Return the lowest ISCED 2011 level required: a level's number, or that of the lowest diploma named."""
    text = fold(clean(value) or "")
    if re.fullmatch("[0-8]", text):
        return int(text)
    return min(_find_all(DIPLOMA_WORDS, text), default=None)


def _find_first(table: Table[T], value: Any) -> T | None:
    """Return the value of the first row whose words are in the text; None if there is none."""
    return next(_find_all(table, value), None)


def _find_all(table: Table[T], value: Any) -> Iterator[T]:
    """Yield the values of all rows whose words are in the text."""
    # The underscore of our own values and of schema.org's: "fixed_term", "PER_DIEM".
    text = fold(clean(value) or "").replace("_", " ")
    return (result for pattern, result in table if text and pattern.search(text))
