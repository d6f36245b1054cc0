"""Offers and people for the benchmarks, drawn with a fixed seed.

Texts of offers are recombined from the sample offers. Their vectors are real embeddings of the sample's
passages, each moved by seeded noise, because to embed 100,000 texts would take an hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import numpy as np

from oim.features.ingestion import sample_drafts
from oim.features.matching import (
    Document,
    Embedder,
    Profile,
    Understanding,
    Vector,
    build_document,
    build_passage,
    understand,
)
from oim.features.opportunities import Draft, Opportunity
from oim.kit.clock import now

SEED = 20261123
NOISE = 0.25  # length of the noise added to a unit vector: its cosine to the original is about 0.97
_PROFILE_TEXTS = """\
couturière avec machine|soudeur métallique|I raise chickens and need a loan|chauffeur poids lourd
formation en informatique|cuisinière restaurant|maçon carreleur|agent de sécurité|pisciculture
secrétaire comptable|teacher mathematics|infirmière|mécanicien moto|vendre au marché|coiffeuse
électricien solaire|English teacher|développeur web python|gardien|ménage à domicile"""
PROFILE_TEXTS = tuple(_PROFILE_TEXTS.replace("\n", "|").split("|"))
REGIONS = ("CM-LT", "CM-CE", "CM-OU", "CM-NW", "CM-SW", "CM-EN", "CM-NO", "CM-AD", "CM-ES", "CM-SU")


@dataclass(frozen=True)
class Corpus:
    """The sample offers, with the real vectors of their passages in the same order."""

    drafts: tuple[Draft, ...]
    vectors: Vector

    def documents(self, count: int) -> Iterator[Document]:
        """Yield `count` documents for an index; equal counts give equal documents."""
        rng = np.random.default_rng(SEED)
        at = now()
        for number in range(count):
            # Three sample offers: the first gives title, vector and start of the text, the second the rest of
            # it, the third the place.
            title, body, place = rng.integers(len(self.drafts), size=3)
            draft = replace(
                self.drafts[title],
                external_id=str(number),
                description=self.drafts[title].description[:400] + " " + self.drafts[body].description[:300],
                location=self.drafts[place].location,
                valid_through=None,
            )
            noise = rng.standard_normal((self.vectors.shape[1],), dtype=np.float32)
            moved = self.vectors[title] + NOISE * noise / np.linalg.norm(noise)
            offer = Opportunity(
                id=UUID(int=number + 1), source="bench", draft=draft, first_seen_at=at, changed_at=at
            )
            yield build_document(offer, np.asarray(moved / np.linalg.norm(moved), np.float32))


def build_corpus(embedder: Embedder) -> Corpus:
    """Embed the sample offers, with dates as of a fixed day."""
    drafts = tuple(item for item in sample_drafts(date(2026, 11, 1)) if isinstance(item, Draft))
    return Corpus(drafts, embedder.embed_passages([build_passage(draft) for draft in drafts]))


def build_people(count: int) -> list[Understanding]:
    """Build profiles that are already understood, as the profiles of known people are."""
    rng = np.random.default_rng(SEED)
    at = now()
    people = []
    for number in range(count):
        first = PROFILE_TEXTS[number % len(PROFILE_TEXTS)]
        text = f"{first}, {PROFILE_TEXTS[int(rng.integers(len(PROFILE_TEXTS)))]}"
        profile = Profile(
            text=text,
            birth_year=int(rng.integers(1970, 2008)),
            region=REGIONS[int(rng.integers(len(REGIONS)))],
            education=int(rng.integers(0, 7)),
        )
        people.append(understand(profile, at))
    return people
