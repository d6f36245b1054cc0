"""Fourth stage: ranked candidates become a list, varied and fair to each kind asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from oim.features.matching.ranking import RankedOffer
from oim.features.opportunities import Kind
from oim.kit.text import fold

COPY_PENALTY = (
    0.10  # taken off the score for each chosen offer of the same title by the same organisation or place
)
SAME_TITLE_PENALTY = 0.10  # the same title only: when nothing was said
SAME_ORGANISATION_PENALTY = 0.04
SAME_KIND_PENALTY = 0.03  # only when any kind will do and nothing was said
_Trait = tuple[str, str | None]
_Candidate = tuple[RankedOffer, tuple[_Trait, ...], float]  # with its worth before likeness
Penalty = Callable[[RankedOffer], float]
_fold_cached = lru_cache(maxsize=16384)(fold)
_PENALTIES = {"copy": COPY_PENALTY, "organisation": SAME_ORGANISATION_PENALTY}


def no_penalty(_: RankedOffer) -> float:
    """No charge."""
    return 0.0


def compose(
    candidates: list[RankedOffer],
    kinds: tuple[Kind, ...],
    limit: int,
    *,
    vary_kinds: bool,
    penalty: Penalty = no_penalty,
) -> list[RankedOffer]:
    """At most `limit` candidates by a greedy choice. `charge`, of 0 or more, is taken off a score: a crowd's.

    When several kinds are asked for, each gets half of an equal share as long as it has candidates.
    """
    reserved = {kind: limit // (2 * len(kinds)) for kind in kinds} if len(kinds) > 1 else {}
    chosen: list[RankedOffer] = []
    for kind, share in reserved.items():
        chosen += _select_greedily(
            [r for r in candidates if r.hit.card.kind is kind], share, [], penalty, vary_kinds=False
        )
    rest = [r for r in candidates if r not in chosen]
    chosen += _select_greedily(rest, limit - len(chosen), chosen, penalty, vary_kinds=vary_kinds)
    return sorted(chosen, key=lambda r: penalty(r) - r.score) if reserved else chosen


def _select_greedily(
    candidates: list[RankedOffer],
    count: int,
    selected_offers: list[RankedOffer],
    penalty: Penalty,
    *,
    vary_kinds: bool,
) -> list[RankedOffer]:
    seen: Counter[_Trait] = Counter()
    for one in selected_offers:
        seen.update(_list_traits(one))
    weights = _PENALTIES | ({"kind": SAME_KIND_PENALTY, "title": SAME_TITLE_PENALTY} if vary_kinds else {})
    pool = [(one, _list_traits(one), one.score - penalty(one)) for one in candidates]
    chosen: list[RankedOffer] = []
    while pool and len(chosen) < count:
        one, traits, _ = pool.pop(_find_best(pool, seen, weights))
        seen.update(traits)
        chosen.append(one)
    return chosen


def _find_best(pool: list[_Candidate], trait_counts: Counter[_Trait], penalties: dict[str, float]) -> int:
    """The place of the worthiest. The pool falls by score; all else only takes off: few are looked at."""
    best, most = 0, float("-inf")
    for place, (one, traits, charged) in enumerate(pool):
        if one.score <= most:
            break
        worth = charged - sum(penalties.get(trait[0], 0.0) * trait_counts[trait] for trait in traits)
        if worth > most:
            best, most = place, worth
    return best


def _list_traits(candidate: RankedOffer) -> tuple[_Trait, ...]:
    """What makes two offers alike."""
    card = candidate.hit.card
    title = _fold_cached(card.title)
    copy = f"{title}\n{card.organisation or card.commune or card.locality}"
    traits = (("title", title), ("copy", copy), ("kind", card.kind.value))
    return (*traits, ("organisation", card.organisation)) if card.organisation else traits
