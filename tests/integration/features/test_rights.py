"""Data protection rights: export, erasure from every table and store, also after a restore, and retention."""

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
from oim.features.sign_in.models import PinRequestRow
from oim.features.trust import Reporter, ReportReason
from oim.kit.clock import CAMEROON, now
from oim.kit.crypto import Vault
from oim.kit.db import Base, Database
from oim.kit.errors import NotFoundError
from oim.kit.i18n import translator

REMAINING = {"audit"}  # tables that still contain the id of an erased person, which then names nobody


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs")


@pytest.fixture(scope="module")
def upload() -> cv.Upload:
    """A CV, read once: a process of its own reads each."""
    return cv.read_upload(BytesIO(file_factory.docx()), "cv.docx")


@pytest.fixture
def scene_data(database: Database, blobs: FolderBlobs, upload: cv.Upload) -> Scene:
    """A person with a row in every table of personal data."""
    data = scene(database)
    document = cv.store_upload(database, blobs, data.person, data.awa, upload)
    with database.write() as session:
        record = Record(wish="Couturière", region="CM-OU")
        profile.update_record(session, data.person, data.awa, lambda _: record)
        following.save(session, data.person, data.awa, data.offer)
        following.dismiss(session, data.person, data.awa, data.offer, DismissalReason.OTHER)
        following.save_search(session, data.person, data.awa, Search(words="couture"), alerts=True)
        trust.report_offer(
            session,
            data.offer,
            ReportReason.OTHER,
            "Ils m'ont appelée",
            Reporter(b"1" * 32, b"1" * 32, person=data.awa),
        )
    worker = add_case_worker(database)
    with database.write() as session:
        access.give_mandate(session, data.person, data.awa, worker.id or uuid4())
        request = PinRequestRow(
            person_id=data.awa,
            pin_hash="",
            contact_blind=b"",
            claim=b"1",
            asked_at=now(),
        )
        session.add(request)
        messages.queue_message(session, data.awa, MessageKind.INACTIVE, day="1")
        submission = applications.Submission(offer=data.offer, letter="Bonjour", document=document)
        applications.send(session, data.person, data.awa, submission)
    return data


def find_tables_with(database: Database, id_: UUID) -> set[str]:
    """Find the tables with a row that contains an id."""
    with database.read() as session:
        return {
            name
            for name in Base.metadata.tables
            if session.scalar(
                text(f'SELECT count(*) FROM "{name}" t WHERE t::text LIKE :id'), {"id": f"%{id_}%"}
            )
        }


def test_the_export_contains_every_section(database: Database, blobs: FolderBlobs, scene_data: Scene) -> None:
    export = rights.export(database, blobs, scene_data.person, scene_data.awa)
    assert set(export) == {"exported_at", *SECTIONS}
    assert export["account"]["name"] == "Awa"
    assert [contact["value"] for contact in export["account"]["contacts"].values()] == [AWA.value]
    assert export["profile"]["wish"] == "Couturière"
    assert b64decode(export["documents"][0]["content"]) == file_factory.docx()
    empty = {name for name in SECTIONS if not export[name]}
    assert empty <= {"recommendations", "messages"}


@pytest.mark.parametrize(
    "role", [Role.PERSON, Role.CASE_WORKER, Role.AGENT, Role.ANALYST, Role.ADMINISTRATOR]
)
def test_nobody_else_can_export_or_erase_a_person(
    database: Database, blobs: FolderBlobs, sign_in: SignInServices, scene_data: Scene, role: Role
) -> None:
    other = Actor(role, uuid4())
    with pytest.raises(NotFoundError):
        rights.export(database, blobs, other, scene_data.awa)
    with pytest.raises(NotFoundError):
        rights.erase(database, blobs, sign_in.sessions, other, scene_data.awa)
    assert "people" in find_tables_with(database, scene_data.awa)


def test_erasure_deletes_from_every_table_and_store_and_spares_other_people(
    database: Database, blobs: FolderBlobs, sign_in: SignInServices, scene_data: Scene
) -> None:
    other = add_known(database, AWA, "Binta", "1397")  # on the same telephone
    token, other_token = sign_in.sessions.open(scene_data.person), sign_in.sessions.open(person(other))
    tables = find_tables_with(database, scene_data.awa)
    assert {"people", "contacts", "profiles", "documents", "applications", "reports", "mandates"} <= tables
    rights.erase(database, blobs, sign_in.sessions, scene_data.person, scene_data.awa)
    assert find_tables_with(database, scene_data.awa) == REMAINING
    assert list(blobs.keys("documents/")) == []
    assert sign_in.sessions.find(token) is None
    assert sign_in.sessions.find(other_token) is not None
    assert "people" in find_tables_with(database, other)
    with database.read() as session:
        application = session.execute(
            text("SELECT person_id, letter, document_id, stage FROM applications")
        ).one()
    assert application[:3] == (None, None, None)  # still counted, but without a person
    assert application[3]
    with pytest.raises(NotFoundError):
        rights.erase(database, blobs, sign_in.sessions, scene_data.person, scene_data.awa)


