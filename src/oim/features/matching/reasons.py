"""The rules of explaining, one for each feature of the score: which facts made it what it is.

A feature that is the greater of two is told by the one that decided it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from oim.features import places
from oim.features.matching import feature_scores
from oim.features.matching.ranking import FITTING_MEANING, MEANING, TITLE, WORDS, Ranked, years_asked
from oim.features.matching.types import Reason, ReasonCode
from oim.features.matching.understanding import Understanding
from oim.features.opportunities import Gender
from oim.features.places import Place
from oim.kit.clock import CAMEROON

SAID_MOST = 4  # words named in one reason
NEAR_KM = 150.0  # farther off, a distance is no reason
RECENT_DAYS, KNOWN_DAYS = 30, 90
RELATED = 0.4  # of two occupations of one sub-major group
_LEVELS = (ReasonCode.SAME_COMMUNE, ReasonCode.SAME_DEPARTMENT, ReasonCode.SAME_REGION)

Rule = Callable[[Understanding, Ranked], Iterator[Reason]]


def _text(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    """A title that is like what was said is told by the words in common, where there are any."""
    by_words = bool(ranked.said and understanding.own_words)
    meaning, worded, titled = MEANING * ranked.meaning, WORDS * ranked.worded, TITLE * ranked.titled
    worded += titled if by_words else 0.0
    meaning += titled if ranked.meaning and not by_words else 0.0
    share = ranked.parts.get("text", 0.0) / (ranked.features.get("text", 0.0) or 1.0)
    if by_words:
        yield Reason(ReasonCode.WORDS, {"words": list(ranked.said[:SAID_MOST])}, worded * share)
    near = ranked.meaning >= FITTING_MEANING
    yield Reason(ReasonCode.MEANING if near else ReasonCode.LIKENESS, {}, meaning * share)


def _occupation(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    _, link, likeness = feature_scores.trade(understanding, ranked.hit.card)
    if link and likeness >= RELATED:
        named = link.occupation
        code = ReasonCode.OCCUPATION if likeness == 1.0 else ReasonCode.RELATED_OCCUPATION
        code = ReasonCode.MEANT_OCCUPATION if link.meant else code
        values = {"code": named.isco, "label_fr": named.label_fr, "label_en": named.label_en}
        yield Reason(code, values, ranked.parts.get("occupation", 0.0))


def _place(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    card, weight, own = ranked.hit.card, ranked.parts.get("place", 0.0), understanding.place
    if ranked.named:
        yield Reason(ReasonCode.NAMED_PLACE, {"place": card.locality}, weight)
    elif own is not None and not feature_scores.place(own, card, ranked.km)[1]:
        yield from _shared(understanding, own, (card.commune, card.department, card.region), weight)
    elif own is not None and ranked.km is not None and ranked.km <= NEAR_KM:
        of = {"of": understanding.named} if understanding.named else {}
        yield Reason(ReasonCode.DISTANCE, {"km": round(ranked.km), **of}, weight)


def _shared(
    understanding: Understanding, own: Place, around: tuple[str | None, ...], weight: float
) -> Iterator[Reason]:
    """The smallest place that an offer shares with the place named, else with where the person lives."""
    lineage = {place.code for place in places.lineage(own.code)}
    if understanding.named and own.code in around:
        yield Reason(ReasonCode.NAMED_PLACE, {"place": understanding.named}, weight)
        return
    for code, theirs in zip(_LEVELS, around, strict=True):
        if theirs in lineage:
            of = {"of": understanding.named} if understanding.named else {}
            yield Reason(ReasonCode.AROUND if of else code, {"place": theirs, **of}, weight)
            return


def _kind(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    if ranked.hit.card.kind in understanding.kinds:
        yield Reason(ReasonCode.KIND, {"kind": ranked.hit.card.kind.value}, ranked.parts.get("kind", 0.0))


def _time(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    card = ranked.hit.card
    days = (_day(understanding.filters.at.timestamp()) - _day(card.published_at)).days
    if 0 <= days <= KNOWN_DAYS:
        stated = ReasonCode.RECENT if days <= RECENT_DAYS else ReasonCode.EARLIER
        weight = ranked.parts.get("freshness", 0.0)
        yield Reason(stated if card.dated else ReasonCode.FOUND, {"days": days}, weight)


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, CAMEROON).date()


def _experience(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    years, asked = understanding.experience, years_asked(ranked.hit.card)
    weight = ranked.parts.get("experience", 0.0)
    if years is None:
        return
    if asked is None:
        yield Reason(ReasonCode.NO_EXPERIENCE, {}, weight)
    elif asked == 0:
        yield Reason(ReasonCode.BEGINNERS, {}, weight)
    elif years >= asked:
        yield Reason(ReasonCode.EXPERIENCE_FITS, {"years": asked}, weight)


def _eligibility(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    card, filters, weight = ranked.hit.card, understanding.filters, ranked.parts.get("eligibility", 0.0)
    told = feature_scores.conditions(understanding, card)
    if not told:
        yield Reason(ReasonCode.OPEN_TO_ALL, {}, weight)
    each = weight / max(1, sum(told))
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


RULES: tuple[Rule, ...] = (_text, _occupation, _place, _kind, _time, _experience, _eligibility)
