"""Languages: how one is negotiated, and how texts, numbers, money, dates and distances are formatted."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from oim.kit.i18n import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    Language,
    Translator,
    format_date,
    format_distance,
    format_money,
    format_number,
    negotiate_language,
    translator,
)
from oim.kit.i18n.catalogue import read_catalogue

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, "fr"),
        ("", "fr"),
        ("en", "en"),
        ("EN-us", "en"),
        ("fr-CM,fr;q=0.9,en;q=0.8", "fr"),
        ("de,en;q=0.3", "en"),
        ("fr;q=0.2,en;q=0.8", "en"),
        ("en; q=0.9, fr; q=0.4", "en"),
        ("fr;q=0.8, en-GB ;q=0.9", "en"),
        ("en,fr", "en"),
        ("de,*;q=0.5", "fr"),
        ("en;q=0", "fr"),
        ("en;q=0,fr;q=0.1", "fr"),
        ("en;q=high,fr;q=0.1", "fr"),
        ("en;q=nan,fr;q=0.1", "fr"),
        (";;,,=,q=;q", "fr"),
        ("ful-CM,ha", "fr"),
    ],
)
def test_the_language_is_negotiated_from_the_header_of_the_browser(header: str | None, chosen: str) -> None:
    assert negotiate_language(header) == chosen


def test_french_is_the_default() -> None:
    assert DEFAULT_LANGUAGE == "fr"
    assert set(LANGUAGES) == {"fr", "en"}


def test_a_text_is_shown_in_the_language_of_its_reader() -> None:
    message = "The index %(name)s is not there."
    assert translator("fr")(message, name="a-1") == "L’index a-1 n’existe pas."
    assert translator("en")(message, name="a-1") == "The index a-1 is not there."


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_text_is_shown_as_it_is(language: Language) -> None:
    assert translator(language)("100% unknown") == "100% unknown"
    assert translator(language)("%(n)s unknown", n=3) == "3 unknown"


@pytest.mark.parametrize(
    ("language", "count", "written"),
    [
        ("fr", 0, "0 semaine"),
        ("fr", 1, "1 semaine"),
        ("fr", 2, "2 semaines"),
        ("en", 0, "0 weeks"),
        ("en", 1, "1 week"),
        ("en", 2, "2 weeks"),
    ],
)
def test_plurals_follow_each_language(language: Language, count: int, written: str) -> None:
    assert translator(language).plural("%(count)s week", "%(count)s weeks", count) == written


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1500, f"1{SPACE}500", "1,500"),
        (1_250_000, f"1{SPACE}250{SPACE}000", "1,250,000"),
        (2.5, "2,5", "2.5"),
    ],
)
def test_numbers_are_written_as_in_cameroon(value: float, french: str, english: str) -> None:
    assert format_number(value, "fr") == french
    assert format_number(value, "en") == english


def test_money_is_in_francs_without_cents_and_does_not_break_over_lines() -> None:
    assert format_money(150_000, "fr") == f"150{SPACE}000{SPACE}FCFA"
    assert format_money(150_000, "en") == f"XAF{SPACE}150,000"


@pytest.mark.parametrize(
    ("moment", "french", "english"),
    [
        (date(2026, 5, 3), "3\u00a0mai 2026", "3\u00a0May 2026"),
        (date(2026, 8, 1), "1er\u00a0août 2026", "1\u00a0August 2026"),
        (date(2026, 1, 11), "11\u00a0janvier 2026", "11\u00a0January 2026"),
        (date(2026, 12, 21), "21\u00a0décembre 2026", "21\u00a0December 2026"),
        (datetime(2026, 4, 30, 23, 30, tzinfo=UTC), "1er\u00a0mai 2026", "1\u00a0May 2026"),
        (datetime(2026, 4, 30, 22, 30, tzinfo=UTC), "30\u00a0avril 2026", "30\u00a0April 2026"),
    ],
)
def test_an_instant_is_shown_as_its_day_in_cameroon(moment: date, french: str, english: str) -> None:
    assert format_date(moment, "fr") == french
    assert format_date(moment, "en") == english


@pytest.mark.parametrize(
    ("km", "french", "english"),
    [
        (0, f"moins de 1{SPACE}km", f"less than 1{SPACE}km"),
        (0.99, f"moins de 1{SPACE}km", f"less than 1{SPACE}km"),
        (1, f"1{SPACE}km", f"1{SPACE}km"),
        (59.6, f"60{SPACE}km", f"60{SPACE}km"),
        (1234, f"1{SPACE}234{SPACE}km", f"1,234{SPACE}km"),
    ],
)
def test_distances_are_whole_kilometres(km: float, french: str, english: str) -> None:
    assert format_distance(km, "fr") == french
    assert format_distance(km, "en") == english


def test_a_partial_catalogue_falls_back_to_english() -> None:
    pidgin = """msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);"

msgid "Sign in"
msgstr "Enter"
"""
    t = Translator("en", read_catalogue(BytesIO(pidgin.encode()), "pcm"))
    assert t("Sign in") == "Enter"
    assert t("At most %(most)s.", most=3) == "At most 3."
    assert t.plural("%(count)s offer", "%(count)s offers", 2) == "2 offers"
