"""Words to stems to sparse vectors: one BM25 encoder for French and English, whatever index stores it.

The document side carries the saturated term frequency of BM25 (Robertson and Zaragoza, 2009); the index
multiplies the query side by inverse document frequency.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

import Stemmer

from oim.features.matching.types import Sparse
from oim.kit.text import fold

K1 = 1.2
B = 0.75
AVERAGE_LENGTH = 80.0  # stems of an offer: a constant, so that no document depends on the others
TITLE_WEIGHT = 3

_WORD = re.compile(r"[^\W_]+(?:[+#]+)?")
_GENDERS = tuple(
    (re.compile(ending + "$"), masculine)
    for ending, masculine in (("euses?", "eur"), ("trices?", "teur"), ("ières?", "ier"), ("ères?", "er"))
)
_SILENT = (
    "a à ai ainsi au aux avec c ce ces cet cette d dans de des du elle en est et eux il ils j je l la "
    "le les leur leurs lui m ma mais me mes mon n ne nos notre nous on ou par pas pour qu que qui s sa "
    "se ses si son sont sur t te tes toi ton tu un une vos votre vous y h f hf fh être avoir fait faire "
    "plus très bien comme aussi cherche chercher recherche recherchons veux voudrais souhaite besoin "
    "poste emploi travail profil offre the an and are as at be but by for from has have i in is it its "
    "my of or our that their they this to was we will with you your am do need want looking work job "
    "position role offer depuis ans année années mois jour jours boulot aimerais aime peux peut sais "
    "savoir suis cherchons trouver avons bonjour svp merci like find can know year years month months "
    "since im habite habitant vis vit région ville quartier live living lives region town city "
    "e es euse trice ière "
)
_STOP = frozenset(_SILENT.split())


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """The stem of a lower-case word, then folded: folded first, meublé and meublée would part."""
    if language == "fr":
        for ending, masculine in _GENDERS:
            word, changed = ending.subn(masculine, word)
            if changed:
                break
    # A stemmer of its own for each call: they are cheap, and threads must not share one.
    stemmer = Stemmer.Stemmer("french" if language == "fr" else "english", 0)
    return fold(stemmer.stemWord(word))


def words(text: str) -> list[str]:
    """The words of a text that say something, lower case, in order."""
    return [
        word
        for word in _WORD.findall(normalize("NFC", text).lower())
        if word not in _STOP and not word.isdigit()
    ]


def stems(text: str, language: str | None) -> list[str]:
    """The stems of a document's text; French rules unless it is English."""
    return [stem(word, "en" if language == "en" else "fr") for word in words(text)]


def query_stems(text: str) -> dict[str, str]:
    """Stem to the word it came from, by the rules of both languages: a query may find offers in either."""
    return {stem(word, language): word for word in words(text) for language in ("en", "fr")}


def term(stemmed: str) -> int:
    """The number of a stem in sparse vectors: unsigned 32 bits, the same on every machine."""
    return zlib.crc32(stemmed.encode())


def encode_document(title: Iterable[str], body: Iterable[str]) -> Sparse:
    """BM25 weights of a document's stems, those of its title counted three times."""
    counts: Counter[str] = Counter(body)
    for stemmed in title:
        counts[stemmed] += TITLE_WEIGHT
    norm = K1 * (1 - B + B * counts.total() / AVERAGE_LENGTH)
    weights = {term(stemmed): count * (K1 + 1) / (count + norm) for stemmed, count in counts.items()}
    return _sparse(weights)


def encode_query(stemmed: Iterable[str]) -> Sparse | None:
    """Weight one for each stem; None when there is none."""
    weights = {term(one): 1.0 for one in stemmed}
    return _sparse(weights) if weights else None


def _sparse(weights: dict[int, float]) -> Sparse:
    ordered = sorted(weights.items())
    return Sparse(tuple(index for index, _ in ordered), tuple(value for _, value in ordered))
