"""Numbers as people say them: `deux ans`, `6 mois`, `50 mille`, `1 million`; in French and in English."""

from __future__ import annotations

import re

from oim.kit.text import fold

_UNITS = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen",
)
_TENS = {
    **{"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60},
    **{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80},
    **{"septante": 70, "huitante": 80, "nonante": 90, "ninety": 90},
}
_SMALL = {word: number for words in _UNITS for number, word in enumerate(words.split())} | {"une": 1}
_HUNDREDS = frozenset(("cent", "cents", "hundred"))
_FACTORS = {"mille": 1000, "thousand": 1000, "k": 1000, "million": 1_000_000, "millions": 1_000_000}
_JOINING = frozenset(("et", "and", "de", "of"))
_MAX_LENGTH = 60  # characters: longer ones are no number
_AROUND = re.compile(r"^(?:environ|presque|plus de|about|almost|more than|over) |\+$")
_YEARS = re.compile(
    r"(?P<years>.+?) ?(?:ans?|annees?|years?|yrs?)(?: (?:et|and) (?:demie?|a half|.+ (?:mois|months?)))?"
    r"(?: (?:d'|de |of )?(?:experience|metier|travail|pratique|work))?"
)
_MONTHS = re.compile(
    r"(?P<months>.+?) ?(?:mois|months?)(?: (?:d'|de |of )?(?:experience|metier|travail|work))?"
)
_CURRENCY = re.compile(r" ?(?:francs?(?: cfa)?|f ?cfa|xaf|frs?|f)$")


def parse_spoken_number(text: str) -> int | None:
    """The whole number that a text says, in figures, in words or in both; None where it says none."""
    words = [word for word in _split_words(text) if word not in _JOINING]
    total, current = 0, 0
    for word in words:
        if word in _FACTORS:
            total, current = total + max(1, current) * _FACTORS[word], 0
            continue
        following = _add_word(current, word)
        if following is None:
            return None
        current = following
    return total + current if words else None


def _add_word(number: int, word: str) -> int | None:
    """The number with one more word below a thousand; None where that is no number: `2 3`, `un peu`."""
    if word in _HUNDREDS and number < 10:
        return max(1, number) * 100
    if word in ("vingt", "vingts") and number % 100 == 4:
        return number + 76  # quatre-vingts
    if word in _TENS and number % 100 == 0:
        return number + _TENS[word]
    if word in _SMALL and number % 10 == 0:
        return number + _SMALL[word]
    return int(word) if word.isdecimal() and number == 0 else None


def parse_spoken_years(text: str) -> int | None:
    """The whole years of experience in a text: `2 ans`, `deux ans et demi`, `6 mois`; None for none."""
    folded_text = _AROUND.sub("", fold(text[:_MAX_LENGTH]))
    if years := _YEARS.fullmatch(folded_text):
        return parse_spoken_number(years["years"])
    if months := _MONTHS.fullmatch(folded_text):
        number = parse_spoken_number(months["months"])
        return None if number is None else number // 12
    return parse_spoken_number(folded_text)


def parse_spoken_amount(text: str) -> int | None:
    """The amount of francs that a text says: `50 000 FCFA`, `50 mille`, `un million`; None for none."""
    return parse_spoken_number(_CURRENCY.sub("", _AROUND.sub("", fold(text[:_MAX_LENGTH]))))


def _split_words(text: str) -> list[str]:
    """Split into folded words; figures in groups become one, and `50f` or `50k` two."""
    if len(text) > _MAX_LENGTH:
        return []
    grouped = re.sub(r"(?<=\d)[ .,'](?=\d{3}(?!\d))", "", fold(text))
    return re.sub(r"(?<=\d)(?=[a-z])|(?<=[a-z])-(?=[a-z])", " ", grouped).split()
