"""Storage of people's profiles, encrypted, each with the vector of its text.

The vector is computed once for each change of a profile, not for each recommendation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol
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


class EmbedQuery(Protocol):
    """What embeds a person's text in its turn."""

    def __call__(self, text: str, *, known: bool) -> Vector | None:
        """The vector; None where there is no turn in time."""


def save_profile(session: WriteSession, person: UUID, profile_json: str, *, matched: bool) -> None:
    """Save a person's profile: the JSON of a `Profile`, possibly with further fields.

    Saving an identical profile changes nothing, so its vector stays valid. `matched`: whether offers may be
    chosen by it.
    """
    # The row lock makes comparing and writing one step: of two concurrent saves the second waits.
    row = session.get(ProfileRow, person, with_for_update=True)
    if row is not None and row.matched == matched and _unseal_profile_json(session, row) == profile_json:
        return
    values = {
        "profile": seal(session, ProfileRow.profile, person, profile_json),
        "matched": matched,
        # The text may have changed: the old vector would match offers to words the person removed.
        "embedder": None,
        "vector": None,
        "changed_at": now(),
    }
    upsert = insert(ProfileRow).values(id=person, **values)
    session.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=values))
    if not matched:
        session.execute(delete(DigestRow).where(DigestRow.person_id == person))
    # The statements above bypass the session's identity map: without this, `row` would be read stale.
    session.expire_all()


def load_profile_json(session: ReadSession, person: UUID) -> str | None:
    """Load a person's stored profile as the JSON that was saved; None if there is none."""
    row = session.get(ProfileRow, person)
    return None if row is None else _unseal_profile_json(session, row)


def _unseal_profile_json(session: ReadSession, row: ProfileRow) -> str:
    """Decrypt the profile column of a row."""
    return unseal(session, ProfileRow.profile, row.id, row.profile)


def unseal_profile(session: ReadSession, row: ProfileRow) -> Profile:
    """Decrypt a row's profile; fields that matching does not use are ignored."""
    return PROFILE.validate_json(_unseal_profile_json(session, row))


def count_matched_profiles(session: ReadSession) -> int:
    """Count the profiles by which offers may be chosen."""
    return session.scalar(select(func.count()).select_from(ProfileRow).where(ProfileRow.matched)) or 0


def load_profile_and_vector(
    database: Database, embedder_url: str, embed_query: EmbedQuery, person: UUID
) -> tuple[Profile, Vector | None]:
    """Load a stored profile and the vector of its text, embedding it if this embedder has not yet.

    The vector is None for a profile without distinctive words, and where too many are embedded now. Raises
    NotFoundError.
    """
    with database.read() as session:
        row = session.get(ProfileRow, person)
        if row is None or not row.matched:
            raise NotFoundError(mark("Nobody is known by the number %(person)s."), person=person)
        profile = unseal_profile(session, row)
        vector = _unseal_vector(session, row, embedder_url)
    text = understand(profile, now()).query_text
    if not text:
        return profile, None
    if vector is None and (vector := embed_query(text, known=True)) is not None:
        _store_vectors(database, embedder_url, [(row, vector)])
    return profile, vector


def _unseal_vector(session: ReadSession, row: ProfileRow, embedder_url: str) -> Vector | None:
    """Decrypt the vector of a profile; None where it has none of this embedder."""
    # Vectors of different embedders are not comparable: one of another embedder counts as missing.
    if row.vector is None or row.embedder != embedder_url:
        return None
    return np.frombuffer(unseal_bytes(session, ProfileRow.vector, row.id, row.vector), "<f4")


def get_or_embed_profiles(
    database: Database, rows: Sequence[ProfileRow], texts: Sequence[str], embedder: Embedder
) -> Vector:
    """The vectors of profiles' texts: stored ones, and the missing ones embedded and stored now.

    Returns a float32 array of shape (len(texts), dimension); the vector of an empty text is zero.
    """
    vectors = np.zeros((len(rows), embedder.dimension), np.float32)
    missing = []
    with database.read() as session:
        for place, (row, text) in enumerate(zip(rows, texts, strict=True)):
            if (vector := _unseal_vector(session, row, embedder.url)) is not None:
                vectors[place] = vector
            elif text:
                missing.append(place)
    # Embedding is slow: it runs after the session is closed, in one call for all missing texts.
    if missing:
        vectors[missing] = embedder.embed_queries([texts[place] for place in missing])
        _store_vectors(database, embedder.url, [(rows[place], vectors[place]) for place in missing])
    return vectors


def _store_vectors(
    database: Database, embedder_url: str, row_vectors: Sequence[tuple[ProfileRow, Vector]]
) -> None:
    """Store new vectors, unless a profile has changed since its row was read."""
    # Optimistic lock: the update matches no row if `changed_at` moved on while the text was embedded, so a
    # vector of an old text never lands beside a newer profile.
    unchanged = (
        ProfileRow.id == bindparam("person"),
        ProfileRow.changed_at == bindparam("expected_changed_at"),
    )
    statement = (
        update(ProfileRow).where(*unchanged).values(embedder=embedder_url, vector=bindparam("new_vector"))
    )
    with database.write() as session:
        rows: list[dict[str, Any]] = [
            {
                "person": row.id,
                "expected_changed_at": row.changed_at,
                "new_vector": seal(session, ProfileRow.vector, row.id, pack_float32(vector)),
            }
            for row, vector in row_vectors
        ]
        # Through the connection: the ORM session would reject a bulk update with its own WHERE clause.
        session.connection().execute(statement, rows)


def pack_float32(vector: Vector) -> bytes:
    """Encode a vector as little-endian float32, the stored form before it is sealed."""
    return vector.astype("<f4").tobytes()
