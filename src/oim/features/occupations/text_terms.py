"""A text as the terms that trades are compared by: folded, one gender, one term a family, stemmed.

Which terms name which trade is `linker`'s matter.
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

WORD = re.compile(r"[a-z0-9]+")
FEMININE_ENDINGS = (
    (re.compile(r"euses?$"), "eur"),
    (re.compile(r"(?<=.{3})eures?$"), "eur"),
    (re.compile(r"trices?$"), "teur"),
    (re.compile(r"(?<=.{2})ennes?$"), "en"),
    (re.compile(r"(?<=.{2})eres?$"), "er"),
    (re.compile(r"antes?$"), "ant"),
)
# Articles, prepositions, pronouns (French, English, Pidgin) and what is left of "H/F" or "vendeur(se)".
STOP_WORDS_TEXT = """
a an and at au aux avec by ce ces d dans de des di do dey du e en et euse f fe fh for from ere h hf i in
ienne j je l la le les m ma me mes mon my na ne nne of on or ou par pour s se ses sa some sur t the to
sais sait savoir sabi trice un une very w with x
"""
STOP_WORDS = frozenset(STOP_WORDS_TEXT.split())
_thread_local = local()


@dataclass(frozen=True, slots=True)
class TextTerms:
    """The terms of a text by French and by English stems, and which of them were misspelt and mended."""

    french: list[str]
    english: list[str]
    corrected_flags: list[bool]


def extract_terms(text: str) -> tuple[list[str], list[str]]:
    """The terms of a text, stemmed as French and as English; both lists have one length and one order.

    Words without meaning for a trade are left out.
    """
    reading = analyse_text(text)
    return reading.french, reading.english


def analyse_text(text: str, correct_word: Callable[[str], str] = lambda word: word) -> TextTerms:
    """The terms of a text as a person wrote it: `mend` gives the word meant by a misspelt one."""
    said = _canonical_words(text, correct_word)
    words = [word for word, _ in said]
    french, english = _get_stemmers()
    return TextTerms(french.stemWords(words), english.stemWords(words), [mended for _, mended in said])


def stem_word(word: str) -> tuple[str, str]:
    """The French and the English stem of a folded word's family."""
    french, english = _get_stemmers()
    return french.stemWord(canonical_word(word)), english.stemWord(canonical_word(word))


def _get_stemmers() -> tuple[Stemmer.Stemmer, Stemmer.Stemmer]:
    """One pair a thread: making them costs more than a short text, and none may serve two threads."""
    if not hasattr(_thread_local, "pair"):
        _thread_local.pair = (Stemmer.Stemmer("french", 0), Stemmer.Stemmer("english", 0))
    pair: tuple[Stemmer.Stemmer, Stemmer.Stemmer] = _thread_local.pair
    return pair


def _canonical_words(text: str, correct_word: Callable[[str], str]) -> list[tuple[str, bool]]:
    """The words that say something, each as its family; both genders of one, side by side, are one."""
    words: list[tuple[str, bool]] = []
    before = ""
    for found in WORD.findall(fold(text)):
        if found in STOP_WORDS:
            continue
        written = correct_word(found)
        word = canonical_word(written)
        if not (words and words[-1][0] == word and written != before):
            words.append((word, written != found))
        before = written
    return words


@lru_cache(maxsize=65536)
def canonical_word(word: str) -> str:
    """The family of a word, else the word; a feminine (`couturieres`) as its masculine (`couturier`)."""
    for ending, masculine in FEMININE_ENDINGS:
        word = ending.sub(masculine, word)
    return load_word_families().get(word, word)


@cache
def load_word_families() -> dict[str, str]:
    """Words of trades to their family, which joins languages and forms ("vente", "sell").

    A family of one keeps a trade apart from the common words of its stem ("joiner" from "join us").
    """
    lines = (
        (resources.files("oim.features.occupations") / "families.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    return {form: f":{line.split()[0]}" for line in lines for form in line.split()}
