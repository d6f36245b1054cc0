"""What an unknown file says of all its rows at once: country, kind, and what its sums of money count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oim.features.ingestion.column_contents import Column, Guess
from oim.features.ingestion.values import money, pay
from oim.features.ingestion.values.location import FRENCH_DEPARTMENT
from oim.features.opportunities import Kind
from oim.kit.i18n import mark

# Two columns of one kind, and none of a job, tell the kind of a file.
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
    """Guesses with a value for every row, for fields that have no column of their own."""
    for told in (
        _guess_country(columns, guesses),
        _guess_kind(guesses),
        _guess_currency(guesses),
        _guess_pay_period(guesses),
    ):
        if told and told.field not in guesses:
            yield told


def _guess_country(columns: list[Column], guesses: GuessesByField) -> Guess | None:
    named = guesses["locality"].column if "locality" in guesses else None
    share = max((c.share(FRENCH_DEPARTMENT.match) for c in columns if c.name == named), default=0.0)
    why = mark("the places begin with numbers of French departments")
    return Guess("country", str(named), round(share, 2), why, "FR") if share > 0.5 else None


def _guess_kind(guesses: GuessesByField) -> Guess:
    """The kind that the columns tell; else each title tells its own."""
    for kind, names in KIND_FIELDS.items():
        own = [guesses[name].column for name in names if name in guesses]
        if len(own) > 1 and not JOB_FIELDS & guesses.keys():
            return Guess("kind", ", ".join(own), 0.7, mark("only such offers have these columns"), kind.value)
    return Guess("kind", guesses["title"].column, 0.5, mark("the first words of each title tell it"))


def _guess_currency(guesses: GuessesByField) -> Guess | None:
    named = {
        column: code
        for column in _column_names(guesses, MONEY_FIELDS)
        if (code := money.find_currency(column))
    }
    if len(set(named.values())) != 1:
        return None
    return Guess(
        "currency", ", ".join(named), 0.9, mark("the column's name says so"), next(iter(named.values()))
    )


def _guess_pay_period(guesses: GuessesByField) -> Guess | None:
    named = {
        column: period for column in _column_names(guesses, PAY_FIELDS) if (period := pay.find_period(column))
    }
    if len(set(named.values())) != 1:
        return None
    value = next(iter(named.values())).value
    return Guess("pay_period", ", ".join(named), 0.9, mark("the column's name says so"), value)


def _column_names(guesses: GuessesByField, fields: tuple[str, ...]) -> list[str]:
    return [guesses[name].column for name in fields if name in guesses]
