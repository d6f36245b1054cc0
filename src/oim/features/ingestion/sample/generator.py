"""Generate the sample offers as flat records.

Each offer draws from a random generator seeded by its own id, so changing one leaves the others as they were.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from oim.features.ingestion.sample.descriptions import name_documents, write_description
from oim.features.ingestion.sample.templates import OfferTemplate, Table, load_templates, load_towns
from oim.features.ingestion.sample.ways import draw_ways

# Part of every offer's seed: another text would change all the sample offers at once.
SEED = "oim-sample-1"
FIXED_LENGTH_CONTRACTS = ("fixed_term", "temporary", "internship", "apprenticeship")
# Shares of the offers that state their pay and their deadline, for real offers often omit them.
PAY_STATED_SHARE = 0.8
DEADLINE_STATED_SHARE = 0.85
MAX_DEADLINE_DAYS = {"employment": 60, "training": 75, "agr": 120}  # days ahead
# Facts that only serve to write an offer and are not fields of its record.
INTERNAL_FACTS = ("style", "period", "pay", "scheme", "open_all_year", "town")


def generate_records(today: date) -> Iterator[dict[str, Any]]:
    """Yield flat records of offers, the same each time except for the dates, which are counted from `today`.

    Keys are those of the flat JSON Lines format (`mappings/oim.toml`); a field that is not stated is absent.
    """
    for template in load_templates():
        id_ = _make_id(template)
        yield _generate_record(template, id_, Random(f"{SEED}:{id_}"), today)  # noqa: S311 - an example, not a secret


def _make_id(template: OfferTemplate) -> str:
    """Build an id from the offer's own words, so that it does not depend on the other offers."""
    text = f"{template.kind} {template.facts['town']} {template.facts['title']}"
    # NFKD separates accents from letters, and "ignore" drops them. It leaves the ligature as it is.
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode()).strip("-")


def _generate_record(template: OfferTemplate, id_: str, rng: Random, today: date) -> Table:
    """Draw what a template leaves open and return the record of one offer."""
    # Facts of the template win over drawn ones; every option is drawn all the same, to keep the sequence.
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
    # Only now: the description above needs the codes.
    facts["documents"] = name_documents(facts["documents"], template.language)
    stated = {
        key: _to_json_value(value)
        for key, value in facts.items()
        if key not in INTERNAL_FACTS and value != []
    }
    record = head | stated
    # A generator of its own, so that the draws above stay those of earlier versions.
    ways = Random(f"{SEED}:ways:{id_}")  # noqa: S311 - an example, not a secret
    return record | draw_ways(record, template.language, ways)


def _draw_pay(facts: Table, rng: Random) -> Table:
    """Draw two round amounts in XAF within the trade's range; nothing where the offer states no pay."""
    if not facts.get("pay") or (facts["period"] == "month" and rng.random() > PAY_STATED_SHARE):
        return {}
    low, high = facts["pay"]
    # Each end moves at most a third of the range inwards, so the two never cross.
    step = 500 if facts["period"] == "day" else 5000 if high <= 200000 else 10000
    third = (high - low) // 3 // step
    return {
        "pay_min": low + step * rng.randint(0, third),
        "pay_max": high - step * rng.randint(0, third),
        "pay_period": facts["period"],
    }


def _draw_dates(kind: str, facts: Table, rng: Random, today: date) -> Table:
    """Draw the dates of an offer: published within the last 60 days, deadline at least ten days ahead."""
    published = today - timedelta(days=rng.randint(0, 60))
    dates = {"published_at": published}
    if not facts.get("open_all_year") and rng.random() < DEADLINE_STATED_SHARE:
        dates["valid_through"] = today + timedelta(days=rng.randint(10, MAX_DEADLINE_DAYS[kind]))
    if kind == "training":
        after = dates.get("valid_through", today) + timedelta(days=rng.randint(7, 30))
        dates["starts_on"] = after + timedelta(days=-after.weekday() % 7)  # a Monday
    if kind == "agr":
        dates |= _draw_call_dates(facts, published, rng, today)
    return dates


def _draw_call_dates(facts: Table, published: date, rng: Random, today: date) -> dict[str, date]:
    """Draw when a call opens, unless it is open all year, and when its terms were last verified."""
    verified = {"verified_on": published + timedelta(days=rng.randint(0, (today - published).days))}
    if facts.get("open_all_year"):
        return verified
    return verified | {"opens_on": published + timedelta(days=rng.randint(0, 7))}


def _to_json_value(value: Any) -> Any:
    """Write a date in ISO 8601; any other value is JSON already."""
    return value.isoformat() if isinstance(value, date) else value
