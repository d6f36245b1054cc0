"""Profiles that are kept, sealed. The vector of a profile's text is computed once for each change of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from oim.features.matching.index import Vector
from oim.features.matching.models import DigestRow, ProfileRow
from oim.features.matching.ports import Embedder
from oim.features.matching.profile import PROFILE, Profile
from oim.features.matching.understanding import understand
from oim.kit.clock import now
from oim.kit.db import Database, ReadSession, WriteSession, seal, unseal, unseal_bytes
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark


def save_profile(session: WriteSession, person: UUID, profile_json: str, *, matched: bool) -> None:
    """Keep a person's profile, the JSON of a `Profile` or of more; as it is kept already, it changes nothing.

    `matched`: whether offers may be chosen by it.
    """
    held = session.get(ProfileRow, person, with_for_update=True)
    if held is not None and held.matched == matched and _unseal_profile_json(session, held) == profile_json:
        return
    values = {
        "profile": seal(session, ProfileRow.profile, person, profile_json),
        "matched": matched,
        "embedder": None,
        "vector": None,
        "changed_at": now(),
    }
    row = insert(ProfileRow).values(id=person, **values)
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))
    if not matched:
        session.execute(delete(DigestRow).where(DigestRow.person_id == person))
    session.expire_all()


def load_profile_json(session: ReadSession, person: UUID) -> str | None:
    """What a person told, as the JSON of whatever was kept."""
    held = session.get(ProfileRow, person)
    return None if held is None else _unseal_profile_json(session, held)


def _unseal_profile_json(session: ReadSession, row: ProfileRow) -> str:
    return unseal(session, ProfileRow.profile, row.id, row.profile)


def unseal_profile(session: ReadSession, row: ProfileRow) -> Profile:
    """The profile of a row, as far as matching reads it."""
    return PROFILE.validate_json(_unseal_profile_json(session, row))


def count_matched_profiles(session: ReadSession) -> int:
    """How many profiles offers may be chosen by."""
    return session.scalar(select(func.count()).select_from(ProfileRow).where(ProfileRow.matched)) or 0


def load_profile_and_vector(
    database: Database, embedder: Embedder, person: UUID
) -> tuple[Profile, Vector | None]:
    """A kept profile and the vector of its text, computed if this embedder has not. Raises NotFoundError."""
    with database.read() as session:
        held = session.get(ProfileRow, person)
        if held is None or not held.matched:
            raise NotFoundError(mark("Nobody is known by the number %(person)s."), person=person)
        profile = unseal_profile(session, held)
    text = understand(profile, now()).query_text
    vector = get_or_embed_profiles(database, [held], [text], embedder)[0] if text else None
    return profile, vector


def get_or_embed_profiles(
    database: Database, rows: Sequence[ProfileRow], texts: Sequence[str], embedder: Embedder
) -> Vector:
    """The vectors of these texts, shape (texts, dimension): those kept, else embedded now, and kept then.

    That of an empty text is zero.
    """
    found = np.zeros((len(rows), embedder.dimension), np.float32)
    lacking = []
    with database.read() as session:
        for place, (row, text) in enumerate(zip(rows, texts, strict=True)):
            if row.vector is not None and row.embedder == embedder.url:
                kept = unseal_bytes(session, ProfileRow.vector, row.id, row.vector)
                found[place] = np.frombuffer(kept, "<f4")
            elif text:
                lacking.append(place)
    if lacking:
        found[lacking] = embedder.embed_queries([texts[place] for place in lacking])
        _store_vectors(database, embedder.url, [(rows[place], found[place]) for place in lacking])
    return found


def _store_vectors(
    database: Database, embedder_url: str, row_vectors: Sequence[tuple[ProfileRow, Vector]]
) -> None:
    """Keep vectors made again, unless the profile has changed meanwhile."""
    here = ProfileRow.id == bindparam("person"), ProfileRow.changed_at == bindparam("seen")
    news = update(ProfileRow).where(*here).values(embedder=embedder_url, vector=bindparam("made"))
    with database.write() as session:
        rows: list[dict[str, Any]] = [
            {
                "person": row.id,
                "seen": row.changed_at,
                "made": seal(session, ProfileRow.vector, row.id, pack_float32(vector)),
            }
            for row, vector in row_vectors
        ]
        session.connection().execute(news, rows)


def pack_float32(vector: Vector) -> bytes:
    """A vector as it is kept, before it is sealed."""
    return vector.astype("<f4").tobytes()
