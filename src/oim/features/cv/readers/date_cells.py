"""Telling cells that hold only dates from others: `2019 - 2022`, `depuis mars 2021`, `10/2018 à ce jour`.

A cell of dates says when what stands beside it was, so the two belong on one line. What dates mean is worked
out in `extraction`, which this process does not import.
"""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 60  # characters of a cell of dates
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20[0-4])\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
# Without accents, shortened or not, in both languages.
_MONTH = re.compile(
    "jan(?:v|vier|uary)?|fe(?:v|b|vr|vrier|bruary)|mar(?:s|ch)?|av(?:r|ril)|apr(?:il)?|mai|may|juin|june?|jui?l|"
    "juillet|july|aout|aug(?:ust)?|sept?|septemb(?:re|er)|oct(?:ob(?:re|er))?|nov(?:emb(?:re|er))?|"
    "dec(?:emb(?:re|er))?"
)
_DATE_WORD = re.compile(
    "er|st|nd|rd|th|de|du|des|d|depuis|le|la|l|au|a|ce|jours?|nos|jusqu|presente?|actuel|actuellement|aujourd|hui|maintenant|en|"
    "cours|annees?|ans?|mois|et|periode|dates?|"
    "from|to|since|until|till|now|today|current|currently|ongoing|years?|months?|and|the"
)


def is_dates(text: str) -> bool:
    """Whether a cell holds dates with a year, and nothing else."""
    if len(text) > MAX_LENGTH or not _YEAR.search(text):
        return False
    return all(map(_is_date_word, _WORD.findall(_fold(text))))


def _is_date_word(word: str) -> bool:
    """Whether a folded word is a month's name or stands between dates."""
    return bool(_DATE_WORD.fullmatch(word) or _MONTH.fullmatch(word))


def _fold(text: str) -> str:
    """Fold a text to small letters without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter)
    )
