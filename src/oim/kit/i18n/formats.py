"""Format numbers, dates, money and distances as they are written in Cameroon, in French and English."""

from __future__ import annotations

from datetime import date, datetime, time

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal

from oim.kit.clock import CAMEROON
from oim.kit.i18n.catalogue import Language

LOCALES: dict[Language, str] = {"fr": "fr_CM", "en": "en_CM"}


def format_number(value: float, language: Language) -> str:
    """Format a number with separated thousands: `1 500`, `1,500`."""
    # Babel's French has a narrow no-break space (U+202F); we write the plain one, which more fonts have.
    return format_decimal(value, locale=LOCALES[language]).replace("\u202f", "\u00a0")


def format_money(xaf: int, language: Language) -> str:
    """Format an amount of XAF, which has no minor unit: `150 000 FCFA`, `XAF 150,000`."""
    number = format_number(xaf, language)
    return f"{number}\u00a0FCFA" if language == "fr" else f"XAF\u00a0{number}"


def format_date(moment: date, language: Language) -> str:
    """Format a day, or the day of an instant in Cameroon: `3 mai 2026`, `3 May 2026`.

    The day and its month are joined by a hard space, so that no line breaks between them.
    """
    day = moment.astimezone(CAMEROON).date() if isinstance(moment, datetime) else moment
    formatted = babel_date(day, "d\u00a0MMMM y", locale=LOCALES[language])
    # French writes the first of a month as an ordinal, `1er mai`, which CLDR's patterns cannot express.
    return formatted.replace("1\u00a0", "1er\u00a0", 1) if language == "fr" and day.day == 1 else formatted


def format_hour(hour: time, language: Language) -> str:
    """Format an hour of the day: `9 h 30`, `14 h`; `9:30 am`, `2 pm`."""
    if language == "fr":
        return f"{hour.hour}\u00a0h" + (f"\u00a0{hour.minute:02}" if hour.minute else "")
    half = "am" if hour.hour < 12 else "pm"  # noon and midnight are twelve
    return f"{hour.hour % 12 or 12}" + (f":{hour.minute:02}" if hour.minute else "") + f"\u00a0{half}"


def format_month(month: date, language: Language) -> str:
    """Format a month: `mai 2026`, `May 2026`."""
    return babel_date(month, "MMMM y", locale=LOCALES[language])


def format_distance(km: float, language: Language) -> str:
    """Format a distance in whole kilometres; one under a kilometre as `moins de 1 km`."""
    if km < 1:
        return "moins de 1\u00a0km" if language == "fr" else "less than 1\u00a0km"
    return f"{format_number(round(km), language)}\u00a0km"
