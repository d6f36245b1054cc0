"""Crowds: offers shown beyond their places give way to near equals, never to far worse ones."""

from dataclasses import replace
from uuid import UUID

import pytest
from matching_made import hit, offer

from oim.features.matching.composition import compose
from oim.features.matching.congestion import HALF_LIFE, MOST, SOON, SPREAD, Ledger, asker
from oim.features.matching.ranking import Ranked
from oim.features.matching.types import Profile
from oim.features.opportunities import Kind


def candidate(number: int, score: float, places: int | None) -> Ranked:
    card = offer(title=f"offre {number}", places=places)
    return Ranked(hit(number, card), score, {"text": score}, (), False, None)


def first(ledger: Ledger, who: int, *candidates: Ranked) -> int:
    """The number of the offer on top of a list of one, noted as shown."""
    chosen = compose(list(candidates), (), 1, vary_kinds=False, charge=ledger.charge(who))
    ledger.note(who, chosen)
    return chosen[0].hit.id.int


def test_equals_are_spread_over_people() -> None:
    ledger = Ledger()
    twins = [candidate(number, 0.5, 1) for number in range(4)]
    shown = [first(ledger, asker(Profile(text=str(who))), *twins) for who in range(200)]
    assert all(30 < shown.count(number) < 70 for number in range(4))


def test_a_near_equal_comes_before_a_crowd_and_a_far_worse_one_does_not() -> None:
    crowded = Ledger({UUID(int=1): 50.0})
    best, near, far = candidate(1, 0.5, 1), candidate(2, 0.45, 10), candidate(3, 0.5 - MOST - SPREAD, 10)
    assert first(crowded, 7, best, near) == 2
    assert first(crowded, 7, best, far) == 1
    assert first(Ledger(), 7, best, near) == 1


def test_many_places_hold_a_crowd() -> None:
    shown = Ledger({UUID(int=1): 5.0, UUID(int=2): 5.0})
    assert shown.charge(1)(candidate(1, 0.5, 1)) > shown.charge(1)(candidate(2, 0.5, 100)) + SPREAD


def test_an_offer_that_states_no_places_is_left_alone() -> None:
    assert Ledger({UUID(int=1): 50.0}).charge(1)(candidate(1, 0.5, None)) == 0


def test_asking_again_is_no_crowd() -> None:
    ledger = Ledger()
    for _ in range(3):
        ledger.note(7, [candidate(1, 0.5, 1)])
    once = ledger.expected(UUID(int=1))
    ledger.note(8, [candidate(1, 0.5, 1)])
    assert ledger.expected(UUID(int=1)) == pytest.approx(2 * once)


def test_alike_profiles_become_a_crowd_in_time() -> None:
    clock = [0.0]
    ledger = Ledger(clock=lambda: clock[0])
    many = 20
    for _ in range(many):
        ledger.note(7, [candidate(1, 0.5, 1)])
        clock[0] += SOON
    once = Ledger()
    once.note(7, [candidate(1, 0.5, 1)])
    assert ledger.expected(UUID(int=1)) == pytest.approx(many * once.expected(UUID(int=1)), rel=0.02)
    assert ledger.charge(7)(candidate(1, 0.5, 1)) > MOST / 2


def test_a_crowd_gives_way_also_where_several_kinds_are_asked_for() -> None:
    job, course = candidate(1, 0.5, 1), candidate(2, 0.49, 10)
    course = replace(course, hit=hit(2, offer(title="cours", places=10, kind=Kind.TRAINING)))
    charge = Ledger({UUID(int=1): 50.0}).charge(7)
    kinds = (Kind.EMPLOYMENT, Kind.TRAINING)
    chosen = compose([job, course], kinds, 4, vary_kinds=False, charge=charge)
    assert [one.hit.id.int for one in chosen] == [2, 1]


def test_a_crowd_goes_away() -> None:
    clock = [0.0]
    ledger = Ledger({UUID(int=1): 8.0}, lambda: clock[0])
    clock[0] = 2 * HALF_LIFE
    assert ledger.expected(UUID(int=1)) == pytest.approx(2.0)


def test_one_person_gets_one_order() -> None:
    twins = [candidate(number, 0.5, 1) for number in range(4)]
    assert len({first(Ledger(), 7, *twins) for _ in range(5)}) == 1
    assert asker(Profile(text="a")) == asker(Profile(text="a")) != asker(Profile(text="b"))
