"""Digests of all people: in shards, each one transaction, computed once a day or when a profile has changed.

A shard that was cut off leaves nothing behind; run again, it computes only what is still due.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from oim.features.matching import vector_cache
from oim.features.matching.answer import Recommendation
from oim.features.matching.congestion import CongestionLedger
from oim.features.matching.documents import build_document, build_passage
from oim.features.matching.in_memory_index import InMemoryIndex
from oim.features.matching.index import Vector
from oim.features.matching.index_build import iterate_offer_batches
from oim.features.matching.learning.serving import count_expected_applications, load_scorer_in_force
from oim.features.matching.models import DigestRow, ProfileRow
from oim.features.matching.pipeline import DEFAULT_POLICY, Policy, select_offers
from oim.features.matching.ports import Embedder
from oim.features.matching.profile import Profile
from oim.features.matching.profile_store import count_matched_profiles, get_or_embed_profiles, unseal_profile
from oim.features.matching.understanding import Understanding, understand
from oim.kit.clock import CAMEROON
from oim.kit.db import Database, ReadSession, seal, unseal

SHARD_SIZE = 1000  # people a transaction: what a killed process loses
BLOCK_SIZE = 250  # people a matrix product: 5 MB of cosines for 5,000 offers
DIGEST_SIZE = 5  # offers a person
DigestItems = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DigestShard:
    """The people whose ids lie between two, both included, and how many of them were due."""

    first: UUID
    last: UUID
    people_due: int


def list_due_shards(session: ReadSession, at: datetime) -> list[DigestShard]:
    """The people whose digest is due, in shards."""
    place = (func.row_number().over(order_by=ProfileRow.id) - 1).label("place")
    people = select(ProfileRow.id, place).outerjoin(DigestRow).where(_is_due(at)).subquery()
    number = (people.c.place // SHARD_SIZE).label("number")
    # Before version 18 PostgreSQL has no least UUID of a group, but it orders them.
    first = func.array_agg(aggregate_order_by(people.c.id, people.c.id.asc()))[1]
    last = func.array_agg(aggregate_order_by(people.c.id, people.c.id.desc()))[1]
    found = select(first, last, func.count()).group_by(number).order_by(number)
    return [DigestShard(*row) for row in session.execute(found)]


def count_due_people(session: ReadSession, at: datetime) -> int:
    """How many people's digests are due."""
    people = select(func.count()).select_from(ProfileRow).outerjoin(DigestRow).where(_is_due(at))
    return session.scalar(people) or 0


def _is_due(at: datetime) -> ColumnElement[bool]:
    behind = or_(
        DigestRow.person_id.is_(None),
        DigestRow.computed_at < _start_of_day(at),
        DigestRow.computed_at < ProfileRow.changed_at,
    )
    return and_(ProfileRow.matched, behind)


def _start_of_day(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(CAMEROON).date(), time(), CAMEROON)


def load_open_offers(database: Database, embedder: Embedder, at: datetime) -> InMemoryIndex:
    """Every offer that is open at an instant."""
    held = []
    for batch in iterate_offer_batches(database):
        open_ = [offer for offer in batch if offer.is_open(at)]
        found = vector_cache.get_or_embed_offers(
            database, embedder, [build_passage(offer.draft) for offer in open_]
        )
        held += [build_document(offer, vector) for offer, vector in zip(open_, found, strict=True)]
    return InMemoryIndex(held)


def load_expected_applications(database: Database, at: datetime) -> dict[UUID, float]:
    """Applications to expect, before any digest of the day, from the lists shown in the fortnight before."""
    with database.read() as session:
        return count_expected_applications(session, _start_of_day(at))


