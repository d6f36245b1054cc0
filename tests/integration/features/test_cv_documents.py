"""Stored CVs: sealed, replaced, proposed until settled, open to those they are shared with, erased whole."""

from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import file_factory as files
import pytest
from people_factory import add_people
from sqlalchemy import delete, func, select, update

from oim.adapters.blob_folder import FolderBlobs
from oim.features import cv
from oim.features.access import Actor, Role
from oim.features.audit import AuditRow
from oim.features.cv.models import DocumentRow
from oim.features.cv.orphan_files import GRACE_PERIOD
from oim.features.people.models import PersonRow
from oim.kit.clock import now
from oim.kit.db import Database, OutboxRow
from oim.kit.errors import BadInputError, ConflictError, NotFoundError, UnavailableError

NAME = "CV Awa Bello.docx"
STRANGER = Actor(Role.PERSON, uuid4())
LATER = timedelta(hours=1)


class UndeletingBlobs(FolderBlobs):
    """A store that stores blobs and fails to delete any."""

    def delete(self, key: str) -> None:
        raise UnavailableError("away")


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs")


@pytest.fixture
def owner(database: Database) -> Actor:
    return Actor(Role.PERSON, add_people(database)[0])


def _id_of(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


@cache
def _read_cv(name: str = NAME) -> cv.Upload:
    """A CV, read once: a process of its own reads each."""
    return cv.read_upload(BytesIO(files.docx()), name)


def _upload(database: Database, blobs: FolderBlobs, owner: Actor, name: str = NAME) -> UUID:
    return cv.store_upload(database, blobs, owner, _id_of(owner), _read_cv(name))


def _only_document(database: Database, owner: Actor) -> cv.Document:
    with database.write() as session:
        (document,) = cv.list_documents(session, owner, _id_of(owner))
    return document


def _load_proposal(database: Database, owner: Actor, document: UUID) -> cv.Proposal | None:
    with database.write() as session:
        return cv.load_proposal(session, owner, document)


def _load_entries(database: Database) -> list[tuple[str, dict[str, Any]]]:
    with database.read() as session:
        rows = session.execute(select(AuditRow.action, AuditRow.detail).order_by(AuditRow.at))
        return [(action, detail) for action, detail in rows]


def test_a_cv_gives_a_proposal_and_everything_is_stored_sealed(
    database: Database, blobs: FolderBlobs, owner: Actor, tmp_path: Path
) -> None:
    document = _upload(database, blobs, owner, "C:\\dossiers\\" + NAME)
    stored_document = _only_document(database, owner)
    assert (stored_document.id, stored_document.file_name, stored_document.size) == (
        document,
        NAME,
        len(files.docx()),
    )
    assert stored_document.proposed
    proposal = _load_proposal(database, owner, document)
    assert proposal is not None
    assert [(job.title, job.from_year) for job in proposal.jobs] == [("Accountant", 2015)]
    assert proposal.education == 6
    with database.read() as session:
        row = session.get_one(DocumentRow, document)
        assert b"Bello" not in row.file_name
        assert b"Accountant" not in (row.proposal or b"")
        stored = (tmp_path / "blobs" / row.blob).read_bytes()
    assert b"word/document.xml" not in stored
    assert cv.load_original(database, blobs, owner, document) == (stored_document, files.docx())


def test_a_refused_file_leaves_nothing(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    with pytest.raises(BadInputError):
        cv.store_upload(
            database, blobs, owner, _id_of(owner), cv.read_upload(BytesIO(b"MZ" + bytes(100)), "cv.pdf")
        )
    too_large = BytesIO(b"%PDF-1.7" + bytes(cv.MAX_BYTES + files.MEGABYTE))
    with pytest.raises(BadInputError):
        cv.store_upload(database, blobs, owner, _id_of(owner), cv.read_upload(too_large, "cv.pdf"))
    assert list(blobs.keys("")) == []
    assert _load_entries(database) == []


def test_a_new_cv_replaces_the_old_one(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    old, new = _upload(database, blobs, owner), _upload(database, blobs, owner, "new.docx")
    assert _only_document(database, owner).id == new
    assert list(blobs.keys("")) == [f"documents/{new}"]
    with pytest.raises(NotFoundError):
        _load_proposal(database, owner, old)


def test_only_its_owner_can_upload_or_open_a_cv(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    with pytest.raises(NotFoundError):
        cv.store_upload(database, blobs, STRANGER, _id_of(owner), _read_cv())
    assert list(blobs.keys("")) == []
    document = _upload(database, blobs, owner)
    for actor in (STRANGER, Actor(Role.CASE_WORKER, uuid4()), Actor(Role.ADMINISTRATOR, uuid4())):
        with pytest.raises(NotFoundError):
            cv.load_original(database, blobs, actor, document)
        with pytest.raises(NotFoundError):
            _load_proposal(database, actor, document)
    assert ("refused read", {"what": "original"}) in _load_entries(database)


def test_agents_can_open_a_cv_that_was_shared_with_their_organisation(
    database: Database, blobs: FolderBlobs, owner: Actor
) -> None:
    document, organisation = _upload(database, blobs, owner), uuid4()
    agent, other = Actor(Role.AGENT, uuid4(), organisation), Actor(Role.AGENT, uuid4(), uuid4())
    assert cv.load_original(database, blobs, agent, document, organisation)[1] == files.docx()
    for actor, shared in ((agent, None), (other, organisation)):
        with pytest.raises(NotFoundError):
            cv.load_original(database, blobs, actor, document, shared)
    with pytest.raises(NotFoundError):
        _load_proposal(database, agent, document)


def test_a_settled_proposal_is_wiped(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    document = _upload(database, blobs, owner)
    for _ in range(2):
        with database.write() as session:
            cv.settle_proposal(session, owner, document)
        assert _load_proposal(database, owner, document) is None
    stored_document = _only_document(database, owner)
    assert not stored_document.proposed
    assert stored_document.settled_at is not None


def test_a_proposal_that_nobody_settled_is_purged(
    database: Database, blobs: FolderBlobs, owner: Actor
) -> None:
    document = _upload(database, blobs, owner)
    assert cv.purge_unsettled(database, now() - LATER) == 0
    assert cv.purge_unsettled(database, now() + LATER) == 1
    assert cv.purge_unsettled(database, now() + LATER) == 0
    assert _load_proposal(database, owner, document) is None
    assert cv.load_original(database, blobs, owner, document)[1] == files.docx()


def test_an_erased_cv_is_deleted_with_its_file(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    document = _upload(database, blobs, owner)
    cv.erase(database, blobs, owner, document)
    assert list(blobs.keys("")) == []
    with database.write() as session:
        assert cv.list_documents(session, owner, _id_of(owner)) == []
    assert cv.delete_orphans(database, blobs, now() + LATER) == 1
    assert cv.delete_orphans(database, blobs, now() + LATER) == 0


def test_the_blobs_of_an_erased_person_are_swept(
    database: Database, blobs: FolderBlobs, owner: Actor
) -> None:
    document = _upload(database, blobs, owner)
    with database.write() as session:
        keys = cv.list_blob_keys(session, _id_of(owner))
        assert keys == [f"documents/{document}"]
        cv.mark_for_deletion(session, keys)
        session.execute(delete(PersonRow).where(PersonRow.id == owner.id))
    assert cv.delete_orphans(database, blobs, now() + LATER) == 1
    assert list(blobs.keys("")) == []


def test_a_blob_whose_deletion_failed_is_swept_later(
    database: Database, blobs: FolderBlobs, owner: Actor, tmp_path: Path
) -> None:
    blobs_down = UndeletingBlobs(tmp_path / "blobs")
    _upload(database, blobs_down, owner)
    new = _upload(database, blobs_down, owner)
    with pytest.raises(NotFoundError):
        cv.store_upload(database, blobs_down, STRANGER, _id_of(owner), _read_cv())
    assert len(list(blobs.keys(""))) == 3
    assert cv.delete_orphans(database, blobs, now() + GRACE_PERIOD / 2) == 0
    assert cv.delete_orphans(database, blobs, now() + LATER) == 2
    assert list(blobs.keys("")) == [f"documents/{new}"]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0


def test_a_cv_of_a_person_erased_meanwhile_is_not_stored(
    database: Database, blobs: FolderBlobs, owner: Actor
) -> None:
    with database.write() as session:
        session.execute(delete(PersonRow).where(PersonRow.id == owner.id))
    with pytest.raises(ConflictError):
        _upload(database, blobs, owner)
    assert list(blobs.keys("")) == []


def test_the_audit_trail_has_nothing_personal(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    document = _upload(database, blobs, owner)
    cv.load_original(database, blobs, owner, document)
    with database.write() as session:
        session.execute(update(DocumentRow).values(media_type="application/pdf"))
        cv.settle_proposal(session, owner, document)
    assert _load_entries(database) == [
        ("change", {"what": "received"}),
        ("read", {"what": "original"}),
        ("change", {"what": "settled"}),
    ]


def test_a_blob_that_no_document_names_is_swept(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    document = _upload(database, blobs, owner)
    blobs.put("documents/of-an-older-database", b"sealed")
    assert cv.mark_orphans_for_deletion(database, blobs) == 1
    cv.delete_orphans(database, blobs, now() + LATER)
    assert list(blobs.keys("")) == [f"documents/{document}"]
