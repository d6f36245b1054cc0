"""Text cut into folded words, and the words around a name that say it is a place.

Which place a name means is `finder`'s matter.
"""

from __future__ import annotations

import re

from oim.kit import text as kit

WORD = re.compile(r"[a-z0-9]+")
SEGMENT_END = re.compile(r"[,;:.!?()\[\]/|\n\u2013\u2014]|\s-\s")


def _split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


REGION_WORDS = _split_words("region regions province provinces")
PLACE_WORDS = REGION_WORDS | _split_words(
    "departement departements department division subdivision arrondissement commune communes council "
    "ville town city village"
)
RESIDENCE_WORDS = _split_words(
    "habite habitant habitante vis vit reside residant residente base basee based live lives living "
    "stay stays from"
)
LINK_WORDS = _split_words("a at d de des du for in l la le les of the")

COMPASS_NAMES = _split_words("centre center est east nord north ouest west sud south")
COMMON_WORD_NAMES = _split_words("bum meme momo noun ocean")
RARER_WORD_NAMES = _split_words(
    "ako alou bali bana banka bare belo bogo bui campo dang dir duala esse faro gobo guere guider hina "
    "kette lobo maga mbe meri mombo mora noni nwa poli santa soa tinto toko tonga victoria wina yoko zina"
)
# Names that are also common words or first names, each with the words of which one must stand beside it.
AMBIGUOUS_NAMES = (
    dict.fromkeys(COMPASS_NAMES, REGION_WORDS)
    | dict.fromkeys(COMMON_WORD_NAMES, PLACE_WORDS)
    | dict.fromkeys(RARER_WORD_NAMES, PLACE_WORDS | RESIDENCE_WORDS)
)


def tokenise(text: str) -> list[str]:
    """The words of a text, without case and accents."""
    return WORD.findall(kit.fold(text))


def split_segments(text: str) -> list[str]:
    """The parts of a text between its punctuation marks; no name reaches over one."""
    return [part for part in SEGMENT_END.split(text) if part.strip()]


def has_place_context(words: list[str], start: int, end: int) -> bool:
    """Whether the words around the shy name `words[start:end]` say that it is a place."""
    name = " ".join(words[start:end])
    before = start - 1
    while before >= 0 and words[before] in LINK_WORDS:
        before -= 1
    if before >= 0 and words[before] in AMBIGUOUS_NAMES[name]:
        # "La région est belle": the French "est" is a verb unless an article or the end makes it a name.
        return name != "est" or words[start - 1] == "l" or end == len(words)
    return name != "est" and end < len(words) and words[end] in AMBIGUOUS_NAMES[name] & PLACE_WORDS