def compute_shard_digests(
    database: Database,
    embedder: Embedder,
    index: InMemoryIndex,
    shard: DigestShard,
    at: datetime,
    expected_applications: Mapping[UUID, float] | None = None,
) -> int:
    """Compute and keep the digests of a shard that are still due; how many. `crowded`: see `crowds`.

    By the scorer in force, and a ledger of the shard's own, in which each stands for as many people as
    there are for each of a shard: no shard waits for another, and run again it chooses the same.
    """
    with database.read() as session:
        between = and_(ProfileRow.id.between(shard.first, shard.last), _is_due(at))
        wanted = select(ProfileRow).outerjoin(DigestRow).where(between).order_by(ProfileRow.id)
        people = session.scalars(wanted).all()
        ledger = CongestionLedger(
            expected_applications, lambda: 0.0, max(1.0, count_matched_profiles(session) / SHARD_SIZE)
        )
        policy = Policy(load_scorer_in_force(session)[1], ledger)
    made = [
        told
        for start in range(0, len(people), BLOCK_SIZE)
        for told in _compute_block(database, people[start : start + BLOCK_SIZE], embedder, index, at, policy)
    ]
    if made:
        _save_digests(database, at, made)
    return len(made)


def _save_digests(database: Database, at: datetime, digests: Sequence[tuple[UUID, DigestItems]]) -> None:
    """Keep digests, but of nobody who went away or withdrew meanwhile."""
    add = insert(DigestRow)
    news = {"computed_at": add.excluded.computed_at, "items": add.excluded["items"]}
    with database.write() as session:
        wanted = select(ProfileRow.id).where(
            ProfileRow.id.in_([id_ for id_, _ in digests]), ProfileRow.matched
        )
        here = set(session.scalars(wanted.order_by(ProfileRow.id).with_for_update(read=True)))
        rows = [
            {
                "person_id": person,
                "computed_at": at,
                "items": seal(session, DigestRow.items, person, json.dumps(items)),
            }
            for person, items in digests
            if person in here
        ]
        if rows:
            session.execute(add.on_conflict_do_update(index_elements=["person_id"], set_=news), rows)


def load_digest(session: ReadSession, person: UUID) -> DigestItems:
    """The last digest of a person, best offer first; none yet is empty."""
    row = session.get(DigestRow, person)
    return json.loads(unseal(session, DigestRow.items, person, row.items)) if row else []


def _compute_block(
    database: Database,
    people: Sequence[ProfileRow],
    embedder: Embedder,
    index: InMemoryIndex,
    at: datetime,
    policy: Policy,
) -> Iterator[tuple[UUID, DigestItems]]:
    with database.read() as session:
        known = [understand(unseal_profile(session, person), at) for person in people]
    found = get_or_embed_profiles(database, people, [one.query_text for one in known], embedder)
    told = zip(people, known, found, index.compute_cosines(found), strict=True)
    for person, understanding, vector, cosines in told:
        # Two people who tell the same are two, unlike one who asks twice.
        own = replace(policy, identify_asker=partial(_number_of_person, person.id))
        yield person.id, compute_digest(understanding, vector, cosines, index, embedder, own)


def _number_of_person(person: UUID, _: Profile) -> int:
    return person.int & (2**64 - 1)


def compute_digest(
    understanding: Understanding,
    vector: Vector,
    cosines: Vector,
    index: InMemoryIndex,
    embedder: Embedder,
    policy: Policy = DEFAULT_POLICY,
) -> DigestItems:
    """The digest of one person, as it is kept."""
    speaks = bool(understanding.query_text)
    choice = select_offers(
        understanding,
        vector if speaks else None,
        index.for_person(cosines if speaks else None),
        embedder.cosine_range,
        DIGEST_SIZE,
        policy,
    )
    return [_to_item(item) for item in choice.to_recommendations(understanding)]


def _to_item(item: Recommendation) -> dict[str, Any]:
    reasons = [
        {"code": one.code.value, "values": one.values, "weight": round(one.weight, 4)} for one in item.reasons
    ]
    return {"offer": str(item.id), "rank": item.rank, "score": item.score, "reasons": reasons}
