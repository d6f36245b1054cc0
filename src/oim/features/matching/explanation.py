"""Last stage: why an offer stands where it does and what would lift it, in codes for channels to word.

Every reason states a fact of the offer and the person, and carries what that fact added to the score: what
added nothing is no reason. Its rules are in `reasons`.
"""

from __future__ import annotations

from oim.features.matching.answer import MissingInfo, Reason, ReasonCode, Recommendation
from oim.features.matching.ranking import RankedOffer
from oim.features.matching.reasons import RULES
from oim.features.matching.understanding import Understanding

MAX_REASONS, MIN_REASONS = 4, 2
MIN_REASON_WEIGHT = 0.001  # of the score: less moved nothing

# True, but they say little: told only where an offer would have fewer than two reasons.
FILLER_CODES = frozenset(
    (
        ReasonCode.LIKENESS,
        ReasonCode.OPEN_TO_ALL,
        ReasonCode.NO_EXPERIENCE,
        ReasonCode.EARLIER,
        ReasonCode.FOUND,
    )
)
_VAGUE_CODES = FILLER_CODES | {ReasonCode.MEANING}  # read after what names something


def explain(understanding: Understanding, candidate: RankedOffer, rank: int) -> Recommendation:
    """The recommendation of a chosen candidate: its heaviest reasons, what names something first."""
    return Recommendation(
        id=candidate.hit.id,
        rank=rank,
        score=round(candidate.score, 4),
        parts={name: round(part, 4) for name, part in candidate.parts.items()},
        reasons=_select_reasons(understanding, candidate),
        card=candidate.hit.card,
        improve=_find_improvement(understanding, candidate),
    )


def _select_reasons(understanding: Understanding, candidate: RankedOffer) -> tuple[Reason, ...]:
    told = (reason for rule in RULES for reason in rule(understanding, candidate))
    moved = sorted((reason for reason in told if reason.weight >= MIN_REASON_WEIGHT), key=lambda r: -r.weight)
    strong = [reason for reason in moved if reason.code not in FILLER_CODES][:MAX_REASONS]
    weak = [reason for reason in moved if reason.code in FILLER_CODES][: max(0, MIN_REASONS - len(strong))]
    return tuple(sorted([*strong, *weak], key=lambda r: (r.code in _VAGUE_CODES, -r.weight)))


def _find_improvement(understanding: Understanding, candidate: RankedOffer) -> MissingInfo | None:
    """What the person could tell that this offer might gain by."""
    card = candidate.hit.card
    if not understanding.stems:
        return MissingInfo.TEXT
    if understanding.place is None and (card.region or card.latitude is not None):
        return MissingInfo.PLACE
    if understanding.experience_years is None and candidate.comparison.required_years is not None:
        return MissingInfo.EXPERIENCE
    return None
