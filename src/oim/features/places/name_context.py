"""Tokenisation of text for place names, and the context words that confirm an ambiguous name as a place.

`finder` decides which place a name means.
"""

from __future__ import annotations

import re

from oim.kit import text as kit

WORD = re.compile(r"[a-z0-9]+")
# Punctuation, line ends, en and em dashes, and a hyphen between spaces: "Littoral - Douala" is two segments,
# "Extrême-Nord" one.
SEGMENT_END = re.compile(r"[,;:.!?()\[\]/|\n\u2013\u2014]|\s-\s")


def _split_words(words: str) -> frozenset[str]:
    """A set of the words of a text, to write word lists compactly."""
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
# Words that may stand between a context word and the name: "région de l'Ouest". "d" and "l" are what folding
# leaves of "d'" and "l'".
LINK_WORDS = _split_words("a at d de des du for in l la le les of the")

# Three sorts of names, from the most to the least ambiguous: compass words ("le centre de formation"), common
# words ("momo", "la même chose"), and rarer words or first names ("il est poli", "Santa Claus").
COMPASS_NAMES = _split_words("centre center est east nord north ouest west sud south")
COMMON_WORD_NAMES = _split_words("bum meme momo noun ocean")
RARER_WORD_NAMES = _split_words(
    "ako alou bali bana banka bare belo bogo bui campo dang dir duala esse faro gobo guere guider hina "
    "kette lobo maga mbe meri mombo mora noni nwa poli santa soa tinto toko tonga victoria wina yoko zina"
)
# For each ambiguous name, the context words of which one must stand beside it. The more ambiguous, the fewer.
AMBIGUOUS_NAMES = (
    dict.fromkeys(COMPASS_NAMES, REGION_WORDS)
    | dict.fromkeys(COMMON_WORD_NAMES, PLACE_WORDS)
    | dict.fromkeys(RARER_WORD_NAMES, PLACE_WORDS | RESIDENCE_WORDS)
)


def tokenise(text: str) -> list[str]:
    """The words of a text, in lower case and without accents: "Sa’a" gives "sa" and "a"."""
    return WORD.findall(kit.fold(text))


def split_segments(text: str) -> list[str]:
    """The parts of a text between punctuation marks. A name never continues across one."""
    return [part for part in SEGMENT_END.split(text) if part.strip()]


def has_place_context(words: list[str], start: int, end: int) -> bool:
    """Whether the words around the ambiguous name `words[start:end]` confirm that it is a place.

    A context word may come before it, with link words between ("habite à Poli"), or directly after it ("West
    region"); a word of residence only before.
    """
    name = " ".join(words[start:end])
    before = start - 1
    while before >= 0 and words[before] in LINK_WORDS:
        before -= 1
    if before >= 0 and words[before] in AMBIGUOUS_NAMES[name]:
        # "La région est belle": the French "est" is a verb unless an article or the end makes it a name.
        return name != "est" or words[start - 1] == "l" or end == len(words)
    return name != "est" and end < len(words) and words[end] in AMBIGUOUS_NAMES[name] & PLACE_WORDS
