"""Near-eligible offers: which candidates a person may nearly have, and where in the list these come."""

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

# One place in this many may go to a near-eligible offer, while there are eligible offers for the others.
NEAR_ELIGIBLE_INTERVAL = 5
MAX_QUESTIONS = 4  # questions put to the person with one answer

Verdicts = dict[UUID, Verdict]
Select = Callable[[list[RankedOffer], int], list[RankedOffer]]


def select_eligible_and_near(understanding: Understanding, hits: list[Hit]) -> Verdicts:
    """The verdicts of the candidates that the person may have, or nearly; others are left out."""
    at = understanding.filters.at
    verdicts = {hit.id: assess(hit.card, understanding.facts, at) for hit in hits}
    return {
        id_: verdict
        for id_, verdict in verdicts.items()
        if verdict.state is not State.NOT_ELIGIBLE or verdict.is_near_eligible
    }


def select_near_eligible_last(
    candidates: list[RankedOffer], verdicts: Verdicts, limit: int, select: Select
) -> list[RankedOffer]:
    """Select at most `limit` candidates, the near-eligible ones after all others.

    `candidates` come best first. Near-eligible offers fill the places for which there are no eligible ones.
    Beyond that they may displace eligible offers with a lower score, up to one place in five.
    """
    eligible = [offer for offer in candidates if not verdicts[offer.hit.id].is_near_eligible]
    near_eligible = [offer for offer in candidates if verdicts[offer.hit.id].is_near_eligible]
    free_places = max(0, limit - len(eligible))
    max_near_eligible = limit // NEAR_ELIGIBLE_INTERVAL
    # The best near-eligible offer against the worst eligible one to be shown, the second against the next.
    pairs = zip(near_eligible[free_places:], reversed(eligible[:limit]), strict=False)
    better = [near for near, displaced in pairs if near.score > displaced.score][:max_near_eligible]
    # Free places are not limited: an empty place would serve nobody.
    count = max(free_places, min(free_places + len(better), max_near_eligible))
    last = select(near_eligible, min(len(near_eligible), count))
    return [*select(eligible, limit - len(last)), *last]


def list_missing_info(understanding: Understanding, verdicts: Iterable[Verdict]) -> tuple[MissingInfo, ...]:
    """What the person could add, most useful first, at most `MAX_QUESTIONS`.

    First what distinguishes offers (text, place), then what would decide the eligibility of most offers.
    """
    offer_counts = Counter(
        find_missing_info(need, understanding.facts) for verdict in verdicts for need in verdict.unknown
    )
    # Papers come last: people gather them to apply, not to search.
    ordered = sorted(offer_counts, key=lambda info: (info is MissingInfo.DOCUMENTS, -offer_counts[info]))
    return tuple(dict.fromkeys([*understanding.missing_info, *ordered]))[:MAX_QUESTIONS]