@pytest.fixture
def copy(postgres: str, superuser: str) -> Iterator[str]:
    """The URL of a copy of the database, as it is when the fixture is first used."""
    url = postgres.replace("/oim?", "/restored?")
    engine = create_engine(
        superuser.replace("postgresql://", "postgresql+psycopg://", 1).replace("/oim?", "/postgres?"),
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


def test_an_erased_person_is_erased_again_after_a_restore(
    postgres: str, vault: Vault, blobs: FolderBlobs, sign_in: SignInServices, scene_data: Scene, copy: str
) -> None:
    here = Database(postgres, vault)
    rights.erase(here, blobs, sign_in.sessions, scene_data.person, scene_data.awa)
    assert rights.replay_journal(here, blobs) == 0
    here.close()
    restored = Database(copy, vault)
    assert "people" in find_tables_with(restored, scene_data.awa)
    assert rights.replay_journal(restored, blobs) == 1
    assert find_tables_with(restored, scene_data.awa) <= REMAINING
    assert rights.replay_journal(restored, blobs) == 0
    restored.close()


def test_an_erasure_interrupted_by_a_crash_is_completed_at_the_next_start(
    database: Database,
    blobs: FolderBlobs,
    sign_in: SignInServices,
    scene_data: Scene,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as here:
        here.setattr("oim.features.rights.erasure._erase", killed)
        with pytest.raises(KeyboardInterrupt):
            rights.erase(database, blobs, sign_in.sessions, scene_data.person, scene_data.awa)
    assert "people" in find_tables_with(database, scene_data.awa)
    assert rights.replay_journal(database, blobs) == 1
    assert find_tables_with(database, scene_data.awa) == REMAINING


def set_inactive(database: Database, person_id: UUID, duration: timedelta) -> None:
    day = (now() - duration).astimezone(CAMEROON).date()
    with database.write() as session:
        session.execute(update(PersonRow).where(PersonRow.id == person_id).values(seen_on=day))


def test_an_inactive_person_is_warned_once_and_then_erased(
    database: Database, blobs: FolderBlobs, sign_in: SignInServices, scene_data: Scene
) -> None:
    with database.write() as session:
        session.execute(text("DELETE FROM messages"))
    set_inactive(database, scene_data.awa, INACTIVITY_LIMIT - WARNING_PERIOD + timedelta(days=1))
    for warned in (1, 0):
        result = rights.apply_retention(database, blobs, sign_in.sessions, now())
        assert (result.people, result.warned) == (0, warned)
    with database.read() as session:
        assert session.scalars(select(MessageRow.kind)).all() == [MessageKind.INACTIVE.value]
    set_inactive(database, scene_data.awa, INACTIVITY_LIMIT + timedelta(days=1))
    with database.write() as session:
        session.execute(update(MessageRow).values(created_at=now() - WARNING_PERIOD))
    assert rights.apply_retention(database, blobs, sign_in.sessions, now()).people == 1
    assert find_tables_with(database, scene_data.awa) == REMAINING
    assert rights.apply_retention(database, blobs, sign_in.sessions, now()).people == 0


@pytest.mark.usefixtures("scene_data")
@pytest.mark.parametrize(
    ("data", "aged"),
    [
        (DataClass.MESSAGES, "UPDATE messages SET state = 'sent', ended_at = :at"),
        (DataClass.PIN_REQUESTS, "UPDATE pin_requests SET confirmed_at = :at"),
        (DataClass.HELP, "UPDATE mandates SET ended_at = :at"),
        (DataClass.REPORTS, "UPDATE reports SET settled_at = :at"),
    ],
)
def test_rows_are_deleted_after_the_retention_of_their_class(
    database: Database, blobs: FolderBlobs, sign_in: SignInServices, data: DataClass, aged: str
) -> None:
    table = aged.split()[1]

    def count_after(age: timedelta) -> int:
        with database.write() as session:
            session.execute(text(aged), {"at": now() - age})
        rights.apply_retention(database, blobs, sign_in.sessions, now())
        with database.read() as session:
            return session.scalar(select(func.count()).select_from(Base.metadata.tables[table])) or 0

    assert count_after(find_retention(data) - timedelta(days=1)) > 0
    assert count_after(find_retention(data) + timedelta(days=1)) == 0


def test_agents_cannot_read_the_register(database: Database) -> None:
    with database.write() as session:
        assert rights.read_register(session, SYSTEM) == rights.REGISTER
        with pytest.raises(NotFoundError):
            rights.read_register(session, Actor(Role.AGENT, uuid4()))


def test_a_person_warned_late_is_not_erased_for_a_month(
    database: Database, blobs: FolderBlobs, sign_in: SignInServices, scene_data: Scene
) -> None:
    with database.write() as session:
        session.execute(text("DELETE FROM messages"))
    set_inactive(database, scene_data.awa, INACTIVITY_LIMIT + timedelta(days=20))  # nothing ran for weeks
    result = rights.apply_retention(database, blobs, sign_in.sessions, now())
    assert (result.people, result.warned) == (0, 1)
    assert "people" in find_tables_with(database, scene_data.awa)
    with database.write() as session:
        session.execute(update(MessageRow).values(created_at=now() - WARNING_PERIOD))
    assert rights.apply_retention(database, blobs, sign_in.sessions, now()).people == 1


def test_the_export_can_be_shown_as_a_page(database: Database, blobs: FolderBlobs, scene_data: Scene) -> None:
    with database.write() as session:
        data = rights.collect_personal_data(session, scene_data.person, scene_data.awa)
        sections = build_sections(session, scene_data.person, scene_data.awa, translator("fr"))
    assert set(data) == set(SECTIONS)
    assert "Ils m'ont appelée" in "".join(value for section in sections for _, value in section.lines)
    assert data["documents"][0]["proposal"] is not None
    blobs.delete(f"documents/{data['documents'][0]['id']}")  # as after a restore of older files
    assert (
        rights.export(database, blobs, scene_data.person, scene_data.awa)["documents"][0]["content"] is None
    )
