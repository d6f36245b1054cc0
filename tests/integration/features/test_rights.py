"""Rights: everything taken away, erased from every table and store, and again after a restore; terms."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import file_factory
import pytest
from application_factory import AWA, Scene, scene
from people_factory import add_case_worker, add_known, person
from sqlalchemy import create_engine, func, select, text, update

from oim.adapters.blob_folder import FolderBlobs
from oim.channels.web.me.data_export_page import SECTIONS, build_sections
from oim.features import access, applications, cv, following, messages, profile, rights, trust
from oim.features.access import SYSTEM, Actor, Role
from oim.features.following import DismissalReason
from oim.features.messages import MessageKind
from oim.features.messages.models import MessageRow
from oim.features.opportunities import Search
from oim.features.people.models import PersonRow
from oim.features.profile import Record
from oim.features.rights.register import INACTIVITY_LIMIT, WARNING_PERIOD, DataClass, find_retention
from oim.features.sign_in import SignInServices
from oim.features.trust import Reporter, ReportReason
from oim.kit.clock import CAMEROON, now
from oim.kit.crypto import Vault
from oim.kit.db import Base, Database
from oim.kit.errors import NotFoundError
from oim.kit.i18n import translator

KEPT = {"audit"}  # tables that still name an id which is nobody's any more


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs")


@pytest.fixture
def life(database: Database, blobs: FolderBlobs) -> Scene:
    """Somebody with something in every table of people."""
    made = scene(database)
    document = cv.store_upload(
        database, blobs, made.person, made.awa, BytesIO(file_factory.docx()), "cv.docx"
    )
    with database.write() as session:
        told = Record(wish="Couturière", region="CM-OU")
        profile.update_record(session, made.person, made.awa, lambda _: told)
        following.save(session, made.person, made.awa, made.offer)
        following.dismiss(session, made.person, made.awa, made.offer, DismissalReason.OTHER)
        following.save_search(session, made.person, made.awa, Search(words="couture"), alerts=True)
        trust.report_offer(
            session, made.offer, ReportReason.OTHER, "Ils m'ont appelée", Reporter(b"1" * 32, made.awa)
        )
    worker = add_case_worker(database)
    with database.write() as session:
        access.give_mandate(session, made.person, made.awa, worker.id or uuid4())
        messages.queue_message(session, made.awa, MessageKind.INACTIVE, day="1")
        sending = applications.Submission(offer=made.offer, letter="Bonjour", document=document)
        applications.send(session, made.person, made.awa, sending)
    return made


def named(database: Database, who: UUID) -> set[str]:
    """The tables of which a row tells an id."""
    with database.read() as session:
        return {
            name
            for name in Base.metadata.tables
            if session.scalar(
                text(f'SELECT count(*) FROM "{name}" t WHERE t::text LIKE :id'), {"id": f"%{who}%"}
            )
        }


def test_everything_is_taken_away(database: Database, blobs: FolderBlobs, life: Scene) -> None:
    told = rights.export(database, blobs, life.person, life.awa)
    assert set(told) == {"exported_at", *SECTIONS}
    assert told["account"]["name"] == "Awa"
    assert [one["value"] for one in told["account"]["contacts"].values()] == [AWA.value]
    assert told["profile"]["wish"] == "Couturière"
    assert b64decode(told["documents"][0]["content"]) == file_factory.docx()
    empty = {name for name in SECTIONS if not told[name]}
    assert empty <= {"recommendations", "messages"}


@pytest.mark.parametrize(
    "role", [Role.PERSON, Role.CASE_WORKER, Role.AGENT, Role.ANALYST, Role.ADMINISTRATOR]
)
def test_nobody_else_takes_it_away_or_erases_it(
    database: Database, blobs: FolderBlobs, doors: SignInServices, life: Scene, role: Role
) -> None:
    other = Actor(role, uuid4())
    with pytest.raises(NotFoundError):
        rights.export(database, blobs, other, life.awa)
    with pytest.raises(NotFoundError):
        rights.erase(database, blobs, doors.sessions, other, life.awa)
    assert "people" in named(database, life.awa)


def test_erasure_reaches_every_table_and_store_and_leaves_the_others(
    database: Database, blobs: FolderBlobs, doors: SignInServices, life: Scene
) -> None:
    other = add_known(database, AWA, "Binta", "1397")  # on the same telephone
    token, others = doors.sessions.open(life.person), doors.sessions.open(person(other))
    tables = named(database, life.awa)
    assert {"people", "contacts", "profiles", "documents", "applications", "reports", "mandates"} <= tables
    rights.erase(database, blobs, doors.sessions, life.person, life.awa)
    assert named(database, life.awa) == KEPT
    assert list(blobs.keys("documents/")) == []
    assert doors.sessions.find(token) is None
    assert doors.sessions.find(others) is not None
    assert "people" in named(database, other)
    with database.read() as session:
        left = session.execute(text("SELECT person_id, letter, document_id, stage FROM applications")).one()
    assert left[:3] == (None, None, None)  # counted still, and nobody's
    assert left[3]
    with pytest.raises(NotFoundError):
        rights.erase(database, blobs, doors.sessions, life.person, life.awa)


@pytest.fixture
def copy(postgres: str) -> Iterator[str]:
    """The URL of a backup of the database as it is when first asked for."""
    url = postgres.replace("/oim?", "/restored?")
    engine = create_engine(
        postgres.replace("postgresql://", "postgresql+psycopg://", 1).replace("/oim?", "/postgres?"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'oim'")
        )
        connection.execute(text("CREATE DATABASE restored TEMPLATE oim"))
    yield url
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE restored WITH (FORCE)"))
    engine.dispose()


def test_who_was_erased_is_erased_again_after_a_restore(
    postgres: str, vault: Vault, blobs: FolderBlobs, doors: SignInServices, life: Scene, copy: str
) -> None:
    here = Database(postgres, vault)
    rights.erase(here, blobs, doors.sessions, life.person, life.awa)
    assert rights.replay_journal(here, blobs) == 0
    here.close()
    restored = Database(copy, vault)
    assert "people" in named(restored, life.awa)
    assert rights.replay_journal(restored, blobs) == 1
    assert named(restored, life.awa) <= KEPT
    assert rights.replay_journal(restored, blobs) == 0
    restored.close()


def test_who_is_killed_half_way_is_erased_by_the_next_start(
    database: Database,
    blobs: FolderBlobs,
    doors: SignInServices,
    life: Scene,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as here:
        here.setattr("oim.features.rights.erasure._erase", killed)
        with pytest.raises(KeyboardInterrupt):
            rights.erase(database, blobs, doors.sessions, life.person, life.awa)
    assert "people" in named(database, life.awa)
    assert rights.replay_journal(database, blobs) == 1
    assert named(database, life.awa) == KEPT


def unseen(database: Database, who: UUID, for_: timedelta) -> None:
    day = (now() - for_).astimezone(CAMEROON).date()
    with database.write() as session:
        session.execute(update(PersonRow).where(PersonRow.id == who).values(seen_on=day))


def test_who_stays_away_is_warned_once_and_then_erased(
    database: Database, blobs: FolderBlobs, doors: SignInServices, life: Scene
) -> None:
    with database.write() as session:
        session.execute(text("DELETE FROM messages"))
    unseen(database, life.awa, INACTIVITY_LIMIT - WARNING_PERIOD + timedelta(days=1))
    for warned in (1, 0):
        ended = rights.apply_retention(database, blobs, doors.sessions, now())
        assert (ended.people, ended.warned) == (0, warned)
    with database.read() as session:
        assert session.scalars(select(MessageRow.kind)).all() == [MessageKind.INACTIVE.value]
    unseen(database, life.awa, INACTIVITY_LIMIT + timedelta(days=1))
    with database.write() as session:
        session.execute(update(MessageRow).values(created_at=now() - WARNING_PERIOD))
    assert rights.apply_retention(database, blobs, doors.sessions, now()).people == 1
    assert named(database, life.awa) == KEPT
    assert rights.apply_retention(database, blobs, doors.sessions, now()).people == 0


@pytest.mark.usefixtures("life")
@pytest.mark.parametrize(
    ("data", "aged"),
    [
        (DataClass.MESSAGES, "UPDATE messages SET state = 'sent', ended_at = :at"),
        (DataClass.HELP, "UPDATE mandates SET ended_at = :at"),
        (DataClass.REPORTS, "UPDATE reports SET settled_at = :at"),
    ],
)
def test_rows_end_by_the_term_of_their_class(
    database: Database, blobs: FolderBlobs, doors: SignInServices, data: DataClass, aged: str
) -> None:
    table = aged.split()[1]

    def left(age: timedelta) -> int:
        with database.write() as session:
            session.execute(text(aged), {"at": now() - age})
        rights.apply_retention(database, blobs, doors.sessions, now())
        with database.read() as session:
            return session.scalar(select(func.count()).select_from(Base.metadata.tables[table])) or 0

    assert left(find_retention(data) - timedelta(days=1)) > 0
    assert left(find_retention(data) + timedelta(days=1)) == 0


def test_only_administrators_and_analysts_read_the_register(database: Database) -> None:
    with database.write() as session:
        assert rights.read_register(session, SYSTEM) == rights.REGISTER
        with pytest.raises(NotFoundError):
            rights.read_register(session, Actor(Role.AGENT, uuid4()))


def test_who_was_warned_just_now_has_their_month(
    database: Database, blobs: FolderBlobs, doors: SignInServices, life: Scene
) -> None:
    with database.write() as session:
        session.execute(text("DELETE FROM messages"))
    unseen(database, life.awa, INACTIVITY_LIMIT + timedelta(days=20))  # nothing ran for weeks
    ended = rights.apply_retention(database, blobs, doors.sessions, now())
    assert (ended.people, ended.warned) == (0, 1)
    assert "people" in named(database, life.awa)
    with database.write() as session:
        session.execute(update(MessageRow).values(created_at=now() - WARNING_PERIOD))
    assert rights.apply_retention(database, blobs, doors.sessions, now()).people == 1


def test_everything_can_be_read_too(database: Database, blobs: FolderBlobs, life: Scene) -> None:
    with database.write() as session:
        held = rights.collect_personal_data(session, life.person, life.awa)
        told = build_sections(session, life.person, life.awa, translator("fr"))
    assert set(held) == set(SECTIONS)
    assert "Ils m'ont appelée" in "".join(value for section in told for _, value in section.lines)
    assert held["documents"][0]["proposal"] is not None
    blobs.delete(f"documents/{held['documents'][0]['id']}")  # as after a restore of older files
    assert rights.export(database, blobs, life.person, life.awa)["documents"][0]["content"] is None
