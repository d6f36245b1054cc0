"""The migrated schema is the models' schema; migrating twice or side by side is harmless."""

import threading
from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from oim.features.events import EventKind, load_recorded_lists, record_offer_event, record_shown_list
from oim.features.events.service import make_event_id
from oim.kit.clock import now
from oim.kit.db import Base, Consumer, Database, Message, consume
from oim.kit.db.migrate import alembic_config, migrate


def test_nothing_is_left_to_migrate(superuser: str) -> None:
    engine = create_engine(superuser.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_several_processes_may_migrate_at_once(superuser: str) -> None:
    engine = create_engine(
        superuser.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS fresh"))
        connection.execute(text("CREATE DATABASE fresh"))
    engine.dispose()
    url = superuser.replace("/oim?", "/fresh?")
    failures: list[BaseException] = []

    def run() -> None:
        try:
            migrate(url)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.fixture
def older(superuser: str) -> Iterator[str]:
    """The URL of a database as it was before events had versions and the outbox consumers."""
    engine = create_engine(
        superuser.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS older WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE older"))
    url = superuser.replace("/oim?", "/older?")
    move_to(url, "0011")
    yield url
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE older WITH (FORCE)"))
    engine.dispose()


def move_to(url: str, revision: str) -> None:
    """Migrate a database to a revision, up or down."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        config = alembic_config(connection)
        current = MigrationContext.configure(connection).get_current_revision() or ""
        (command.upgrade if current < revision else command.downgrade)(config, revision)
        connection.commit()
    engine.dispose()


LIST, OFFER, OTHER = (UUID(int=number) for number in (7, 1, 2))
OLD_EVENTS = f"""
INSERT INTO events (at, kind, list_id, opportunity_id, position, features) VALUES
    (now(), 'shown', '{LIST}', '{OFFER}', 1, '{{"text": 0.5}}'),
    (now(), 'shown', '{LIST}', '{OTHER}', 2, '{{"text": 0.4}}'),
    (now(), 'saved', '{LIST}', '{OFFER}', NULL, NULL),
    (now(), 'outcome', '{LIST}', '{OTHER}', NULL, NULL);
INSERT INTO outbox (topic, key) VALUES ('opportunity.changed', 'a'), ('opportunity.changed', 'b');
"""
SHOWN_LATER = f"""SELECT opportunity_id, position, features FROM events
    WHERE kind = 'shown' AND list_id = '{UUID(int=8)}' ORDER BY position"""


def test_events_and_outbox_rows_of_an_older_database_are_read_after_its_migration(older: str) -> None:
    database = Database(older)
    with database.write() as session:
        session.execute(text(OLD_EVENTS))
    database.close()
    migrate(older)
    database = Database(older)
    with database.read() as session:
        [shown_list] = load_recorded_lists(session, 9, known=False, followed=True)
    assert [
        (offer.opportunity, offer.position, [event.kind for event in offer.events])
        for offer in shown_list.offers
    ] == [
        (OFFER, 1, [EventKind.SAVED]),
        (OTHER, 2, [EventKind.OUTCOME]),
    ]
    assert shown_list.offers[0].features == {"text": 0.5}
    with database.write() as session:  # known already: what is reported again is still the same event
        record_offer_event(session, EventKind.SAVED, LIST, OFFER)
        record_offer_event(session, EventKind.OPENED, LIST, OTHER)
    with database.read() as session:
        kinds = session.scalars(text("SELECT kind FROM events ORDER BY id")).all()
    assert kinds == ["shown", "shown", "saved", "outcome", "opened"]
    keys: list[str] = []

    def work(rows: Sequence[Message]) -> None:
        keys.extend(row.key for row in rows)

    index = Consumer("index", frozenset({"opportunity.changed"}))
    assert consume(database, index, work, 9, registered=[index]) == 2
    assert keys == ["a", "b"]
    database.close()


COLUMNS = """
SELECT table_name || '.' || column_name,
    is_nullable = 'YES' OR column_default IS NOT NULL OR is_identity = 'YES'
FROM information_schema.columns WHERE table_schema = 'public'
"""


def test_what_was_added_needs_nothing_of_processes_of_the_release_before(older: str) -> None:
    """They go on beside the migrated tables until they are restarted: none of their INSERTs may fail."""
    database = Database(older)
    move_to(older, "0015")
    with database.read() as session:
        before = dict(session.execute(text(COLUMNS)).all())
    migrate(older)
    with database.read() as session:
        after = dict(session.execute(text(COLUMNS)).all())
    database.close()
    tables = {name.partition(".")[0] for name in before}
    added = {name: may_lack for name, may_lack in after.items() if name not in before}
    in_use = {name for name in added if name.partition(".")[0] in tables}
    assert in_use >= {"reports.voice", "reports.is_proven", "outbox.share"}
    assert [name for name in in_use if not added[name]] == []


def test_an_id_made_by_the_migration_is_the_one_the_program_makes(older: str) -> None:
    database = Database(older)
    with database.write() as session:
        session.execute(text(OLD_EVENTS))
    migrate(older)
    with database.read() as session:
        query = "SELECT event_id FROM events WHERE kind = 'saved'"
        assert session.scalar(text(query)) == make_event_id(EventKind.SAVED, LIST, OFFER)
    database.close()


def test_the_older_program_gets_its_events_back(older: str) -> None:
    database = Database(older)
    with database.write() as session:
        session.execute(text(OLD_EVENTS))
    migrate(older)
    with database.write() as session:
        record_offer_event(session, EventKind.OPENED, LIST, OFFER)
        record_shown_list(session, now(), UUID(int=8), [(OFFER, {"text": 0.3}), (OTHER, {"place": 0.2})])
        session.execute(text("UPDATE outbox SET position = id"))
    move_to(older, "0011")
    with database.read() as session:
        kinds = session.scalars(text("SELECT kind FROM events ORDER BY id")).all()
        waiting = session.scalars(text("SELECT key FROM outbox ORDER BY id")).all()
        shown = session.execute(text(SHOWN_LATER)).all()
    assert kinds == ["shown", "shown", "saved", "outcome", "opened", "shown", "shown"]
    assert shown == [(OFFER, 1, {"text": 0.3}), (OTHER, 2, {"place": 0.2})]
    assert waiting == ["a", "b"]
    database.close()


def test_new_pins_that_wait_go_on_to_wait_for_their_message(older: str) -> None:
    """A request from before opens by its message, or was confirmed; its link goes on to cancel it."""
    engine = create_engine(older.replace("postgresql://", "postgresql+psycopg://", 1))
    people, message = [UUID(int=1), UUID(int=2)], UUID(int=3)
    move_to(older, "0024")
    with engine.begin() as connection:
        for number, (person, wait) in enumerate(zip(people, ("72 hours", "1 hour"), strict=True)):
            connection.execute(
                text(
                    "INSERT INTO people (id, name, pin_hash, language, created_at, seen_on)"
                    " VALUES (:person, '', '', 'fr', now(), current_date)"
                ),
                {"person": person},
            )
            connection.execute(
                text(
                    "INSERT INTO pin_requests"
                    " (person_id, pin_hash, contact_blind, claim, cancel, asked_at, opens_at)"
                    " VALUES (:person, '', '', :secret, :secret, now(), now() + CAST(:wait AS interval))"
                ),
                {"person": person, "secret": bytes([number]), "wait": wait},
            )
        connection.execute(
            text(
                "INSERT INTO messages (id, person_id, kind, channel, language, state, attempts, created_at,"
                " not_before, expires_at) VALUES (:id, :person, 'pin_asked', 'sms', 'fr', 'waiting', 0,"
                " now(), now(), now())"
            ),
            {"id": message, "person": people[0]},
        )
    move_to(older, "head")
    query = text(
        "SELECT confirmed_at IS NOT NULL, notices, asker_cancels FROM pin_requests ORDER BY person_id"
    )
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    assert rows == [(False, [message], [b"\x00"]), (True, [], [b"\x01"])]
    move_to(older, "0024")
    with engine.connect() as connection:
        secrets = connection.scalars(text("SELECT cancel FROM pin_requests ORDER BY person_id")).all()
    assert secrets == [b"\x00", b"\x01"]
    engine.dispose()
