"""Events of strangers: a sample of their lists, what follows on any of them, and their end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from oim.features.events import (
    EventKind,
    Saved,
    count_shown_positions,
    is_sampled,
    load_recorded_lists,
    make_list_id,
    purge_strangers,
    record_act,
    record_offer_event,
    record_shown_list,
    retention,
)
from oim.features.events.models import EventRow
from oim.features.events.retention import STRANGERS_TERM
from oim.features.matching.index import Card, Hit
from oim.features.matching.learning.serving import PolicyProvider
from oim.features.matching.ranking import RankedOffer
from oim.features.opportunities import Kind
from oim.kit.crypto import Vault
from oim.kit.db import Database
from oim.kit.errors import NotFoundError

AT = datetime(2026, 10, 1, tzinfo=UTC)
OFFER, OTHER = UUID(int=1), UUID(int=2)
RANKED = RankedOffer(
    Hit(OFFER, 0.0, Card(title="offre", kind=Kind.EMPLOYMENT)), 0.5, {}, (), False, None, features={}
)


def make_id(vault: Vault, *, sampled: bool) -> UUID:
    """Make an id of a list that is recorded, or left out, where a stranger was shown it."""
    return next(id_ for id_ in iter(lambda: make_list_id(vault), None) if is_sampled(id_) is sampled)


def show(database: Database, list_id: UUID, at: datetime, *, known: bool = False) -> None:
    with database.write() as session:
        record_shown_list(session, at, list_id, [(OFFER, {"text": 0.5}), (OTHER, {})], known=known)


def show_as_before(database: Database, list_id: UUID, at: datetime, version: int, **details: bool) -> None:
    """Record a list as versions 1 and 2 did: a row for each offer."""
    row = {"kind": "shown", "version": version, "at": at, "list_id": list_id, "details": details}
    offers = [
        {"event_id": uuid4(), "opportunity_id": id_, "position": place, "features": {"text": 0.4}}
        for place, id_ in enumerate((OFFER, OTHER), 1)
    ]
    with database.write() as session:
        session.execute(insert(EventRow), [row | offer for offer in offers])


def report(database: Database, list_id: UUID, offer: UUID = OFFER) -> None:
    with database.write() as session:
        record_offer_event(session, EventKind.OPENED, list_id, offer)


def load_rows(database: Database) -> Sequence[tuple[str, int, UUID | None]]:
    with database.read() as session:
        columns = EventRow.kind, EventRow.version, EventRow.list_id
        return [tuple(row) for row in session.execute(select(*columns).order_by(EventRow.id))]


def test_lists_are_read_in_both_forms(database: Database) -> None:
    for number, version in enumerate((1, 2, 3)):
        at, list_id = AT + timedelta(minutes=number), UUID(int=version)
        if version == 3:
            show(database, list_id, at)
        else:
            show_as_before(database, list_id, at, version)
        report(database, list_id, OTHER)
    with database.read() as session:
        lists = load_recorded_lists(session, 9, known=False, followed=True)
    assert [
        [(offer.opportunity, offer.position, len(offer.events)) for offer in list_.offers] for list_ in lists
    ] == [[(OFFER, 1, 0), (OTHER, 2, 1)]] * 3
    assert [list_.offers[0].features for list_ in lists] == [{"text": 0.4}, {"text": 0.4}, {"text": 0.5}]
    assert lists[2].offers[1].features == {}


def test_positions_are_counted_in_both_forms(database: Database) -> None:
    show_as_before(database, uuid4(), AT, 2, known=True)
    show(database, uuid4(), AT, known=True)
    show(database, uuid4(), AT)  # a stranger's
    with database.read() as session:
        counts = count_shown_positions(session, AT, AT + timedelta(days=1))
    assert counts == {OFFER: {1: 2}, OTHER: {2: 2}}


def test_a_tenth_of_strangers_lists_is_recorded_and_all_of_people(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded: list[UUID] = []
    provider = PolicyProvider(database)
    monkeypatch.setattr(provider._recorder, "record", lambda id_, *_, **__: recorded.append(id_))
    shown = [provider.get_policy(shown=True).record_shown([RANKED]) for _ in range(2000)]
    assert recorded == [id_ for id_ in shown if id_ and is_sampled(id_)]
    assert 100 < len(recorded) < 300  # 200, with a deviation of 13
    of_people = [provider.get_policy(shown=True, known=True).record_shown([RANKED]) for _ in range(50)]
    assert recorded[-50:] == of_people
    provider.close()


def test_what_follows_on_a_list_that_was_left_out_is_recorded_once(database: Database, vault: Vault) -> None:
    list_id = make_id(vault, sampled=False)
    for _ in range(2):
        report(database, list_id)
    with database.write() as session:
        record_act(session, Saved(opportunity_id=OFFER, list_id=list_id), uuid4())
    assert load_rows(database) == [("opened", 1, list_id), ("saved", 2, list_id)]


def test_a_list_that_we_made_none_of_is_refused(database: Database, vault: Vault) -> None:
    left_out, sampled, of_person = (make_id(vault, sampled=kind) for kind in (False, True, False))
    forged = UUID(bytes=left_out.bytes[:8] + bytes(8))
    show(database, of_person, AT, known=True)  # recorded, so what it showed is known
    for list_id in (forged, sampled, of_person):
        with pytest.raises(NotFoundError):
            report(database, list_id, UUID(int=3))


def test_only_what_strangers_left_is_deleted_and_only_after_its_term(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "DELETED_AT_ONCE", 2)  # several chunks
    old, person, left_out = (make_id(vault, sampled=kind) for kind in (True, True, False))
    with monkeypatch.context() as patch:
        patch.setattr("oim.features.events.service.now", lambda: AT)
        show_as_before(database, UUID(int=1), AT, 1)
        show_as_before(database, UUID(int=2), AT, 2, known=True)
        show(database, old, AT)
        show(database, person, AT, known=True)
        for list_id in (UUID(int=1), UUID(int=2), old, person):
            report(database, list_id)
        with database.write() as session:  # an act of an account, found in a stranger's list
            record_act(session, Saved(opportunity_id=OFFER, list_id=old), uuid4())
        report(database, left_out)
    show(database, UUID(int=3), AT + timedelta(days=2))
    assert purge_strangers(database, AT + STRANGERS_TERM) == 0
    assert purge_strangers(database, AT + STRANGERS_TERM + timedelta(days=1)) == 6
    assert load_rows(database) == [
        *[("shown", 2, UUID(int=2))] * 2,
        ("shown", 3, person),
        ("opened", 1, UUID(int=2)),
        ("opened", 1, person),
        ("saved", 2, old),
        ("shown", 3, UUID(int=3)),
    ]
    assert purge_strangers(database, AT + STRANGERS_TERM + timedelta(days=1)) == 0
