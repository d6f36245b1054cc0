"""Fourth stage: ranked candidates become a list, varied and fair to each kind asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from oim.features.matching.ranking import Ranked
from oim.features.opportunities import Kind
from oim.kit.text import fold

COPY = 0.10  # taken off the score for each chosen offer of the same title by the same organisation or place
SAME_TITLE = 0.10  # the same title only: when nothing was said
SAME_ORGANISATION = 0.04
SAME_KIND = 0.03  # only when any kind will do and nothing was said
_Trait = tuple[str, str | None]
_Candidate = tuple[Ranked, tuple[_Trait, ...], float]  # with its worth before likeness
Charge = Callable[[Ranked], float]
_folded = lru_cache(maxsize=16384)(fold)
_WEIGHTS = {"copy": COPY, "organisation": SAME_ORGANISATION}


def free(_: Ranked) -> float:
    """No charge."""
    return 0.0


def compose(
    ranked: list[Ranked], kinds: tuple[Kind, ...], limit: int, *, vary_kinds: bool, charge: Charge = free
) -> list[Ranked]:
    """At most `limit` candidates by a greedy choice. `charge`, of 0 or more, is taken off a score: a crowd's.

    When several kinds are asked for, each gets half of an equal share as long as it has candidates.
    """
    reserved = {kind: limit // (2 * len(kinds)) for kind in kinds} if len(kinds) > 1 else {}
    chosen: list[Ranked] = []
    for kind, share in reserved.items():
        chosen += _choose([r for r in ranked if r.hit.card.kind is kind], share, [], charge, vary_kinds=False)
    rest = [r for r in ranked if r not in chosen]
    chosen += _choose(rest, limit - len(chosen), chosen, charge, vary_kinds=vary_kinds)
    return sorted(chosen, key=lambda r: charge(r) - r.score) if reserved else chosen


def _choose(
    candidates: list[Ranked], count: int, already: list[Ranked], charge: Charge, *, vary_kinds: bool
) -> list[Ranked]:
    seen: Counter[_Trait] = Counter()
    for one in already:
        seen.update(_traits(one))
    weights = _WEIGHTS | ({"kind": SAME_KIND, "title": SAME_TITLE} if vary_kinds else {})
    pool = [(one, _traits(one), one.score - charge(one)) for one in candidates]
    chosen: list[Ranked] = []
    while pool and len(chosen) < count:
        one, traits, _ = pool.pop(_best(pool, seen, weights))
        seen.update(traits)
        chosen.append(one)
    return chosen


def _best(pool: list[_Candidate], seen: Counter[_Trait], weights: dict[str, float]) -> int:
    """The place of the worthiest. The pool falls by score; all else only takes off: few are looked at."""
    best, most = 0, float("-inf")
    for place, (one, traits, charged) in enumerate(pool):
        if one.score <= most:
            break
        worth = charged - sum(weights.get(trait[0], 0.0) * seen[trait] for trait in traits)
        if worth > most:
            best, most = place, worth
    return best


def _traits(one: Ranked) -> tuple[_Trait, ...]:
    """What makes two offers alike."""
    card = one.hit.card
    title = _folded(card.title)
    copy = f"{title}\n{card.organisation or card.commune or card.locality}"
    traits = (("title", title), ("copy", copy), ("kind", card.kind.value))
    return (*traits, ("organisation", card.organisation)) if card.organisation else traits
