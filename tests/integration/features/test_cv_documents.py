"""CVs kept: sealed, replaced, proposed until settled, opened by whom they are shared with, erased whole."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import file_factory as made
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


class Away(FolderBlobs):
    """A store that takes files and does not delete any now."""

    def delete(self, key: str) -> None:
        raise UnavailableError("away")


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs")


@pytest.fixture
def owner(database: Database) -> Actor:
    return Actor(Role.PERSON, add_people(database)[0])


def _id(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


def _send(database: Database, blobs: FolderBlobs, owner: Actor, name: str = NAME) -> UUID:
    return cv.store_upload(database, blobs, owner, _id(owner), BytesIO(made.docx()), name)


def _one(database: Database, owner: Actor) -> cv.Document:
    with database.write() as session:
        (document,) = cv.list_documents(session, owner, _id(owner))
    return document


def _proposal(database: Database, owner: Actor, document: UUID) -> cv.Proposal | None:
    with database.write() as session:
        return cv.load_proposal(session, owner, document)


def _entries(database: Database) -> list[tuple[str, dict[str, Any]]]:
    with database.read() as session:
        rows = session.execute(select(AuditRow.action, AuditRow.detail).order_by(AuditRow.seq))
        return [(action, detail) for action, detail in rows]


def test_a_cv_is_proposed_and_nothing_of_it_lies_open(
    database: Database, blobs: FolderBlobs, owner: Actor, tmp_path: Path
) -> None:
    document = _send(database, blobs, owner, "C:\\dossiers\\" + NAME)
    held = _one(database, owner)
    assert (held.id, held.file_name, held.size) == (document, NAME, len(made.docx()))
    assert held.proposed
    found = _proposal(database, owner, document)
    assert found is not None
    assert [(job.title, job.from_year) for job in found.jobs] == [("Accountant", 2015)]
    assert found.education == 6
    with database.read() as session:
        row = session.get_one(DocumentRow, document)
        assert b"Bello" not in row.file_name
        assert b"Accountant" not in (row.proposal or b"")
        kept = (tmp_path / "blobs" / row.blob).read_bytes()
    assert b"word/document.xml" not in kept
    assert cv.load_original(database, blobs, owner, document) == (held, made.docx())


def test_what_is_refused_leaves_nothing(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    with pytest.raises(BadInputError):
        cv.store_upload(database, blobs, owner, _id(owner), BytesIO(b"MZ" + bytes(100)), "cv.pdf")
    too_large = BytesIO(b"%PDF-1.7" + bytes(cv.MAX_BYTES + made.MEGABYTE))
    with pytest.raises(BadInputError):
        cv.store_upload(database, blobs, owner, _id(owner), too_large, "cv.pdf")
    assert list(blobs.keys("")) == []
    assert _entries(database) == []


def test_a_new_cv_takes_the_place_of_the_old(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    old, new = _send(database, blobs, owner), _send(database, blobs, owner, "new.docx")
    assert _one(database, owner).id == new
    assert list(blobs.keys("")) == [f"documents/{new}"]
    with pytest.raises(NotFoundError):
        _proposal(database, owner, old)


def test_nobody_but_its_owner_sends_or_opens_a_cv(
    database: Database, blobs: FolderBlobs, owner: Actor
) -> None:
    with pytest.raises(NotFoundError):
        cv.store_upload(database, blobs, STRANGER, _id(owner), BytesIO(made.docx()), NAME)
    assert list(blobs.keys("")) == []
    document = _send(database, blobs, owner)
    for actor in (STRANGER, Actor(Role.CASE_WORKER, uuid4()), Actor(Role.ADMINISTRATOR, uuid4())):
        with pytest.raises(NotFoundError):
            cv.load_original(database, blobs, actor, document)
        with pytest.raises(NotFoundError):
            _proposal(database, actor, document)
    assert ("refused read", {"what": "original"}) in _entries(database)


def test_agents_open_a_cv_that_was_shared_with_their_organisation(
    database: Database, blobs: FolderBlobs, owner: Actor
) -> None:
    document, organisation = _send(database, blobs, owner), uuid4()
    agent, other = Actor(Role.AGENT, uuid4(), organisation), Actor(Role.AGENT, uuid4(), uuid4())
    assert cv.load_original(database, blobs, agent, document, organisation)[1] == made.docx()
    for actor, shared in ((agent, None), (other, organisation)):
        with pytest.raises(NotFoundError):
            cv.load_original(database, blobs, actor, document, shared)
    with pytest.raises(NotFoundError):
        _proposal(database, agent, document)


def test_a_settled_proposal_is_wiped(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    document = _send(database, blobs, owner)
    for _ in range(2):
        with database.write() as session:
            cv.settle_proposal(session, owner, document)
        assert _proposal(database, owner, document) is None
    held = _one(database, owner)
    assert not held.proposed
    assert held.settled_at is not None


def test_a_proposal_that_nobody_settled_is_forgotten(
    database: Database, blobs: FolderBlobs, owner: Actor
) -> None:
    document = _send(database, blobs, owner)
    assert cv.purge_unsettled(database, now() - LATER) == 0
    assert cv.purge_unsettled(database, now() + LATER) == 1
    assert cv.purge_unsettled(database, now() + LATER) == 0
    assert _proposal(database, owner, document) is None
    assert cv.load_original(database, blobs, owner, document)[1] == made.docx()


def test_an_erased_cv_is_gone(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    document = _send(database, blobs, owner)
    cv.erase(database, blobs, owner, document)
    assert list(blobs.keys("")) == []
    with database.write() as session:
        assert cv.list_documents(session, owner, _id(owner)) == []
    assert cv.sweep(database, blobs, now() + LATER) == 1
    assert cv.sweep(database, blobs, now() + LATER) == 0


def test_the_blobs_of_an_erased_person_are_known_and_swept(
    database: Database, blobs: FolderBlobs, owner: Actor
) -> None:
    document = _send(database, blobs, owner)
    with database.write() as session:
        keys = cv.list_blob_keys(session, _id(owner))
        assert keys == [f"documents/{document}"]
        cv.mark_for_deletion(session, keys)
        session.execute(delete(PersonRow).where(PersonRow.id == owner.id))
    assert cv.sweep(database, blobs, now() + LATER) == 1
    assert list(blobs.keys("")) == []


def test_a_blob_whose_deletion_failed_is_swept_later(
    database: Database, blobs: FolderBlobs, owner: Actor, tmp_path: Path
) -> None:
    away = Away(tmp_path / "blobs")
    _send(database, away, owner)
    new = _send(database, away, owner)
    with pytest.raises(NotFoundError):
        cv.store_upload(database, away, STRANGER, _id(owner), BytesIO(made.docx()), NAME)
    assert len(list(blobs.keys(""))) == 3
    assert cv.sweep(database, blobs, now() + GRACE_PERIOD / 2) == 0
    assert cv.sweep(database, blobs, now() + LATER) == 2
    assert list(blobs.keys("")) == [f"documents/{new}"]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0


def test_a_cv_of_somebody_who_went_away_meanwhile_is_not_kept(
    database: Database, blobs: FolderBlobs, owner: Actor
) -> None:
    with database.write() as session:
        session.execute(delete(PersonRow).where(PersonRow.id == owner.id))
    with pytest.raises(ConflictError):
        _send(database, blobs, owner)
    assert list(blobs.keys("")) == []


def test_the_trail_names_nothing_personal(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    document = _send(database, blobs, owner)
    cv.load_original(database, blobs, owner, document)
    with database.write() as session:
        session.execute(update(DocumentRow).values(media_type="application/pdf"))
        cv.settle_proposal(session, owner, document)
    assert _entries(database) == [
        ("change", {"what": "received"}),
        ("read", {"what": "original"}),
        ("change", {"what": "settled"}),
    ]


def test_a_blob_that_no_document_names_is_swept(database: Database, blobs: FolderBlobs, owner: Actor) -> None:
    document = _send(database, blobs, owner)
    blobs.put("documents/of-an-older-database", b"sealed")
    assert cv.mark_orphans_for_deletion(database, blobs) == 1
    cv.sweep(database, blobs, now() + LATER)
    assert list(blobs.keys("")) == [f"documents/{document}"]
