"""Erasing a person: from every table, from the store of files, from the sessions; and again after a restore.

That somebody was erased is written down outside the database first, by an id that then names nobody: whoever
is killed half-way, or restores an older database, erases by that journal.
"""

from __future__ import annotations

from uuid import UUID

from oim.features import applications, cv, people, trust
from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Resource, Subject, permit
from oim.features.sign_in import Sessions
from oim.kit.blobs import Blobs
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database, delete_stored_results
from oim.kit.errors import NotFoundError

JOURNAL_PREFIX = "erasures/"


def erase(database: Database, blobs: Blobs, sessions: Sessions, actor: Actor, person: UUID) -> None:
    """Erase a person. Nameless counts stay. Raises NotFoundError, UnavailableError."""
    with database.write() as session:
        permit(session, actor, Action.ERASE, Subject(Resource.PERSON, person=person))
        if not people.exists(session, person):
            raise NotFoundError(NOT_FOUND_MESSAGE)
    blobs.put(f"{JOURNAL_PREFIX}{person}", now().astimezone(CAMEROON).date().isoformat().encode())
    _erase(database, blobs, person)
    sessions.end_all(person)


def replay_journal(database: Database, blobs: Blobs) -> int:
    """Erase whoever of the journal is there: after a restore, or where somebody was killed; how many."""
    journal = [UUID(key.removeprefix(JOURNAL_PREFIX)) for key in blobs.keys(JOURNAL_PREFIX)]
    with database.read() as session:
        back = [person for person in journal if people.exists(session, person)]
    for person in back:
        _erase(database, blobs, person)
    return len(back)


def _erase(database: Database, blobs: Blobs, person: UUID) -> None:
    """Every table with something of a person lets it go with them: a house test holds them to it."""
    with database.write() as session:
        people.lock_person(session, person)
        applications.anonymise(session, person)
        trust.erase_report_words(session, person)
        delete_stored_results(session, person)
        keys = cv.list_blob_keys(session, person)
        cv.mark_for_deletion(session, keys)  # should the store be away, or this process die
        people.delete_person(session, person)
    cv.try_delete_blobs(blobs, keys)
