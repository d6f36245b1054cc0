"""Fourth stage: choose a list out of the ranked candidates, varied and fair to each kind asked for.

The choice is greedy: each next offer has the best score once it is penalised for being like those already
chosen (a form of maximal marginal relevance, Carbonell and Goldstein, SIGIR 1998).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from oim.features.matching.ranking import RankedOffer
from oim.features.opportunities import Kind
from oim.kit.text import fold

NO_WAY_PENALTY = 0.02  # taken off an offer that gives no way to answer: it comes after its equals
# Each is taken off the score (0 to 1) once for every chosen offer that shares the trait.
COPY_PENALTY = 0.10  # same title by the same organisation, or at the same place
# Same title by any organisation; only with `vary_kinds`: else all of them may be what the person means.
SAME_TITLE_PENALTY = 0.10
SAME_ORGANISATION_PENALTY = 0.04
SAME_KIND_PENALTY = 0.03  # likewise only with `vary_kinds`
_Trait = tuple[str, str | None]  # name of the trait and its value
_Candidate = tuple[RankedOffer, tuple[_Trait, ...], float]  # the offer, its traits, its score less `penalty`
Penalty = Callable[[RankedOffer], float]
_fold_cached = lru_cache(maxsize=16384)(fold)
_PENALTIES = {"copy": COPY_PENALTY, "organisation": SAME_ORGANISATION_PENALTY}


def no_penalty(_: RankedOffer) -> float:
    """The penalty of nothing: crowding is not counted."""
    return 0.0


def _penalise_no_way(penalty: Penalty) -> Penalty:
    """A penalty that also puts an offer without a way to answer after its equals."""
    return lambda offer: penalty(offer) + (0.0 if offer.hit.card.answerable else NO_WAY_PENALTY)


def compose(
    candidates: list[RankedOffer],
    kinds: tuple[Kind, ...],
    limit: int,
    *,
    vary_kinds: bool,
    penalty: Penalty = no_penalty,
) -> list[RankedOffer]:
    """Choose at most `limit` candidates, which come sorted by falling score.

    `penalty`, 0 or more, is taken off the score of a crowded offer. `vary_kinds`: vary kinds and
    titles too, for a profile without text and occupations.
    When several kinds are asked for, each gets half of an equal share as long as it has candidates.
    """
    penalty = _penalise_no_way(penalty)
    # Half of an equal share: three kinds in a list of 10 get 10 // 6 = 1 place each, 7 go to the best of all.
    reserved = {kind: limit // (2 * len(kinds)) for kind in kinds} if len(kinds) > 1 else {}
    chosen: list[RankedOffer] = []
    for kind, share in reserved.items():
        of_kind = [offer for offer in candidates if offer.hit.card.kind is kind]
        chosen += _select_greedily(of_kind, share, [], penalty, vary_kinds=False)
    remaining = [offer for offer in candidates if offer not in chosen]
    chosen += _select_greedily(remaining, limit - len(chosen), chosen, penalty, vary_kinds=vary_kinds)
    # Reserved places were filled kind by kind; without them the greedy order is the order of the list.
    return sorted(chosen, key=lambda offer: penalty(offer) - offer.score) if reserved else chosen


def _select_greedily(
    candidates: list[RankedOffer],
    count: int,
    selected_offers: list[RankedOffer],
    penalty: Penalty,
    *,
    vary_kinds: bool,
) -> list[RankedOffer]:
    """Choose up to `count` candidates, each as unlike `selected_offers` and those before it as can be."""
    trait_counts: Counter[_Trait] = Counter()
    for offer in selected_offers:
        trait_counts.update(_list_traits(offer))
    weights = _PENALTIES | ({"kind": SAME_KIND_PENALTY, "title": SAME_TITLE_PENALTY} if vary_kinds else {})
    pool = [(offer, _list_traits(offer), offer.score - penalty(offer)) for offer in candidates]
    chosen: list[RankedOffer] = []
    while pool and len(chosen) < count:
        offer, traits, _ = pool.pop(_find_best(pool, trait_counts, weights))
        trait_counts.update(traits)
        chosen.append(offer)
    return chosen


def _find_best(pool: list[_Candidate], trait_counts: Counter[_Trait], penalties: dict[str, float]) -> int:
    """The position in the pool of the candidate with the best score after penalties."""
    best_position, best_score = 0, float("-inf")
    for position, (offer, traits, net_score) in enumerate(pool):
        # The pool falls by score and penalties only take off: from here on nothing can be better.
        if offer.score <= best_score:
            break
        score = net_score - sum(penalties.get(trait[0], 0.0) * trait_counts[trait] for trait in traits)
        if score > best_score:
            best_position, best_score = position, score
    return best_position


def _list_traits(candidate: RankedOffer) -> tuple[_Trait, ...]:
    """What makes two offers alike: title, title with its organisation or place, kind, organisation."""
    card = candidate.hit.card
    title = _fold_cached(card.title)
    copy = f"{title}\n{card.organisation or card.commune or card.locality}"
    traits = (("title", title), ("copy", copy), ("kind", card.kind.value))
    # Two offers without an organisation are not offers of one organisation.
    return (*traits, ("organisation", card.organisation)) if card.organisation else traits
