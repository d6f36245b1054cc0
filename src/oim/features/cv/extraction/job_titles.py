"""What looks like the name of a job, and what like a description of it or the name of an employer."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from oim.features.cv.extraction.lines import Line
from oim.features.occupations import link
from oim.kit.text import fold

SURE = 0.6  # score of a link from which an ISCO-08 group is proposed
NAMED = 1.0  # score of words that hold a title's own word, as "director" is
PLACEMENT = 0.7  # score of words that only say that it was a placement
LIKELY = 0.5  # score of a link from which words are taken for a job's name
WORDS = 10  # of a job's name
LONGEST = 100  # characters of a headline

_VERBS = re.compile(
    r"(?:[a-z]{2,}(?:ing|ed)|was|were|am|i|je|j|my|mon|ma|mes|the|an|in|with|and|et|to|of|for|on|this|it|built|made|"
    r"led|wrote|took|won|grew)(?![a-z'])"
)
_NO_TITLE = frozenset(
    {"student", "students", "etudiant", "etudiante", "eleve", "pupil", "learner", "i", "ve", "je"}
)
_PLACEMENTS = frozenset({"stage", "stages", "internship"})
_DOINGS = re.compile(
    r"(?:gestion|suivi|accueil|vente|tenue|saisie|elaboration|participation|realisation|mise|"
    r"encadrement|organisation|redaction|preparation|assistance|controle|collecte|conception|developpement|"
    r"maintenance|installation|animation|sensibilisation|traitement|etablissement|verification|reception|"
    r"classement|enregistrement|utilisation|amelioration|creation|production|analyse|recherche|formation|"
    r"taches?|missions?|responsibilit(?:y|ies)|responsabilites?|activites?|de|des|les|le|la|du)(?![a-z])"
)
_COMPANY = re.compile(
    r"(?<![a-z])(?:ltd|llc|inc|corp|gmbh|sarl|s\.?a\.?r\.?l|s\.a|sa|plc|ets|etablissements?|groupe?|sas|gie|gic|ong|"
    r"ngo|cabinet|clinique|clinic|hopital|hospital|ministere|ministry|ecole|school|college|lycee|universite|"
    r"university|mairie|council|commune|boutique|shop|restaurant|hotel|pharmacie|pharmacy|banque|bank|societe|"
    r"company|entreprise|cooperative|station|garage|atelier|supermarche|microfinance|fondation|foundation|"
    r"association|centre|center|agence|agency|boulangerie|bakery|usine|factory|snack|bar|auberge|depot)(?![a-z])"
)
_ENDS_AS_COMPANY = re.compile(r"\b(?:LTD|LLC|INC|SARL|PLC|GROUP|CORP|DEVELOPMENT)\b\.?$")


def score(words: str) -> float:
    """How surely words name a job: 0 says that they do not."""
    said = fold(words)
    told = re.findall(r"[a-z]+", said)
    if not 1 <= len(told) <= WORDS or _NO_TITLE.intersection(told) or does(said):
        return 0.0
    heads = _heads().intersection(told)
    if not heads and is_company(words):
        return 0.0
    named = link(words, 1).occupations
    linked = named[0].score if named and named[0].score >= LIKELY else 0.0
    return linked + (PLACEMENT if heads <= _PLACEMENTS else NAMED) * bool(heads)


def isco(title: str) -> tuple[str, ...]:
    """The ISCO-08 unit groups that a title surely names, the surest first."""
    return tuple(named.occupation.isco for named in link(title, 2).occupations if named.score >= SURE)


def is_company(words: str) -> bool:
    """Whether words say what kind of house they name."""
    return bool(_COMPANY.search(fold(words)))


def is_headline(line: Line) -> bool:
    """Whether a line may name a job or an employer: short, no item, no sentence, nothing that is done."""
    text = line.text
    listed = text.endswith(",") and text.count(",") > 1
    if not text or len(text) > LONGEST or text.endswith((".", ";", ":")) or ": " in text or listed:
        return False
    return (
        not line.bullet
        and (text[0].isupper() or text[0].isdigit())
        and bool(line.words)
        and not does(line.flat)
        and (line.words[-1] in _heads() or not _DOINGS.match(line.flat))
        and len(line.words) <= WORDS + 2
    )


def does(said: str) -> bool:
    """Whether folded words tell what is done (`managing a team`) and name nobody (`marketing manager`)."""
    last = said.rpartition(" ")[2]
    return bool(_VERBS.match(said)) and last not in _heads()


def apart(words: str) -> tuple[str, str]:
    """`DATA ANALYST REGIONS GROUP` as a title and an employer, where capitals run them together."""
    told = words.split()
    heads = [place for place, word in enumerate(told) if fold(word).strip(",.") in _heads()]
    if heads and heads[-1] + 1 < len(told) and _ENDS_AS_COMPANY.search(words):
        return " ".join(told[: heads[-1] + 1]), " ".join(told[heads[-1] + 1 :])
    return words, ""


@cache
def _heads() -> frozenset[str]:
    """Folded words that tell a job's name by themselves."""
    return frozenset(
        (resources.files("oim.features.cv.extraction") / "titles.txt").read_text("utf-8").split()
    )
