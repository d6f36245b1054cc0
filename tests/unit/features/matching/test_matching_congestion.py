"""Congestion: an offer shown to many for its places comes after near equals, never after far worse ones."""

from dataclasses import replace
from uuid import UUID

import pytest
from matching_factory import hit, offer

from oim.features.matching import congestion
from oim.features.matching.composition import compose
from oim.features.matching.congestion import (
    HALF_LIFE_SECONDS,
    MAX_PENALTY,
    REPEAT_WINDOW,
    STRANGER_SHARE,
    TIE_SPREAD,
    CongestionLedger,
    hash_profile,
)
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import RankedOffer
from oim.features.opportunities import Kind


def candidate(number: int, score: float, places: int | None) -> RankedOffer:
    card = offer(title=f"offre {number}", places=places)
    return RankedOffer(hit(number, card), score, {"text": score}, (), False, None)


def show_first(ledger: CongestionLedger, asker_id: int, *candidates: RankedOffer) -> int:
    """Compose a list of one, record it as shown, and return the number of its offer."""
    chosen = compose(list(candidates), (), 1, vary_kinds=False, penalty=ledger.make_penalty(asker_id))
    ledger.record_shown(asker_id, chosen)
    return chosen[0].hit.id.int


def test_equal_offers_are_spread_over_people() -> None:
    ledger = CongestionLedger()
    twins = [candidate(number, 0.5, 1) for number in range(4)]
    shown = [show_first(ledger, hash_profile(Profile(text=str(person))), *twins) for person in range(200)]
    assert all(30 < shown.count(number) < 70 for number in range(4))


def test_a_near_equal_offer_comes_before_a_crowded_one_and_a_far_worse_one_does_not() -> None:
    crowded = CongestionLedger({UUID(int=1): 50.0})
    best, near, far = (
        candidate(1, 0.5, 1),
        candidate(2, 0.45, 10),
        candidate(3, 0.5 - MAX_PENALTY - TIE_SPREAD, 10),
    )
    assert show_first(crowded, 7, best, near) == 2
    assert show_first(crowded, 7, best, far) == 1
    assert show_first(CongestionLedger(), 7, best, near) == 1


def test_an_offer_with_many_places_is_penalised_less() -> None:
    shown = CongestionLedger({UUID(int=1): 5.0, UUID(int=2): 5.0})
    assert (
        shown.make_penalty(1)(candidate(1, 0.5, 1))
        > shown.make_penalty(1)(candidate(2, 0.5, 100)) + TIE_SPREAD
    )


def test_an_offer_without_stated_places_has_no_penalty() -> None:
    assert CongestionLedger({UUID(int=1): 50.0}).make_penalty(1)(candidate(1, 0.5, None)) == 0


def test_asking_again_soon_is_counted_once() -> None:
    ledger = CongestionLedger()
    for _ in range(3):
        ledger.record_shown(7, [candidate(1, 0.5, 1)])
    once = ledger.expected_applications(UUID(int=1))
    ledger.record_shown(8, [candidate(1, 0.5, 1)])
    assert ledger.expected_applications(UUID(int=1)) == pytest.approx(2 * once)


def test_the_same_profile_counts_again_after_the_repeat_window() -> None:
    clock = [0.0]
    ledger = CongestionLedger(clock=lambda: clock[0])
    many = 20
    for _ in range(many):
        ledger.record_shown(7, [candidate(1, 0.5, 1)])
        clock[0] += REPEAT_WINDOW
    once = CongestionLedger()
    once.record_shown(7, [candidate(1, 0.5, 1)])
    assert ledger.expected_applications(UUID(int=1)) == pytest.approx(
        many * once.expected_applications(UUID(int=1)), rel=0.02
    )
    assert ledger.make_penalty(7)(candidate(1, 0.5, 1)) > MAX_PENALTY / 2


