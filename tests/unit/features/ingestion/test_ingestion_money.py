"""Amounts of money as sources write them, parsed into whole XAF or None."""

import pytest

from oim.features.ingestion.values import money
from oim.features.ingestion.values.pay import Pay, parse_pay
from oim.features.opportunities import PayPeriod

HOUR, DAY, MONTH, YEAR = PayPeriod


@pytest.mark.parametrize(
    ("text", "low", "high", "period"),
    [
        ("150 000 FCFA", 150_000, 150_000, None),
        ("150\u202f000\u00a0F CFA par mois", 150_000, 150_000, MONTH),
        ("150.000 F CFA", 150_000, 150_000, None),
        ("XAF 150,000", 150_000, 150_000, None),
        ("150 000,50 FCFA", 150_000, 150_000, None),
        ("60.000frs / jour", 60_000, 60_000, DAY),
        ("entre 100 000 et 150 000", 100_000, 150_000, None),
        ("100.000/150.000 F mensuel", 100_000, 150_000, MONTH),
        ("25k", 25_000, 25_000, None),
        ("100-150k FCFA", 100_000, 150_000, None),
        ("1,5 million FCFA par an", 1_500_000, 1_500_000, YEAR),
        ("1 à 2 millions de francs", 1_000_000, 2_000_000, None),
        ("150 000 FCFA + prime 20 000", 150_000, 150_000, None),
        ("Salaire en FCFA : 150000 à 200000", 150_000, 200_000, None),
        ("à partir de 80 000 FCFA", 80_000, None, None),
        ("dès 90 000 F par mois", 90_000, None, MONTH),
        ("90 000 FCFA et des primes de 20 000", 90_000, 90_000, None),
        ("100 000 F, des avantages, des congés", 100_000, 100_000, None),
        ("CFA 80,000 p.m.", 80_000, 80_000, MONTH),
        ("jusqu'à 300 000 FCFA", None, 300_000, None),
        ("Annuel de 45000.0 Euros à 55000.0 Euros", 29_518_065, 36_077_635, YEAR),
        ("Annuel de 45000.0 Euros sur 13.0 mois", 29_518_065, 29_518_065, YEAR),
        ("Horaire de 14.0 Euros à 21.0 Euros sur 12.0 mois", 9_183, 13_775, HOUR),
        ("35h par semaine, 12,02 €/h", 7_885, 7_885, HOUR),
        ("500 € (328 000 FCFA) par mois", 327_978, 327_978, MONTH),
    ],
)
def test_pay_written_in_words_is_parsed(
    text: str, low: int | None, high: int | None, period: PayPeriod | None
) -> None:
    assert parse_pay(None, None, None, text, money.XAF) == Pay(low, high, period)


@pytest.mark.parametrize(
    "text",
    [
        "À négocier",
        "selon profil, 10 % de commission",
        "500 USD per month",
        "$500",
        "3 000 nairas",
        "200 000 - 150 000 FCFA",  # out of order
        "20 000 FCFA par semaine",  # no period of ours
        "Annuel de 40.0 Euros à 50.0 Euros",  # thousands left out
        "Mensuel de 45000.0 Euros à 50000.0 Euros sur 12.0 mois",  # a year's pay
        "Annuel de 0.0 Euros",
        "9" * 40,
        "123 456 " * 2_000,
        None,
    ],
)
def test_unsure_or_absurd_pay_is_none(text: str | None) -> None:
    assert parse_pay(None, None, None, text, money.XAF) == Pay()


def test_the_pay_text_counts_before_the_pay_numbers() -> None:
    text = "Annuel de 35000.0 Euros sur 12.0 mois"
    assert parse_pay("12.0", "35000.0", None, text, None) == Pay(22_958_495, 22_958_495, YEAR)
    assert parse_pay("100000", "150000", "MONTH", "selon profil", money.XAF) == Pay(100_000, 150_000, MONTH)
    assert parse_pay("100 000 à 150 000", None, None, None, money.XAF) == Pay(100_000, 150_000, None)
    assert parse_pay("150000", "100000", None, None, money.XAF) == Pay()
    assert parse_pay("90000 per month", "120000", None, None, money.XAF) == Pay(90_000, 120_000, MONTH)
    assert parse_pay("", "60 000 F par jour", None, None, money.XAF) == Pay(None, 60_000, DAY)
    assert parse_pay("20000 per week", None, None, None, money.XAF) == Pay()  # no period of ours


def test_a_bare_number_without_a_known_currency_is_dropped() -> None:
    assert parse_pay("1500", None, "month", None, money.EUR) == Pay(983_936, None, MONTH)
    assert parse_pay("150000", None, "month", None, None) == Pay()
    assert parse_pay("150000", None, "month", None, money.OTHER_CURRENCY) == Pay()


def test_the_currency_is_the_stated_one_or_that_of_the_country() -> None:
    assert money.parse_currency("FCFA", is_local=False) == money.XAF
    assert money.parse_currency("EUR", is_local=True) == money.EUR
    assert money.parse_currency("USD", is_local=True) == money.OTHER_CURRENCY
    assert money.parse_currency(None, is_local=True) == money.XAF
    assert money.parse_currency(None, is_local=False) is None
    assert money.find_currency("Salaire mensuel (EUR)") == money.EUR
    assert money.find_currency("Salaire mensuel") is None


def test_costs_and_ranges_of_amounts_are_parsed() -> None:
    assert money.parse_amount("Gratuit", money.XAF) == 0
    assert money.parse_amount("0", money.XAF) == 0
    assert money.parse_amount("25 000 FCFA", None) == 25_000
    assert money.parse_amount("à voir", money.XAF) is None
    assert money.parse_bounds("100000", "2 millions", money.XAF) == (100_000, 2_000_000)
    assert money.parse_bounds(None, "de 50 000 à 500 000 FCFA", None) == (50_000, 500_000)
    assert money.parse_bounds(None, "1000000", money.XAF) == (None, 1_000_000)
    assert money.parse_bounds("5", "4", money.XAF) == money.NO_AMOUNT
