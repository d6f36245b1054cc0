"""Digests: the best few offers for each person, computed in a batch once a day or after a profile changed.

People are split into shards, each saved in one transaction. A shard that is killed leaves nothing behind; run
again, it computes only the digests that are still due.
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

SHARD_SIZE = 1000  # people per transaction: what a killed process loses
BLOCK_SIZE = 250  # people per matrix product: 5 MB of cosines for 5,000 offers
DIGEST_SIZE = 5  # offers per person
DigestItems = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DigestShard:
    """A range of people by id, both ends included, and how many of them had a digest due."""

    first: UUID
    last: UUID
    people_due: int


def list_due_shards(session: ReadSession, at: datetime) -> list[DigestShard]:
    """Split the people whose digest is due into shards of `SHARD_SIZE`, in order of their ids."""
    # Number the people due from 0 by id; whole division by the size gives each the number of a shard.
    place = (func.row_number().over(order_by=ProfileRow.id) - 1).label("place")
    people = select(ProfileRow.id, place).outerjoin(DigestRow).where(_is_due(at)).subquery()
    number = (people.c.place // SHARD_SIZE).label("number")
    # Before version 18 PostgreSQL has no min(uuid), but it orders UUIDs: take the first of a sorted array.
    first = func.array_agg(aggregate_order_by(people.c.id, people.c.id.asc()))[1]
    last = func.array_agg(aggregate_order_by(people.c.id, people.c.id.desc()))[1]
    shards = select(first, last, func.count()).group_by(number).order_by(number)
    return [DigestShard(*row) for row in session.execute(shards)]


def count_due_people(session: ReadSession, at: datetime) -> int:
    """The number of people whose digest is due."""
    people = select(func.count()).select_from(ProfileRow).outerjoin(DigestRow).where(_is_due(at))
    return session.scalar(people) or 0


def _is_due(at: datetime) -> ColumnElement[bool]:
    """The SQL condition of a digest that is missing, or older than today or than its profile.

    For a query of profiles, outer-joined to their digests. People who may not be matched are never due.
    """
    is_outdated = or_(
        DigestRow.person_id.is_(None),
        DigestRow.computed_at < _start_of_day(at),
        DigestRow.computed_at < ProfileRow.changed_at,
    )
    return and_(ProfileRow.matched, is_outdated)


def _start_of_day(at: datetime) -> datetime:
    """Midnight in Cameroon before an instant."""
    return datetime.combine(at.astimezone(CAMEROON).date(), time(), CAMEROON)


def load_open_offers(database: Database, embedder: Embedder, at: datetime) -> InMemoryIndex:
    """Index in memory every public offer that is open at an instant."""
    documents = []
    for batch in iterate_offer_batches(database):
        open_offers = [offer for offer in batch if offer.is_open(at)]
        vectors = vector_cache.get_or_embed_offers(
            database, embedder, [build_passage(offer.draft) for offer in open_offers]
        )
        documents += [
            build_document(offer, vector) for offer, vector in zip(open_offers, vectors, strict=True)
        ]
    return InMemoryIndex(documents)


def load_expected_applications(database: Database, at: datetime) -> dict[UUID, float]:
    """Applications to expect of each offer from the lists shown in the two weeks before today.

    Today's lists are left out, so that a shard that is run again starts from the same figures.
    """
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
    """Compute and save the digests of a shard that are still due. Returns how many.

    `expected_applications`: see `load_expected_applications`. Offers are scored by the ranker in force.
    """
    with database.read() as session:
        between = and_(ProfileRow.id.between(shard.first, shard.last), _is_due(at))
        query = select(ProfileRow).outerjoin(DigestRow).where(between).order_by(ProfileRow.id)
        people = session.scalars(query).all()
        # Each shard counts congestion by itself, its people as a sample of all: no shard waits for another.
        # The clock stands still, so that a shard run again chooses the same offers.
        ledger = CongestionLedger(
            expected_applications, lambda: 0.0, max(1.0, count_matched_profiles(session) / SHARD_SIZE)
        )
        policy = Policy(load_scorer_in_force(session)[1], ledger)
    digests = [
        digest
        for start in range(0, len(people), BLOCK_SIZE)
        for digest in _compute_block(
            database, people[start : start + BLOCK_SIZE], embedder, index, at, policy
        )
    ]
    if digests:
        _save_digests(database, at, digests)
    return len(digests)


def _save_digests(database: Database, at: datetime, digests: Sequence[tuple[UUID, DigestItems]]) -> None:
    """Save digests, except those of people who have been deleted or have withdrawn meanwhile."""
    insertion = insert(DigestRow)
    new_values = {"computed_at": insertion.excluded.computed_at, "items": insertion.excluded["items"]}
    with database.write() as session:
        still_matched = select(ProfileRow.id).where(
            ProfileRow.id.in_([id_ for id_, _ in digests]), ProfileRow.matched
        )
        # FOR SHARE: a withdrawal that comes now waits for this transaction, then deletes the digest it saved.
        # Locked in order of id, so that two batches never wait for each other.
        people = set(session.scalars(still_matched.order_by(ProfileRow.id).with_for_update(read=True)))
        rows = [
            {
                "person_id": person,
                "computed_at": at,
                "items": seal(session, DigestRow.items, person, json.dumps(items)),
            }
            for person, items in digests
            if person in people
        ]
        if rows:
            session.execute(
                insertion.on_conflict_do_update(index_elements=["person_id"], set_=new_values), rows
            )


def load_digest(session: ReadSession, person: UUID) -> DigestItems:
    """The last digest of a person, best offer first; empty where there is none yet."""
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
    """The digests of a few people, whose cosines to all offers are one matrix product."""
    with database.read() as session:
        understandings = [understand(unseal_profile(session, person), at) for person in people]
    texts = [understanding.query_text for understanding in understandings]
    vectors = get_or_embed_profiles(database, people, texts, embedder)
    all_cosines = index.compute_cosines(vectors)
    for person, understanding, vector, cosines in zip(
        people, understandings, vectors, all_cosines, strict=True
    ):
        # By id: two people with equal profiles are two, whereas on the site they pass for one who asks twice.
        person_policy = replace(policy, identify_asker=partial(_number_of_person, person.id))
        yield person.id, compute_digest(understanding, vector, cosines, index, embedder, person_policy)


def _number_of_person(person: UUID, _: Profile) -> int:
    """The asker number of a person, 64 bits of their id."""
    return person.int & (2**64 - 1)


def compute_digest(
    understanding: Understanding,
    vector: Vector,
    cosines: Vector,
    index: InMemoryIndex,
    embedder: Embedder,
    policy: Policy = DEFAULT_POLICY,
) -> DigestItems:
    """The digest of one person, as the JSON that is stored. `cosines`: of their vector to each offer."""
    # Without words the vector is zero and its cosines mean nothing: offers are then ranked without it.
    has_words = bool(understanding.query_text)
    selection = select_offers(
        understanding,
        vector if has_words else None,
        index.for_person(cosines if has_words else None),
        embedder.cosine_range,
        DIGEST_SIZE,
        policy,
    )
    return [_to_item(item) for item in selection.to_recommendations(understanding)]


def _to_item(item: Recommendation) -> dict[str, Any]:
    """One offer of a digest as JSON: its id, place in the list, score and reasons, without the card."""
    reasons = [
        {"code": reason.code.value, "values": reason.values, "weight": round(reason.weight, 4)}
        for reason in item.reasons
    ]
    return {"offer": str(item.id), "rank": item.rank, "score": item.score, "reasons": reasons}