def test_a_crowded_offer_is_penalised_also_where_several_kinds_are_asked_for() -> None:
    job, course = candidate(1, 0.5, 1), candidate(2, 0.49, 10)
    course = replace(course, hit=hit(2, offer(title="cours", places=10, kind=Kind.TRAINING)))
    penalty = CongestionLedger({UUID(int=1): 50.0}).make_penalty(7)
    kinds = (Kind.EMPLOYMENT, Kind.TRAINING)
    chosen = compose([job, course], kinds, 4, vary_kinds=False, penalty=penalty)
    assert [ranked.hit.id.int for ranked in chosen] == [2, 1]


def test_expected_applications_halve_with_time() -> None:
    clock = [0.0]
    ledger = CongestionLedger({UUID(int=1): 8.0}, lambda: clock[0])
    clock[0] = 2 * HALF_LIFE_SECONDS
    assert ledger.expected_applications(UUID(int=1)) == pytest.approx(2.0)


def test_a_person_always_gets_the_same_order() -> None:
    twins = [candidate(number, 0.5, 1) for number in range(4)]
    assert len({show_first(CongestionLedger(), 7, *twins) for _ in range(5)}) == 1
    assert (
        hash_profile(Profile(text="a")) == hash_profile(Profile(text="a")) != hash_profile(Profile(text="b"))
    )


def flood(ledger: CongestionLedger, askers: range) -> None:
    """Let strangers, each another, be shown one offer."""
    for asker_id in askers:
        ledger.record_shown(asker_id, [candidate(1, 0.5, 1)], known=False)


def test_strangers_alone_crowd_nothing() -> None:
    ledger = CongestionLedger()
    flood(ledger, range(1000))
    assert ledger.expected_applications(UUID(int=1)) == 0
    assert ledger.make_penalty(-1)(candidate(1, 0.5, 1)) <= TIE_SPREAD


@pytest.mark.parametrize("strangers", [100, 1000, 10_000])
def test_strangers_are_a_bounded_share_of_an_offers_congestion(strangers: int) -> None:
    ledger, of_people = CongestionLedger(), CongestionLedger()
    for asker_id in range(20):
        for each in (ledger, of_people):
            each.record_shown(asker_id, [candidate(1, 0.5, 1)])
    people = of_people.expected_applications(UUID(int=1))
    flood(ledger, range(strangers))
    expected = ledger.expected_applications(UUID(int=1))
    assert expected == pytest.approx(people / (1 - STRANGER_SHARE))
    penalty, before = (each.make_penalty(-1)(candidate(1, 0.5, 1)) for each in (ledger, of_people))
    assert before < penalty < before + MAX_PENALTY * STRANGER_SHARE


def test_a_few_strangers_count_as_they_are() -> None:
    ledger = CongestionLedger()
    for asker_id in range(100):
        ledger.record_shown(asker_id, [candidate(1, 0.5, 1)])
    people = ledger.expected_applications(UUID(int=1))
    flood(ledger, range(5))
    assert ledger.expected_applications(UUID(int=1)) == pytest.approx(people * 1.05)


def test_a_flood_of_strangers_forgets_no_person_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(congestion, "MAX_ASKERS", 10)
    ledger = CongestionLedger()
    ledger.record_shown(7, [candidate(1, 0.5, 1)])
    once = ledger.expected_applications(UUID(int=1))
    flood(ledger, range(50))
    ledger.record_shown(7, [candidate(1, 0.5, 1)])
    assert ledger.expected_applications(UUID(int=1)) == pytest.approx(once / (1 - STRANGER_SHARE))


def test_what_a_strangers_own_list_added_is_left_out() -> None:
    ledger = CongestionLedger({UUID(int=1): 50.0})
    before = ledger.make_penalty(7, known=False)(candidate(1, 0.5, 1))
    ledger.record_shown(7, [candidate(1, 0.5, 1)], known=False)
    assert ledger.make_penalty(7, known=False)(candidate(1, 0.5, 1)) == pytest.approx(before)
    assert ledger.make_penalty(7)(candidate(1, 0.5, 1)) > before
