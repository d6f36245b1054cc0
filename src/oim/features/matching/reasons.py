"""The rules that explain a score, one for each feature: which facts made the feature what it is.

Where a feature is the greater of two values, the reason names the one that decided it.
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
NEAR_KM = 150.0  # a greater distance is no reason
RECENT_DAYS, MAX_AGE_DAYS = 30, 90
MIN_RELATED_SIMILARITY = 0.4  # similarity of two occupations of one ISCO-08 sub-major group
# In the order of the card's places that they are paired with: commune, department, region.
_SHARED_PLACE_CODES = (ReasonCode.SAME_COMMUNE, ReasonCode.SAME_DEPARTMENT, ReasonCode.SAME_REGION)

Rule = Callable[[Understanding, RankedOffer], Iterator[Reason]]


def _explain_text(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    """Explain the text feature by shared words and by meaning.

    What the similarity of the title added goes to the words in common if there are any, else to the meaning.
    """
    by_words = bool(candidate.matched_words and understanding.has_own_words)
    meaning, overlap, title = (
        SEMANTIC_SHARE * candidate.semantic_similarity,
        WORD_SHARE * candidate.word_overlap,
        TITLE_SHARE * candidate.title_likeness,
    )
    overlap += title if by_words else 0.0
    meaning += title if candidate.semantic_similarity and not by_words else 0.0
    # What one unit of the text feature added to the score, whichever scorer computed it.
    share = candidate.parts.get("text", 0.0) / (candidate.features.get("text", 0.0) or 1.0)
    if by_words:
        yield Reason(ReasonCode.WORDS, {"words": list(candidate.matched_words[:MAX_WORDS])}, overlap * share)
    near = candidate.semantic_similarity >= MIN_SEMANTIC_SIMILARITY
    yield Reason(ReasonCode.MEANING if near else ReasonCode.LIKENESS, {}, meaning * share)


def _explain_occupation(_: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    """Name the person's trade that the offer's is nearest to, unless the two are hardly related."""
    link, similarity = candidate.comparison.occupation_link, candidate.comparison.occupation_similarity
    if link and similarity >= MIN_RELATED_SIMILARITY:
        occupation = link.occupation
        code = ReasonCode.OCCUPATION if similarity == 1.0 else ReasonCode.RELATED_OCCUPATION
        # A trade guessed from the meaning of the text must not be presented as the person's own.
        code = ReasonCode.MEANT_OCCUPATION if link.by_meaning else code
        values = {"code": occupation.isco, "label_fr": occupation.label_fr, "label_en": occupation.label_en}
        yield Reason(code, values, candidate.parts.get("occupation", 0.0))


def _explain_place(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    """Name what decided the place feature: a named place, a shared area, or a short distance."""
    card, weight, place = candidate.hit.card, candidate.parts.get("place", 0.0), understanding.place
    if candidate.is_place_named:
        yield Reason(ReasonCode.NAMED_PLACE, {"place": card.locality}, weight)
    elif place is not None and not candidate.comparison.is_place_by_distance:
        yield from _explain_shared_place(
            understanding, place, (card.commune, card.department, card.region), weight
        )
    elif place is not None and candidate.distance_km is not None and candidate.distance_km <= NEAR_KM:
        origin = _origin_values(understanding)
        yield Reason(ReasonCode.DISTANCE, {"km": round(candidate.distance_km), **origin}, weight)


def _origin_values(understanding: Understanding) -> dict[str, str]:
    """The place that a distance is measured from, if the person named it; empty: where they live."""
    return {"of": understanding.place_as_written} if understanding.place_as_written else {}


def _explain_shared_place(
    understanding: Understanding, person_place: Place, offer_places: tuple[str | None, ...], weight: float
) -> Iterator[Reason]:
    """Name the smallest area that the offer shares with the place named, else with where the person lives.

    `offer_places`: codes of the offer's commune, department and region.
    """
    lineage = {place.code for place in places.lineage(person_place.code)}
    if understanding.place_as_written and person_place.code in offer_places:
        yield Reason(ReasonCode.NAMED_PLACE, {"place": understanding.place_as_written}, weight)
        return
    for code, offer_place in zip(_SHARED_PLACE_CODES, offer_places, strict=True):
        if offer_place in lineage:
            origin = _origin_values(understanding)
            # "Same commune" means the person's own: near a place they only named, it is "around" that place.
            yield Reason(ReasonCode.AROUND if origin else code, {"place": offer_place, **origin}, weight)
            return


def _explain_kind(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    """Name the offer's kind if the person asked for it."""
    if candidate.hit.card.kind in understanding.kinds:
        yield Reason(
            ReasonCode.KIND, {"kind": candidate.hit.card.kind.value}, candidate.parts.get("kind", 0.0)
        )


