"""Between retrieving and composing: who may have which candidate, and the place of the almost eligible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from uuid import UUID

from oim.features.matching.answer import MissingInfo
from oim.features.matching.eligibility import assess, find_missing_info
from oim.features.matching.index import Hit
from oim.features.matching.ranking import RankedOffer
from oim.features.matching.understanding import Understanding
from oim.features.matching.verdict import State, Verdict

NEAR_ELIGIBLE_INTERVAL = 5  # one place in so many, while eligible offers fill the rest
MAX_QUESTIONS = 4  # questions of one answer

Verdicts = dict[UUID, Verdict]
Select = Callable[[list[RankedOffer], int], list[RankedOffer]]


def assess_candidates(understanding: Understanding, hits: list[Hit]) -> Verdicts:
    """The verdict of each candidate that the person may have, or nearly: none of those that bar them."""
    at = understanding.filters.at
    found = {hit.id: assess(hit.card, understanding.facts, at) for hit in hits}
    return {
        id_: one for id_, one in found.items() if one.state is not State.NOT_ELIGIBLE or one.is_near_eligible
    }


def select_near_eligible_last(
    candidates: list[RankedOffer], verdicts: Verdicts, limit: int, select: Select
) -> list[RankedOffer]:
    """At most `limit` candidates, the almost eligible after all others.

    They take the places that the others leave, and of theirs one in five at most, where they are worth more.
    """
    able = [one for one in candidates if not verdicts[one.hit.id].is_near_eligible]
    almost = [one for one in candidates if verdicts[one.hit.id].is_near_eligible]
    left = max(0, limit - len(able))
    pairs = zip(almost[left:], reversed(able[:limit]), strict=False)
    worthier = [one for one, other in pairs if one.score > other.score][: limit // NEAR_ELIGIBLE_INTERVAL]
    last = select(
        almost, min(len(almost), max(left, min(left + len(worthier), limit // NEAR_ELIGIBLE_INTERVAL)))
    )
    return [*select(able, limit - len(last)), *last]


def list_missing_info(understanding: Understanding, verdicts: Iterable[Verdict]) -> tuple[MissingInfo, ...]:
    """What the person could add: what tells offers apart, then the questions that most offers hang on.

    Papers come last: they are gathered to apply, not to search.
    """
    hanging = Counter(
        find_missing_info(need, understanding.facts) for one in verdicts for need in one.unknown
    )
    ordered = sorted(hanging, key=lambda asked: (asked is MissingInfo.DOCUMENTS, -hanging[asked]))
    return tuple(dict.fromkeys([*understanding.missing_info, *ordered]))[:MAX_QUESTIONS]
