"""Telling the title of a job from a description of its tasks and from the name of an employer.

Titles are recognised by words that are titles themselves (`titles.txt`: "director", "caissière") and by the
tables of occupations (`link_text`); employers by words such as "Sarl" or "hôpital".
"""

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

MIN_ISCO_SCORE = 0.6  # least score of a link whose ISCO-08 group is proposed
TITLE_WORD_SCORE = 1.0  # score of words with a title word, such as "director"
PLACEMENT_SCORE = 0.7  # score of words whose only title word says placement: "stage", "internship"
MIN_LINK_SCORE = 0.5  # least score of a link by which words are taken for a title
MAX_TITLE_WORDS = 10  # words of a title
MAX_HEADLINE_LENGTH = 100  # characters of a headline
# How a description begins: "managing a team", "was in charge of", "je gère", "with two colleagues".
_VERB_START = re.compile(
    r"(?:[a-z]{2,}(?:ing|ed)|was|were|am|i|je|j|my|mon|ma|mes|the|an|in|with|and|et|to|of|for|on|this|it|built|made|"
    r"led|wrote|took|won|grew)(?![a-z'])"
)
_NON_TITLE_WORDS = frozenset(
    {"student", "students", "etudiant", "etudiante", "eleve", "pupil", "learner", "i", "ve", "je"}
)
_PLACEMENT_WORDS = frozenset({"stage", "stages", "internship"})
# French descriptions begin with a noun instead: "gestion de la caisse", "suivi des clients".
_ACTIVITY_START = re.compile(
    r"(?:gestion|suivi|accueil|vente|tenue|saisie|elaboration|participation|realisation|mise|"
    r"encadrement|organisation|redaction|preparation|assistance|controle|collecte|conception|developpement|"
    r"maintenance|installation|animation|sensibilisation|traitement|etablissement|verification|reception|"
    r"classement|enregistrement|utilisation|amelioration|creation|production|analyse|recherche|formation|"
    r"taches?|missions?|responsibilit(?:y|ies)|responsabilites?|activites?|de|des|les|le|la|du)(?![a-z])"
)
# Legal forms and kinds of employer: "Ets Kamga", "Cabinet Fidex", "GIC".
_COMPANY_WORD = re.compile(
    r"(?<![a-z])(?:ltd|llc|inc|corp|gmbh|sarl|s\.?a\.?r\.?l|s\.a|sa|plc|ets|etablissements?|groupe?|sas|gie|gic|ong|"
    r"ngo|cabinet|clinique|clinic|hopital|hospital|ministere|ministry|ecole|school|college|lycee|universite|"
    r"university|mairie|council|commune|boutique|shop|restaurant|hotel|pharmacie|pharmacy|banque|bank|societe|"
    r"company|entreprise|cooperative|station|garage|atelier|supermarche|microfinance|fondation|foundation|"
    r"association|centre|center|agence|agency|boulangerie|bakery|usine|factory|snack|bar|auberge|depot)(?![a-z])"
)
_COMPANY_ENDING = re.compile(r"\b(?:LTD|LLC|INC|SARL|PLC|GROUP|CORP|DEVELOPMENT)\b\.?$")
MAX_EMPLOYER_WORDS = 9  # words of an employer's name


def score_job_title(words: str) -> float:
    """Score how surely words are the title of a job, from 0 (they are none) to about 2."""
    folded_text = fold(words)
    tokens = re.findall(r"[a-z]+", folded_text)
    if (
        not 1 <= len(tokens) <= MAX_TITLE_WORDS
        or _NON_TITLE_WORDS.intersection(tokens)
        or describes_activity(folded_text)
    ):
        return 0.0
    title_words = _load_title_words().intersection(tokens)
    if not title_words and has_company_word(words):
        return 0.0
    links = link_text(words, 1).occupations
    link_score = links[0].score if links and links[0].score >= MIN_LINK_SCORE else 0.0
    # Both kinds of evidence add up: "Chef d'équipe maçon" has a title word and names an occupation.
    return link_score + (PLACEMENT_SCORE if title_words <= _PLACEMENT_WORDS else TITLE_WORD_SCORE) * bool(
        title_words
    )


def find_isco_groups(title: str) -> tuple[str, ...]:
    """Find the ISCO-08 unit groups that a title clearly names, at most two, the surest first."""
    return tuple(
        link.occupation.isco for link in link_text(title, 2).occupations if link.score >= MIN_ISCO_SCORE
    )


def has_company_word(words: str) -> bool:
    """Whether words have a legal form or a kind of employer among them."""
    return bool(_COMPANY_WORD.search(fold(words)))


def is_headline(line: Line) -> bool:
    """Whether a line may name a job or an employer: short, no list item, no sentence, no task."""
    text = line.text
    # "Word, Excel," is a list that goes on in the next line.
    is_list = text.endswith(",") and text.count(",") > 1
    if (
        not text
        or len(text) > MAX_HEADLINE_LENGTH
        or text.endswith((".", ";", ":"))
        or ": " in text
        or is_list
    ):
        return False
    return (
        not line.bullet
        and (text[0].isupper() or text[0].isdigit())
        and bool(line.words)
        and not describes_activity(line.folded_text)
        # "Production manager" begins like a task, but ends in a title word.
        and (line.words[-1] in _load_title_words() or not _ACTIVITY_START.match(line.folded_text))
        and len(line.words) <= MAX_TITLE_WORDS + 2
    )


def describes_activity(folded_words: str) -> bool:
    """Whether folded words describe a task (`managing a team`) and are no title (`marketing manager`)."""
    last = folded_words.rpartition(" ")[2]
    return bool(_VERB_START.match(folded_words)) and last not in _load_title_words()


def split_title_employer(words: str) -> tuple[str, str]:
    """Split `DATA ANALYST REGIONS GROUP` into title and employer, else return the words and "".

    Only where the words end as companies do, after a title word.
    """
    tokens = words.split()
    ends = [index for index, word in enumerate(tokens) if fold(word).strip(",.") in _load_title_words()]
    if ends and ends[-1] + 1 < len(tokens) and _COMPANY_ENDING.search(words):
        return " ".join(tokens[: ends[-1] + 1]), " ".join(tokens[ends[-1] + 1 :])
    return words, ""


@cache
def _load_title_words() -> frozenset[str]:
    """Load the folded words that make words a title, from `titles.txt`."""
    return frozenset(
        (resources.files("oim.features.cv.extraction") / "titles.txt").read_text("utf-8").split()
    )


def can_be_employer(words: str) -> bool:
    """Whether words may name an employer: no heading, job, place alone, or part of a sentence."""
    if not words or len(words.split()) > MAX_EMPLOYER_WORDS or parse_heading(words):
        return False
    if has_company_word(words):
        return True
    is_proper_name = any(letter.isupper() or letter.isdigit() for letter in words.split(maxsplit=1)[0])
    return is_proper_name and not score_job_title(words) and not _is_place_name(words)


def _is_place_name(words: str) -> bool:
    """Whether words are only a country, or a place in Cameroon."""
    folded_text = fold(words)
    # Longer names are rather those of employers, even where they begin with a place.
    return folded_text in _load_country_names() or (
        len(words.split()) <= 2 and places.find(words) is not None
    )


@cache
def _load_country_names() -> frozenset[str]:
    """Load the folded names of countries in French and English, from the CLDR (babel)."""
    names_by_language = (Locale(language).territories.values() for language in ("fr", "en"))
    return frozenset(fold(name) for names in names_by_language for name in names)
