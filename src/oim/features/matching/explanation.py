"""Last stage: explain why an offer stands where it does and what would lift it, in codes that channels word.

Every reason states a fact of the offer and the person, and carries what that fact added to the score: a fact
that added nothing is no reason. The rules that produce reasons are in `reasons`; here they are selected.
"""

from __future__ import annotations

from oim.features.matching.answer import MissingInfo, Reason, ReasonCode, Recommendation
from oim.features.matching.ranking import RankedOffer
from oim.features.matching.reasons import RULES
from oim.features.matching.understanding import Understanding

MAX_REASONS, MIN_REASONS = 4, 2
MIN_REASON_WEIGHT = 0.001  # of the score: a smaller part does not change any order

# True, but they say little: shown only where an offer would have fewer than `MIN_REASONS` reasons.
FILLER_CODES = frozenset(
    (
        ReasonCode.LIKENESS,
        ReasonCode.OPEN_TO_ALL,
        ReasonCode.NO_EXPERIENCE,
        ReasonCode.EARLIER,
        ReasonCode.FIRST_SEEN,
    )
)
_VAGUE_CODES = FILLER_CODES | {ReasonCode.MEANING}  # listed after reasons that name something concrete


def explain(understanding: Understanding, candidate: RankedOffer, rank: int) -> Recommendation:
    """The recommendation of a chosen candidate: its score, its best reasons, and what could improve it."""
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
    """The heaviest reasons, at most `MAX_REASONS`, filled up to `MIN_REASONS`; concrete ones first."""
    reasons = [reason for rule in RULES for reason in rule(understanding, candidate)]
    heaviest_first = sorted(reasons, key=lambda reason: -reason.weight)
    weighty = [reason for reason in heaviest_first if reason.weight >= MIN_REASON_WEIGHT]
    main = [reason for reason in weighty if reason.code not in FILLER_CODES][:MAX_REASONS]
    fillers = [reason for reason in weighty if reason.code in FILLER_CODES][: max(0, MIN_REASONS - len(main))]
    return tuple(sorted([*main, *fillers], key=lambda reason: (reason.code in _VAGUE_CODES, -reason.weight)))


def _find_improvement(understanding: Understanding, candidate: RankedOffer) -> MissingInfo | None:
    """What the person could add to make this offer match better; None where nothing would."""
    card = candidate.hit.card
    # In the order of their weights in the score: text, place, experience. The first that is missing counts.
    if not understanding.stems:
        return MissingInfo.TEXT
    if understanding.place is None and (card.region or card.latitude is not None):
        return MissingInfo.PLACE
    if understanding.experience_years is None and candidate.comparison.required_years is not None:
        return MissingInfo.EXPERIENCE
    return None
