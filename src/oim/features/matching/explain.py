"""Last stage: why an offer stands where it does, in codes that each channel puts into words.

Every reason states a fact of the offer and the profile; its weight is what it added to the score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from oim.features import places
from oim.features.matching.rank import FITTING_MEANING, Ranked, years_asked
from oim.features.matching.types import Reason, ReasonCode, Recommendation
from oim.features.matching.understand import Understanding
from oim.features.opportunities import Gender
from oim.features.places import Place
from oim.kit.clock import CAMEROON

MOST = 4
SAID_MOST = 4  # words named in one reason
NEAR_KM = 60.0
SOON_DAYS = 10
RECENT_DAYS = 30

_LEVELS = (ReasonCode.SAME_COMMUNE, ReasonCode.SAME_DEPARTMENT, ReasonCode.SAME_REGION)
_Rule = Callable[[Understanding, Ranked], Iterator[Reason]]


def explain(understanding: Understanding, ranked: Ranked, rank: int) -> Recommendation:
    """The recommendation of a chosen candidate, its reasons heaviest first."""
    reasons = sorted(
        (reason for rule in _RULES for reason in rule(understanding, ranked)), key=lambda r: -r.weight
    )
    return Recommendation(
        id=ranked.hit.id,
        rank=rank,
        score=round(ranked.score, 4),
        parts={name: round(part, 4) for name, part in ranked.parts.items()},
        reasons=tuple(reasons[:MOST]),
        card=ranked.hit.card,
    )


def _text(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    weight = ranked.parts.get("text", 0.0)
    if ranked.said and understanding.own_words:
        yield Reason(ReasonCode.WORDS, {"words": list(ranked.said[:SAID_MOST])}, weight)
    if ranked.meaning >= FITTING_MEANING:
        yield Reason(ReasonCode.MEANING, {}, weight * (0.5 if ranked.said else 1.0))


def _occupation(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    for link in understanding.occupations:
        codes = ranked.hit.card.occupations
        if link.occupation.isco in codes:
            named = link.occupation
            values = {"code": named.isco, "label_fr": named.label_fr, "label_en": named.label_en}
            yield Reason(ReasonCode.OCCUPATION, values, ranked.parts.get("occupation", 0.0))
            return


def _place(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    card, weight, own = ranked.hit.card, ranked.parts.get("place", 0.0), understanding.place
    if ranked.named:
        yield Reason(ReasonCode.NAMED_PLACE, {"place": card.locality}, weight)
    if ranked.named or own is None:
        return
    around = (card.commune, card.department, card.region)
    if understanding.named and own.code in around:
        yield Reason(ReasonCode.NAMED_PLACE, {"place": understanding.named}, weight)
    elif not understanding.named:
        yield from _shared(own, around, weight)
    if ranked.km is not None and 1 <= ranked.km <= NEAR_KM:
        of = {"of": understanding.named} if understanding.named else {}
        yield Reason(ReasonCode.DISTANCE, {"km": round(ranked.km), **of}, weight * 0.9)


def _shared(home: Place, around: tuple[str | None, ...], weight: float) -> Iterator[Reason]:
    """The smallest place that an offer shares with where the person lives."""
    lineage = {place.code for place in places.lineage(home.code)}
    for code, theirs in zip(_LEVELS, around, strict=True):
        if theirs in lineage:
            yield Reason(code, {"place": theirs}, weight)
            return


def _kind(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    if ranked.hit.card.kind in understanding.kinds:
        yield Reason(ReasonCode.KIND, {"kind": ranked.hit.card.kind.value}, ranked.parts["kind"])
    if ranked.hit.card.remote:
        yield Reason(ReasonCode.REMOTE, {}, 0.0)


def _time(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    card, today = ranked.hit.card, _day(understanding.filters.at.timestamp())
    days = (today - _day(card.published_at)).days
    if card.dated and 0 <= days <= RECENT_DAYS:
        yield Reason(ReasonCode.RECENT, {"days": days}, ranked.parts["freshness"])
    if card.valid_through is not None:
        left = (_day(card.valid_through) - today).days
        if 0 <= left <= SOON_DAYS:
            yield Reason(ReasonCode.CLOSES_SOON, {"days": left}, 0.005)


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, CAMEROON).date()


def _eligibility(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    card, profile = ranked.hit.card, understanding.profile
    weight = ranked.parts["eligibility"]
    if years_asked(card) == 0 and understanding.experience is not None:
        yield Reason(ReasonCode.BEGINNERS, {}, ranked.parts.get("experience", 0.0))
    for status in profile.statuses:
        if status in card.statuses:
            yield Reason(ReasonCode.FOR_STATUS, {"status": status.value}, weight)
            break
    if card.gender is Gender.FEMALE and profile.gender is Gender.FEMALE:
        yield Reason(ReasonCode.FOR_WOMEN, {}, weight)
    age, limited = understanding.filters.age, card.age_min is not None or card.age_max is not None
    if age is not None and limited and (card.age_min or 0) < age <= (card.age_max or age):
        values = {"age_min": card.age_min, "age_max": card.age_max}
        yield Reason(ReasonCode.AGE_FITS, values, weight)
    if card.education_min is not None and profile.education is not None:
        yield Reason(ReasonCode.EDUCATION_FITS, {"level": card.education_min}, weight * 0.9)


_RULES: tuple[_Rule, ...] = (_text, _occupation, _place, _kind, _time, _eligibility)
