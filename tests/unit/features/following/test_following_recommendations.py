"""Offers chosen for somebody, without those they put aside."""

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
class Ranked:
    """An engine with so many offers for everybody; it keeps which it was told that people see."""

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
    offers=st.integers(0, 80), aside=st.frozensets(st.integers(0, 80), max_size=60), limit=st.integers(1, 50)
)
def test_as_many_as_asked_are_left_and_none_is_told_as_shown_in_vain(
    offers: int, aside: frozenset[int], limit: int
) -> None:
    engine, put_aside = Ranked(offers), {UUID(int=number) for number in aside}
    found = recommend_offers(cast(Engine, engine), AWA, limit, exclude=put_aside)
    left = [id_ for id_ in (UUID(int=number) for number in range(offers)) if id_ not in put_aside]
    within_reach = [id_ for id_ in left if id_.int < min(MAX_RECOMMENDED, limit + len(aside))]
    assert [item.id for item in found.items] == within_reach[:limit]
    assert set(engine.shown) <= {*put_aside, *(item.id for item in found.items)}
