"""What looks like the name of a job, and what like a description of it or the name of an employer."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from babel import Locale

from oim.features import places
from oim.features.cv.extraction.lines import Line
from oim.features.cv.extraction.sections import parse_heading
from oim.features.occupations import link_text
from oim.kit.text import fold

MIN_ISCO_SCORE = 0.6  # score of a link from which an ISCO-08 group is proposed
TITLE_WORD_SCORE = 1.0  # score of words that hold a title's own word, as "director" is
PLACEMENT_SCORE = 0.7  # score of words that only say that it was a placement
MIN_LINK_SCORE = 0.5  # score of a link from which words are taken for a job's name
MAX_TITLE_WORDS = 10  # of a job's name
MAX_HEADLINE_LENGTH = 100  # characters of a headline
_VERB_START = re.compile(
    r"(?:[a-z]{2,}(?:ing|ed)|was|were|am|i|je|j|my|mon|ma|mes|the|an|in|with|and|et|to|of|for|on|this|it|built|made|"
    r"led|wrote|took|won|grew)(?![a-z'])"
)
_NON_TITLE_WORDS = frozenset(
    {"student", "students", "etudiant", "etudiante", "eleve", "pupil", "learner", "i", "ve", "je"}
)
_PLACEMENT_WORDS = frozenset({"stage", "stages", "internship"})
_ACTIVITY_START = re.compile(
    r"(?:gestion|suivi|accueil|vente|tenue|saisie|elaboration|participation|realisation|mise|"
    r"encadrement|organisation|redaction|preparation|assistance|controle|collecte|conception|developpement|"
    r"maintenance|installation|animation|sensibilisation|traitement|etablissement|verification|reception|"
    r"classement|enregistrement|utilisation|amelioration|creation|production|analyse|recherche|formation|"
    r"taches?|missions?|responsibilit(?:y|ies)|responsabilites?|activites?|de|des|les|le|la|du)(?![a-z])"
)
_COMPANY_WORD = re.compile(
    r"(?<![a-z])(?:ltd|llc|inc|corp|gmbh|sarl|s\.?a\.?r\.?l|s\.a|sa|plc|ets|etablissements?|groupe?|sas|gie|gic|ong|"
    r"ngo|cabinet|clinique|clinic|hopital|hospital|ministere|ministry|ecole|school|college|lycee|universite|"
    r"university|mairie|council|commune|boutique|shop|restaurant|hotel|pharmacie|pharmacy|banque|bank|societe|"
    r"company|entreprise|cooperative|station|garage|atelier|supermarche|microfinance|fondation|foundation|"
    r"association|centre|center|agence|agency|boulangerie|bakery|usine|factory|snack|bar|auberge|depot)(?![a-z])"
)
_COMPANY_ENDING = re.compile(r"\b(?:LTD|LLC|INC|SARL|PLC|GROUP|CORP|DEVELOPMENT)\b\.?$")
MAX_EMPLOYER_WORDS = 9


def score_job_title(words: str) -> float:
    """How surely words name a job: 0 says that they do not."""
    said = fold(words)
    told = re.findall(r"[a-z]+", said)
    if (
        not 1 <= len(told) <= MAX_TITLE_WORDS
        or _NON_TITLE_WORDS.intersection(told)
        or describes_activity(said)
    ):
        return 0.0
    heads = _load_title_words().intersection(told)
    if not heads and has_company_word(words):
        return 0.0
    named = link_text(words, 1).occupations
    linked = named[0].score if named and named[0].score >= MIN_LINK_SCORE else 0.0
    return linked + (PLACEMENT_SCORE if heads <= _PLACEMENT_WORDS else TITLE_WORD_SCORE) * bool(heads)


def find_isco_groups(title: str) -> tuple[str, ...]:
    """The ISCO-08 unit groups that a title surely names, the surest first."""
    return tuple(
        named.occupation.isco for named in link_text(title, 2).occupations if named.score >= MIN_ISCO_SCORE
    )


def has_company_word(words: str) -> bool:
    """Whether words say what kind of house they name."""
    return bool(_COMPANY_WORD.search(fold(words)))


def is_headline(line: Line) -> bool:
    """Whether a line may name a job or an employer: short, no item, no sentence, nothing that is done."""
    text = line.text
    listed = text.endswith(",") and text.count(",") > 1
    if (
        not text
        or len(text) > MAX_HEADLINE_LENGTH
        or text.endswith((".", ";", ":"))
        or ": " in text
        or listed
    ):
        return False
    return (
        not line.bullet
        and (text[0].isupper() or text[0].isdigit())
        and bool(line.words)
        and not describes_activity(line.folded_text)
        and (line.words[-1] in _load_title_words() or not _ACTIVITY_START.match(line.folded_text))
        and len(line.words) <= MAX_TITLE_WORDS + 2
    )


def describes_activity(folded_words: str) -> bool:
    """Whether folded words tell what is done (`managing a team`) and name nobody (`marketing manager`)."""
    last = folded_words.rpartition(" ")[2]
    return bool(_VERB_START.match(folded_words)) and last not in _load_title_words()


def split_title_employer(words: str) -> tuple[str, str]:
    """`DATA ANALYST REGIONS GROUP` as a title and an employer, where capitals run them together."""
    told = words.split()
    heads = [place for place, word in enumerate(told) if fold(word).strip(",.") in _load_title_words()]
    if heads and heads[-1] + 1 < len(told) and _COMPANY_ENDING.search(words):
        return " ".join(told[: heads[-1] + 1]), " ".join(told[heads[-1] + 1 :])
    return words, ""


@cache
def _load_title_words() -> frozenset[str]:
    """Folded words that tell a job's name by themselves."""
    return frozenset(
        (resources.files("oim.features.cv.extraction") / "titles.txt").read_text("utf-8").split()
    )


def can_be_employer(words: str) -> bool:
    """Whether words may name an employer: neither a job, nor only a place, nor part of a sentence."""
    if not words or len(words.split()) > MAX_EMPLOYER_WORDS or parse_heading(words):
        return False
    if has_company_word(words):
        return True
    named = any(letter.isupper() or letter.isdigit() for letter in words.split(maxsplit=1)[0])
    return named and not score_job_title(words) and not _is_place_name(words)


def _is_place_name(words: str) -> bool:
    said = fold(words)
    return said in _load_country_names() or (len(words.split()) <= 2 and places.find(words) is not None)


@cache
def _load_country_names() -> frozenset[str]:
    named = (Locale(language).territories.values() for language in ("fr", "en"))
    return frozenset(fold(name) for names in named for name in names)
