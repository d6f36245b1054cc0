"""Everything that is kept of a person, as plain values in sections."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from oim.features import applications, consents, cv, following, messages, people, profile
from oim.features.access import Action, Actor, Resource, Subject, mandates_of, permit
from oim.features.audit import about
from oim.features.matching.batch import digest_of
from oim.kit.blobs import Blobs
from oim.kit.clock import now
from oim.kit.db import Database, WriteSession

SECTIONS = (
    "account",
    "consents",
    "profile",
    "documents",
    "saved_offers",
    "dismissed_offers",
    "saved_searches",
    "recommendations",
    "applications",
    "messages",
    "helpers",
    "trail",
)


def export(database: Database, blobs: Blobs, actor: Actor, person: UUID) -> dict[str, Any]:
    """The sections, ready for JSON; documents with their files in Base64. Raises NotFoundError."""
    with database.write() as session:
        told = sections(session, actor, person)
    for document in told["documents"]:
        _, content = cv.original(database, blobs, actor, UUID(document["id"]))
        document["content"] = b64encode(content).decode()
    return {"exported_at": now().isoformat(), **told}


def sections(session: WriteSession, actor: Actor, person: UUID) -> dict[str, Any]:
    """The sections without the files. Raises NotFoundError."""
    grant = permit(session, actor, Action.READ, Subject(Resource.EXPORT, person=person))
    told: Mapping[str, Any] = {
        "account": people.get(session, actor, person),
        "consents": consents.history(session, actor, person),
        "profile": profile.read(session, actor, person),
        "documents": cv.documents_of(session, actor, person),
        "saved_offers": [(one.offer.id, one.at) for one in following.saved(session, actor, person)],
        "dismissed_offers": following.dismissed(session, actor, person),
        "saved_searches": following.searches(session, actor, person),
        "recommendations": digest_of(session, person),
        "applications": applications.mine(session, actor, person),
        "messages": messages.sent_to(session, grant),
        "helpers": mandates_of(session, actor, person),
        "trail": trail(session, actor, person),
    }
    plain: dict[str, Any] = to_jsonable_python(told)
    return plain


def trail(session: WriteSession, actor: Actor, person: UUID) -> Any:
    """Who reached what of a person, newest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.TRAIL, person=person))
    return about(session, person)
