"""Names of memberships and papers, normalised so that a condition and a person's answer match in any wording.

"CNI ou récépissé" and "national ID card" are both the paper `id`; "la MC² de Bafang" is the membership `mc2`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from oim.kit.text import fold

# Code and pattern of savings and credit networks with many names; any other organisation goes by its own.
MEMBERSHIPS = (
    ("mc2", r"mc ?2|mutuelles? communautaires? de croissance"),
    ("muffa", r"muffa|mutuelles? financieres? des femmes africaines"),
    ("camccul", r"camccul|(?:co-?operative )?credit unions?"),
)
PASSBOOK, PROOF_OF_RETURN = "passbook", "return"
# Code and pattern; the first that matches is the paper. So a paper of somebody else, or about something else,
# comes before the one it mentions: « CNI de l'avaliste » is the guarantor's.
PAPERS = (
    ("guarantor", r"avalistes?|garants?|guarantors?"),
    (PASSBOOK, r"carnets? de membre|member'?s'? (?:pass)?book|membership (?:card|book)|livrets? d'epargne"),
    ("residence", r"plans? de localisation|location plan|residence|domicile"),
    ("plan", r"plans? d'affaires?|business plans?"),
    ("quotes", r"pro-?forma|devis|quotations?"),
    ("birth", r"naissance|birth"),
    ("medical", r"certificats? medica\w+|medical"),
    ("record", r"casier|non-conviction|criminal record"),
    (PROOF_OF_RETURN, r"preuves? de retour|proof of return|laissez-passer"),
    ("licence_a", r"permis (?:de conduire )?a\b|(?:category|class) a\b"),
    ("licence_b", r"permis (?:de conduire )?b\b|(?:category|class) b\b"),
    ("licence_c", r"permis (?:de conduire )?c\b|(?:category|class) c\b"),
    ("diploma", r"diplomes?|diplomas?|copy of your certificate"),
    ("attestation", r"attestations? de (?:formation|stage)|training certificates?"),
    (
        "id",
        r"cni|cartes? (?:nationales? )?d'identite|recepisse|national id\w*|id card|identity card|passeport",
    ),
    ("cv", r"cv|curriculum|resume"),
    (
        "letter",
        r"lettres? de motivation|cover letter|motivation letter|demandes? (?:manuscrites?|timbrees?)|"
        r"(?:handwritten )?application(?: letter)?",
    ),
    ("photo", r"photos?"),
    ("reference", r"references?|ancien employeur|former employer"),
)
# Papers that a person can write or get within a day: required, but no reason to hold an offer back.
EASY_PAPERS = frozenset({"residence", "quotes", "medical", "cv", "letter", "photo", "reference"})
# Words around the name of an organisation: « membre de la Coopérative Karité » leaves "cooperative karite".
_FILLER_WORD = re.compile(
    r"(?:une?|la|les?|des?|du|d'une?|etre|an?|the|of|to|be|must|membres?|adherente?|affiliee?|members?|affiliated)"
)


def _compile_patterns(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The table with its patterns compiled, to match whole words of folded text."""
    # Not \b: a digit may touch the word, as in « 2photos ».
    return tuple((code, re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])")) for code, pattern in rows)


_MEMBERSHIP_PATTERNS, _PAPER_PATTERNS = _compile_patterns(MEMBERSHIPS), _compile_patterns(PAPERS)
# Words beside the name of a paper that change nothing about it: « CNI ou récépissé », "simple business plan".
_PAPER_FILLER = re.compile(
    r"\b(?:ou|or|une?|an?|des?|du|la|les?|the|of|your|votre|copies?|copy|extraits?|certificate|simples?|receipt)\b|d'"
)
# "member of the MC2": the 70 characters after the word may name the network. Not where membership is denied
# or wished for: « pas membre », « devenir membre », "not yet a member".
_MEMBER_PHRASE = re.compile(
    r"(?<!pas )(?<!encore )(?<!devenir )(?<!etre )(?<!not )(?<!not a )(?<!yet a )(?<!become a )(?<!be a )"
    r"\b(?:membre|member|adherente?) .{0,70}"
)


@lru_cache(maxsize=4096)
def normalise_membership(words: str) -> str:
    """The code of a savings network, else the folded name of the organisation without filler words."""
    folded = fold(words)
    name_words = (word for word in re.findall(r"[\w'-]+", folded) if not _FILLER_WORD.fullmatch(word))
    return _find_first_code(_MEMBERSHIP_PATTERNS, folded) or " ".join(name_words)


def extract_memberships(folded_text: str) -> tuple[str, ...] | None:
    """The networks that a person says they are a member of; None where their text says nothing of it."""
    phrases = " ".join(_MEMBER_PHRASE.findall(folded_text))
    return tuple(code for code, pattern in _MEMBERSHIP_PATTERNS if pattern.search(phrases)) or None


def is_same_membership(stated: str, required: str) -> bool:
    """Whether two names mean the same organisation: the words of one are all among the words of the other."""
    stated_words, required_words = ({*normalise_membership(words).split()} for words in (stated, required))
    # The empty set is a subset of any: a stated name of filler words only must not match every organisation.
    return bool(stated_words) and (stated_words <= required_words or required_words <= stated_words)


@lru_cache(maxsize=4096)
def normalise_paper(words: str) -> str:
    """The code of a paper in `PAPERS`, else its own folded words."""
    folded = fold(words)
    return _find_first_code(_PAPER_PATTERNS, folded) or folded


def identify_paper(words: str) -> str | None:
    """The code of a paper that the words name and say nothing more of; None where they do, or it is unknown.

    "CNI ou récépissé" is no more than an identity card; « deux photos 4x4 » says how many, and how large.
    """
    folded = fold(words)
    for code, pattern in _PAPER_PATTERNS:
        if pattern.search(folded):
            rest = _PAPER_FILLER.sub(" ", pattern.sub(" ", folded))
            return None if re.search(r"\w", rest) else code
    return None


def extract_papers(words: str) -> tuple[str, ...]:
    """The codes of all papers that a text names."""
    folded = fold(words)
    return tuple(code for code, pattern in _PAPER_PATTERNS if pattern.search(folded))


def _find_first_code(table: tuple[tuple[str, re.Pattern[str]], ...], folded: str) -> str | None:
    """The code of the first pattern of a table that a folded text contains."""
    return next((code for code, pattern in table if pattern.search(folded)), None)
