"""Fourth stage: ranked candidates become a list, varied and fair to each kind asked for."""

from __future__ import annotations

from collections import Counter

from oim.features.matching.rank import Ranked
from oim.features.opportunities import Kind
from oim.kit.text import fold

SAME_TITLE = 0.10  # taken off the score for each chosen offer of the same title
SAME_ORGANISATION = 0.04
SAME_KIND = 0.03  # only when any kind will do and nothing was said
_Trait = tuple[str, str | None]
_Candidate = tuple[Ranked, tuple[_Trait, ...]]
_WEIGHTS = {"title": SAME_TITLE, "organisation": SAME_ORGANISATION}


def compose(ranked: list[Ranked], kinds: tuple[Kind, ...], limit: int, *, vary_kinds: bool) -> list[Ranked]:
    """At most `limit` candidates by a greedy choice.

    When several kinds are asked for, each gets half of an equal share as long as it has candidates.
    """
    reserved = {kind: limit // (2 * len(kinds)) for kind in kinds} if len(kinds) > 1 else {}
    chosen: list[Ranked] = []
    for kind, share in reserved.items():
        chosen += _choose([r for r in ranked if r.hit.card.kind is kind], share, [], vary_kinds=False)
    rest = [r for r in ranked if r not in chosen]
    chosen += _choose(rest, limit - len(chosen), chosen, vary_kinds=vary_kinds)
    return sorted(chosen, key=lambda r: -r.score) if reserved else chosen


def _choose(candidates: list[Ranked], count: int, already: list[Ranked], *, vary_kinds: bool) -> list[Ranked]:
    seen: Counter[_Trait] = Counter()
    for one in already:
        seen.update(_traits(one))
    weights = _WEIGHTS | {"kind": SAME_KIND if vary_kinds else 0.0}
    pool = [(one, _traits(one)) for one in candidates]
    chosen: list[Ranked] = []
    while pool and len(chosen) < count:
        one, traits = pool.pop(_best(pool, seen, weights))
        seen.update(traits)
        chosen.append(one)
    return chosen


def _best(pool: list[_Candidate], seen: Counter[_Trait], weights: dict[str, float]) -> int:
    """The place of the worthiest. The pool falls by score, and likeness only takes off: few are looked at."""
    best, most = 0, float("-inf")
    for place, (one, traits) in enumerate(pool):
        if one.score <= most:
            break
        worth = one.score - sum(weights[trait[0]] * seen[trait] for trait in traits)
        if worth > most:
            best, most = place, worth
    return best


def _traits(one: Ranked) -> tuple[_Trait, ...]:
    """What makes two offers alike."""
    card = one.hit.card
    traits = (("title", fold(card.title)), ("kind", card.kind.value))
    return (*traits, ("organisation", card.organisation)) if card.organisation else traits
