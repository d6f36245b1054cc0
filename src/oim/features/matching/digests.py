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
from oim.features.matching.congestion import Ledger
from oim.features.matching.documents import document, passage
from oim.features.matching.in_memory_index import ExactOffers
from oim.features.matching.learning.in_force import scorer_in_force
from oim.features.matching.learning.serving import expected
from oim.features.matching.models import DigestRow, ProfileRow
from oim.features.matching.pending import batches
from oim.features.matching.pipeline import choose
from oim.features.matching.policy import PLAIN, Policy
from oim.features.matching.ports import Embedder
from oim.features.matching.profile_store import count, opened, vectors_of
from oim.features.matching.types import Profile, Recommendation, Vector
from oim.features.matching.understanding import Understanding, understand
from oim.kit.clock import CAMEROON
from oim.kit.db import Database, ReadSession, seal, unseal

SHARD = 1000  # people a transaction: what a killed process loses
BLOCK = 250  # people a matrix product: 5 MB of cosines for 5,000 offers
DIGEST = 5  # offers a person
Items = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shard:
    """The people whose ids lie between two, both included, and how many of them were due."""

    first: UUID
    last: UUID
    due: int


def shards(session: ReadSession, at: datetime) -> list[Shard]:
    """The people whose digest is due, in shards."""
    place = (func.row_number().over(order_by=ProfileRow.id) - 1).label("place")
    people = select(ProfileRow.id, place).outerjoin(DigestRow).where(_due(at)).subquery()
    number = (people.c.place // SHARD).label("number")
    # Before version 18 PostgreSQL has no least UUID of a group, but it orders them.
    first = func.array_agg(aggregate_order_by(people.c.id, people.c.id.asc()))[1]
    last = func.array_agg(aggregate_order_by(people.c.id, people.c.id.desc()))[1]
    found = select(first, last, func.count()).group_by(number).order_by(number)
    return [Shard(*row) for row in session.execute(found)]


def due(session: ReadSession, at: datetime) -> int:
    """How many people's digests are due."""
    people = select(func.count()).select_from(ProfileRow).outerjoin(DigestRow).where(_due(at))
    return session.scalar(people) or 0


def _due(at: datetime) -> ColumnElement[bool]:
    behind = or_(
        DigestRow.person_id.is_(None),
        DigestRow.computed_at < _morning(at),
        DigestRow.computed_at < ProfileRow.changed_at,
    )
    return and_(ProfileRow.matched, behind)


def _morning(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(CAMEROON).date(), time(), CAMEROON)


def offers(database: Database, embedder: Embedder, at: datetime) -> ExactOffers:
    """Every offer that is open at an instant."""
    held = []
    for batch in batches(database):
        open_ = [offer for offer in batch if offer.is_open(at)]
        found = vector_cache.of_passages(database, embedder, [passage(offer.draft) for offer in open_])
        held += [document(offer, vector) for offer, vector in zip(open_, found, strict=True)]
    return ExactOffers(held)


def crowds(database: Database, at: datetime) -> dict[UUID, float]:
    """Applications to expect, before any digest of the day, from the lists shown in the fortnight before."""
    with database.read() as session:
        return expected(session, _morning(at))


def digest(
    database: Database,
    embedder: Embedder,
    held: ExactOffers,
    shard: Shard,
    at: datetime,
    crowded: Mapping[UUID, float] | None = None,
) -> int:
    """Compute and keep the digests of a shard that are still due; how many. `crowded`: see `crowds`.

    By the scorer in force, and a ledger of the shard's own, in which each stands for as many people as
    there are for each of a shard: no shard waits for another, and run again it chooses the same.
    """
    with database.read() as session:
        between = and_(ProfileRow.id.between(shard.first, shard.last), _due(at))
        wanted = select(ProfileRow).outerjoin(DigestRow).where(between).order_by(ProfileRow.id)
        people = session.scalars(wanted).all()
        ledger = Ledger(crowded, lambda: 0.0, max(1.0, count(session) / SHARD))
        policy = Policy(scorer_in_force(session)[1], ledger)
    made = [
        told
        for start in range(0, len(people), BLOCK)
        for told in _block(database, people[start : start + BLOCK], embedder, held, at, policy)
    ]
    if made:
        _keep(database, at, made)
    return len(made)


def _keep(database: Database, at: datetime, made: Sequence[tuple[UUID, Items]]) -> None:
    """Keep digests, but of nobody who went away or withdrew meanwhile."""
    add = insert(DigestRow)
    news = {"computed_at": add.excluded.computed_at, "items": add.excluded["items"]}
    with database.write() as session:
        wanted = select(ProfileRow.id).where(ProfileRow.id.in_([id_ for id_, _ in made]), ProfileRow.matched)
        here = set(session.scalars(wanted.order_by(ProfileRow.id).with_for_update(read=True)))
        rows = [
            {
                "person_id": person,
                "computed_at": at,
                "items": seal(session, DigestRow.items, person, json.dumps(items)),
            }
            for person, items in made
            if person in here
        ]
        if rows:
            session.execute(add.on_conflict_do_update(index_elements=["person_id"], set_=news), rows)


def digest_of(session: ReadSession, person: UUID) -> Items:
    """The last digest of a person, best offer first; none yet is empty."""
    row = session.get(DigestRow, person)
    return json.loads(unseal(session, DigestRow.items, person, row.items)) if row else []


def _block(
    database: Database,
    people: Sequence[ProfileRow],
    embedder: Embedder,
    held: ExactOffers,
    at: datetime,
    policy: Policy,
) -> Iterator[tuple[UUID, Items]]:
    with database.read() as session:
        known = [understand(opened(session, person), at) for person in people]
    found = vectors_of(database, people, [one.text for one in known], embedder)
    told = zip(people, known, found, held.cosines(found), strict=True)
    for person, understanding, vector, cosines in told:
        # Two people who tell the same are two, unlike one who asks twice.
        own = replace(policy, asker=partial(_number, person.id))
        yield person.id, recommended(understanding, vector, cosines, held, embedder, own)


def _number(person: UUID, _: Profile) -> int:
    return person.int & (2**64 - 1)


def recommended(
    understanding: Understanding,
    vector: Vector,
    cosines: Vector,
    held: ExactOffers,
    embedder: Embedder,
    policy: Policy = PLAIN,
) -> Items:
    """The digest of one person, as it is kept."""
    speaks = bool(understanding.text)
    choice = choose(
        understanding,
        vector if speaks else None,
        held.of(cosines if speaks else None),
        embedder.cosine_range,
        DIGEST,
        policy,
    )
    return [_kept(item) for item in choice.explained(understanding)]


def _kept(item: Recommendation) -> dict[str, Any]:
    reasons = [
        {"code": one.code.value, "values": one.values, "weight": round(one.weight, 4)} for one in item.reasons
    ]
    return {"offer": str(item.id), "rank": item.rank, "score": item.score, "reasons": reasons}
