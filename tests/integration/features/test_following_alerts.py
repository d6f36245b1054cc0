"""Alerts: one message a person and run, nothing told twice, nothing lost whatever stops or is away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from people_factory import add_known, person
from sqlalchemy import event, select, text, update

from oim.features import consents, following
from oim.features.audit import AuditRow, verify
from oim.features.consents import Purpose
from oim.features.following import DismissalReason, alerts, send_due_alerts
from oim.features.following.models import SearchRow
from oim.features.ingestion import ingest_offers
from oim.features.messages.models import MessageRow
from oim.features.opportunities import OFFER_CHANGED, Draft, Kind, Location, Search
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.rows import make_offer_id
from oim.features.people import Channel, Contact
from oim.kit.clock import now
from oim.kit.db import Database, OutboxRow, WriteSession, emit, unseal
from oim.kit.errors import UnavailableError

JOBS = Search(kinds=(Kind.EMPLOYMENT,))
SEWING = Search(words="couture")
WEST = Search(region="CM-OU")


@dataclass
class Engine:
    """An engine that finds every offer whose title holds the words; it may be away, or die."""

    database: Database
    error: BaseException | None = None
    asked: list[str] = field(default_factory=list)

    def find_by_words(self, words: str, limit: int) -> list[UUID]:
        self.asked.append(words)
        if self.error:
            raise self.error
        with self.database.read() as session:  # what waits is not in the index
            waiting = set(session.scalars(select(OutboxRow.key)))
            rows = session.execute(select(OpportunityRow.id, OpportunityRow.title)).all()
        return [row.id for row in rows if words in row.title and str(row.id) not in waiting][:limit]


@pytest.fixture
def engine(database: Database) -> Any:
    return Engine(database)


def somebody(database: Database, number: int = 1, *agreed: Purpose) -> UUID:
    contact = Contact(Channel.SMS, f"+23767712345{number}")
    return add_known(database, contact, "Awa", "2580", *(agreed or (Purpose.MESSAGES,)))


def keep(database: Database, who: UUID, *wanted: Search) -> None:
    """Searches with alerts, kept a week ago."""
    with database.write() as session:
        for one in wanted:
            following.save_search(session, person(who), who, one, alerts=True)
        session.execute(update(SearchRow).values(looked_at=now() - timedelta(days=7)))


def offer(database: Database, name: str, *, indexed: bool = True, days: float = 1, **known: Any) -> UUID:
    """An offer first seen some days ago."""
    draft = Draft(kind=Kind.EMPLOYMENT, external_id=name, title=name, **known)
    ingest_offers(database, [draft], source="test", origin="test", format_name="test")
    id_ = make_offer_id("test", name)
    with database.write() as session:
        seen = {"first_seen_at": now() - timedelta(days=days), "held_at": None}
        session.execute(update(OpportunityRow).where(OpportunityRow.id == id_).values(seen))
        if indexed:
            session.execute(text("DELETE FROM outbox"))
    return id_


def told(database: Database) -> list[int]:
    """How many offers each message tells of, in the order written."""
    with database.read() as session:
        rows = session.scalars(select(MessageRow).order_by(MessageRow.created_at)).all()
        assert {row.kind for row in rows} <= {"alert"}
        return [
            json.loads(unseal(session, MessageRow.payload, row.id, row.payload or b""))["count"]
            for row in rows
        ]


def looked(database: Database) -> list[datetime]:
    with database.read() as session:
        return list(session.scalars(select(SearchRow.looked_at).order_by(SearchRow.id)))


def test_new_offers_are_told_once(database: Database, engine: Any) -> None:
    keep(database, somebody(database), JOBS)
    offer(database, "un")
    offer(database, "deux")
    offer(database, "vieux", days=8)
    assert send_due_alerts(database, engine, now()) == 1
    assert send_due_alerts(database, engine, now()) == 0
    assert told(database) == [2]
    assert engine.asked == []
    offer(database, "trois", days=0.0001)
    assert send_due_alerts(database, engine, now()) == 0  # it is not settled yet
    assert send_due_alerts(database, engine, now() + timedelta(days=1)) == 1
    assert told(database) == [2, 1]


def test_an_offer_that_several_searches_find_is_counted_once(database: Database, engine: Any) -> None:
    keep(database, somebody(database), JOBS, SEWING, WEST)
    offer(database, "couture à Bafoussam", location=Location(country="CM", region="CM-OU"))
    offer(database, "soudure")
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [2]


def test_words_and_conditions_must_both_hold(database: Database, engine: Any) -> None:
    keep(database, somebody(database), Search(words="couture", region="CM-OU"))
    offer(database, "couture")
    offer(database, "soudure", location=Location(country="CM", region="CM-OU"))
    assert send_due_alerts(database, engine, now()) == 0
    offer(database, "couture ici", days=0.05, location=Location(country="CM", region="CM-OU"))
    with database.write() as session:
        session.execute(update(SearchRow).values(looked_at=now() - timedelta(days=2)))
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [1]


def test_nothing_new_writes_nothing_and_moves_on(database: Database, engine: Any) -> None:
    keep(database, somebody(database), JOBS)
    assert send_due_alerts(database, engine, now()) == 0
    assert told(database) == []
    [at] = looked(database)
    assert at > now() - timedelta(minutes=11)


def test_what_was_put_aside_is_not_told_of(database: Database, engine: Any) -> None:
    awa = somebody(database)
    keep(database, awa, JOBS)
    aside = offer(database, "un")
    with database.write() as session:
        following.dismiss(session, person(awa), awa, aside, DismissalReason.NOT_NOW)
    assert send_due_alerts(database, engine, now()) == 0
    offer(database, "deux", days=0.5)
    with database.write() as session:
        session.execute(update(SearchRow).values(looked_at=now() - timedelta(days=2)))
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [1]


def test_everybody_hears_of_their_own(
    database: Database, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "BATCH_SIZE", 2)
    people = [somebody(database, number) for number in range(5)]
    for who in people[:3]:
        keep(database, who, JOBS, SEWING)
    keep(database, people[3], WEST)
    with database.write() as session:
        following.save_search(session, person(people[4]), people[4], JOBS, alerts=False)
    offer(database, "couture")
    assert send_due_alerts(database, engine, now()) == 3
    assert told(database) == [1] * 3
    with database.read() as session:
        reached = set(session.scalars(select(MessageRow.person_id)))
        assert reached == set(people[:3])
        assert verify(session)[1] is None
        read = select(AuditRow.subject_id).where(AuditRow.resource == "saved", AuditRow.role == "system")
        assert set(session.scalars(read)) == set(people[:4])
    assert engine.asked == ["couture"] * 2  # once a batch


def test_without_consent_nothing_is_read_and_nothing_lost(database: Database, engine: Any) -> None:
    awa = somebody(database)
    keep(database, awa, JOBS)
    offer(database, "un")
    agree(database, awa, given=False)
    before = looked(database)
    assert send_due_alerts(database, engine, now()) == 0
    assert looked(database) == before
    assert told(database) == []
    agree(database, awa, given=True)
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [1]


def agree(database: Database, who: UUID, *, given: bool) -> None:
    with database.write() as session:
        consents.record_decisions(
            session, person(who), who, {Purpose.MESSAGES: given}, language="fr", channel="web"
        )


def test_consent_withdrawn_while_the_engine_is_asked_counts(database: Database) -> None:
    awa = somebody(database)

    class Slow(Engine):
        def find_by_words(self, words: str, limit: int) -> list[UUID]:
            agree(database, awa, given=False)
            return super().find_by_words(words, limit)

    keep(database, awa, SEWING)
    offer(database, "couture")
    before = looked(database)
    slow: Any = Slow(database)
    assert send_due_alerts(database, slow, now()) == 0
    assert told(database) == []
    assert looked(database) == before


def test_a_search_dropped_or_changed_meanwhile_is_let_be(database: Database) -> None:
    awa = somebody(database)

    class Slow(Engine):
        def find_by_words(self, words: str, limit: int) -> list[UUID]:
            with database.write() as session:
                session.execute(update(SearchRow).values(alerts=False))
            return super().find_by_words(words, limit)

    keep(database, awa, SEWING, JOBS)
    offer(database, "couture")
    slow: Any = Slow(database)
    assert send_due_alerts(database, slow, now()) == 0
    assert told(database) == []


def test_an_engine_that_is_away_loses_nothing(database: Database, engine: Any) -> None:
    keep(database, somebody(database, 1), SEWING)
    keep(database, somebody(database, 2), JOBS)
    offer(database, "couture")
    engine.error = UnavailableError("away")
    assert send_due_alerts(database, engine, now()) == 1  # who asks for no words needs no engine
    assert told(database) == [1]
    engine.error = None
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [1, 1]


def test_no_session_is_open_while_the_engine_is_asked(database: Database) -> None:
    class Watching(Engine):
        def find_by_words(self, words: str, limit: int) -> list[UUID]:
            with database.read() as session:
                open_ = session.scalar(
                    text(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'oim' "
                        "AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
                    )
                )
            assert open_ == 0
            return super().find_by_words(words, limit)

    keep(database, somebody(database), SEWING)
    offer(database, "couture")
    watching: Any = Watching(database)
    assert send_due_alerts(database, watching, now()) == 1


def test_what_waits_for_the_index_is_told_when_it_is_there(database: Database, engine: Any) -> None:
    keep(database, somebody(database), SEWING)
    offer(database, "couture un", days=3)
    late = offer(database, "couture deux", days=2, indexed=False)
    offer(database, "couture trois", days=1, indexed=False)
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [1]
    with database.write() as session:
        session.execute(text("DELETE FROM outbox"))
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [1, 2]
    with database.write() as session:
        emit(session, OFFER_CHANGED, [str(late)])  # an old offer that changes keeps nothing back
    offer(database, "couture quatre", days=0.01)
    with database.write() as session:
        session.execute(update(SearchRow).values(looked_at=now() - timedelta(days=0.5)))
        emit(session, OFFER_CHANGED, [str(late)])
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [1, 2, 1]


def test_an_offer_that_staff_release_is_new_then(database: Database, engine: Any) -> None:
    keep(database, somebody(database), JOBS)
    held = offer(database, "un", days=5)
    with database.write() as session:
        session.execute(update(OpportunityRow).values(held_at=now()))
    assert send_due_alerts(database, engine, now()) == 0
    later = now() + timedelta(days=1)
    with database.write() as session:
        released = {"held_at": None, "released_at": later - timedelta(hours=2)}
        session.execute(update(OpportunityRow).where(OpportunityRow.id == held).values(released))
    assert send_due_alerts(database, engine, later) == 1
    assert send_due_alerts(database, engine, later) == 0
    assert told(database) == [1]


def test_a_search_that_cannot_be_read_keeps_no_other_back(database: Database, engine: Any) -> None:
    keep(database, somebody(database), JOBS, SEWING)
    offer(database, "couture")
    with database.write() as session:
        broken = select(SearchRow.id).order_by(SearchRow.id).limit(1).scalar_subquery()
        session.execute(update(SearchRow).where(SearchRow.id == broken).values(wanted=b"\1" * 40))
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [1]


@contextmanager
def killed_at_commit(number: int) -> Iterator[None]:
    """The transaction that writes for the nth time does not come to its commit."""
    left = [number]

    def die(_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt

    event.listen(WriteSession, "before_commit", die)
    try:
        yield
    finally:
        event.remove(WriteSession, "before_commit", die)


@pytest.mark.parametrize("commit", range(1, 8))
def test_killed_anywhere_everybody_hears_once_in_the_end(
    database: Database, engine: Any, commit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "BATCH_SIZE", 2)
    people = [somebody(database, number) for number in range(3)]
    for who in people:
        keep(database, who, JOBS, SEWING)
    offer(database, "couture")
    offer(database, "soudure")
    first, died = 0, False
    with killed_at_commit(commit):
        try:
            first = send_due_alerts(database, engine, now())
        except KeyboardInterrupt:
            died = True
    assert died == (commit < 7)  # three batches, the last one empty, and three people
    done = len(told(database))
    assert first in (0, done)
    assert send_due_alerts(database, engine, now()) == len(people) - done
    assert told(database) == [2] * len(people)


def test_killed_while_the_engine_is_asked(database: Database, engine: Any) -> None:
    keep(database, somebody(database), JOBS, SEWING)
    offer(database, "couture")
    engine.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        send_due_alerts(database, engine, now())
    engine.error = None
    assert send_due_alerts(database, engine, now()) == 1
    assert told(database) == [1]


def test_two_runs_at_once_tell_once(database: Database) -> None:
    awa, nested = somebody(database), []

    class Twice(Engine):
        def find_by_words(self, words: str, limit: int) -> list[UUID]:
            if not nested:
                nested.append(0)
                itself: Any = self
                nested[0] = send_due_alerts(database, itself, now())
            return super().find_by_words(words, limit)

    keep(database, awa, SEWING)
    offer(database, "couture")
    twice: Any = Twice(database)
    assert send_due_alerts(database, twice, now()) + nested[0] == 1
    assert told(database) == [1]
