"""Offers from the parts. Each draws from its own seed, so changing one leaves the others as they were."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from oim.features.ingestion.sample.descriptions import describe, in_words
from oim.features.ingestion.sample.templates import Piece, Table, pieces, towns

SEED = "oim-sample-1"
WITH_TERM = ("fixed_term", "temporary", "internship", "apprenticeship")
PAY_STATED = 0.8  # shares of the offers
DEADLINE_STATED = 0.85
LATEST_DEADLINE = {"employment": 60, "training": 75, "agr": 120}  # days ahead
WORKINGS = ("style", "period", "pay", "scheme", "open_all_year", "town")


def records(today: date) -> Iterator[dict[str, Any]]:
    """Flat records of offers, the same each time but for the dates, which are counted from `today`.

    Keys are those of the flat JSON Lines form and are left out where the offer does not state them.
    """
    for piece in pieces():
        name = _name(piece)
        yield _record(piece, name, Random(f"{SEED}:{name}"), today)  # noqa: S311 - an example, not a secret


def _name(piece: Piece) -> str:
    """An id that stays when other offers come and go."""
    text = f"{piece.kind} {piece.facts['town']} {piece.facts['title']}"
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode()).strip("-")


def _record(piece: Piece, name: str, rng: Random, today: date) -> Table:
    facts = {key: rng.choice(options) for key, options in piece.draw.items()} | piece.facts
    facts |= _pay(facts, rng)
    facts |= _dates(piece.kind, facts, rng, today)
    if piece.kind == "employment" and facts["contract"] not in WITH_TERM:
        facts.pop("duration_months", None)
    head = {
        "id": name,
        "kind": piece.kind,
        "title": facts.pop("title"),
        "description": describe(piece, facts, rng),
        "language": piece.language,
        "country": "CM",
        "region": towns()[facts["town"]],
        "locality": facts["town"],
    }
    facts["documents"] = in_words(facts["documents"], piece.language)
    rest = {key: _plain(value) for key, value in facts.items() if key not in WORKINGS and value != []}
    return head | rest


def _pay(facts: Table, rng: Random) -> Table:
    """Two round amounts inside the trade's range, where the offer states its pay."""
    if not facts.get("pay") or (facts["period"] == "month" and rng.random() > PAY_STATED):
        return {}
    low, high = facts["pay"]
    step = 500 if facts["period"] == "day" else 5000 if high <= 200000 else 10000
    third = (high - low) // 3 // step
    return {
        "pay_min": low + step * rng.randint(0, third),
        "pay_max": high - step * rng.randint(0, third),
        "pay_period": facts["period"],
    }


def _dates(kind: str, facts: Table, rng: Random, today: date) -> Table:
    """Past ones up to two months ago, coming ones from ten days ahead."""
    published = today - timedelta(days=rng.randint(0, 60))
    found = {"published_at": published}
    if not facts.get("open_all_year") and rng.random() < DEADLINE_STATED:
        found["valid_through"] = today + timedelta(days=rng.randint(10, LATEST_DEADLINE[kind]))
    if kind == "training":
        after = found.get("valid_through", today) + timedelta(days=rng.randint(7, 30))
        found["starts_on"] = after + timedelta(days=-after.weekday() % 7)  # a Monday
    if kind == "agr":
        found |= _call(facts, published, rng, today)
    return found


def _call(facts: Table, published: date, rng: Random, today: date) -> dict[str, date]:
    """When a call opens, unless it is open all year, and when its terms were last checked."""
    checked = {"verified_on": published + timedelta(days=rng.randint(0, (today - published).days))}
    if facts.get("open_all_year"):
        return checked
    return checked | {"opens_on": published + timedelta(days=rng.randint(0, 7))}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
