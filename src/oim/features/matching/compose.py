"""Fourth stage: ranked candidates become a list, varied and fair to each kind asked for."""

from __future__ import annotations

from collections import Counter

from oim.features.matching.rank import Ranked
from oim.features.matching.text import fold
from oim.features.opportunities import Kind

SAME_TITLE = 0.10  # taken off the score for each chosen offer of the same title
SAME_ORGANISATION = 0.04
SAME_KIND = 0.03  # only when any kind will do and nothing was said


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
    titles = Counter(_title(r) for r in already)
    organisations = Counter(r.hit.card.organisation for r in already)
    kinds = Counter(r.hit.card.kind for r in already)
    chosen: list[Ranked] = []
    pool = list(candidates)
    while pool and len(chosen) < count:
        best = max(
            pool,
            key=lambda r: (
                r.score
                - SAME_TITLE * titles[_title(r)]
                - SAME_ORGANISATION
                * (organisations[r.hit.card.organisation] if r.hit.card.organisation else 0)
                - (SAME_KIND * kinds[r.hit.card.kind] if vary_kinds else 0)
            ),
        )
        pool.remove(best)
        chosen.append(best)
        titles[_title(best)] += 1
        organisations[best.hit.card.organisation] += 1
        kinds[best.hit.card.kind] += 1
    return chosen


def _title(ranked: Ranked) -> str:
    return fold(ranked.hit.card.title)
