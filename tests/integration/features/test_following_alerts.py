"""Alerts: one message per person and run, no offer notified twice, none lost when something fails."""

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
from oim.features.events import OFFER_CHANGED
from oim.features.following import DismissalReason, alerts, send_due_alerts
from oim.features.following.models import SearchRow
from oim.features.ingestion import ingest_offers
from oim.features.matching import WordHits
from oim.features.messages.models import MessageRow
from oim.features.opportunities import Draft, Kind, Location, Search
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
class FakeEngine:
    """A stand-in for the engine: it finds offers whose title contains the words, and can be made to fail."""

    database: Database
    error: BaseException | None = None
    words_only: bool = False
    queries: list[str] = field(default_factory=list)

    def find_by_words(self, words: str, limit: int, *, known: bool = False) -> WordHits:
        self.queries.append(words)
        if self.error:
            raise self.error
        with self.database.read() as session:  # offers in the outbox are not in the index yet
            waiting = set(session.scalars(select(OutboxRow.key)))
            rows = session.execute(select(OpportunityRow.id, OpportunityRow.title)).all()
        ids = [row.id for row in rows if words in row.title and str(row.id) not in waiting][:limit]
        return WordHits(tuple(ids), self.words_only)


@pytest.fixture
def engine(database: Database) -> Any:
    return FakeEngine(database)


def add_person(database: Database, number: int = 1, *agreed: Purpose) -> UUID:
    contact = Contact(Channel.SMS, f"+23767712345{number}")
    return add_known(database, contact, "Awa", "2580", *(agreed or (Purpose.MESSAGES,)))


def save_searches(database: Database, owner: UUID, *searches: Search) -> None:
    """Save searches with alerts, as if a week ago."""
    with database.write() as session:
        for search in searches:
            following.save_search(session, person(owner), owner, search, alerts=True)
        session.execute(update(SearchRow).values(looked_at=now() - timedelta(days=7)))


def add_offer(database: Database, name: str, *, indexed: bool = True, days: float = 1, **stated: Any) -> UUID:
    """Add an offer that was first seen some days ago."""
    draft = Draft(kind=Kind.EMPLOYMENT, external_id=name, title=name, **stated)
    ingest_offers(database, [draft], source="test", origin="test", format_name="test")
    id_ = make_offer_id("test", name)
    with database.write() as session:
        columns = {"first_seen_at": now() - timedelta(days=days), "held_at": None}
        session.execute(update(OpportunityRow).where(OpportunityRow.id == id_).values(columns))
        if indexed:
            session.execute(text("DELETE FROM outbox"))
    return id_


def alert_counts(database: Database) -> list[int]:
    """How many offers each alert announces, in the order of the messages."""
    with database.read() as session:
        rows = session.scalars(select(MessageRow).order_by(MessageRow.created_at)).all()
        assert {row.kind for row in rows} <= {"alert"}
        return [
            json.loads(unseal(session, MessageRow.payload, row.id, row.payload or b""))["count"]
            for row in rows
        ]


def load_looked_at(database: Database) -> list[datetime]:
    with database.read() as session:
        return list(session.scalars(select(SearchRow.looked_at).order_by(SearchRow.id)))


def test_new_offers_are_announced_once(database: Database, engine: Any) -> None:
    save_searches(database, add_person(database), JOBS)
    add_offer(database, "un")
    add_offer(database, "deux")
    add_offer(database, "vieux", days=8)
    assert send_due_alerts(database, engine, now()) == 1
    assert send_due_alerts(database, engine, now()) == 0
    assert alert_counts(database) == [2]
    assert engine.queries == []
    add_offer(database, "trois", days=0.0001)
    assert send_due_alerts(database, engine, now()) == 0  # it is not settled yet
    assert send_due_alerts(database, engine, now() + timedelta(days=1)) == 1
    assert alert_counts(database) == [2, 1]


def test_an_offer_found_by_several_searches_is_counted_once(database: Database, engine: Any) -> None:
    save_searches(database, add_person(database), JOBS, SEWING, WEST)
    add_offer(database, "couture à Bafoussam", location=Location(country="CM", region="CM-OU"))
    add_offer(database, "soudure")
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [2]


def test_an_alert_needs_words_and_conditions_to_match(database: Database, engine: Any) -> None:
    save_searches(database, add_person(database), Search(words="couture", region="CM-OU"))
    add_offer(database, "couture")
    add_offer(database, "soudure", location=Location(country="CM", region="CM-OU"))
    assert send_due_alerts(database, engine, now()) == 0
    add_offer(database, "couture ici", days=0.05, location=Location(country="CM", region="CM-OU"))
    with database.write() as session:
        session.execute(update(SearchRow).values(looked_at=now() - timedelta(days=2)))
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [1]


