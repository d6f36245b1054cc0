"""Exporting everything that is stored about a person, as plain values in named sections."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from oim.features import applications, consents, cv, following, messages, people, profile, trust
from oim.features.access import Action, Actor, Resource, Subject, list_mandates, permit
from oim.features.audit import TrailEntry, list_entries, list_entries_by_others
from oim.features.matching import load_digest
from oim.features.sign_in import find_pin_request
from oim.kit.blobs import Blobs
from oim.kit.clock import now
from oim.kit.db import Database, WriteSession
from oim.kit.errors import NotFoundError

# Fields whose name in the exported file is not the one in the code: people and programs that read earlier
# exports rely on the names in the file. By section.
_EXPORTED_NAMES = {"consents": {"agreed": "given"}, "saved_searches": {"search": "wanted"}}


def export(database: Database, blobs: Blobs, actor: Actor, person: UUID) -> dict[str, Any]:
    """Export the sections, ready for JSON, with the files of documents in Base64. Raises NotFoundError."""
    with database.write() as session:
        sections: dict[str, Any] = to_jsonable_python(collect_personal_data(session, actor, person))
    for name, names in _EXPORTED_NAMES.items():
        sections[name] = [
            {names.get(key, key): value for key, value in row.items()} for row in sections[name]
        ]
    # After the transaction: files are read from the store, which may be slow, while no session is open.
    for document in sections["documents"]:
        document["content"] = _read_content(database, blobs, actor, UUID(document["id"]))
    return {"exported_at": now().isoformat(), **sections}


def _read_content(database: Database, blobs: Blobs, actor: Actor, document: UUID) -> str | None:
    """Read the file of a document, in Base64. None if the file is missing, as after a restore."""
    try:
        _, content = cv.load_original(database, blobs, actor, document)
    except NotFoundError:
        return None
    return b64encode(content).decode()


def collect_personal_data(session: WriteSession, actor: Actor, person: UUID) -> dict[str, Any]:
    """Collect all data about a person, by section, except the content of files. Raises NotFoundError."""
    grant = permit(session, actor, Action.READ, Subject(Resource.EXPORT, person=person))
    return {
        "account": people.get(session, actor, person),
        "consents": consents.load_history(session, actor, person),
        "profile": profile.load_record(session, actor, person),
        "documents": [
            asdict(document) | {"proposal": cv.load_proposal(session, actor, document.id)}
            for document in cv.list_documents(session, actor, person)
        ],
        "saved_offers": following.list_saved(session, actor, person),
        "dismissed_offers": following.list_dismissed(session, actor, person),
        "saved_searches": following.list_searches(session, actor, person),
        "recommendations": load_digest(session, person),
        "applications": applications.list_for_person(session, actor, person),
        "messages": messages.list_messages(session, grant),
        "reports": trust.list_reports(session, grant),
        "new_pin_serves_from": find_pin_request(session, actor, person),
        "helpers": list_mandates(session, actor, person),
        # Without the entries of this export itself: they are written when the session commits.
        "trail": list_trail_entries(session, actor, person),
    }


def list_trail_entries(
    session: WriteSession, actor: Actor, person: UUID, *, by_others: bool = False
) -> Sequence[TrailEntry]:
    """List who accessed which data about a person, newest first. Raises NotFoundError.

    `by_others` leaves out what the person and the system did.
    """
    permit(session, actor, Action.READ, Subject(Resource.TRAIL, person=person))
    return list_entries_by_others(session, person) if by_others else list_entries(session, person)
