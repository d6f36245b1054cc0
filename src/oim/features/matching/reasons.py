"""The rules of explaining, one for each feature of the score: which facts made it what it is.

A feature that is the greater of two is told by the one that decided it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from oim.features import places
from oim.features.matching.answer import Reason, ReasonCode
from oim.features.matching.ranking import (
    MIN_SEMANTIC_SIMILARITY,
    SEMANTIC_SHARE,
    TITLE_SHARE,
    WORD_SHARE,
    RankedOffer,
)
from oim.features.matching.understanding import Understanding
from oim.features.opportunities import Gender
from oim.features.places import Place
from oim.kit.clock import CAMEROON

MAX_WORDS = 4  # words named in one reason
NEAR_KM = 150.0  # farther off, a distance is no reason
RECENT_DAYS, MAX_AGE_DAYS = 30, 90
MIN_RELATED_SIMILARITY = 0.4  # of two occupations of one sub-major group
_SHARED_PLACE_CODES = (ReasonCode.SAME_COMMUNE, ReasonCode.SAME_DEPARTMENT, ReasonCode.SAME_REGION)

Rule = Callable[[Understanding, RankedOffer], Iterator[Reason]]


def _explain_text(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    """A title that is like what was said is told by the words in common, where there are any."""
    by_words = bool(candidate.matched_words and understanding.has_own_words)
    meaning, worded, titled = (
        SEMANTIC_SHARE * candidate.semantic_similarity,
        WORD_SHARE * candidate.word_overlap,
        TITLE_SHARE * candidate.title_likeness,
    )
    worded += titled if by_words else 0.0
    meaning += titled if candidate.semantic_similarity and not by_words else 0.0
    share = candidate.parts.get("text", 0.0) / (candidate.features.get("text", 0.0) or 1.0)
    if by_words:
        yield Reason(ReasonCode.WORDS, {"words": list(candidate.matched_words[:MAX_WORDS])}, worded * share)
    near = candidate.semantic_similarity >= MIN_SEMANTIC_SIMILARITY
    yield Reason(ReasonCode.MEANING if near else ReasonCode.LIKENESS, {}, meaning * share)


def _explain_occupation(_: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    link, similarity = candidate.comparison.occupation_link, candidate.comparison.occupation_similarity
    if link and similarity >= MIN_RELATED_SIMILARITY:
        named = link.occupation
        code = ReasonCode.OCCUPATION if similarity == 1.0 else ReasonCode.RELATED_OCCUPATION
        code = ReasonCode.MEANT_OCCUPATION if link.by_meaning else code
        values = {"code": named.isco, "label_fr": named.label_fr, "label_en": named.label_en}
        yield Reason(code, values, candidate.parts.get("occupation", 0.0))


def _explain_place(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    card, weight, own = candidate.hit.card, candidate.parts.get("place", 0.0), understanding.place
    if candidate.is_place_named:
        yield Reason(ReasonCode.NAMED_PLACE, {"place": card.locality}, weight)
    elif own is not None and not candidate.comparison.is_place_by_distance:
        yield from _explain_shared_place(
            understanding, own, (card.commune, card.department, card.region), weight
        )
    elif own is not None and candidate.distance_km is not None and candidate.distance_km <= NEAR_KM:
        of = {"of": understanding.place_as_written} if understanding.place_as_written else {}
        yield Reason(ReasonCode.DISTANCE, {"km": round(candidate.distance_km), **of}, weight)


def _explain_shared_place(
    understanding: Understanding, person_place: Place, offer_places: tuple[str | None, ...], weight: float
) -> Iterator[Reason]:
    """The smallest place that an offer shares with the place named, else with where the person lives."""
    lineage = {place.code for place in places.lineage(person_place.code)}
    if understanding.place_as_written and person_place.code in offer_places:
        yield Reason(ReasonCode.NAMED_PLACE, {"place": understanding.place_as_written}, weight)
        return
    for code, theirs in zip(_SHARED_PLACE_CODES, offer_places, strict=True):
        if theirs in lineage:
            of = {"of": understanding.place_as_written} if understanding.place_as_written else {}
            yield Reason(ReasonCode.AROUND if of else code, {"place": theirs, **of}, weight)
            return


def _explain_kind(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    if candidate.hit.card.kind in understanding.kinds:
        yield Reason(
            ReasonCode.KIND, {"kind": candidate.hit.card.kind.value}, candidate.parts.get("kind", 0.0)
        )


def _explain_freshness(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    card = candidate.hit.card
    days = (_to_local_date(understanding.filters.at.timestamp()) - _to_local_date(card.published_at)).days
    if 0 <= days <= MAX_AGE_DAYS:
        stated = ReasonCode.RECENT if days <= RECENT_DAYS else ReasonCode.EARLIER
        weight = candidate.parts.get("freshness", 0.0)
        yield Reason(stated if card.dated else ReasonCode.FOUND, {"days": days}, weight)


def _to_local_date(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, CAMEROON).date()


def _explain_experience(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    years, asked = understanding.experience_years, candidate.comparison.required_years
    weight = candidate.parts.get("experience", 0.0)
    if years is None:
        return
    if asked is None:
        yield Reason(ReasonCode.NO_EXPERIENCE, {}, weight)
    elif asked == 0:
        yield Reason(ReasonCode.BEGINNERS, {}, weight)
    elif years >= asked:
        yield Reason(ReasonCode.EXPERIENCE_FITS, {"years": asked}, weight)


def _explain_eligibility(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    card, filters, weight = candidate.hit.card, understanding.filters, candidate.parts.get("eligibility", 0.0)
    conditions = candidate.comparison.met_conditions
    if not conditions:
        yield Reason(ReasonCode.OPEN_TO_ALL, {}, weight)
    each = weight / max(1, sum(conditions))
    for status in filters.statuses or ():
        if status in card.statuses:
            yield Reason(ReasonCode.FOR_STATUS, {"status": status.value}, each)
            break
    if card.gender is Gender.FEMALE and filters.gender is Gender.FEMALE:
        yield Reason(ReasonCode.FOR_WOMEN, {}, each)
    age, limited = filters.age, card.age_min is not None or card.age_max is not None
    if age is not None and limited and (card.age_min or 0) < age <= (card.age_max or age):
        yield Reason(ReasonCode.AGE_FITS, {"age_min": card.age_min, "age_max": card.age_max}, each)
    if filters.region and any(code.startswith(filters.region) for code in card.regions):
        yield Reason(ReasonCode.FOR_REGION, {"place": filters.region}, each)
    level = filters.education
    if card.education_min is not None and level is not None and level >= card.education_min:
        yield Reason(ReasonCode.EDUCATION_FITS, {"level": card.education_min}, each * 0.9)


RULES: tuple[Rule, ...] = (
    _explain_text,
    _explain_occupation,
    _explain_place,
    _explain_kind,
    _explain_freshness,
    _explain_experience,
    _explain_eligibility,
)
