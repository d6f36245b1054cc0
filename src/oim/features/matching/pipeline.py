"""The stages after understanding, read top to bottom: retrieve, rank, compose, explain.

They are the same for one person who asks and for the batch of all, which leaves out the steps to take before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from uuid import UUID

from oim.features.matching.answer import Answer, Recommendation
from oim.features.matching.composition import compose, no_penalty
from oim.features.matching.congestion import CongestionLedger, hash_profile
from oim.features.matching.explanation import explain
from oim.features.matching.index import IndexQuery, Vector
from oim.features.matching.near_eligible import (
    Verdicts,
    assess_candidates,
    list_missing_info,
    select_near_eligible_last,
)
from oim.features.matching.paths import find_paths
from oim.features.matching.ports import MAX_SEARCH_HITS, Searchable
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import RankedOffer, Scorer, rank, score_by_weights
from oim.features.matching.retrieval import build_enabler_query, build_query, retrieve
from oim.features.matching.understanding import Understanding

MIN_NEARBY_SCORE = 0.6  # of the feature of place: from here on an offer lies in the region named, or near


@dataclass(frozen=True, slots=True)
class Policy:
    """By default: the documented weights, no regard to crowds, nobody told."""

    scorer: Scorer = score_by_weights
    ledger: CongestionLedger | None = None
    record_shown: Callable[[Sequence[RankedOffer]], UUID | None] = lambda _: None  # the id of the list shown
    updates_ledger: bool = True  # whether the ledger hears of it: not of lists that nobody sees
    identify_asker: Callable[[Profile], int] = hash_profile


DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen for a person, of what, and for whom each candidate is."""

    query: IndexQuery
    verdicts: Verdicts
    candidates: list[RankedOffer]
    selected_offers: list[RankedOffer]

    def to_recommendations(self, understanding: Understanding) -> tuple[Recommendation, ...]:
        """The recommendations, without steps."""
        return tuple(
            replace(explain(understanding, one, place), verdict=self.verdicts[one.hit.id])
            for place, one in enumerate(self.selected_offers, start=1)
        )


def select_offers(
    understanding: Understanding,
    vector: Vector | None,
    index: Searchable,
    cosine_range: tuple[float, float],
    limit: int,
    policy: Policy = DEFAULT_POLICY,
) -> Selection:
    """The choice for an understanding and the vector of its text."""
    asked = build_query(understanding, vector)
    hits = retrieve(index, asked)
    found = assess_candidates(understanding, hits)
    ranked = rank(understanding, [hit for hit in hits if hit.id in found], cosine_range, policy.scorer)
    return Selection(asked, found, ranked, select_list(understanding, ranked, found, limit, policy))


def select_list(
    understanding: Understanding,
    candidates: list[RankedOffer],
    verdicts: Verdicts,
    limit: int,
    policy: Policy = DEFAULT_POLICY,
) -> list[RankedOffer]:
    """The list out of the ranked candidates, noted in the ledger where it counts."""
    kinds, vary = understanding.profile.kinds, not understanding.query_text
    who = policy.identify_asker(replace(understanding.profile, text=understanding.query_text))
    charge = policy.ledger.make_penalty(who) if policy.ledger else no_penalty
    chosen = select_near_eligible_last(
        candidates,
        verdicts,
        limit,
        lambda some, most: compose(some, kinds, most, vary_kinds=vary, penalty=charge),
    )
    if policy.ledger and policy.updates_ledger:
        policy.ledger.record_shown(who, chosen)
    return chosen


def recommend_offers(
    understanding: Understanding,
    vector: Vector | None,
    index: Searchable,
    cosine_range: tuple[float, float],
    limit: int,
    policy: Policy = DEFAULT_POLICY,
) -> Answer:
    """The answer to who asks now: with the steps before what they are almost eligible for."""
    started = perf_counter()
    choice = select_offers(understanding, vector, index, cosine_range, limit, policy)
    steps = find_paths(
        [one.hit for one in choice.selected_offers if choice.verdicts[one.hit.id].is_near_eligible],
        understanding.facts,
        understanding.filters.at,
        [one.hit for one in choice.candidates],
        lambda signs: retrieve(index, build_enabler_query(choice.query, signs)),
    )
    items = choice.to_recommendations(understanding)
    return Answer(
        items=tuple(replace(item, steps=steps.get(item.id, ())) for item in items),
        missing=list_missing_info(understanding, (choice.verdicts[one.hit.id] for one in choice.candidates)),
        list_id=policy.record_shown(choice.selected_offers),
        took_ms=round((perf_counter() - started) * 1000, 2),
    )


def search_by_words(
    understanding: Understanding,
    vector: Vector | None,
    index: Searchable,
    cosine_range: tuple[float, float],
    limit: int,
) -> list[UUID]:
    """At most `limit` offers that have to do with what was said, rather none than any.

    Words that only name a place or a kind find what lies there or is of that kind; words that say nothing
    find nothing.
    """
    asked = replace(build_query(understanding, vector), depth=MAX_SEARCH_HITS, limit=MAX_SEARCH_HITS)
    ranked = rank(understanding, retrieve(index, asked), cosine_range)
    if not understanding.stems:
        ranked = [one for one in ranked if _is_of_place_and_kind(understanding, one)]
    return [one.hit.id for one in ranked[:limit]]


def _is_of_place_and_kind(understanding: Understanding, candidate: RankedOffer) -> bool:
    there = understanding.place is None or candidate.features["place"] >= MIN_NEARBY_SCORE
    of_kind = not understanding.kinds or candidate.hit.card.kind in understanding.kinds
    return there and of_kind and (understanding.place is not None or bool(understanding.kinds))
