"""Profiles that are kept: the vector of a profile's text is computed when it changes, not when it is used."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from oim.features.matching.models import ProfileRow
from oim.features.matching.ports import Embedder
from oim.features.matching.types import Profile, Vector
from oim.features.matching.understand import understand
from oim.features.matching.wire import PROFILE
from oim.kit.clock import now
from oim.kit.db import Database, ReadSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark


def remember(database: Database, embedder: Embedder, person: UUID, profile: Profile) -> None:
    """Keep a profile; one that is kept already, as it is, changes nothing and embeds nothing."""
    told = PROFILE.dump_python(profile, mode="json")
    with database.read() as session:
        held = session.get(ProfileRow, person)
        if held and held.profile == told and held.embedder == embedder.url:
            return
    at = now()
    text = understand(profile, at).text
    values = {
        "profile": told,
        "embedder": embedder.url,
        "vector": pack(embedder.embed_queries([text])[0]) if text else None,
        "changed_at": at,
    }
    row = insert(ProfileRow).values(id=person, **values)
    with database.write() as session:
        session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))


def count(session: ReadSession) -> int:
    """How many profiles are kept."""
    return session.scalar(select(func.count()).select_from(ProfileRow)) or 0


def known(database: Database, embedder_url: str, person: UUID) -> tuple[Profile, Vector | None]:
    """A kept profile, with the vector of its text if this embedder made it. Raises NotFoundError."""
    with database.read() as session:
        held = session.get(ProfileRow, person)
        if held is None:
            raise NotFoundError(mark("Nobody is known by the number %(person)s."), person=person)
        kept = held.vector if held.embedder == embedder_url else None
        vector = None if kept is None else np.frombuffer(kept, "<f4")
        return PROFILE.validate_python(held.profile), vector


def vectors_of(
    database: Database, rows: Sequence[ProfileRow], texts: Sequence[str], embedder: Embedder
) -> Vector:
    """The vectors of these texts, shape (texts, dimension): those kept, else embedded now, and kept then.

    That of an empty text is zero.
    """
    found = np.zeros((len(rows), embedder.dimension), np.float32)
    lacking = []
    for place, (row, text) in enumerate(zip(rows, texts, strict=True)):
        if row.vector is not None and row.embedder == embedder.url:
            found[place] = np.frombuffer(row.vector, "<f4")
        elif text:
            lacking.append(place)
    if lacking:
        found[lacking] = embedder.embed_queries([texts[place] for place in lacking])
        _keep(database, embedder.url, [(rows[place], found[place]) for place in lacking])
    return found


def _keep(database: Database, embedder_url: str, made: Sequence[tuple[ProfileRow, Vector]]) -> None:
    """Keep vectors made again, unless the profile has changed meanwhile."""
    here = ProfileRow.id == bindparam("person"), ProfileRow.changed_at == bindparam("seen")
    news = update(ProfileRow).where(*here).values(embedder=embedder_url, vector=bindparam("made"))
    rows = [{"person": row.id, "seen": row.changed_at, "made": pack(vector)} for row, vector in made]
    with database.write() as session:
        session.connection().execute(news, rows)


def pack(vector: Vector) -> bytes:
    """A vector as it is kept."""
    return vector.astype("<f4").tobytes()