def _explain_freshness(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    """Name the age of the offer in days, up to `MAX_AGE_DAYS`; none for one dated in the future."""
    card = candidate.hit.card
    days = (_to_local_date(understanding.filters.at.timestamp()) - _to_local_date(card.published_at)).days
    if 0 <= days <= MAX_AGE_DAYS:
        by_age = ReasonCode.RECENT if days <= RECENT_DAYS else ReasonCode.EARLIER
        weight = candidate.parts.get("freshness", 0.0)
        # Without a date from the source, `published_at` is only when we first saw the offer.
        yield Reason(by_age if card.dated else ReasonCode.FIRST_SEEN, {"days": days}, weight)


def _to_local_date(seconds: float) -> date:
    """The calendar day in Cameroon of a time in seconds since 1970."""
    return datetime.fromtimestamp(seconds, CAMEROON).date()


def _explain_experience(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    """Say how the person's years of experience meet what the offer requires; none if they fall short."""
    years, required_years = understanding.experience_years, candidate.comparison.required_years
    weight = candidate.parts.get("experience", 0.0)
    if years is None:
        return
    if required_years is None:
        yield Reason(ReasonCode.NO_EXPERIENCE, {}, weight)
    elif required_years == 0:
        yield Reason(ReasonCode.BEGINNERS, {}, weight)
    elif years >= required_years:
        yield Reason(ReasonCode.EXPERIENCE_FITS, {"years": required_years}, weight)


def _explain_eligibility(understanding: Understanding, candidate: RankedOffer) -> Iterator[Reason]:
    """Name each condition of the offer that the person is known to meet, or that it states none."""
    card, filters, weight = candidate.hit.card, understanding.filters, candidate.parts.get("eligibility", 0.0)
    conditions = candidate.comparison.met_conditions
    if not conditions:
        yield Reason(ReasonCode.OPEN_TO_ALL, {}, weight)
    # The feature is the share of conditions met, so each condition met added an equal part.
    each = weight / max(1, sum(conditions))
    for status in filters.statuses or ():
        if status in card.statuses:
            yield Reason(ReasonCode.FOR_STATUS, {"status": status.value}, each)
            break
    if card.gender is Gender.FEMALE and filters.gender is Gender.FEMALE:
        yield Reason(ReasonCode.FOR_WOMEN, {}, each)
    age, limited = filters.age, card.age_min is not None or card.age_max is not None
    # Strictly above the minimum: at equality the person may have their birthday still to come.
    if age is not None and limited and (card.age_min or 0) < age <= (card.age_max or age):
        yield Reason(ReasonCode.AGE_FITS, {"age_min": card.age_min, "age_max": card.age_max}, each)
    if filters.region and any(code.startswith(filters.region) for code in card.regions):
        yield Reason(ReasonCode.FOR_REGION, {"place": filters.region}, each)
    level = filters.education
    if card.education_min is not None and level is not None and level >= card.education_min:
        # Slightly less than the others: among equal conditions, schooling is named last.
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
