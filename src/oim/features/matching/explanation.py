"""Last stage: why an offer stands where it does and what would lift it, in codes for channels to word.

Every reason states a fact of the offer and the person, and carries what that fact added to the score: what
added nothing is no reason. Its rules are in `reasons`.
"""

from __future__ import annotations

from oim.features.matching.ranking import Ranked, years_asked
from oim.features.matching.reasons import RULES
from oim.features.matching.types import Missing, Reason, ReasonCode, Recommendation
from oim.features.matching.understanding import Understanding

MOST, LEAST = 4, 2
LIGHTEST = 0.001  # of the score: less moved nothing

# True, but they say little: told only where an offer would have fewer than two reasons.
FILLERS = frozenset(
    (
        ReasonCode.LIKENESS,
        ReasonCode.OPEN_TO_ALL,
        ReasonCode.NO_EXPERIENCE,
        ReasonCode.EARLIER,
        ReasonCode.FOUND,
    )
)
_VAGUE = FILLERS | {ReasonCode.MEANING}  # read after what names something


def explain(understanding: Understanding, ranked: Ranked, rank: int) -> Recommendation:
    """The recommendation of a chosen candidate: its heaviest reasons, what names something first."""
    return Recommendation(
        id=ranked.hit.id,
        rank=rank,
        score=round(ranked.score, 4),
        parts={name: round(part, 4) for name, part in ranked.parts.items()},
        reasons=_reasons(understanding, ranked),
        card=ranked.hit.card,
        improve=_improve(understanding, ranked),
    )


def _reasons(understanding: Understanding, ranked: Ranked) -> tuple[Reason, ...]:
    told = (reason for rule in RULES for reason in rule(understanding, ranked))
    moved = sorted((reason for reason in told if reason.weight >= LIGHTEST), key=lambda r: -r.weight)
    strong = [reason for reason in moved if reason.code not in FILLERS][:MOST]
    weak = [reason for reason in moved if reason.code in FILLERS][: max(0, LEAST - len(strong))]
    return tuple(sorted([*strong, *weak], key=lambda r: (r.code in _VAGUE, -r.weight)))


def _improve(understanding: Understanding, ranked: Ranked) -> Missing | None:
    """What the person could tell that this offer might gain by."""
    card = ranked.hit.card
    if not understanding.stems:
        return Missing.TEXT
    if understanding.place is None and (card.region or card.latitude is not None):
        return Missing.PLACE
    if understanding.experience is None and years_asked(card) is not None:
        return Missing.EXPERIENCE
    return None