def test_without_new_offers_no_message_is_queued_and_the_search_moves_on(
    database: Database, engine: Any
) -> None:
    save_searches(database, add_person(database), JOBS)
    assert send_due_alerts(database, engine, now()) == 0
    assert alert_counts(database) == []
    [at] = load_looked_at(database)
    assert at > now() - timedelta(minutes=11)


def test_dismissed_offers_are_not_announced(database: Database, engine: Any) -> None:
    awa = add_person(database)
    save_searches(database, awa, JOBS)
    dismissed = add_offer(database, "un")
    with database.write() as session:
        following.dismiss(session, person(awa), awa, dismissed, DismissalReason.NOT_NOW)
    assert send_due_alerts(database, engine, now()) == 0
    add_offer(database, "deux", days=0.5)
    with database.write() as session:
        session.execute(update(SearchRow).values(looked_at=now() - timedelta(days=2)))
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [1]


def test_everybody_is_alerted_about_their_own_searches(
    database: Database, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "BATCH_SIZE", 2)
    people = [add_person(database, number) for number in range(5)]
    for owner in people[:3]:
        save_searches(database, owner, JOBS, SEWING)
    save_searches(database, people[3], WEST)
    with database.write() as session:
        following.save_search(session, person(people[4]), people[4], JOBS, alerts=False)
    add_offer(database, "couture")
    assert send_due_alerts(database, engine, now()) == 3
    assert alert_counts(database) == [1] * 3
    with database.read() as session:
        recipients = set(session.scalars(select(MessageRow.person_id)))
        assert recipients == set(people[:3])
        assert verify(session)[1] is None
        read = select(AuditRow.subject_id).where(AuditRow.resource == "saved", AuditRow.role == "system")
        assert set(session.scalars(read)) == set(people[:4])
    assert engine.queries == ["couture"] * 2  # once a batch


def test_without_consent_no_search_is_read_and_no_offer_is_lost(database: Database, engine: Any) -> None:
    awa = add_person(database)
    save_searches(database, awa, JOBS)
    add_offer(database, "un")
    decide_on_messages(database, awa, agreed=False)
    before = load_looked_at(database)
    assert send_due_alerts(database, engine, now()) == 0
    assert load_looked_at(database) == before
    assert alert_counts(database) == []
    decide_on_messages(database, awa, agreed=True)
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [1]


def test_a_search_for_whose_meaning_there_was_no_time_waits_for_the_next_run(
    database: Database, engine: Any
) -> None:
    save_searches(database, add_person(database), SEWING)
    add_offer(database, "couture")
    before = load_looked_at(database)
    engine.words_only = True
    assert send_due_alerts(database, engine, now()) == 0
    assert load_looked_at(database) == before
    engine.words_only = False
    assert send_due_alerts(database, engine, now()) == 1


def decide_on_messages(database: Database, owner: UUID, *, agreed: bool) -> None:
    with database.write() as session:
        consents.record_decisions(
            session, person(owner), owner, {Purpose.MESSAGES: agreed}, language="fr", channel="web"
        )


def test_consent_withdrawn_while_the_engine_searches_stops_the_alert(database: Database) -> None:
    awa = add_person(database)

    class SlowEngine(FakeEngine):
        def find_by_words(self, words: str, limit: int, *, known: bool = False) -> WordHits:
            decide_on_messages(database, awa, agreed=False)
            return super().find_by_words(words, limit, known=known)

    save_searches(database, awa, SEWING)
    add_offer(database, "couture")
    before = load_looked_at(database)
    slow: Any = SlowEngine(database)
    assert send_due_alerts(database, slow, now()) == 0
    assert alert_counts(database) == []
    assert load_looked_at(database) == before


def test_a_search_switched_off_while_the_engine_searches_is_not_alerted(database: Database) -> None:
    awa = add_person(database)

    class SlowEngine(FakeEngine):
        def find_by_words(self, words: str, limit: int, *, known: bool = False) -> WordHits:
            with database.write() as session:
                session.execute(update(SearchRow).values(alerts=False))
            return super().find_by_words(words, limit, known=known)

    save_searches(database, awa, SEWING, JOBS)
    add_offer(database, "couture")
    slow: Any = SlowEngine(database)
    assert send_due_alerts(database, slow, now()) == 0
    assert alert_counts(database) == []


def test_no_offer_is_lost_when_the_engine_is_down(database: Database, engine: Any) -> None:
    save_searches(database, add_person(database, 1), SEWING)
    save_searches(database, add_person(database, 2), JOBS)
    add_offer(database, "couture")
    engine.error = UnavailableError("away")
    assert send_due_alerts(database, engine, now()) == 1  # a search without words needs no engine
    assert alert_counts(database) == [1]
    engine.error = None
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [1, 1]


