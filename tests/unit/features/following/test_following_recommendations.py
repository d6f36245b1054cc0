"""Recommendations leave out the offers that a person dismissed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from oim.features.following import recommend_offers
from oim.features.following.search import MAX_RECOMMENDED
from oim.features.matching.answer import Answer, Recommendation
from oim.features.matching.index import Card
from oim.features.matching.ports import Engine
from oim.features.opportunities import Kind

AWA = UUID(int=1)
CARD = Card(title="", kind=Kind.AGR)


@dataclass
class RankedEngine:
    """A stand-in for the engine: it ranks `offers` offers for everybody, and records which were shown."""

    offers: int
    shown: list[UUID] = field(default_factory=list)

    def recommend_for_person(self, person: UUID, limit: int, *, shown: bool = False) -> Answer:
        assert person == AWA
        assert 1 <= limit <= MAX_RECOMMENDED
        ids = [UUID(int=number) for number in range(self.offers)][:limit]
        if shown:
            assert not self.shown, "shown once"
            self.shown = ids
        items = [
            Recommendation(id=id_, rank=rank, score=1, parts={}, reasons=(), card=CARD)
            for rank, id_ in enumerate(ids, start=1)
        ]
        return Answer(items=tuple(items), missing=())


@given(
    offers=st.integers(0, 80),
    dismissed=st.frozensets(st.integers(0, 80), max_size=60),
    limit=st.integers(1, 50),
)
def test_enough_offers_remain_and_only_offers_that_are_displayed_count_as_shown(
    offers: int, dismissed: frozenset[int], limit: int
) -> None:
    engine, dismissed_ids = RankedEngine(offers), {UUID(int=number) for number in dismissed}
    answer = recommend_offers(cast(Engine, engine), AWA, limit, exclude=dismissed_ids)
    remaining = [id_ for id_ in (UUID(int=number) for number in range(offers)) if id_ not in dismissed_ids]
    expected = [id_ for id_ in remaining if id_.int < min(MAX_RECOMMENDED, limit + len(dismissed))]
    assert [item.id for item in answer.items] == expected[:limit]
    assert set(engine.shown) <= {*dismissed_ids, *(item.id for item in answer.items)}
