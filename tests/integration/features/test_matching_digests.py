"""Digests: the same offers as the engine chooses, once a day for each person, even after an interruption."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zlib import crc32

import numpy as np
import pytest
from people_factory import save_profile
from sqlalchemy import delete, select

from oim.adapters.qdrant_edge import EdgeIndexes
from oim.features.events import record_shown_list
from oim.features.ingestion import ingest_offers
from oim.features.matching import digests
from oim.features.matching.index import Vector
from oim.features.matching.models import DigestRow
from oim.features.matching.profile import Profile
from oim.features.matching.service import LocalEngine
from oim.features.opportunities import Draft, Eligibility, Gender, Kind, Location
from oim.features.opportunities.types import DETAILS
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.text import fold

TRADES = ("Couturière", "Soudeur", "Maçon", "Chauffeur", "Éleveur de poulets", "Comptable")
REGIONS = ("CM-OU", "CM-LT", "CM-CE")


class CountingEmbedder:
    """An embedder that hashes words into a few dimensions, and counts the queries it embeds."""

    url = "counting:32"
    dimension = 32
    cosine_range = (0.0, 1.0)

    def __init__(self) -> None:
        self.queries = 0

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        return np.stack([self._vector(text) for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        self.queries += len(texts)
        return self.embed_passages(texts)

    def _vector(self, text: str) -> Vector:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in fold(text).encode().split():
            vector[crc32(word) % self.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def drafts() -> list[Draft]:
    return [
        Draft(
            kind=kind,
            details=DETAILS[kind](),
            external_id=str(number),
            title=f"{trade} {region}",
            language="fr",
            location=Location(country="CM", region=region),
            published_at=now() - timedelta(days=number),
            eligibility=Eligibility(gender=Gender.FEMALE if number % 5 == 0 else None, age_min=18),
        )
        for number, (trade, region) in enumerate((t, r) for t in TRADES for r in REGIONS)
        for kind in [list(Kind)[number % 2]]
    ]


PEOPLE = [
    Profile(),
    Profile(text="couturière", region="CM-OU", birth_year=1990, gender=Gender.FEMALE),
    Profile(text="je cherche un emploi de soudeur à Douala", gender=Gender.MALE),
    Profile(text="poulets", kinds=(Kind.EMPLOYMENT, Kind.TRAINING)),
    Profile(region="CM-CE", birth_year=2003),
]


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def people(database: Database, embedder: CountingEmbedder) -> dict[UUID, Profile]:
    ingest_offers(database, drafts(), source="test", origin="test", format_name="test")
    profiles = {uuid4(): profile for profile in PEOPLE}
    for person, profile in profiles.items():
        save_profile(database, person, profile)
    return profiles


def run(database: Database, embedder: CountingEmbedder, at: datetime) -> int:
    with database.read() as session:
        shards = digests.list_due_shards(session, at)
    index = digests.load_open_offers(database, embedder, at)
    expected = digests.load_expected_applications(database, at)
    return sum(
        digests.compute_shard_digests(database, embedder, index, shard, at, expected) for shard in shards
    )


def read_digests(database: Database) -> dict[UUID, digests.DigestItems]:
    with database.read() as session:
        return {
            person: digests.load_digest(session, person)
            for person in session.scalars(select(DigestRow.person_id))
        }


@pytest.mark.usefixtures("people")
def test_an_unchanged_profile_is_not_embedded_again(
    database: Database, embedder: CountingEmbedder, people: dict[UUID, Profile]
) -> None:
    digests.load_open_offers(database, embedder, now())  # titles are embedded as queries are
    embedder.queries = 0
    run(database, embedder, now())
    assert embedder.queries == 3
    for person, profile in people.items():
        save_profile(database, person, profile)
    assert run(database, embedder, now() + timedelta(days=1)) == len(people)
    assert embedder.queries == 3


def test_a_digest_has_the_offers_that_the_engine_recommends(
    database: Database,
    embedder: CountingEmbedder,
    people: dict[UUID, Profile],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    engine = LocalEngine(
        database, EdgeIndexes(tmp_path_factory.mktemp("index")), lambda _: embedder, embedder.url
    )
    engine.index_pending(100)
    run(database, embedder, now())
    for person, row in read_digests(database).items():
        answer = engine.recommend(people[person], digests.DIGEST_SIZE)
        assert [item["score"] for item in row] == pytest.approx(
            [item.score for item in answer.items], abs=2e-3
        )
        assert {item["offer"] for item in row} == {str(item.id) for item in answer.items}
        assert all(item["reasons"] for item in row)
    engine.close()


@pytest.mark.usefixtures("people")
def test_each_person_has_a_digest_once_a_day(database: Database, embedder: CountingEmbedder) -> None:
    at = datetime(2026, 11, 24, 8, tzinfo=UTC) + timedelta(days=400)
    assert run(database, embedder, at) == len(PEOPLE)
    assert run(database, embedder, at + timedelta(hours=3)) == 0
    assert run(database, embedder, at + timedelta(days=1)) == len(PEOPLE)


def test_a_changed_profile_is_due_again(
    database: Database, embedder: CountingEmbedder, people: dict[UUID, Profile]
) -> None:
    run(database, embedder, now())
    person = next(iter(people))
    save_profile(database, person, Profile(text="maçon"))
    assert run(database, embedder, now()) == 1
    assert read_digests(database)[person][0]["reasons"]


def test_an_interrupted_batch_resumes_with_the_people_still_due(
    database: Database,
    embedder: CountingEmbedder,
    people: dict[UUID, Profile],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(digests, "SHARD_SIZE", 2)
    at = now()
    with database.read() as session:
        first, *other_shards = digests.list_due_shards(session, at)
    assert [first.people_due, *(shard.people_due for shard in other_shards)] == [2, 2, 1]
    index = digests.load_open_offers(database, embedder, at)
    assert digests.compute_shard_digests(database, embedder, index, first, at) == 2
    assert digests.compute_shard_digests(database, embedder, index, first, at) == 0
    with database.read() as session:
        assert digests.list_due_shards(session, at) == other_shards
        assert digests.count_due_people(session, at) == len(people) - 2
    assert run(database, embedder, at) == 3


class OtherEmbedder(CountingEmbedder):
    """The same embedder under another URL."""

    url = "other:32"


@pytest.mark.usefixtures("people")
def test_another_embedder_embeds_a_profile_once(database: Database) -> None:
    other = OtherEmbedder()
    digests.load_open_offers(database, other, now())
    other.queries = 0
    for day in range(3):
        run(database, other, now() + timedelta(days=day))
    assert other.queries == 3


def add_similar_offers_and_people(database: Database, embedder: CountingEmbedder, number: int) -> list[UUID]:
    """Ten similar offers with one place each, and this many people with the same profile."""
    same = [
        Draft(
            kind=Kind.EMPLOYMENT,
            details=DETAILS[Kind.EMPLOYMENT](),
            external_id=str(place),
            title=f"Soudeur {'ABCDEFGHIJ'[place]}",
            organisation=f"Atelier {place}",
            places=1,
        )
        for place in range(10)
    ]
    ingest_offers(database, same, source="test", origin="test", format_name="test")
    people = [uuid4() for _ in range(number)]
    for person in people:
        save_profile(database, person, Profile(text="soudeur"))
    return people


def count_first_offers(database: Database) -> Counter[str]:
    return Counter(row[0]["offer"] for row in read_digests(database).values())


def test_digests_do_not_all_start_with_the_same_offer_of_one_place(
    database: Database, embedder: CountingEmbedder
) -> None:
    people = add_similar_offers_and_people(database, embedder, 60)
    run(database, embedder, now())
    assert max(count_first_offers(database).values()) <= len(people) / 4


def test_a_batch_computed_again_chooses_the_same_offers(
    database: Database, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_similar_offers_and_people(database, embedder, 24)
    monkeypatch.setattr(digests, "SHARD_SIZE", 8)
    at = now()
    run(database, embedder, at)
    first = read_digests(database)
    with database.write() as session:
        session.execute(delete(DigestRow))
    index = digests.load_open_offers(database, embedder, at)
    with database.read() as session:
        shards = digests.list_due_shards(session, at)
    for shard in reversed(shards):
        digests.compute_shard_digests(database, embedder, index, shard, at)
    assert read_digests(database) == first


def test_offers_shown_on_earlier_days_come_later_in_digests(
    database: Database, embedder: CountingEmbedder
) -> None:
    add_similar_offers_and_people(database, embedder, 1)
    run(database, embedder, now())
    (first,) = count_first_offers(database)
    with database.write() as session:
        for hour in range(200):
            at = now() - timedelta(days=2, minutes=hour)
            record_shown_list(session, at, uuid4(), [(UUID(first), {})], known=True)
        session.execute(delete(DigestRow))
    run(database, embedder, now())
    assert count_first_offers(database)[first] == 0


def test_without_offers_a_digest_is_empty(database: Database, embedder: CountingEmbedder) -> None:
    person = uuid4()
    save_profile(database, person, Profile(text="soudeur"))
    assert run(database, embedder, now()) == 1
    assert read_digests(database)[person] == []