def test_no_session_is_open_while_the_engine_searches(database: Database) -> None:
    class WatchingEngine(FakeEngine):
        def find_by_words(self, words: str, limit: int, *, known: bool = False) -> WordHits:
            with database.read() as session:
                open_ = session.scalar(
                    text(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'oim' "
                        "AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
                    )
                )
            assert open_ == 0
            return super().find_by_words(words, limit, known=known)

    save_searches(database, add_person(database), SEWING)
    add_offer(database, "couture")
    watching: Any = WatchingEngine(database)
    assert send_due_alerts(database, watching, now()) == 1


def test_an_offer_that_waits_for_the_index_is_announced_once_it_is_indexed(
    database: Database, engine: Any
) -> None:
    save_searches(database, add_person(database), SEWING)
    add_offer(database, "couture un", days=3)
    late = add_offer(database, "couture deux", days=2, indexed=False)
    add_offer(database, "couture trois", days=1, indexed=False)
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [1]
    with database.write() as session:
        session.execute(text("DELETE FROM outbox"))
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [1, 2]
    with database.write() as session:
        emit(session, OFFER_CHANGED, [str(late)])  # an old offer that changes delays nothing
    add_offer(database, "couture quatre", days=0.01)
    with database.write() as session:
        session.execute(update(SearchRow).values(looked_at=now() - timedelta(days=0.5)))
        emit(session, OFFER_CHANGED, [str(late)])
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [1, 2, 1]


def test_an_offer_released_by_staff_is_announced_as_new(database: Database, engine: Any) -> None:
    save_searches(database, add_person(database), JOBS)
    held_offer = add_offer(database, "un", days=5)
    with database.write() as session:
        session.execute(update(OpportunityRow).values(held_at=now()))
    assert send_due_alerts(database, engine, now()) == 0
    later = now() + timedelta(days=1)
    with database.write() as session:
        released = {"held_at": None, "released_at": later - timedelta(hours=2)}
        session.execute(update(OpportunityRow).where(OpportunityRow.id == held_offer).values(released))
    assert send_due_alerts(database, engine, later) == 1
    assert send_due_alerts(database, engine, later) == 0
    assert alert_counts(database) == [1]


def test_a_search_that_cannot_be_read_does_not_stop_the_others(database: Database, engine: Any) -> None:
    save_searches(database, add_person(database), JOBS, SEWING)
    add_offer(database, "couture")
    with database.write() as session:
        broken = select(SearchRow.id).order_by(SearchRow.id).limit(1).scalar_subquery()
        session.execute(update(SearchRow).where(SearchRow.id == broken).values(search=b"\1" * 40))
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [1]


@contextmanager
def kill_at_commit(number: int) -> Iterator[None]:
    """Fail the nth transaction that writes, just before its commit."""
    remaining = [number]

    def die(_: object) -> None:
        remaining[0] -= 1
        if remaining[0] == 0:
            raise KeyboardInterrupt

    event.listen(WriteSession, "before_commit", die)
    try:
        yield
    finally:
        event.remove(WriteSession, "before_commit", die)


@pytest.mark.parametrize("commit", range(1, 8))
def test_after_a_crash_at_any_commit_everybody_is_alerted_once_in_the_end(
    database: Database, engine: Any, commit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "BATCH_SIZE", 2)
    people = [add_person(database, number) for number in range(3)]
    for owner in people:
        save_searches(database, owner, JOBS, SEWING)
    add_offer(database, "couture")
    add_offer(database, "soudure")
    first, died = 0, False
    with kill_at_commit(commit):
        try:
            first = send_due_alerts(database, engine, now())
        except KeyboardInterrupt:
            died = True
    assert died == (commit < 7)  # three batches, the last one empty, and three people
    done = len(alert_counts(database))
    assert first in (0, done)
    assert send_due_alerts(database, engine, now()) == len(people) - done
    assert alert_counts(database) == [2] * len(people)


def test_a_crash_while_the_engine_searches_loses_no_offer(database: Database, engine: Any) -> None:
    save_searches(database, add_person(database), JOBS, SEWING)
    add_offer(database, "couture")
    engine.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        send_due_alerts(database, engine, now())
    engine.error = None
    assert send_due_alerts(database, engine, now()) == 1
    assert alert_counts(database) == [1]


def test_two_concurrent_runs_alert_once(database: Database) -> None:
    awa, nested = add_person(database), []

    class NestedEngine(FakeEngine):
        def find_by_words(self, words: str, limit: int, *, known: bool = False) -> WordHits:
            if not nested:
                nested.append(0)
                itself: Any = self
                nested[0] = send_due_alerts(database, itself, now())
            return super().find_by_words(words, limit, known=known)

    save_searches(database, awa, SEWING)
    add_offer(database, "couture")
    twice: Any = NestedEngine(database)
    assert send_due_alerts(database, twice, now()) + nested[0] == 1
    assert alert_counts(database) == [1]
