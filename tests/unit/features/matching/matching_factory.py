"""Cards, profiles and candidates for the tests of matching, and eligibility written out a second time."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from hypothesis import strategies as st

from oim.features import places
from oim.features.matching import bm25
from oim.features.matching.index import Card, Hit
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import RankedOffer, rank
from oim.features.matching.understanding import Understanding, understand
from oim.features.opportunities import Gender, Kind, Status

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = 86400.0
COSINES = (0.2, 0.8)
VOCABULARY_TEXT = (
    "couturière tailleur soudeur plombier infirmier nurse welder poultry poulets élevage prêt loan formation "
    "training emploi boulot atelier machine débutant marché champ maïs gardien informatique crédit"
)
VOCABULARY = VOCABULARY_TEXT.split()
STOP_WORDS = ("je", "cherche", "un", "de", "la", "want")
PLACES = (
    "CM-OU",
    "CM-LT",
    "CM-LT-01",
    "CM-OU-01",
    "CM-SW-01",
    "CM-OU-0101",
    "CM-LT-0101",
    "CM-NO-01",
    "CM-NO",
)
TRADES = ("7531", "7532", "7212", "7126", "2221", "6122", "9999")
BODIES = ("MC2", "CAMCCUL", "Coopérative des éleveurs")
PAPERS = ("CNI ou récépissé", "plan d'affaires simple", "permis B", "CV")
NEXT_LEVEL = {0: 1, 1: 2, 2: 3, 3: 5, 4: 5, 5: 6, 6: 7, 7: 8, 8: 8}
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=5, unique=True)
AGES = st.none() | st.integers(14, 70)
LEVELS = st.none() | st.integers(0, 8)
YEARS = st.none() | st.integers(0, 12)


def located(code: str | None) -> dict[str, Any]:
    """The place fields of a card or of a profile, by the code of the place."""
    codes = {place.level: place.code for place in places.lineage(code or "")}
    return {level: codes.get(level) for level in ("region", "department", "commune")}


@st.composite
def cards(draw: st.DrawFn) -> Card:
    words = draw(WORDS)
    code = draw(st.none() | st.sampled_from(PLACES))
    place = places.get(code) if code else None
    has_coordinates = place is not None and draw(st.booleans())
    return Card(
        title=" ".join(words) or "offre",
        country="CM" if place else draw(st.sampled_from(("FR", None))),
        dated=draw(st.booleans()),
        kind=draw(st.sampled_from(Kind)),
        organisation=draw(st.none() | st.sampled_from(("Mutuelle", "Coopérative"))),
        locality=draw(st.none() | st.sampled_from(("Lyon", "Saint-Denis (93)"))) if place is None else None,
        latitude=place.latitude + draw(st.floats(-0.4, 0.4)) if place and has_coordinates else None,
        longitude=place.longitude if place and has_coordinates else None,
        occupations=tuple(draw(st.lists(st.sampled_from(TRADES), max_size=2, unique=True))),
        age_min=draw(AGES),
        age_max=draw(AGES),
        gender=draw(st.none() | st.sampled_from(Gender)),
        statuses=tuple(draw(st.lists(st.sampled_from(Status), max_size=2, unique=True))),
        regions=tuple(draw(st.lists(st.sampled_from(("CM-OU", "CM-LT", "CM-SW")), max_size=2, unique=True))),
        education_min=draw(LEVELS),
        membership=draw(st.none() | st.sampled_from(BODIES)),
        documents=tuple(draw(st.lists(st.sampled_from(PAPERS), max_size=2, unique=True))),
        contribution=draw(st.none() | st.sampled_from((10.0, 20.0))),
        amount_max=draw(st.none() | st.sampled_from((100_000, 500_000))),
        experience_years=draw(YEARS),
        remote=draw(st.none() | st.booleans()),
        published_at=NOW.timestamp() - draw(st.floats(0, 400)) * DAY,
        valid_through=draw(st.none() | st.floats(-5, 40).map(lambda days: NOW.timestamp() + days * DAY)),
        stems=tuple(dict.fromkeys(bm25.stem_text(" ".join(words), "fr"))),
        **located(code),
    )


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    words = [
        *draw(WORDS),
        *draw(st.lists(st.sampled_from((*STOP_WORDS, "Douala", "Bafoussam", "Lyon")), max_size=3)),
    ]
    return Profile(
        text=" ".join(draw(st.permutations(words))),
        birth_year=draw(st.none() | st.integers(1956, 2012)),
        gender=draw(st.none() | st.sampled_from(Gender)),
        statuses=tuple(draw(st.lists(st.sampled_from(Status), max_size=2, unique=True))),
        education=draw(LEVELS),
        occupations=tuple(draw(st.lists(st.sampled_from(TRADES), max_size=2, unique=True))),
        experience_years=draw(YEARS),
        kinds=tuple(draw(st.lists(st.sampled_from(Kind), max_size=2, unique=True))),
        memberships=draw(st.none() | st.lists(st.sampled_from(BODIES), max_size=2, unique=True).map(tuple)),
        documents=draw(st.none() | st.lists(st.sampled_from(PAPERS), max_size=3, unique=True).map(tuple)),
        savings=draw(st.none() | st.sampled_from((0, 10_000, 200_000))),
        **located(draw(st.none() | st.sampled_from(PLACES))),
    )


def hit(number: int, card: Card, cosine: float | None = None) -> Hit:
    return Hit(UUID(int=number), 0.0, card, cosine)


def offer(**card: Any) -> Card:
    """A card published yesterday, a job unless another kind is given."""
    fields = {"title": "offre", "kind": Kind.EMPLOYMENT, "published_at": NOW.timestamp() - DAY, **card}
    return Card(**fields)


def hits(offers: list[Card], cosines: list[float] | None = None) -> list[Hit]:
    by_number: list[float | None] = [*cosines] if cosines else [None] * len(offers)
    return [hit(number, card, by_number[number]) for number, card in enumerate(offers)]


def ranked(profile: Profile, candidates: list[Hit]) -> tuple[Understanding, list[RankedOffer]]:
    understanding = understand(profile, NOW)
    return understanding, rank(understanding, candidates, COSINES)


def eligible(profile: Profile, card: Card) -> bool:
    """Whether a person meets the conditions of an offer; what is not known of them excludes nothing."""
    age = NOW.year - profile.birth_year if profile.birth_year else None
    return within_reach(profile, card) and all(
        (
            age is None or card.age_min is None or age >= card.age_min,
            profile.education is None
            or card.education_min is None
            or profile.education >= card.education_min,
        )
    )


def within_reach(profile: Profile, card: Card) -> bool:
    """Whether the index may return an offer, which may require one more year or certificate."""
    age = NOW.year - profile.birth_year if profile.birth_year else None
    young = {Status.YOUTH} if age is None or age <= 36 else set()
    return all(
        (
            card.valid_through is None or card.valid_through >= NOW.timestamp(),
            not profile.kinds or card.kind in profile.kinds,
            age is None or card.age_min is None or age + 1 >= card.age_min,
            age is None or card.age_max is None or age - 1 <= card.age_max,
            profile.gender is None or card.gender in (None, profile.gender),
            not profile.statuses or not card.statuses or bool({*profile.statuses, *young} & {*card.statuses}),
            profile.region is None or not card.regions or profile.region in card.regions,
            profile.education is None
            or card.education_min is None
            or NEXT_LEVEL[profile.education] >= card.education_min,
        )
    )


def unit(*values: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    vector = np.array(values, np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
