"""What memberships and papers are called, so that a condition and what a person has meet, however worded."""

from __future__ import annotations

import re
from functools import lru_cache

from oim.kit.text import fold

# The networks of savings and credit that have many names; any other body goes by its own.
MEMBERSHIPS = (
    ("mc2", r"mc ?2|mutuelles? communautaires? de croissance"),
    ("muffa", r"muffa|mutuelles? financieres? des femmes africaines"),
    ("camccul", r"camccul|(?:co-?operative )?credit unions?"),
)
PASSBOOK, PROOF_OF_RETURN = "passbook", "return"
# A paper of somebody else, or about something else, comes before the paper it is named after.
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
# What one writes or has made within a day is asked for, but keeps nobody from an offer.
EASY_PAPERS = frozenset({"residence", "quotes", "medical", "cv", "letter", "photo", "reference"})
_FILLER_WORD = re.compile(
    r"(?:une?|la|les?|des?|du|d'une?|etre|an?|the|of|to|be|must|membres?|adherente?|affiliee?|members?|affiliated)"
)


def _compile_patterns(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])")) for code, pattern in rows)


_MEMBERSHIP_PATTERNS, _PAPER_PATTERNS = _compile_patterns(MEMBERSHIPS), _compile_patterns(PAPERS)
_MEMBER_PHRASE = re.compile(
    r"(?<!pas )(?<!encore )(?<!devenir )(?<!etre )(?<!not )(?<!not a )(?<!yet a )(?<!become a )(?<!be a )"
    r"\b(?:membre|member|adherente?) .{0,70}"
)


@lru_cache(maxsize=4096)
def normalise_membership(words: str) -> str:
    """The name by which a body that has members is compared."""
    folded = fold(words)
    named = (word for word in re.findall(r"[\w'-]+", folded) if not _FILLER_WORD.fullmatch(word))
    return _find_first_code(_MEMBERSHIP_PATTERNS, folded) or " ".join(named)


def extract_memberships(folded_text: str) -> tuple[str, ...] | None:
    """The networks of which someone says to be a member; None where nothing is said of it."""
    said = " ".join(_MEMBER_PHRASE.findall(folded_text))
    return tuple(code for code, pattern in _MEMBERSHIP_PATTERNS if pattern.search(said)) or None


def is_same_membership(stated: str, required: str) -> bool:
    """Whether a member of the one is a member of the other: one name says what the other says, or more."""
    one, other = ({*normalise_membership(words).split()} for words in (stated, required))
    return bool(one) and (one <= other or other <= one)


@lru_cache(maxsize=4096)
def normalise_paper(words: str) -> str:
    """The name by which a paper is compared: a code of the table, else its own words."""
    folded = fold(words)
    return _find_first_code(_PAPER_PATTERNS, folded) or folded


def extract_papers(words: str) -> tuple[str, ...]:
    """The codes of every paper that a text names."""
    folded = fold(words)
    return tuple(code for code, pattern in _PAPER_PATTERNS if pattern.search(folded))


def _find_first_code(table: tuple[tuple[str, re.Pattern[str]], ...], folded: str) -> str | None:
    return next((code for code, pattern in table if pattern.search(folded)), None)
