"""Last stage: why an offer stands where it does, in codes that each channel puts into words.

Every reason states a fact of the offer and the profile; its weight is what it added to the score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oim.features import places
from oim.features.matching.rank import Ranked
from oim.features.matching.types import Reason, ReasonCode, Recommendation
from oim.features.matching.understand import Understanding
from oim.features.opportunities import Gender

MOST = 4
SAID_MOST = 4  # words named in one reason
CLOSE_MEANING = 0.45
NEAR_KM = 60.0
SOON_DAYS = 10
RECENT_DAYS = 30

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


def _text(_: Understanding, ranked: Ranked) -> Iterator[Reason]:
    weight = ranked.parts.get("text", 0.0)
    if ranked.said:
        yield Reason(ReasonCode.WORDS, {"words": list(ranked.said[:SAID_MOST])}, weight)
    if ranked.meaning >= CLOSE_MEANING:
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
    card, weight = ranked.hit.card, ranked.parts.get("place", 0.0)
    if ranked.named:
        yield Reason(ReasonCode.NAMED_PLACE, {"place": card.locality}, weight)
        return
    own = understanding.place
    if own is None:
        return
    levels = (
        (ReasonCode.SAME_COMMUNE, card.commune),
        (ReasonCode.SAME_DEPARTMENT, card.department),
        (ReasonCode.SAME_REGION, card.region),
    )
    lineage = {place.code for place in places.lineage(own.code)}
    for code, theirs in levels:
        if theirs in lineage:
            yield Reason(code, {"place": theirs}, weight)
            break
    if ranked.km is not None and 1 <= ranked.km <= NEAR_KM:
        yield Reason(ReasonCode.DISTANCE, {"km": round(ranked.km)}, weight * 0.9)


def _kind(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    if ranked.hit.card.kind in understanding.kinds:
        yield Reason(ReasonCode.KIND, {"kind": ranked.hit.card.kind.value}, ranked.parts["kind"])
    if ranked.hit.card.remote:
        yield Reason(ReasonCode.REMOTE, {}, 0.0)


def _time(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    card, at = ranked.hit.card, understanding.filters.at.timestamp()
    days = max(0, int((at - card.published_at) // 86400))
    if days <= RECENT_DAYS:
        yield Reason(ReasonCode.RECENT, {"days": days}, ranked.parts["freshness"])
    if card.valid_through is not None and card.valid_through - at <= SOON_DAYS * 86400:
        left = max(0, int((card.valid_through - at) // 86400))
        yield Reason(ReasonCode.CLOSES_SOON, {"days": left}, 0.005)


def _eligibility(understanding: Understanding, ranked: Ranked) -> Iterator[Reason]:
    card, profile = ranked.hit.card, understanding.profile
    weight = ranked.parts["eligibility"]
    if card.experience_years == 0 and understanding.experience is not None:
        yield Reason(ReasonCode.BEGINNERS, {}, ranked.parts.get("experience", 0.0))
    for status in profile.statuses:
        if status in card.statuses:
            yield Reason(ReasonCode.FOR_STATUS, {"status": status.value}, weight)
            break
    if card.gender is Gender.FEMALE and profile.gender is Gender.FEMALE:
        yield Reason(ReasonCode.FOR_WOMEN, {}, weight)
    if understanding.filters.age is not None and (card.age_min is not None or card.age_max is not None):
        values = {"age_min": card.age_min, "age_max": card.age_max}
        yield Reason(ReasonCode.AGE_FITS, values, weight)
    if card.education_min is not None and profile.education is not None:
        yield Reason(ReasonCode.EDUCATION_FITS, {"level": card.education_min}, weight * 0.9)


_RULES: tuple[_Rule, ...] = (_text, _occupation, _place, _kind, _time, _eligibility)
