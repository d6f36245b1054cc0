"""What memberships and papers are called, so that a condition and what a person has meet, however worded."""

from __future__ import annotations

import re
from functools import lru_cache

from oim.kit.text import fold

# The networks of savings and credit that have many names; any other body goes by its own.
BODIES = (
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
AT_HAND = frozenset({"residence", "quotes", "medical", "cv", "letter", "photo", "reference"})
_FILLER = re.compile(
    r"(?:une?|la|les?|des?|du|d'une?|etre|an?|the|of|to|be|must|membres?|adherente?|affiliee?|members?|affiliated)"
)


def _table(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])")) for code, pattern in rows)


_BODIES, _PAPERS = _table(BODIES), _table(PAPERS)
_MEMBER = re.compile(
    r"(?<!pas )(?<!encore )(?<!devenir )(?<!etre )(?<!not )(?<!not a )(?<!yet a )(?<!become a )(?<!be a )"
    r"\b(?:membre|member|adherente?) .{0,70}"
)


@lru_cache(maxsize=4096)
def body(words: str) -> str:
    """The name by which a body that has members is compared."""
    folded = fold(words)
    named = (word for word in re.findall(r"[\w'-]+", folded) if not _FILLER.fullmatch(word))
    return _first(_BODIES, folded) or " ".join(named)


def bodies_told(text: str) -> tuple[str, ...] | None:
    """The networks of which someone says to be a member; None where nothing is said of it."""
    said = " ".join(_MEMBER.findall(fold(text)))
    return tuple(code for code, pattern in _BODIES if pattern.search(said)) or None


def same_body(told: str, asked: str) -> bool:
    """Whether a member of the one is a member of the other: one name says what the other says, or more."""
    one, other = ({*body(words).split()} for words in (told, asked))
    return bool(one) and (one <= other or other <= one)


@lru_cache(maxsize=4096)
def paper(words: str) -> str:
    """The name by which a paper is compared: a code of the table, else its own words."""
    folded = fold(words)
    return _first(_PAPERS, folded) or folded


def papers_named(words: str) -> tuple[str, ...]:
    """The codes of every paper that a text names."""
    folded = fold(words)
    return tuple(code for code, pattern in _PAPERS if pattern.search(folded))


def _first(table: tuple[tuple[str, re.Pattern[str]], ...], folded: str) -> str | None:
    return next((code for code, pattern in table if pattern.search(folded)), None)
