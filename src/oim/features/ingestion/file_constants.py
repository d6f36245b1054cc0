"""What an unknown file says of all its rows at once: country, kind, and what its sums of money count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oim.features.ingestion.column_contents import Column, Guess
from oim.features.ingestion.values import money, pay
from oim.features.ingestion.values.location import FRENCH_DEPARTMENT
from oim.features.opportunities import Kind
from oim.kit.i18n import mark

# Two columns of one kind, and none of a job, tell the kind of a file.
OF_KIND = {
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
OF_JOBS = {"contract", "pay_text", "pay_min", "pay_max", "experience"}
PAY = ("pay_text", "pay_min", "pay_max")
MONEY = (*PAY, "amount_min", "amount_max", "cost", "allowance")

Found = Mapping[str, Guess]


def facts(columns: list[Column], found: Found) -> Iterator[Guess]:
    """Guesses with a value for every row, for fields that have no column of their own."""
    for told in (_country(columns, found), _kind(found), _currency(found), _period(found)):
        if told and told.field not in found:
            yield told


def _country(columns: list[Column], found: Found) -> Guess | None:
    named = found["locality"].column if "locality" in found else None
    share = max((c.share(FRENCH_DEPARTMENT.match) for c in columns if c.name == named), default=0.0)
    why = mark("the places begin with numbers of French departments")
    return Guess("country", str(named), round(share, 2), why, "FR") if share > 0.5 else None


def _kind(found: Found) -> Guess:
    """The kind that the columns tell; else each title tells its own."""
    for kind, names in OF_KIND.items():
        own = [found[name].column for name in names if name in found]
        if len(own) > 1 and not OF_JOBS & found.keys():
            return Guess("kind", ", ".join(own), 0.7, mark("only such offers have these columns"), kind.value)
    return Guess("kind", found["title"].column, 0.5, mark("the first words of each title tell it"))


def _currency(found: Found) -> Guess | None:
    named = {column: code for column in _columns(found, MONEY) if (code := money.named(column))}
    if len(set(named.values())) != 1:
        return None
    return Guess(
        "currency", ", ".join(named), 0.9, mark("the column's name says so"), next(iter(named.values()))
    )


def _period(found: Found) -> Guess | None:
    named = {column: period for column in _columns(found, PAY) if (period := pay.period_of(column))}
    if len(set(named.values())) != 1:
        return None
    value = next(iter(named.values())).value
    return Guess("pay_period", ", ".join(named), 0.9, mark("the column's name says so"), value)


def _columns(found: Found, names: tuple[str, ...]) -> list[str]:
    return [found[name].column for name in names if name in found]
