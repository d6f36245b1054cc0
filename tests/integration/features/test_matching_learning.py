"""Events, training, putting rankers in force and rolling back, on a real database."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from list_factory import record_followed_lists
from sqlalchemy import select

from oim.features.events import EventKind, record_offer_event, record_shown_list
from oim.features.events.models import EventRow
from oim.features.matching.index import Card, Hit
from oim.features.matching.learning import (
    ScorerInForce,
    events,
    list_rankers,
    put_ranker_in_force,
    rollback_ranker,
)
from oim.features.matching.learning.events import ShownList, ShownOffer, load_shown_lists
from oim.features.matching.learning.list_recorder import ListRecorder
from oim.features.matching.learning.serving import PolicyProvider
from oim.features.matching.learning.training import train_ranker
from oim.features.matching.ranking import WEIGHTS, RankedOffer, score_by_weights
from oim.features.opportunities import Kind
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.db import Database
from oim.kit.errors import ConflictError, NotFoundError

START = datetime(2026, 10, 1, tzinfo=UTC)


def simulate_lists(count: int) -> list[ShownList]:
    """Lists of people who open the nearest of the first three offers."""
    generator = Random(1)
    lists = []
    for number in range(count):
        offers = [{name: generator.random() for name in WEIGHTS} for _ in range(6)]
        near = max(range(3), key=lambda place: offers[place]["place"])
        shown = tuple(
            ShownOffer(UUID(int=place + 1), place + 1, features, int(place == near))
            for place, features in enumerate(offers)
        )
        lists.append(ShownList(START + timedelta(minutes=number), shown))
    return lists


def record_lists(database: Database, lists: list[ShownList], *, known: bool = True) -> None:
    """Record these lists as events."""
    recorded = [
        (
            shown_list.at,
            [(offer.opportunity, offer.features) for offer in shown_list.offers],
            {offer.opportunity: EventKind.OPENED for offer in shown_list.offers if offer.gain},
        )
        for shown_list in lists
    ]
    record_followed_lists(database, recorded, known=known)


def ranked_offer(number: int, places: int | None = None) -> RankedOffer:
    card = Card(title="offre", kind=Kind.EMPLOYMENT, places=places)
    return RankedOffer(Hit(UUID(int=number), 0.0, card), 0.5, {}, (), False, None, features={"text": 0.5})


def test_the_gain_of_a_shown_offer_is_the_best_that_came_of_it(database: Database) -> None:
    with database.write() as session:
        list_id = uuid4()
        record_shown_list(
            session,
            now(),
            list_id,
            [(UUID(int=1), {"text": 0.5}), (UUID(int=2), {"text": 0.4})],
            known=True,
        )
        record_shown_list(session, now(), uuid4(), [(UUID(int=1), {"text": 0.5})])
        for kind in (EventKind.OPENED, EventKind.APPLIED, EventKind.SAVED):
            record_offer_event(session, kind, list_id, UUID(int=2))
    with database.read() as session:
        (shown_list,) = load_shown_lists(session)
    assert [(offer.opportunity.int, offer.position, offer.gain) for offer in shown_list.offers] == [
        (1, 1, 0),
        (2, 2, 3),
    ]
    assert shown_list.offers[0].features == {"text": 0.5}


def test_only_the_newest_lists_are_loaded_up_to_a_maximum(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MAX_LISTS", 2)
    ids = [uuid4() for _ in range(4)]
    with database.write() as session:
        for number, list_id in enumerate(ids):
            offers = [(UUID(int=1), {"text": 0.5, "gone": 0.1}), (UUID(int=number + 2), {"text": 0.4})]
            record_shown_list(session, START + timedelta(minutes=number), list_id, offers, known=True)
            if number != 2:
                record_offer_event(session, EventKind.SAVED, list_id, UUID(int=number + 2))
    with database.read() as session:
        with_feedback = load_shown_lists(session)
        every = load_shown_lists(session, with_feedback=False)
        early = load_shown_lists(session, with_feedback=False, before=START + timedelta(minutes=1))
    assert [shown_list.offers[1].opportunity.int for shown_list in with_feedback] == [3, 5]
    assert [(shown_list.offers[1].opportunity.int, shown_list.has_feedback) for shown_list in every] == [
        (4, False),
        (5, True),
    ]
    assert [shown_list.at for shown_list in early] == [START]
    assert every[0].offers[0].features == {"text": 0.5}  # features that no longer exist are left out


def test_a_better_ranker_is_put_in_force_and_rolled_back(database: Database) -> None:
    record_lists(database, simulate_lists(400))
    serving = ScorerInForce(database)
    assert serving.get_scorer() is score_by_weights
    trained = train_ranker(database)
    assert trained.in_force
    serving.refresh()
    near, worded = (dict.fromkeys(WEIGHTS, 0.3) | {name: 1.0} for name in ("place", "text"))
    first, second = (sum(parts.values()) for parts in serving.get_scorer()([near, worded]))
    assert first > second
    again = train_ranker(database)
    assert not again.in_force
    with database.write() as session:
        assert [ranker.in_force for ranker in list_rankers(session)] == [False, True]
        put_ranker_in_force(session, again.version)
        assert rollback_ranker(session) == trained.version
        assert rollback_ranker(session) is None
        with pytest.raises(ConflictError):
            rollback_ranker(session)
    serving.refresh()
    assert serving.get_scorer() is score_by_weights


def test_too_few_events_train_no_ranker_and_an_unknown_ranker_is_rejected(database: Database) -> None:
    with pytest.raises(ConflictError, match="200"):
        train_ranker(database)
    with pytest.raises(NotFoundError), database.write() as session:
        put_ranker_in_force(session, 7)


def test_the_recorder_writes_the_lists_shown(database: Database) -> None:
    recorder = ListRecorder(database)
    list_id = uuid4()
    recorder.record(list_id, [ranked_offer(1), ranked_offer(2)], known=True)
    recorder.close()
    with database.read() as session:
        [row] = session.scalars(select(EventRow)).all()
        [shown_list] = load_shown_lists(session, with_feedback=False)
    assert row.list_id == list_id
    assert [(offer.opportunity.int, offer.position) for offer in shown_list.offers] == [(1, 1), (2, 2)]
    assert shown_list.offers[0].features == {"text": 0.5}


def test_without_a_database_the_weights_rank_and_answers_go_on(vault: Vault) -> None:
    provider = PolicyProvider(Database("postgresql://nobody@127.0.0.1:1/none", vault))
    policy = provider.get_policy(shown=True)
    assert policy.scorer is score_by_weights
    assert policy.record_shown([ranked_offer(1)])
    provider.close()


def test_a_restart_forgets_no_congestion(database: Database) -> None:
    first = PolicyProvider(database)
    first.get_policy(shown=True, known=True).record_shown([ranked_offer(1, places=1)])
    first.close()
    second = PolicyProvider(database)
    ledger = second.get_policy(shown=True).ledger
    assert ledger
    assert ledger.expected_applications(UUID(int=1)) > 0
    second.close()


def test_a_list_nobody_sees_is_neither_recorded_nor_counted_as_congestion(database: Database) -> None:
    provider = PolicyProvider(database)
    policy = provider.get_policy(shown=False)
    assert policy.record_shown([ranked_offer(1, places=1)]) is None
    assert not policy.updates_ledger
    provider.close()
    with database.read() as session:
        assert session.scalars(select(EventRow)).all() == []


def test_an_event_reported_twice_counts_once_and_only_for_an_offer_that_was_shown(database: Database) -> None:
    list_id = uuid4()
    with database.write() as session:
        record_shown_list(session, now(), list_id, [(UUID(int=1), {"text": 0.5})])
    for _ in range(2):
        with database.write() as session:
            record_offer_event(session, EventKind.OPENED, list_id, UUID(int=1))
    for unknown in [(list_id, UUID(int=2)), (uuid4(), UUID(int=1))]:
        with pytest.raises(NotFoundError), database.write() as session:
            record_offer_event(session, EventKind.OPENED, *unknown)
    with database.read() as session:
        kinds = [row.kind for row in session.scalars(select(EventRow).order_by(EventRow.id))]
    assert kinds == ["shown", "opened"]
