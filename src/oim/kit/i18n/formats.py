"""Numbers, dates, money and distances as they are written in Cameroon, in French and English."""

from __future__ import annotations

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date as babel_date
from babel.numbers import format_decimal

from oim.kit.clock import CAMEROON
from oim.kit.i18n.catalogue import Language

LOCALES: dict[Language, str] = {"fr": "fr_CM", "en": "en_CM"}


def format_number(value: float, language: Language) -> str:
    """A number with its thousands apart."""
    return format_decimal(value, locale=LOCALES[language]).replace("\u202f", "\u00a0")


def format_money(xaf: int, language: Language) -> str:
    """An amount of XAF, which has no minor unit: `150 000 FCFA`, `XAF 150,000`."""
    number = format_number(xaf, language)
    return f"{number}\u00a0FCFA" if language == "fr" else f"XAF\u00a0{number}"


def format_date(moment: date, language: Language) -> str:
    """A day in words, in Cameroon's time: `3 mai 2026`, `3 May 2026`."""
    day = moment.astimezone(CAMEROON).date() if isinstance(moment, datetime) else moment
    written = babel_date(day, "d MMMM y", locale=LOCALES[language])
    return written.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else written


def format_month(month: date, language: Language) -> str:
    """A month in words: `mai 2026`, `May 2026`."""
    return babel_date(month, "MMMM y", locale=LOCALES[language])


def format_distance(km: float, language: Language) -> str:
    """A distance in whole kilometres; under one, `moins de 1 km`."""
    if km < 1:
        return "moins de 1\u00a0km" if language == "fr" else "less than 1\u00a0km"
    return f"{format_number(round(km), language)}\u00a0km"


def language_name(code: str, language: Language) -> str:
    """A language by its ISO 639 code, as it is called in another: `de` is `allemand`; its code if unknown."""
    return str(Locale.parse(LOCALES[language]).languages.get(code, code))
