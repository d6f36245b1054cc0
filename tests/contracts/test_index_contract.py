"""What every `Index` does alike: Qdrant Edge in a folder, and a Qdrant server through its client."""

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

MAKERS: dict[str, Callable[[Path], Indexes]] = {
    "edge": EdgeIndexes,
    "server": lambda _: ServerIndexes(QdrantClient(":memory:")),
}


@pytest.fixture(params=sorted(MAKERS))
def indexes(request: pytest.FixtureRequest, tmp_path: Path) -> Indexes:
    return MAKERS[request.param](tmp_path / "index")


@pytest.fixture
def index(indexes: Indexes, made: Any) -> Index:
    return indexes.create("fake:one", made.dimension)[1]


def numbers(index: Index, query: IndexQuery) -> list[int]:
    return [hit.id.int for hit in index.search(query)]


def test_dense_and_sparse_are_fused(index: Index, made: Any) -> None:
    index.upsert(
        [
            made.document(1, "couturière", 0),
            made.document(2, "soudeur", 0, 1),
            made.document(3, "chauffeur", 5),
        ]
    )
    terms = encode_query(stem_query("soudeur"))
    query = IndexQuery(filters=made.filters(), vector=made.vector(0, 1), terms=terms)
    hits = index.search(query)
    assert hits[0].id == UUID(int=2)
    assert hits[0].cosine == pytest.approx(1.0, abs=1e-3)
    assert hits[0].fused == pytest.approx(2 / 61, rel=0.02)
    assert hits[0].card.title == "soudeur"


def test_either_ranking_serves_alone(index: Index, made: Any) -> None:
    index.upsert([made.document(1, "maçon", 2), made.document(2, "boulanger", 3)])
    assert numbers(index, IndexQuery(filters=made.filters(), vector=made.vector(3), limit=1)) == [2]
    terms = encode_query(stem_query("maçons"))
    assert numbers(index, IndexQuery(filters=made.filters(), terms=terms)) == [1]


def test_without_a_question_the_newest_come_first(index: Index, made: Any) -> None:
    index.upsert([made.document(number, "offre", 0) for number in (3, 1, 2)])
    assert numbers(index, IndexQuery(filters=made.filters(), limit=2)) == [1, 2]


def test_near_lifts_a_region(index: Index, made: Any) -> None:
    index.upsert(
        [
            made.document(1, "coiffeuse", 0, region="CM-LT"),
            made.document(2, "coiffeuse", 0, 1, region="CM-OU"),
        ]
    )
    query = IndexQuery(filters=made.filters(), vector=made.vector(0), near_region="CM-OU")
    assert numbers(index, query) == [2, 1]


@pytest.mark.parametrize(
    ("conditions", "kept"),
    [
        ({}, {1, 2, 3, 4, 5, 7}),
        ({"kinds": (Kind.AGR,)}, {2}),
        ({"age": 40}, {1, 2, 4, 5, 7}),
        ({"age": 17}, {1, 2, 3, 4, 5, 7}),
        ({"age": 16}, {1, 2, 4, 5, 7}),
        ({"gender": Gender.MALE}, {1, 2, 3, 5, 7}),
        ({"gender": Gender.FEMALE}, {1, 2, 3, 4, 5, 7}),
        ({"statuses": (Status.YOUTH,)}, {1, 2, 3, 4, 7}),
        ({"statuses": (Status.REFUGEE,)}, {1, 2, 3, 4, 7}),  # of an age not told, they may be young
        ({"statuses": (Status.REFUGEE,), "age": 40}, {1, 2, 4}),
        ({"statuses": (Status.RETURNEE, Status.YOUTH)}, {1, 2, 3, 4, 5, 7}),
        ({"region": "CM-OU"}, {1, 3, 4, 5, 7}),
        ({"education": 1}, {1, 2, 3, 5, 7}),
        ({"education": 2}, {1, 2, 3, 4, 5, 7}),
        ({"gives": ("level:2", "funds")}, {2, 5}),
        ({"gives": ("level:4",)}, set()),
    ],
)
def test_eligibility_and_validity_are_filtered_inside(
    index: Index, made: Any, conditions: dict[str, Any], kept: set[int]
) -> None:
    past, future = made.filters().at.timestamp() - 1, made.filters().at.timestamp() + 1
    index.upsert(
        [
            made.document(1, "a", 0, valid_through=future),
            made.document(2, "a", 0, kind=Kind.AGR, regions=("CM-LT",), gives=("funds",)),
            made.document(3, "a", 0, age_min=18, age_max=35),
            made.document(4, "a", 0, gender=Gender.FEMALE, education_min=3),
            made.document(5, "a", 0, statuses=(Status.RETURNEE,), gives=("level:1", "level:2")),
            made.document(6, "a", 0, valid_through=past),
            made.document(7, "a", 0, statuses=(Status.YOUTH,)),
        ]
    )
    terms = encode_query(stem_query("a"))
    query = IndexQuery(filters=made.filters(**conditions), vector=made.vector(0), terms=terms)
    assert set(numbers(index, query)) == kept
    assert set(numbers(index, IndexQuery(filters=made.filters(**conditions)))) == kept


def test_a_document_is_replaced_not_doubled(index: Index, made: Any) -> None:
    index.upsert([made.document(1, "ancien", 0)])
    index.upsert([made.document(1, "nouveau", 0)])
    assert index.count() == 1
    assert index.search(IndexQuery(filters=made.filters()))[0].card.title == "nouveau"


def test_deleting_is_repeatable(index: Index, made: Any) -> None:
    index.upsert([made.document(1, "x", 0)])
    index.delete([UUID(int=1), UUID(int=99)])
    index.delete([UUID(int=1)])
    assert index.count() == 0


def test_a_card_comes_back_whole(index: Index, made: Any) -> None:
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
    document = made.document(7, "Couturière, « robes »", 0, **card)
    index.upsert([document])
    assert index.search(IndexQuery(filters=made.filters()))[0].card == document.card


def test_a_new_index_is_built_beside_and_swapped(indexes: Indexes, made: Any) -> None:
    assert indexes.current() is None
    first, index = indexes.create("fake:one", made.dimension)
    index.close()
    indexes.swap(first)
    assert indexes.current() == (first, "fake:one")
    second, index = indexes.create("fake:two with spaces/and:more", made.dimension)
    index.upsert([made.document(1, "x", 0)])
    index.optimize()
    assert indexes.current() == (first, "fake:one")
    index.close()
    indexes.swap(second)
    assert indexes.current() == (second, "fake:two with spaces/and:more")
    assert indexes.open(second).count() == 1


def test_with_nothing_said_no_kind_crowds_another_out(index: Index, made: Any) -> None:
    jobs = [made.document(number, "offre", 0) for number in range(1, 9)]
    index.upsert([*jobs, made.document(20, "prêt", 0, kind=Kind.AGR, region="CM-ES")])
    assert set(numbers(index, IndexQuery(filters=made.filters(), depth=4, limit=4))[:2]) == {1, 20}
    wanted = made.filters(kinds=(Kind.EMPLOYMENT, Kind.AGR))
    assert 20 in numbers(index, IndexQuery(filters=wanted, depth=3, limit=3))
    assert numbers(index, IndexQuery(filters=made.filters(kinds=(Kind.EMPLOYMENT,)), depth=2, limit=2)) == [
        1,
        2,
    ]
    near = IndexQuery(
        filters=made.filters(kinds=(Kind.AGR, Kind.EMPLOYMENT)), near_region="CM-ES", depth=2, limit=2
    )
    assert numbers(index, near)[0] == 20
