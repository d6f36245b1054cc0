"""The stages after understanding, read top to bottom: retrieve, rank, compose, explain.

They are the same for one person who asks and for the batch of all, which leaves out the steps to take before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

from oim.features.matching.composition import compose, free
from oim.features.matching.explanation import explain
from oim.features.matching.near_eligible import Verdicts, choose_apart, questions, verdicts
from oim.features.matching.paths import ways
from oim.features.matching.policy import PLAIN, Policy
from oim.features.matching.ports import Searched
from oim.features.matching.ranking import Ranked, rank
from oim.features.matching.retrieval import doors, question, retrieve
from oim.features.matching.types import Answer, IndexQuery, Recommendation, Vector
from oim.features.matching.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a person, of what, and for whom each candidate is."""

    asked: IndexQuery
    found: Verdicts
    ranked: list[Ranked]
    chosen: list[Ranked]

    def explained(self, understanding: Understanding) -> tuple[Recommendation, ...]:
        """The recommendations, without steps."""
        return tuple(
            replace(explain(understanding, one, place), verdict=self.found[one.hit.id])
            for place, one in enumerate(self.chosen, start=1)
        )


def choose(
    understanding: Understanding,
    vector: Vector | None,
    index: Searched,
    cosine_range: tuple[float, float],
    limit: int,
    policy: Policy = PLAIN,
) -> Choice:
    """The choice for an understanding and the vector of its text."""
    asked = question(understanding, vector)
    hits = retrieve(index, asked)
    found = verdicts(understanding, hits)
    ranked = rank(understanding, [hit for hit in hits if hit.id in found], cosine_range, policy.scorer)
    return Choice(asked, found, ranked, pick(understanding, ranked, found, limit, policy))


def pick(
    understanding: Understanding,
    ranked: list[Ranked],
    found: Verdicts,
    limit: int,
    policy: Policy = PLAIN,
) -> list[Ranked]:
    """The list out of the ranked candidates, noted in the ledger where it counts."""
    kinds, vary = understanding.profile.kinds, not understanding.text
    who = policy.asker(replace(understanding.profile, text=understanding.text))
    charge = policy.ledger.charge(who) if policy.ledger else free
    chosen = choose_apart(
        ranked, found, limit, lambda some, most: compose(some, kinds, most, vary_kinds=vary, charge=charge)
    )
    if policy.ledger and policy.counts:
        policy.ledger.note(who, chosen)
    return chosen


def answer(
    understanding: Understanding,
    vector: Vector | None,
    index: Searched,
    cosine_range: tuple[float, float],
    limit: int,
    policy: Policy = PLAIN,
) -> Answer:
    """The answer to who asks now: with the steps before what they are almost eligible for."""
    started = perf_counter()
    choice = choose(understanding, vector, index, cosine_range, limit, policy)
    steps = ways(
        [one.hit for one in choice.chosen if choice.found[one.hit.id].almost],
        understanding.facts,
        understanding.filters.at,
        [one.hit for one in choice.ranked],
        lambda signs: retrieve(index, doors(choice.asked, signs)),
    )
    items = choice.explained(understanding)
    return Answer(
        items=tuple(replace(item, steps=steps.get(item.id, ())) for item in items),
        missing=questions(understanding, (choice.found[one.hit.id] for one in choice.ranked)),
        list_id=policy.shown(choice.chosen),
        took_ms=round((perf_counter() - started) * 1000, 2),
    )
