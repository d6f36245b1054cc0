"""Events on a real database: append-only, pseudonymous, recorded with the act, and forwarded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from application_factory import Scene, scene
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from oim.adapters.blob_folder import FolderBlobs
from oim.features import applications, following, profile, rights
from oim.features.consents import Purpose
from oim.features.events import (
    CONSUMERS,
    STREAM,
    EventKind,
    OfferEvent,
    Opened,
    Saved,
    StreamedEvent,
    consume_next,
    forward_events,
    parse_event,
    purge_events,
    record_act,
    record_offer_event,
    record_shown_list,
)
from oim.features.events import service as events
from oim.features.events.models import EventRow
from oim.features.following import DismissalReason
from oim.features.sign_in import SignInServices
from oim.kit.clock import now
from oim.kit.db import Database, OutboxRow, load_progress
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark


class StreamInMemory:
    """An `EventStream` that can stop answering."""

    def __init__(self) -> None:
        self.events: list[StreamedEvent] = []
        self.is_down = False

    def append(self, events: Sequence[StreamedEvent]) -> None:
        if self.is_down:
            raise UnavailableError(mark("The message store does not answer. Try again in a moment."))
        self.events.extend(events)


@pytest.fixture
def awa(database: Database) -> Scene:
    """A person who agrees to be counted."""
    made = scene(database)
    decide(database, made, agreed=True)
    return made


def decide(database: Database, made: Scene, *, agreed: bool) -> None:
    with database.write() as session:
        choices = {Purpose.STATISTICS: agreed}
        profile.save_consents(session, made.person, made.awa, choices, language="fr", channel="web")


def save(database: Database, made: Scene, list_id: UUID | None = None) -> None:
    with database.write() as session:
        following.save(session, made.person, made.awa, made.offer, list_id=list_id)


def show(database: Database, *offers: UUID) -> UUID:
    list_id = uuid4()
    with database.write() as session:
        record_shown_list(session, now(), list_id, [(offer, {"text": 0.5}) for offer in offers])
    return list_id


def load_rows(database: Database) -> Sequence[EventRow]:
    with database.read() as session:
        return session.scalars(select(EventRow).order_by(EventRow.id)).all()


def kinds(database: Database) -> list[str]:
    return [row.kind for row in load_rows(database)]


def test_acts_are_recorded_with_them_once(database: Database, awa: Scene) -> None:
    list_id = show(database, awa.offer)
    for _ in range(2):
        save(database, awa, list_id)
        for reason in (DismissalReason.TOO_FAR, DismissalReason.NOT_NOW, DismissalReason.NOT_NOW):
            with database.write() as session:
                following.dismiss(session, awa.person, awa.awa, awa.offer, reason)
        with database.write() as session:
            applications.send(
                session, awa.person, awa.awa, applications.Submission(offer=awa.offer, list_id=list_id)
            )
    rows = load_rows(database)
    first_round = ["shown", "saved", "dismissed", "dismissed", "applied"]
    assert [row.kind for row in rows] == [*first_round, "dismissed", "dismissed"]
    assert [row.list_id for row in rows[:5]] == [list_id, list_id, None, None, list_id]
    for row in rows[1:]:
        event = parse_event(row.kind, row.version, fields_of(row))
        assert isinstance(event, OfferEvent)
        assert event.opportunity_id == awa.offer
    assert [row.details.get("reason") for row in rows[2:4]] == ["too_far", "not_now"]


def fields_of(row: EventRow) -> dict[str, Any]:
    """The fields of an event, in columns and details."""
    columns = {"opportunity_id": row.opportunity_id, "list_id": row.list_id}
    return {name: value for name, value in columns.items() if value is not None} | row.details


def test_an_act_that_fails_leaves_no_event(database: Database, awa: Scene) -> None:
    def save_and_fail() -> None:
        with database.write() as session:
            following.save(session, awa.person, awa.awa, awa.offer)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    with database.read() as session:
        waiting = session.scalars(select(OutboxRow.topic).where(OutboxRow.topic.like("event.%"))).all()
    assert (kinds(database), waiting) == ([], [])


def test_a_list_that_did_not_show_the_offer_is_left_out(database: Database, awa: Scene) -> None:
    save(database, awa, show(database, uuid4()))
    assert load_rows(database)[-1].list_id is None


def test_what_a_client_reports_after_the_act_is_known_already(database: Database, awa: Scene) -> None:
    list_id = show(database, awa.offer)
    save(database, awa, list_id)
    with database.write() as session:
        record_offer_event(session, EventKind.SAVED, list_id, awa.offer)
        record_offer_event(session, EventKind.REDIRECTED, list_id, awa.offer)
    assert [(row.kind, row.details.get("reported")) for row in load_rows(database)[1:]] == [
        ("saved", False),
        ("redirected", True),
    ]


def test_two_reports_at_once_are_one_event(database: Database, awa: Scene) -> None:
    list_id = show(database, awa.offer)
    event = Opened(opportunity_id=awa.offer, list_id=list_id)
    id_ = events.make_event_id(EventKind.OPENED, list_id, awa.offer)
    for _ in range(2):  # as after both found nothing recorded yet
        with database.write() as session:
            events.insert_events(session, now(), {id_: event}, events.STRANGERS)
    assert kinds(database) == ["shown", "opened"]
    with database.read() as session:
        topics = session.scalars(select(OutboxRow.topic).where(OutboxRow.topic.like("event.%"))).all()
    assert sorted(topics) == ["event.opened", "event.shown"]


def test_what_many_strangers_do_does_not_delay_what_a_person_does(
    database: Database, awa: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oim.kit.db.consumers.NUMBERED_AT_ONCE", 8)
    lists = [show(database, awa.offer) for _ in range(40)]
    save(database, awa)
    keys: list[str] = []
    for _ in range(6):
        consume_next(database, STREAM, lambda rows: keys.extend(row.key for row in rows), 8)
    of_strangers = [str(events.make_event_id(EventKind.SHOWN, list_id)) for list_id in lists]
    assert [key for key in keys if key in of_strangers] == of_strangers
    (saved,) = set(keys) - set(of_strangers)
    assert keys.index(saved) <= 1  # one of each in turn


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind = 'opened'",
        "UPDATE events SET at = now(), pseudonym = NULL",
        "UPDATE events SET pseudonym = '\\x01'",
        "UPDATE events SET details = '{}'",
        "DELETE FROM events",
    ],
)
def test_events_can_neither_be_changed_nor_deleted(database: Database, awa: Scene, statement: str) -> None:
    save(database, awa)
    before = [(row.id, row.at, row.kind, row.pseudonym) for row in load_rows(database)]
    with pytest.raises(IntegrityError, match="append-only"), database.write() as session:
        session.execute(text(statement))
    assert [(row.id, row.at, row.kind, row.pseudonym) for row in load_rows(database)] == before


def test_events_past_their_term_are_deleted_and_none_can_be_after_it(database: Database, awa: Scene) -> None:
    old_list = uuid4()
    with database.write() as session:
        record_shown_list(session, now() - timedelta(days=800), old_list, [(awa.offer, {"text": 0.5})])
    save(database, awa)

    def purge_and_delete() -> None:
        with database.write() as session:
            purge_events(session, now() - timedelta(days=730))
            session.execute(text("DELETE FROM events"))

    with pytest.raises(IntegrityError, match="append-only"):
        purge_and_delete()
    with database.write() as session:
        assert purge_events(session, now() - timedelta(days=730)) == 1
    assert kinds(database) == ["saved"]


def test_events_of_a_person_share_a_pseudonym_that_differs_between_people(
    database: Database, awa: Scene
) -> None:
    save(database, awa)
    with database.write() as session:
        applications.send(session, awa.person, awa.awa, applications.Submission(offer=awa.offer))
        record_act(session, Saved(opportunity_id=awa.offer), uuid4())  # of somebody who agreed to nothing
    pseudonyms = [row.pseudonym for row in load_rows(database)]
    assert pseudonyms[0] == pseudonyms[1]
    assert pseudonyms[0]
    assert pseudonyms[2] is None
    with database.read() as session:
        dumped = session.scalar(text("SELECT string_agg(t::text, '') FROM events t")) or ""
        other = events.make_pseudonym(session.vault, uuid4())
    assert str(awa.awa) not in dumped
    assert awa.awa.hex not in dumped
    assert other != pseudonyms[0]


def test_nothing_that_leaves_the_database_has_a_pseudonym(database: Database, awa: Scene) -> None:
    save(database, awa)
    stream = StreamInMemory()
    with database.read() as session:
        payloads = session.scalar(text("SELECT string_agg(t::text, '') FROM outbox t")) or ""
        pseudonym = events.make_pseudonym(session.vault, awa.awa)
    forward_events(database, stream)
    for told in (payloads, repr(stream.events)):
        assert pseudonym.hex() not in told
        assert str(awa.awa) not in told
        assert str(awa.offer) in told


def test_an_erased_person_leaves_their_events(
    database: Database, awa: Scene, sign_in: SignInServices, tmp_path: Path
) -> None:
    list_id = show(database, awa.offer)
    save(database, awa, list_id)
    ids = [row.event_id for row in load_rows(database)]
    rights.erase(database, FolderBlobs(tmp_path), sign_in.sessions, awa.person, awa.awa)
    rows = load_rows(database)
    assert [row.event_id for row in rows] == ids
    # With the key and the id, which the trail keeps, nothing leads to the person any more.
    with database.read() as session:
        pseudonym = events.make_pseudonym(session.vault, awa.awa)
        dumped = session.scalar(text("SELECT string_agg(t::text, '') FROM events t")) or ""
    assert pseudonym.hex() not in dumped
    assert {row.pseudonym for row in rows} == {None}


def test_who_no_longer_agrees_to_be_counted_leaves_their_events(database: Database, awa: Scene) -> None:
    save(database, awa)
    decide(database, awa, agreed=False)
    with database.write() as session:
        applications.send(session, awa.person, awa.awa, applications.Submission(offer=awa.offer))
    assert [row.pseudonym for row in load_rows(database)] == [None, None]


def is_waiting_for_a_lock(database: Database) -> bool:
    with database.read() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


@pytest.mark.usefixtures("nested_sessions")
def test_an_act_at_the_moment_of_a_withdrawal_has_no_pseudonym(database: Database, awa: Scene) -> None:
    def dismiss(reason: DismissalReason) -> None:
        with database.write() as session:
            following.dismiss(session, awa.person, awa.awa, awa.offer, reason)

    dismiss(DismissalReason.TOO_FAR)
    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            choices = {Purpose.STATISTICS: False}
            profile.save_consents(session, awa.person, awa.awa, choices, language="fr", channel="web")
            act = pool.submit(dismiss, DismissalReason.NOT_NOW)
            # The trail's own lock may be what it waits for: either way it goes on once this has committed.
            while not is_waiting_for_a_lock(database):
                assert not act.done()
        act.result()
    assert [row.pseudonym for row in load_rows(database)] == [None, None]


def test_events_are_forwarded_in_order_and_again_after_a_failure(database: Database, awa: Scene) -> None:
    other = uuid4()
    list_id = show(database, awa.offer, other)
    save(database, awa, list_id)
    stream = StreamInMemory()
    stream.is_down = True
    with pytest.raises(UnavailableError):
        forward_events(database, stream)
    stream.is_down = False
    assert forward_events(database, stream) == 2
    assert forward_events(database, stream) == 0
    rows = load_rows(database)
    assert [(event.id, event.kind, event.version, event.at) for event in stream.events] == [
        (row.event_id, row.kind, row.version, row.at) for row in rows
    ]
    shown, saved = (event.fields for event in stream.events)
    assert shown == {
        "list_id": str(list_id),
        "offers": [str(awa.offer), str(other)],
        "features": {"text": [0.5, 0.5]},
        "known": False,
        "share": 0.1,  # whoever counts takes this list for ten
    }
    offer_and_list = {"opportunity_id": str(awa.offer), "list_id": str(list_id)}
    assert saved == offer_and_list | {"reported": False}
    with database.read() as session:
        assert session.scalar(select(func.count()).where(OutboxRow.topic.like("event.%"))) == 0
        assert {progress.failures for progress in load_progress(session, CONSUMERS)} == {0}
