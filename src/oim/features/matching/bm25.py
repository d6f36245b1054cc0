"""BM25 encoder for French and English: text to words, to stems, to sparse vectors, the same for every index.

A document vector carries the saturated term frequency of BM25 (Robertson and Zaragoza, 2009); the index
multiplies the query vector by the inverse document frequency.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

import Stemmer

from oim.features.matching.index import SparseVector
from oim.kit.text import fold

# The usual values: k1 sets how fast repeating a word stops counting, b how much a long text is marked down.
BM25_K1 = 1.2
BM25_B = 0.75
AVERAGE_STEMS = 80.0  # stems of an offer: a constant, so that no document's vector depends on the others
TITLE_WEIGHT = 3  # a stem of the title counts as three of the body

# Letters and digits, with the sign that ends the name of a language: "atelier", "c++", "c#".
_WORD = re.compile(r"[^\W_]+(?:[+#]+)?")
# The French stemmer gives genders different stems, and texts use either: « vendeuses » -> « vendeur ».
_FEMININE_ENDINGS = tuple(
    (re.compile(ending + "$"), masculine)
    for ending, masculine in (("euses?", "eur"), ("trices?", "teur"), ("ières?", "ier"), ("ères?", "er"))
)
# Articles and pronouns of both languages, words that every offer or request has (« cherche », « emploi »,
# "looking"), and what is left of « H/F » or « serveur(euse) » once it is split into words.
_STOP_WORD_LIST = (
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
_STOP_WORDS = frozenset(_STOP_WORD_LIST.split())


@lru_cache(maxsize=65536)
def stem_word(word: str, language: str) -> str:
    """The folded stem of a lower-case word. `language` is "fr" or "en"."""
    if language == "fr":
        for ending, masculine in _FEMININE_ENDINGS:
            word, changed = ending.subn(masculine, word)
            if changed:
                break
    # A new stemmer for each call: they are cheap, and threads must not share one.
    stemmer = Stemmer.Stemmer("french" if language == "fr" else "english", 0)
    # Fold last, as the French rules read accents: folded first, « meublé » and « meublée » would differ.
    return fold(stemmer.stemWord(word))


def extract_content_words(text: str) -> list[str]:
    """The words of a text in lower case and in order, without stop words and numbers."""
    # NFC: typed as a letter and a combining accent, « é » would be cut, as the accent is no word character.
    return [
        word
        for word in _WORD.findall(normalize("NFC", text).lower())
        if word not in _STOP_WORDS and not word.isdigit()
    ]


def stem_text(text: str, language: str | None) -> list[str]:
    """The stems of a document's text, by English rules where its language is "en", else by French ones."""
    return [stem_word(word, "en" if language == "en" else "fr") for word in extract_content_words(text)]


def stem_query(text: str) -> dict[str, str]:
    """Map each stem of a query to the word it came from.

    Words are stemmed by the rules of both languages, so that a query finds offers in either.
    """
    return {
        stem_word(word, language): word for word in extract_content_words(text) for language in ("en", "fr")
    }


def hash_stem(stemmed: str) -> int:
    """The term number of a stem in sparse vectors: CRC-32, unsigned 32 bits, the same on every machine."""
    return zlib.crc32(stemmed.encode())


def encode_document(title: Iterable[str], body: Iterable[str]) -> SparseVector:
    """BM25 weights of a document's stems; those of the title count `TITLE_WEIGHT` times."""
    counts: Counter[str] = Counter(body)
    for stemmed in title:
        counts[stemmed] += TITLE_WEIGHT
    norm = BM25_K1 * (1 - BM25_B + BM25_B * counts.total() / AVERAGE_STEMS)
    weights = {
        hash_stem(stemmed): count * (BM25_K1 + 1) / (count + norm) for stemmed, count in counts.items()
    }
    return _to_sparse_vector(weights)


def encode_query(stemmed: Iterable[str]) -> SparseVector | None:
    """Weight one for each stem of a query; None when there is no stem."""
    weights = {hash_stem(stem): 1.0 for stem in stemmed}
    return _to_sparse_vector(weights) if weights else None


def _to_sparse_vector(weights: dict[int, float]) -> SparseVector:
    """The weights by term number as a sparse vector, sorted: the same text always gives the same bytes."""
    ordered = sorted(weights.items())
    return SparseVector(tuple(index for index, _ in ordered), tuple(value for _, value in ordered))
