"""A text as the terms that trades are compared by: folded, one gender, one term a family, stemmed.

Which terms name which trade is `linker`'s matter.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

import Stemmer

from oim.kit.text import fold

WORD = re.compile(r"[a-z0-9]+")
FEMININE = (
    (re.compile(r"euses?$"), "eur"),
    (re.compile(r"trices?$"), "teur"),
    (re.compile(r"(?<=.{2})ennes?$"), "en"),
    (re.compile(r"(?<=.{2})eres?$"), "er"),
    (re.compile(r"antes?$"), "ant"),
)
# Articles, prepositions, pronouns (French, English, Pidgin) and what is left of "H/F" or "vendeur(se)".
SILENT = """
a an and at au aux avec by ce ces d dans de des di do dey du e en et euse f fe fh for from ere h hf i in
ienne j je l la le les m ma me mes mon my na ne nne of on or ou par pour s se ses sa some sur t the to
trice un une very w with x
"""
STOP = frozenset(SILENT.split())


def terms(text: str) -> tuple[list[str], list[str]]:
    """The terms of a text, stemmed as French and as English; both lists have one length and one order.

    Words without meaning for a trade are left out.
    """
    words = _canonical(text)
    french: list[str] = Stemmer.Stemmer("french", 0).stemWords(words)
    english: list[str] = Stemmer.Stemmer("english", 0).stemWords(words)
    return french, english


def _canonical(text: str) -> list[str]:
    """The words that say something, each as its family; both genders of one, side by side, are one."""
    words: list[str] = []
    before = ""
    for written in WORD.findall(fold(text)):
        if written in STOP:
            continue
        word = _family(written)
        if not (words and words[-1] == word and written != before):
            words.append(word)
        before = written
    return words


@lru_cache(maxsize=65536)
def _family(word: str) -> str:
    """The family of a word, else the word; a feminine (`couturieres`) as its masculine (`couturier`)."""
    for ending, masculine in FEMININE:
        word = ending.sub(masculine, word)
    return _families().get(word, word)


@cache
def _families() -> dict[str, str]:
    """Words of trades to their family, which joins languages and forms ("vente", "sell").

    A family of one keeps a trade apart from the common words of its stem ("joiner" from "join us").
    """
    lines = (
        (resources.files("oim.features.occupations") / "families.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    return {form: f":{line.split()[0]}" for line in lines for form in line.split()}
