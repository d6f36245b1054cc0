"""Strangers are not people: a flood of their lists and clicks moves neither ranker nor congestion much."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from list_factory import record_followed_lists

from oim.features.events import EventKind
from oim.features.matching.congestion import STRANGER_SHARE
from oim.features.matching.feature_scores import Features
from oim.features.matching.index import Card, Hit
from oim.features.matching.learning import events
from oim.features.matching.learning.events import ShownList, add_strangers, load_shown_lists
from oim.features.matching.learning.serving import PolicyProvider, load_scorer_in_force
from oim.features.matching.learning.training import train_ranker
from oim.features.matching.ranking import WEIGHTS, RankedOffer
from oim.features.opportunities import Kind
from oim.kit.db import Database
from oim.kit.errors import ConflictError

START = datetime(2026, 10, 1, tzinfo=UTC)
LATER = START + timedelta(days=30)
Choose = Callable[[list[Features]], int]


def take_highest(feature: str) -> Choose:
    """Take, of the first three offers, the one whose feature is highest."""
    return lambda offers: max(range(3), key=lambda place: offers[place][feature])


def record_lists(
    database: Database, count: int, choose: Choose, *, known: bool, length: int = 6, apart: float = 10
) -> None:
    """Record lists, one every `apart` minutes, in each of which one offer led to an application."""
    generator = Random(count)
    lists = []
    for number in range(count):
        offers = [{name: generator.random() for name in WEIGHTS} for _ in range(length)]
        shown = [(UUID(int=place), features) for place, features in enumerate(offers)]
        chosen = {UUID(int=choose(offers)): EventKind.APPLIED}
        lists.append((START + timedelta(minutes=apart * number), shown, chosen))
    record_followed_lists(database, lists, known=known)


def count_offers(lists: list[ShownList]) -> int:
    return sum(len(shown_list.offers) for shown_list in lists)


@pytest.mark.parametrize(("strangers", "length"), [(3, 6), (150, 6), (30, 40)])
def test_strangers_are_a_bounded_share_of_what_is_learned_from(
    database: Database, strangers: int, length: int
) -> None:
    record_lists(database, 50, take_highest("place"), known=True)
    record_lists(database, strangers, take_highest("text"), known=False, length=length, apart=1)
    with database.read() as session:
        people = load_shown_lists(session)
        lists = add_strangers(session, people, before=LATER)
    assert len(people) == 50
    assert all(shown_list in lists for shown_list in people)
    assert len(lists) - len(people) > 0 or length == 40
    assert count_offers(lists) - count_offers(people) <= STRANGER_SHARE * count_offers(lists)
    assert [shown_list.at for shown_list in lists] == sorted(shown_list.at for shown_list in lists)


def test_strangers_alone_train_nothing(database: Database) -> None:
    record_lists(database, 250, take_highest("text"), known=False)
    with pytest.raises(ConflictError):
        train_ranker(database)


def test_a_flood_of_strangers_does_not_turn_the_ranker(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People take what is near; three times as many strangers take what has the words."""
    record_lists(database, 250, take_highest("place"), known=True)
    record_lists(database, 750, take_highest("text"), known=False, apart=3)
    trained = train_ranker(database)
    assert trained.in_force
    assert trained.card["lists"]["learned"] <= 200 / (1 - STRANGER_SHARE)
    assert trained.card["lists"]["held_out"] == 50
    assert prefers_near(database)
    # The same flood without the bound turns it: this is what the bound holds back.
    monkeypatch.setattr(events, "STRANGER_SHARE", 0.75)
    unbounded = train_ranker(database)
    assert not unbounded.in_force, "the gate asks people"
    assert unbounded.card["ndcg@10"]["new"] < trained.card["ndcg@10"]["new"]


def prefers_near(database: Database) -> bool:
    """Whether the ranker in force puts what is near before what has the words."""
    with database.read() as session:
        _, scorer = load_scorer_in_force(session)
    near, worded = (dict.fromkeys(WEIGHTS, 0.3) | {name: 1.0} for name in ("place", "text"))
    first, second = (sum(parts.values()) for parts in scorer([near, worded]))
    return first > second


def test_lists_of_strangers_crowd_nothing_and_a_restart_restores_those_of_people(database: Database) -> None:
    card = Card(title="offre", kind=Kind.EMPLOYMENT, places=1)
    ranked = RankedOffer(Hit(UUID(int=1), 0.0, card), 0.5, {}, (), False, None, features={"text": 0.5})
    provider = PolicyProvider(database)
    for known in (True, *[False] * 20):
        provider.get_policy(shown=True, known=known).record_shown([ranked])
    provider.close()
    again = PolicyProvider(database)
    ledger = again.get_policy(shown=True).ledger
    assert ledger is not None
    assert ledger.expected_applications(UUID(int=1)) == pytest.approx(0.15)
    again.close()
