"""Saved offers, dismissed offers and saved searches: each stored once, and accessible to its person only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from people_factory import add_case_worker, add_people, person
from sqlalchemy import func, select, text

from oim.features import following
from oim.features.access import STRANGER, Actor, Role, give_mandate
from oim.features.audit import AuditRow, verify
from oim.features.following import DismissalReason
from oim.features.following.models import DismissedRow, SavedRow, SearchRow
from oim.features.ingestion import ingest_offers
from oim.features.occupations import Sector
from oim.features.opportunities import Contract, Draft, Kind, Search, get_many
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.rows import make_offer_id
from oim.kit.clock import now
from oim.kit.db import Database, WriteSession
from oim.kit.errors import ConflictError, NotFoundError

OFFERS = [
    Draft(kind=Kind.EMPLOYMENT, external_id=str(number), title=f"Offre {number}") for number in range(4)
]
IDS = [make_offer_id("test", draft.external_id) for draft in OFFERS]
SEARCH = Search(words="couture", kinds=(Kind.TRAINING, Kind.AGR), region="CM-OU", education=2)
REASON = DismissalReason.TOO_FAR


@pytest.fixture
def awa(database: Database) -> UUID:
    ingest_offers(database, OFFERS, source="test", origin="test", format_name="test")
    [id_] = add_people(database)
    return id_


CALLS: dict[str, Callable[[WriteSession, Actor, UUID], object]] = {
    "save": lambda session, actor, owner: following.save(session, actor, owner, IDS[0]),
    "unsave": lambda session, actor, owner: following.unsave(session, actor, owner, IDS[0]),
    "saved": following.list_saved,
    "dismiss": lambda session, actor, owner: following.dismiss(session, actor, owner, IDS[0], REASON),
    "undo": lambda session, actor, owner: following.undo_dismissal(session, actor, owner, IDS[0]),
    "dismissed": following.list_dismissed,
    "keep": lambda session, actor, owner: following.save_search(session, actor, owner, SEARCH, alerts=True),
    "searches": following.list_searches,
    "alerts": lambda session, actor, owner: following.set_alerts(
        session, actor, owner, UUID(int=1), alerts=False
    ),
    "drop": lambda session, actor, owner: following.delete_search(session, actor, owner, UUID(int=1)),
}


def test_what_another_person_follows_is_not_found(database: Database, awa: UUID) -> None:
    strangers = [STRANGER, person(uuid4()), Actor(Role.ADMINISTRATOR, uuid4()), add_case_worker(database)]
    for call, actor in product(CALLS.values(), strangers):
        with database.write() as session, pytest.raises(NotFoundError):
            call(session, actor, awa)
    with database.read() as session:
        assert verify(session)[1] is None
        refused = select(func.count()).where(AuditRow.action.startswith("refused"))
        assert session.scalar(refused) == len(strangers) * len(CALLS)
        for row in (SavedRow, DismissedRow, SearchRow):
            assert session.scalar(select(func.count()).select_from(row)) == 0


def test_a_case_worker_can_save_offers_for_a_person_they_help(database: Database, awa: UUID) -> None:
    worker = add_case_worker(database)
    with database.write() as session:
        give_mandate(session, person(awa), awa, worker.id or UUID(int=0))
        following.save(session, worker, awa, IDS[0])
    with database.write() as session:
        assert [saved.offer.id for saved in following.list_saved(session, person(awa), awa)] == [IDS[0]]


def test_saved_offers_are_listed_once_each_the_last_saved_first(database: Database, awa: UUID) -> None:
    for id_ in (IDS[1], IDS[0], IDS[2], IDS[1]):
        with database.write() as session:
            following.save(session, person(awa), awa, id_)
    with database.write() as session:
        assert [saved.offer.id for saved in following.list_saved(session, person(awa), awa)] == [
            IDS[2],
            IDS[0],
            IDS[1],
        ]
        assert following.find_saved_ids(session, awa) == set(IDS[:3])
        following.unsave(session, person(awa), awa, IDS[2])
        following.unsave(session, person(awa), awa, IDS[3])
    with database.read() as session:
        assert following.find_saved_ids(session, awa) == set(IDS[:2])
        assert following.find_saved_ids(session, uuid4()) == frozenset()


def test_a_saved_offer_that_has_closed_is_listed_as_closed(database: Database, awa: UUID) -> None:
    with database.write() as session:
        following.save(session, person(awa), awa, IDS[0])
        following.save(session, person(awa), awa, IDS[1])
    closed = replace(OFFERS[0], valid_through=now() - timedelta(hours=1))
    still = replace(OFFERS[1], valid_through=now() + timedelta(hours=1))
    ingest_offers(database, [closed, still], source="test", origin="test", format_name="test")
    with database.write() as session:
        assert {saved.offer.id: saved.open for saved in following.list_saved(session, person(awa), awa)} == {
            IDS[0]: False,
            IDS[1]: True,
        }


def test_an_unknown_offer_can_be_neither_saved_nor_dismissed(database: Database, awa: UUID) -> None:
    for call in (
        lambda session: following.save(session, person(awa), awa, uuid4()),
        lambda session: following.dismiss(session, person(awa), awa, uuid4(), REASON),
    ):
        with database.write() as session, pytest.raises(NotFoundError):
            call(session)


def test_a_dismissal_has_its_last_reason_and_can_be_undone(database: Database, awa: UUID) -> None:
    for id_, reason in (
        (IDS[0], REASON),
        (IDS[1], DismissalReason.NOT_NOW),
        (IDS[0], DismissalReason.SUSPICIOUS),
    ):
        with database.write() as session:
            following.dismiss(session, person(awa), awa, id_, reason)
    with database.write() as session:
        dismissals = following.list_dismissed(session, person(awa), awa)
        assert [(dismissal.offer.id, dismissal.reason) for dismissal in dismissals] == [
            (IDS[0], DismissalReason.SUSPICIOUS),
            (IDS[1], DismissalReason.NOT_NOW),
        ]
        following.undo_dismissal(session, person(awa), awa, IDS[0])
        following.undo_dismissal(session, person(awa), awa, IDS[3])
        assert following.find_dismissed_ids(session, awa) == {IDS[1]}


def test_withdrawn_offers_are_not_listed(database: Database, awa: UUID) -> None:
    with database.write() as session:
        following.save(session, person(awa), awa, IDS[0])
        following.dismiss(session, person(awa), awa, IDS[1], REASON)
        session.execute(text("UPDATE opportunities SET withdrawn_at = now()"))
    with database.write() as session:
        assert get_many(session, IDS) == {}
        assert following.list_saved(session, person(awa), awa) == []
        assert following.list_dismissed(session, person(awa), awa) == []


def test_a_saved_search_is_sealed_and_can_be_listed(database: Database, awa: UUID) -> None:
    with database.write() as session:
        id_ = following.save_search(session, person(awa), awa, SEARCH, alerts=True)
    with database.write() as session:
        [saved_search] = following.list_searches(session, person(awa), awa)
        row = session.get(SearchRow, id_)
        assert row is not None
        assert b"couture" not in row.search + row.blind
    assert (saved_search.id, saved_search.alerts, saved_search.looked_at) == (
        id_,
        True,
        saved_search.created_at,
    )
    assert replace(saved_search.search, kinds=()) == replace(SEARCH, kinds=())
    assert set(saved_search.search.kinds) == set(SEARCH.kinds)


def test_an_equal_search_is_saved_once_with_the_last_choice_of_alerts(database: Database, awa: UUID) -> None:
    search = Search(
        words=" haute  couture\n", kinds=(Kind.AGR, Kind.TRAINING), contracts=(Contract.PERMANENT,)
    )
    equal = replace(search, words="haute couture", kinds=(Kind.TRAINING, Kind.AGR, Kind.AGR))
    other = replace(equal, sectors=(Sector.TRADE,))
    ids = []
    for criteria, alerts in ((search, False), (equal, True), (other, False)):
        with database.write() as session:
            ids.append(following.save_search(session, person(awa), awa, criteria, alerts=alerts))
    assert ids[0] == ids[1] != ids[2]
    with database.write() as session:
        searches = following.list_searches(session, person(awa), awa)
    assert [(saved.id, saved.alerts) for saved in searches] == [(ids[2], False), (ids[0], True)]


def test_equal_searches_of_two_people_have_different_blind_indexes(database: Database, awa: UUID) -> None:
    [moussa] = add_people(database)
    for owner in (awa, moussa):
        with database.write() as session:
            following.save_search(session, person(owner), owner, SEARCH, alerts=False)
    with database.read() as session:
        assert len(set(session.scalars(select(SearchRow.blind)))) == 2


def test_concurrent_saves_of_one_search_store_it_once(database: Database, awa: UUID) -> None:
    ready, ids = Barrier(4), []

    def save() -> None:
        ready.wait()
        with database.write() as session:
            ids.append(following.save_search(session, person(awa), awa, SEARCH, alerts=True))

    threads = [Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_ten_searches_can_be_saved_at_most(database: Database, awa: UUID) -> None:
    for level in range(10):
        with database.write() as session:
            following.save_search(session, person(awa), awa, Search(amount_min=level + 1), alerts=False)
    with database.write() as session, pytest.raises(ConflictError):
        following.save_search(session, person(awa), awa, Search(amount_min=99), alerts=False)
    with database.write() as session:
        searches = following.list_searches(session, person(awa), awa)
        assert len(searches) == 10
        again = following.save_search(session, person(awa), awa, searches[3].search, alerts=True)
        assert again == searches[3].id
        following.delete_search(session, person(awa), awa, searches[0].id)
        following.delete_search(session, person(awa), awa, searches[0].id)
        following.save_search(session, person(awa), awa, Search(amount_min=99), alerts=False)


def test_alerts_switched_on_again_start_from_now(database: Database, awa: UUID) -> None:
    with database.write() as session:
        id_ = following.save_search(session, person(awa), awa, SEARCH, alerts=True)
    with database.write() as session:
        [before] = following.list_searches(session, person(awa), awa)
        following.set_alerts(session, person(awa), awa, id_, alerts=True)
        assert following.list_searches(session, person(awa), awa) == [before]
        following.set_alerts(session, person(awa), awa, id_, alerts=False)
        following.set_alerts(session, person(awa), awa, id_, alerts=True)
        [after] = following.list_searches(session, person(awa), awa)
    assert after.alerts
    assert after.looked_at > before.looked_at
    [moussa] = add_people(database)
    with database.write() as session:
        with pytest.raises(NotFoundError):  # a search of another person, changed in one's own name
            following.set_alerts(session, person(moussa), moussa, id_, alerts=False)
        following.delete_search(session, person(moussa), moussa, id_)
        assert following.list_searches(session, person(awa), awa) == [after]


def test_deleting_a_person_or_an_offer_deletes_what_is_followed(database: Database, awa: UUID) -> None:
    with database.write() as session:
        following.save(session, person(awa), awa, IDS[0])
        following.dismiss(session, person(awa), awa, IDS[1], REASON)
        following.save_search(session, person(awa), awa, SEARCH, alerts=True)
    with database.write() as session:
        session.execute(text("DELETE FROM opportunities WHERE id = :id"), {"id": IDS[0]})
        assert following.find_saved_ids(session, awa) == frozenset()
        session.execute(text("DELETE FROM people"))
        for row in (SavedRow, DismissedRow, SearchRow):
            assert session.scalar(select(func.count()).select_from(row)) == 0


def test_the_sector_follows_a_change_of_the_offer(database: Database, awa: UUID) -> None:
    for code in ("7112", "8322"):
        offer = replace(OFFERS[0], occupations=(code,))
        ingest_offers(database, [offer], source="test", origin="test", format_name="test")
    with database.read() as session:
        assert session.scalar(select(OpportunityRow.sector).where(OpportunityRow.id == IDS[0])) == "transport"
