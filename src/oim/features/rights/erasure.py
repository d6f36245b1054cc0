"""Erasing a person: from every table, the file store and the sessions, and again after a restore.

Each erasure is first written to a journal outside the database, under an id that then names nobody. After a
crash half-way, or when an older database is restored, `replay_journal` completes the erasures from it.
"""

from __future__ import annotations

from uuid import UUID

from oim.features import applications, cv, events, people, trust
from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Resource, Subject, permit
from oim.features.sign_in import Sessions
from oim.kit.blobs import Blobs
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database, delete_stored_results
from oim.kit.errors import NotFoundError

JOURNAL_PREFIX = "erasures/"  # of keys in the file store; the rest of the key is the person's id


def erase(database: Database, blobs: Blobs, sessions: Sessions, actor: Actor, person: UUID) -> None:
    """Erase a person; counts without names remain. Raises NotFoundError, UnavailableError."""
    with database.write() as session:
        permit(session, actor, Action.ERASE, Subject(Resource.PERSON, person=person))
        if not people.exists(session, person):
            raise NotFoundError(NOT_FOUND_MESSAGE)
    # Before anything is deleted, so that a process killed from here on leaves the erasure to the journal.
    blobs.put(f"{JOURNAL_PREFIX}{person}", now().astimezone(CAMEROON).date().isoformat().encode())
    _erase(database, blobs, person)
    sessions.end_all(person)


def replay_journal(database: Database, blobs: Blobs) -> int:
    """Erase again everybody who is in the journal and in the database. Returns how many.

    They are back after a restore of an older database, or still there after a crash.
    """
    journal = [UUID(key.removeprefix(JOURNAL_PREFIX)) for key in blobs.keys(JOURNAL_PREFIX)]
    with database.read() as session:
        present = [person for person in journal if people.exists(session, person)]
    for person in present:
        _erase(database, blobs, person)
    return len(present)


def _erase(database: Database, blobs: Blobs, person: UUID) -> None:
    """Delete a person's rows and files in one transaction, whoever asked for it.

    Tables that refer to a person cascade or set NULL, which a house test checks, so deleting the person's row
    deletes the rest.
    """
    with database.write() as session:
        # First: nothing about the person may be added while the rest is listed and deleted.
        people.lock_person(session, person)
        applications.anonymise(session, person)
        trust.erase_report_words(session, person)
        events.cut_pseudonym(session, person)
        delete_stored_results(session, person)
        keys = cv.list_blob_keys(session, person)
        # In the same transaction: if the file store is down, or this process dies, a task deletes them later.
        cv.mark_for_deletion(session, keys)
        people.delete_person(session, person)
    cv.try_delete_blobs(blobs, keys)
