"""Turn a text into the terms by which trades are compared.

Words are folded (no case, no accents), feminine forms become masculine, words of one family become one term,
and the terms are stemmed. `linker` decides which terms name which trade.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from threading import local

import Stemmer

from oim.kit.text import fold

WORD = re.compile(r"[a-z0-9]+")  # in folded text
# Words of a text that are looked at for misspellings, which takes most of the time that a text of nonsense
# takes. A letter names its trade within its first page.
MAX_CORRECTED_WORDS = 200
# Feminine endings, singular or plural, to the masculine one. The look-behinds leave short words alone, whose
# ending is no gender: "mere", "heure".
FEMININE_ENDINGS = (
    (re.compile(r"euses?$"), "eur"),  # vendeuse
    (re.compile(r"(?<=.{3})eures?$"), "eur"),  # ingenieure
    (re.compile(r"trices?$"), "teur"),  # agricultrice
    (re.compile(r"(?<=.{2})ennes?$"), "en"),  # electricienne
    (re.compile(r"(?<=.{2})eres?$"), "er"),  # couturiere
    (re.compile(r"antes?$"), "ant"),  # assistante
)
# Articles, prepositions, pronouns (French, English, Pidgin) and the remains of "H/F" or "vendeur(se)".
STOP_WORDS_TEXT = """
a an and at au aux avec by ce ces d dans de des di do dey du e en et euse f fe fh for from ere h hf i in
ienne j je l la le les m ma me mes mon my na ne nne of on or ou par pour s se ses sa some sur t the to
sais sait savoir sabi trice un une very w with x
"""
STOP_WORDS = frozenset(STOP_WORDS_TEXT.split())
_thread_local = local()  # `pair`: the stemmers of this thread


@dataclass(frozen=True, slots=True)
class TextTerms:
    """The terms of a text as French and as English stems, and which of them were misspelt and corrected.

    The three lists have one length and one order.
    """

    french: list[str]
    english: list[str]
    corrected_flags: list[bool]


def extract_terms(text: str) -> tuple[list[str], list[str]]:
    """Return the terms of a text, stemmed as French and as English; both lists have one length and one order.

    Words without meaning for a trade are left out.
    """
    terms = analyse_text(text)
    return terms.french, terms.english


def analyse_text(text: str, correct_word: Callable[[str], str] = lambda word: word) -> TextTerms:
    """Return the terms of a text that a person wrote.

    `correct_word` returns the word meant by a misspelt one, and any other word as it is. Of a long text the
    first words are corrected.
    """
    flagged_words = _canonical_words(text, correct_word)
    words = [word for word, _ in flagged_words]
    # Every text is stemmed in both languages: people mix French, English and Pidgin, often in one sentence.
    french, english = _get_stemmers()
    return TextTerms(
        french.stemWords(words), english.stemWords(words), [corrected for _, corrected in flagged_words]
    )


def stem_in_both_languages(word: str) -> tuple[str, str]:
    """Return the French and the English stem of a folded word, or of the family it belongs to."""
    french, english = _get_stemmers()
    return french.stemWord(canonical_word(word)), english.stemWord(canonical_word(word))


def _get_stemmers() -> tuple[Stemmer.Stemmer, Stemmer.Stemmer]:
    """Return the French and the English stemmer of this thread.

    Creating them costs more than stemming a short text, and a stemmer may not be used by two threads at once.
    """
    if not hasattr(_thread_local, "pair"):
        # 0 turns the stemmers' own cache off.
        _thread_local.pair = (Stemmer.Stemmer("french", 0), Stemmer.Stemmer("english", 0))
    pair: tuple[Stemmer.Stemmer, Stemmer.Stemmer] = _thread_local.pair
    return pair


def _canonical_words(text: str, correct_word: Callable[[str], str]) -> list[tuple[str, bool]]:
    """Return the words that carry meaning as their families, each with whether it was corrected.

    Both genders of one word, side by side, are one: "développeur / développeuse".
    """
    words: list[tuple[str, bool]] = []
    previous = ""
    tokens = (token for token in WORD.findall(fold(text)) if token not in STOP_WORDS)
    for number, token in enumerate(tokens):
        corrected = correct_word(token) if number < MAX_CORRECTED_WORDS else token
        word = canonical_word(corrected)
        # Two spellings of one family are two genders; the same spelling twice is a name: "pousse-pousse".
        if not (words and words[-1][0] == word and corrected != previous):
            words.append((word, corrected != token))
        previous = corrected
    return words


@lru_cache(maxsize=65536)
def canonical_word(word: str) -> str:
    """Return the family of a folded word, or the word in the masculine (`couturier` for `couturieres`)."""
    for ending, masculine in FEMININE_ENDINGS:
        word = ending.sub(masculine, word)
    return load_word_families().get(word, word)


@cache
def load_word_families() -> dict[str, str]:
    """Return words of trades with their family, which joins languages and forms: `:sell` for "vente", "sell".

    A family of one word keeps a trade from being taken for common words of its stem: "joiner" for "join us".
    """
    lines = (
        (resources.files("oim.features.occupations") / "families.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    # The colon keeps the name of a family from being equal to any word of a text.
    return {form: f":{line.split()[0]}" for line in lines for form in line.split()}
