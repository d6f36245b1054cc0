"""How many offers the next answer decides: the database counts what a loop over the verdicts counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update
from superuser_factory import Tamper

from oim.features.ingestion import ingest_offers, sample_drafts
from oim.features.matching import (
    Criterion,
    build_document,
    group_decisive_papers,
    list_known_answers,
)
from oim.features.matching.eligibility import assess
from oim.features.matching.verdict import Facts
from oim.features.opportunities import (
    Gender,
    Kind,
    Opportunity,
    Status,
    count_by_condition,
    get_many,
    list_paper_names,
)
from oim.features.opportunities.models import OpportunityRow
from oim.features.profile import Question, Record
from oim.features.profile.service import load_strength
from oim.kit.clock import CAMEROON, now
from oim.kit.crypto import Vault
from oim.kit.db import Base, Database

YEAR = now().astimezone(CAMEROON).year
RECORDS: dict[str, dict[str, Any]] = {
    "nobody": {},
    "man": {"gender": Gender.MALE},
    "woman": {"gender": Gender.FEMALE},
    "young": {"birth_year": YEAR - 22},
    "old": {"birth_year": YEAR - 60},
    "returnee": {"statuses": (Status.RETURNEE,)},
    "refugee of 50": {"statuses": (Status.REFUGEE,), "birth_year": YEAR - 50},
    "in the West": {"region": "CM-OU"},
    "unschooled": {"education": 0},
    "looks for a course": {"kinds": (Kind.TRAINING,)},
    "much": {"gender": Gender.MALE, "region": "CM-LT", "education": 3, "birth_year": YEAR - 40},
}
VECTOR = np.zeros(384, dtype=np.float32)
Catalogue = tuple[Database, list[Opportunity]]


@pytest.fixture(scope="module")
def catalogue(postgres: str, vault: Vault, tamper: Tamper) -> Iterator[Catalogue]:
    """The sample, which no test in this file changes."""
    database = Database(postgres, vault)
    tamper("TRUNCATE " + ", ".join(Base.metadata.tables) + " RESTART IDENTITY CASCADE")
    drafts = list(sample_drafts(now().astimezone(CAMEROON).date()))
    ingest_offers(database, drafts, source="sample", origin="test", format_name="test")
    with database.write() as session:  # whatever the screening says: this is about counting
        session.execute(update(OpportunityRow).values(held_at=None))
        offers = list(get_many(session, session.scalars(select(OpportunityRow.id)).all()).values())
    yield database, offers
    database.close()


def count_by_loop(offers: list[Opportunity], record: Record, at: datetime) -> dict[str, int]:
    """Of each condition, the offers that it leaves open and that nothing else shuts for good."""
    facts = Facts(
        age=at.year - record.birth_year if record.birth_year else None,
        gender=record.gender,
        statuses=record.statuses or None,
        region=record.region,
        education=record.education,
    )
    counts = {criterion.value: 0 for criterion in Criterion if criterion is not Criterion.DEADLINE}
    for offer in offers:
        if not offer.is_open(at) or (record.kinds and offer.kind not in record.kinds):
            continue
        verdict = assess(build_document(offer, VECTOR).card, facts, at)
        if all(need.changeable for need in verdict.missing):
            for need in verdict.unknown:
                counts[need.criterion.value] += 1
    return counts


@pytest.mark.parametrize("name", RECORDS)
def test_the_database_counts_what_the_verdicts_leave_open(catalogue: Catalogue, name: str) -> None:
    database, offers = catalogue
    record, at = Record(**RECORDS[name]), now()
    with database.read() as session:
        papers = group_decisive_papers(list_paper_names(session))
        counted = count_by_condition(session, list_known_answers(record, at), papers)
    expected = count_by_loop(offers, record, at)
    answered = {
        "age": record.birth_year,
        "gender": record.gender,
        "status": record.statuses,
        "region": record.region,
        "education": record.education is not None,
    }
    asked = [condition for condition in counted if not answered.get(condition)]
    assert {condition: counted[condition] for condition in asked} == {
        condition: expected[condition] for condition in asked
    }


def test_papers_that_anybody_writes_in_a_day_decide_nothing(catalogue: Catalogue) -> None:
    database, offers = catalogue
    with database.read() as session:
        papers = group_decisive_papers(list_paper_names(session))
        counts = count_by_condition(session, list_known_answers(Record(), now()), papers)
    asking = [offer for offer in offers if offer.is_open(now()) and offer.draft.eligibility.documents]
    assert 0 < counts["documents"] < len(asking)


def test_the_answer_of_a_woman_decides_only_offers_that_a_woman_can_have(catalogue: Catalogue) -> None:
    database, _ = catalogue
    with database.read() as session:
        anybody = load_strength(session, Record(wish="couture", region="CM-OU"))
        man = load_strength(session, Record(wish="couture", region="CM-OU", gender=Gender.MALE))
    assert anybody.next in Question
    assert man.unlocks <= anybody.unlocks
