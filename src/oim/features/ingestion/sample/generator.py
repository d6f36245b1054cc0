"""Offers from the parts. Each draws from its own seed, so changing one leaves the others as they were."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from oim.features.ingestion.sample.descriptions import name_documents, write_description
from oim.features.ingestion.sample.templates import OfferTemplate, Table, load_templates, load_towns

SEED = "oim-sample-1"
FIXED_LENGTH_CONTRACTS = ("fixed_term", "temporary", "internship", "apprenticeship")
PAY_STATED_SHARE = 0.8  # shares of the offers
DEADLINE_STATED_SHARE = 0.85
MAX_DEADLINE_DAYS = {"employment": 60, "training": 75, "agr": 120}  # days ahead
INTERNAL_FACTS = ("style", "period", "pay", "scheme", "open_all_year", "town")


def generate_records(today: date) -> Iterator[dict[str, Any]]:
    """Flat records of offers, the same each time but for the dates, which are counted from `today`.

    Keys are those of the flat JSON Lines form and are left out where the offer does not state them.
    """
    for piece in load_templates():
        name = _make_id(piece)
        yield _generate_record(piece, name, Random(f"{SEED}:{name}"), today)  # noqa: S311 - an example, not a secret


def _make_id(template: OfferTemplate) -> str:
    """An id that stays when other offers come and go."""
    text = f"{template.kind} {template.facts['town']} {template.facts['title']}"
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode()).strip("-")


def _generate_record(template: OfferTemplate, id_: str, rng: Random, today: date) -> Table:
    facts = {key: rng.choice(options) for key, options in template.options.items()} | template.facts
    facts |= _draw_pay(facts, rng)
    facts |= _draw_dates(template.kind, facts, rng, today)
    if template.kind == "employment" and facts["contract"] not in FIXED_LENGTH_CONTRACTS:
        facts.pop("duration_months", None)
    head = {
        "id": id_,
        "kind": template.kind,
        "title": facts.pop("title"),
        "description": write_description(template, facts, rng),
        "language": template.language,
        "country": "CM",
        "region": load_towns()[facts["town"]],
        "locality": facts["town"],
    }
    facts["documents"] = name_documents(facts["documents"], template.language)
    rest = {
        key: _to_json_value(value)
        for key, value in facts.items()
        if key not in INTERNAL_FACTS and value != []
    }
    return head | rest


def _draw_pay(facts: Table, rng: Random) -> Table:
    """Two round amounts inside the trade's range, where the offer states its pay."""
    if not facts.get("pay") or (facts["period"] == "month" and rng.random() > PAY_STATED_SHARE):
        return {}
    low, high = facts["pay"]
    step = 500 if facts["period"] == "day" else 5000 if high <= 200000 else 10000
    third = (high - low) // 3 // step
    return {
        "pay_min": low + step * rng.randint(0, third),
        "pay_max": high - step * rng.randint(0, third),
        "pay_period": facts["period"],
    }


def _draw_dates(kind: str, facts: Table, rng: Random, today: date) -> Table:
    """Past ones up to two months ago, coming ones from ten days ahead."""
    published = today - timedelta(days=rng.randint(0, 60))
    found = {"published_at": published}
    if not facts.get("open_all_year") and rng.random() < DEADLINE_STATED_SHARE:
        found["valid_through"] = today + timedelta(days=rng.randint(10, MAX_DEADLINE_DAYS[kind]))
    if kind == "training":
        after = found.get("valid_through", today) + timedelta(days=rng.randint(7, 30))
        found["starts_on"] = after + timedelta(days=-after.weekday() % 7)  # a Monday
    if kind == "agr":
        found |= _draw_call_dates(facts, published, rng, today)
    return found


def _draw_call_dates(facts: Table, published: date, rng: Random, today: date) -> dict[str, date]:
    """When a call opens, unless it is open all year, and when its terms were last checked."""
    checked = {"verified_on": published + timedelta(days=rng.randint(0, (today - published).days))}
    if facts.get("open_all_year"):
        return checked
    return checked | {"opens_on": published + timedelta(days=rng.randint(0, 7))}


def _to_json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
