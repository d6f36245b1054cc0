"""Contract of `Index` and `Indexes`: Qdrant Edge in a folder, and a Qdrant server through its client."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from qdrant_client import QdrantClient

from oim.adapters.qdrant_edge import EdgeIndexes
from oim.adapters.qdrant_server import ServerIndexes
from oim.features.matching.bm25 import encode_query, stem_query
from oim.features.matching.index import IndexQuery
from oim.features.matching.ports import Index, Indexes
from oim.features.opportunities import Gender, Kind, Status

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect", "ignore::DeprecationWarning")

INDEXES_BY_NAME: dict[str, Callable[[Path], Indexes]] = {
    "edge": EdgeIndexes,
    "server": lambda _: ServerIndexes(QdrantClient(":memory:")),
}


@pytest.fixture(params=sorted(INDEXES_BY_NAME))
def indexes(request: pytest.FixtureRequest, tmp_path: Path) -> Indexes:
    return INDEXES_BY_NAME[request.param](tmp_path / "index")


@pytest.fixture
def index(indexes: Indexes, factory: Any) -> Index:
    return indexes.create("fake:one", factory.dimension)[1]


def numbers(index: Index, query: IndexQuery) -> list[int]:
    return [hit.id.int for hit in index.search(query)]


def test_dense_and_sparse_rankings_are_fused(index: Index, factory: Any) -> None:
    index.upsert(
        [
            factory.document(1, "couturière", 0),
            factory.document(2, "soudeur", 0, 1),
            factory.document(3, "chauffeur", 5),
        ]
    )
    terms = encode_query(stem_query("soudeur"))
    query = IndexQuery(filters=factory.filters(), vector=factory.vector(0, 1), terms=terms)
    hits = index.search(query)
    assert hits[0].id == UUID(int=2)
    assert hits[0].cosine == pytest.approx(1.0, abs=1e-3)
    assert hits[0].fused == pytest.approx(2 / 61, rel=0.02)
    assert hits[0].card.title == "soudeur"


def test_a_query_may_have_a_vector_or_terms_only(index: Index, factory: Any) -> None:
    index.upsert([factory.document(1, "maçon", 2), factory.document(2, "boulanger", 3)])
    assert numbers(index, IndexQuery(filters=factory.filters(), vector=factory.vector(3), limit=1)) == [2]
    terms = encode_query(stem_query("maçons"))
    assert numbers(index, IndexQuery(filters=factory.filters(), terms=terms)) == [1]


def test_without_vector_or_terms_the_newest_offers_come_first(index: Index, factory: Any) -> None:
    index.upsert([factory.document(number, "offre", 0) for number in (3, 1, 2)])
    assert numbers(index, IndexQuery(filters=factory.filters(), limit=2)) == [1, 2]


def test_near_region_lifts_offers_of_that_region(index: Index, factory: Any) -> None:
    index.upsert(
        [
            factory.document(1, "coiffeuse", 0, region="CM-LT"),
            factory.document(2, "coiffeuse", 0, 1, region="CM-OU"),
        ]
    )
    query = IndexQuery(filters=factory.filters(), vector=factory.vector(0), near_region="CM-OU")
    assert numbers(index, query) == [2, 1]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, {1, 2, 3, 4, 5, 7}),
        ({"kinds": (Kind.AGR,)}, {2}),
        ({"age": 40}, {1, 2, 4, 5, 7}),
        ({"age": 17}, {1, 2, 3, 4, 5, 7}),
        ({"age": 16}, {1, 2, 4, 5, 7}),
        ({"gender": Gender.MALE}, {1, 2, 3, 5, 7}),
        ({"gender": Gender.FEMALE}, {1, 2, 3, 4, 5, 7}),
        ({"statuses": (Status.YOUTH,)}, {1, 2, 3, 4, 7}),
        ({"statuses": (Status.REFUGEE,)}, {1, 2, 3, 4, 7}),  # of an unknown age, they may be young
        ({"statuses": (Status.REFUGEE,), "age": 40}, {1, 2, 4}),
        ({"statuses": (Status.RETURNEE, Status.YOUTH)}, {1, 2, 3, 4, 5, 7}),
        ({"region": "CM-OU"}, {1, 3, 4, 5, 7}),
        ({"education": 1}, {1, 2, 3, 5, 7}),
        ({"education": 2}, {1, 2, 3, 4, 5, 7}),
        ({"gives": ("level:2", "funds")}, {2, 5}),
        ({"gives": ("level:4",)}, set()),
    ],
)
def test_eligibility_and_deadlines_are_filtered_in_the_index(
    index: Index, factory: Any, conditions: dict[str, Any], expected: set[int]
) -> None:
    past, future = factory.filters().at.timestamp() - 1, factory.filters().at.timestamp() + 1
    index.upsert(
        [
            factory.document(1, "a", 0, valid_through=future),
            factory.document(2, "a", 0, kind=Kind.AGR, regions=("CM-LT",), gives=("funds",)),
            factory.document(3, "a", 0, age_min=18, age_max=35),
            factory.document(4, "a", 0, gender=Gender.FEMALE, education_min=3),
            factory.document(5, "a", 0, statuses=(Status.RETURNEE,), gives=("level:1", "level:2")),
            factory.document(6, "a", 0, valid_through=past),
            factory.document(7, "a", 0, statuses=(Status.YOUTH,)),
        ]
    )
    terms = encode_query(stem_query("a"))
    query = IndexQuery(filters=factory.filters(**conditions), vector=factory.vector(0), terms=terms)
    assert set(numbers(index, query)) == expected
    assert set(numbers(index, IndexQuery(filters=factory.filters(**conditions)))) == expected


def test_a_document_with_the_same_id_is_replaced(index: Index, factory: Any) -> None:
    index.upsert([factory.document(1, "ancien", 0)])
    index.upsert([factory.document(1, "nouveau", 0)])
    assert index.count() == 1
    assert index.search(IndexQuery(filters=factory.filters()))[0].card.title == "nouveau"


def test_deleting_twice_or_unknown_ids_is_no_error(index: Index, factory: Any) -> None:
    index.upsert([factory.document(1, "x", 0)])
    index.delete([UUID(int=1), UUID(int=99)])
    index.delete([UUID(int=1)])
    assert index.count() == 0


def test_a_card_is_returned_unchanged(index: Index, factory: Any) -> None:
    card = {
        "organisation": "Coopérative « Nkam »",
        "region": "CM-LT",
        "occupations": ("7531", "5141"),
        "statuses": (Status.DISPLACED,),
        "gender": Gender.FEMALE,
        "membership": "MC2",
        "documents": ("CNI ou récépissé",),
        "contribution": 10.0,
        "gives": ("level:2",),
        "age_min": 0,
        "experience_years": 0,
        "remote": False,
        "latitude": 4.05,
        "stems": ("coutur", "robe"),
    }
    document = factory.document(7, "Couturière, « robes »", 0, **card)
    index.upsert([document])
    assert index.search(IndexQuery(filters=factory.filters()))[0].card == document.card


def test_a_new_index_is_built_beside_and_swapped(indexes: Indexes, factory: Any) -> None:
    assert indexes.current() is None
    first, index = indexes.create("fake:one", factory.dimension)
    index.close()
    indexes.swap(first)
    assert indexes.current() == (first, "fake:one")
    second, index = indexes.create("fake:two with spaces/and:more", factory.dimension)
    index.upsert([factory.document(1, "x", 0)])
    index.optimize()
    assert indexes.current() == (first, "fake:one")
    index.close()
    indexes.swap(second)
    assert indexes.current() == (second, "fake:two with spaces/and:more")
    assert indexes.open(second).count() == 1


def test_without_vector_or_terms_every_kind_is_among_the_first_hits(index: Index, factory: Any) -> None:
    jobs = [factory.document(number, "offre", 0) for number in range(1, 9)]
    index.upsert([*jobs, factory.document(20, "prêt", 0, kind=Kind.AGR, region="CM-ES")])
    assert set(numbers(index, IndexQuery(filters=factory.filters(), depth=4, limit=4))[:2]) == {1, 20}
    filters = factory.filters(kinds=(Kind.EMPLOYMENT, Kind.AGR))
    assert 20 in numbers(index, IndexQuery(filters=filters, depth=3, limit=3))
    assert numbers(
        index, IndexQuery(filters=factory.filters(kinds=(Kind.EMPLOYMENT,)), depth=2, limit=2)
    ) == [
        1,
        2,
    ]
    near = IndexQuery(
        filters=factory.filters(kinds=(Kind.AGR, Kind.EMPLOYMENT)), near_region="CM-ES", depth=2, limit=2
    )
    assert numbers(index, near)[0] == 20
