"""The stages after understanding, in order: retrieve, rank, compose, explain; and the search by words alone.

One person's request and the batch for everybody run the same stages; only the request also looks for the
steps before near-eligible offers.
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
    list_missing_info,
    select_eligible_and_near,
    select_near_eligible_last,
)
from oim.features.matching.paths import find_paths
from oim.features.matching.ports import MAX_SEARCH_HITS, Searchable
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import RankedOffer, Scorer, rank, score_by_weights
from oim.features.matching.retrieval import build_enabler_query, build_query, drop_excluded, retrieve
from oim.features.matching.understanding import Understanding

MIN_NEARBY_SCORE = 0.6  # value of the place feature from which an offer is in the named region or near it


@dataclass(frozen=True, slots=True)
class Policy:
    """What decides between candidates now: the scorer in force, the congestion ledger, and who records lists.

    By default: the documented weights, no congestion, and nothing recorded.
    """

    scorer: Scorer = score_by_weights
    ledger: CongestionLedger | None = None
    record_shown: Callable[[Sequence[RankedOffer]], UUID | None] = lambda _: None  # returns the list's id
    updates_ledger: bool = True  # False for lists that nobody sees: they do not crowd an offer
    identify_asker: Callable[[Profile], int] = hash_profile
    known: bool = True  # False for strangers, whose lists crowd an offer little


DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Selection:
    """The offers selected for a person, with the query, the verdicts and the candidates they come from."""

    query: IndexQuery
    verdicts: Verdicts
    candidates: list[RankedOffer]
    selected_offers: list[RankedOffer]

    def to_recommendations(self, understanding: Understanding) -> tuple[Recommendation, ...]:
        """The selected offers as recommendations with their reasons, without steps."""
        return tuple(
            replace(explain(understanding, offer, place), verdict=self.verdicts[offer.hit.id])
            for place, offer in enumerate(self.selected_offers, start=1)
        )


def select_offers(
    understanding: Understanding,
    vector: Vector | None,
    index: Searchable,
    cosine_range: tuple[float, float],
    limit: int,
    policy: Policy = DEFAULT_POLICY,
) -> Selection:
    """Retrieve, assess, rank and compose for a profile and the vector of its text."""
    query = build_query(understanding, vector)
    hits = drop_excluded(understanding, retrieve(index, query))
    verdicts = select_eligible_and_near(understanding, hits)
    ranked = rank(understanding, [hit for hit in hits if hit.id in verdicts], cosine_range, policy.scorer)
    return Selection(query, verdicts, ranked, select_list(understanding, ranked, verdicts, limit, policy))


def select_list(
    understanding: Understanding,
    candidates: list[RankedOffer],
    verdicts: Verdicts,
    limit: int,
    policy: Policy = DEFAULT_POLICY,
) -> list[RankedOffer]:
    """Compose the list from the ranked candidates; recorded in the ledger where the policy says so."""
    kinds, vary = understanding.profile.kinds, not understanding.query_text
    # Identified by what was understood: two texts without distinctive words come from the same asker.
    asker_id = policy.identify_asker(replace(understanding.profile, text=understanding.query_text))
    penalty = policy.ledger.make_penalty(asker_id, known=policy.known) if policy.ledger else no_penalty
    selected = select_near_eligible_last(
        candidates,
        verdicts,
        limit,
        lambda offers, count: compose(offers, kinds, count, vary_kinds=vary, penalty=penalty),
    )
    if policy.ledger and policy.updates_ledger:
        policy.ledger.record_shown(asker_id, selected, known=policy.known)
    return selected


def recommend_offers(
    understanding: Understanding,
    vector: Vector | None,
    index: Searchable,
    cosine_range: tuple[float, float],
    limit: int,
    policy: Policy = DEFAULT_POLICY,
) -> Answer:
    """Answer one person's request, with the steps before the offers they are nearly eligible for."""
    started = perf_counter()
    selection = select_offers(understanding, vector, index, cosine_range, limit, policy)
    steps = find_paths(
        [
            offer.hit
            for offer in selection.selected_offers
            if selection.verdicts[offer.hit.id].is_near_eligible
        ],
        understanding.facts,
        understanding.filters.at,
        [offer.hit for offer in selection.candidates],
        lambda benefits: retrieve(index, build_enabler_query(selection.query, benefits)),
    )
    items = selection.to_recommendations(understanding)
    verdicts = (selection.verdicts[offer.hit.id] for offer in selection.candidates)
    return Answer(
        items=tuple(replace(item, steps=steps.get(item.id, ())) for item in items),
        missing=list_missing_info(understanding, verdicts),
        trades=understanding.sure_trades,
        list_id=policy.record_shown(selection.selected_offers),
        took_ms=round((perf_counter() - started) * 1000, 2),
    )


def search_by_words(
    understanding: Understanding,
    vector: Vector | None,
    index: Searchable,
    cosine_range: tuple[float, float],
    limit: int,
) -> list[UUID]:
    """Find at most `limit` offers related to some words, best match first; none rather than unrelated ones.

    The search is for nobody in particular, so there are no verdicts and no reasons. Words that only name a
    place or a kind find the offers there or of that kind; words that name nothing find nothing.
    """
    query = replace(build_query(understanding, vector), depth=MAX_SEARCH_HITS, limit=MAX_SEARCH_HITS)
    ranked = rank(understanding, drop_excluded(understanding, retrieve(index, query)), cosine_range)
    # Without distinctive words `rank` drops nothing: place and kind must decide here.
    if not understanding.stems:
        ranked = [offer for offer in ranked if _is_of_place_and_kind(understanding, offer)]
    return [offer.hit.id for offer in ranked[:limit]]


def _is_of_place_and_kind(understanding: Understanding, candidate: RankedOffer) -> bool:
    """Whether an offer is near the place and of a kind that the words name; False if they name neither."""
    is_near = understanding.place is None or candidate.features["place"] >= MIN_NEARBY_SCORE
    is_of_kind = not understanding.kinds or candidate.hit.card.kind in understanding.kinds
    return is_near and is_of_kind and (understanding.place is not None or bool(understanding.kinds))
