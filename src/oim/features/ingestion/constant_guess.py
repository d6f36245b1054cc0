"""Guess the values that all rows of an unknown file share: country, kind, currency and pay period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oim.features.ingestion.column_contents import Column, Guess
from oim.features.ingestion.values import money, pay
from oim.features.ingestion.values.location import FRENCH_DEPARTMENT
from oim.features.opportunities import Kind
from oim.kit.i18n import mark

# Fields that only one kind of offer has. A file with at least two of them, and no field of a job, is taken
# to hold offers of that kind only.
KIND_FIELDS = {
    Kind.AGR: (
        "amount_min",
        "amount_max",
        "rate",
        "grace_months",
        "term_months",
        "guarantor",
        "own_contribution",
    ),
    Kind.TRAINING: ("certificate", "cost", "duration_weeks", "starts_on", "allowance"),
}
JOB_FIELDS = {"contract", "pay_text", "pay_min", "pay_max", "experience"}
PAY_FIELDS = ("pay_text", "pay_min", "pay_max")
MONEY_FIELDS = (*PAY_FIELDS, "amount_min", "amount_max", "cost", "allowance")

GuessesByField = Mapping[str, Guess]


def guess_constants(columns: list[Column], guesses: GuessesByField) -> Iterator[Guess]:
    """Guess a value for all rows, for each field that has no column of its own."""
    for guess in (
        _guess_country(columns, guesses),
        _guess_kind(guesses),
        _guess_currency(guesses),
        _guess_pay_period(guesses),
    ):
        # A column of its own wins: its values may differ from row to row.
        if guess and guess.field not in guesses:
            yield guess


def _guess_country(columns: list[Column], guesses: GuessesByField) -> Guess | None:
    """Guess France where most places are written with a department number, as in "92 - Nanterre"."""
    locality = guesses["locality"].column if "locality" in guesses else None
    share = max((c.share(FRENCH_DEPARTMENT.match) for c in columns if c.name == locality), default=0.0)
    explanation = mark("the places begin with numbers of French departments")
    return Guess("country", str(locality), round(share, 2), explanation, "FR") if share > 0.5 else None


def _guess_kind(guesses: GuessesByField) -> Guess:
    """Guess the kind from the columns; else return a guess without a value: each title decides for itself."""
    for kind, names in KIND_FIELDS.items():
        own = [guesses[name].column for name in names if name in guesses]
        if len(own) > 1 and not JOB_FIELDS & guesses.keys():
            return Guess("kind", ", ".join(own), 0.7, mark("only such offers have these columns"), kind.value)
    return Guess("kind", guesses["title"].column, 0.5, mark("the first words of each title tell it"))


def _guess_currency(guesses: GuessesByField) -> Guess | None:
    """Guess the currency from the names of money columns: "Salaire (FCFA)"."""
    codes = {
        column: code
        for column in _column_names(guesses, MONEY_FIELDS)
        if (code := money.find_currency(column))
    }
    # Columns in two currencies ("Prix EUR", "Prix FCFA") prove nothing about the bare numbers of either.
    if len(set(codes.values())) != 1:
        return None
    return Guess(
        "currency", ", ".join(codes), 0.9, mark("the column's name says so"), next(iter(codes.values()))
    )


def _guess_pay_period(guesses: GuessesByField) -> Guess | None:
    """Guess the pay period from the names of pay columns: "Salaire mensuel"."""
    periods = {
        column: period for column in _column_names(guesses, PAY_FIELDS) if (period := pay.find_period(column))
    }
    if len(set(periods.values())) != 1:
        return None
    value = next(iter(periods.values())).value
    return Guess("pay_period", ", ".join(periods), 0.9, mark("the column's name says so"), value)


def _column_names(guesses: GuessesByField, fields: tuple[str, ...]) -> list[str]:
    return [guesses[name].column for name in fields if name in guesses]
