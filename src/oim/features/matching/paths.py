"""What an offer gives who takes it, what another asks, and the steps that lead from the one to the other.

Both sides are told in the same short signs: `level:2`, `member:mc2`, `paper:plan`, `funds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from oim.features import occupations
from oim.features.matching.benefits import FUNDS, add_benefit, list_needed_benefits
from oim.features.matching.eligibility import REGION_CODE_LENGTH, assess
from oim.features.matching.index import Card, Hit
from oim.features.matching.verdict import Criterion, Facts, Need, Step

MAX_STEPS = 3  # steps before one offer
MIN_SAME_TRADE_SIMILARITY = (
    0.7  # likeness of occupations from which a course or a grant serves the trade of another offer
)
_TRADE_CRITERIA = (Criterion.EDUCATION, Criterion.CONTRIBUTION)
_Visited = frozenset[UUID | str]  # the offers and the signs that lead here: none of them again


# Further doors that give one of these signs.
FindEnablers = Callable[[tuple[str, ...]], Sequence[Hit]]


def find_paths(
    targets: Sequence[Hit], facts: Facts, at: datetime, candidates: Sequence[Hit], find_enablers: FindEnablers
) -> dict[UUID, tuple[Step, ...]]:
    """The steps before each target, by its id. Further doors are sought once, for what no candidate gives."""
    way = PathFinder(candidates, at)
    found = {target.id: way.find_path(target, facts) for target in targets}
    if way.unmet_benefits:
        further = PathFinder([*candidates, *find_enablers(tuple(sorted(way.unmet_benefits)))], at)
        found = {target.id: further.find_path(target, facts) for target in targets}
    return found


@dataclass(frozen=True)
class PathFinder:
    """The search for steps: offers that may open others, best first; `sought`: what none surely gives."""

    enablers: Sequence[Hit]
    at: datetime
    unmet_benefits: set[str] = field(default_factory=set)

    def find_path(self, target: Hit, facts: Facts) -> tuple[Step, ...]:
        """The steps before an offer, in order; none where what is missing is no offer's to give."""
        return tuple(
            self._plan_steps(
                target.card, _assume_fixed_facts(target.card, facts), frozenset([target.id]), MAX_STEPS
            )[0]
        )

    def _plan_steps(
        self, card: Card, facts: Facts, visited: _Visited, max_steps: int
    ) -> tuple[list[Step], Facts]:
        """The steps that fit in `room`, and the facts once they are taken."""
        steps: list[Step] = []
        for sign, need in self._list_missing_benefits(card, facts).items():
            if len(steps) < max_steps and sign in self._list_missing_benefits(card, facts):
                more, facts = self._fill_gap(_Gap(sign, need, card), facts, visited, max_steps - len(steps))
                steps += more
        return steps, facts

    def _list_missing_benefits(self, card: Card, facts: Facts) -> dict[str, Need]:
        return {
            sign: need
            for one in assess(card, facts, self.at).missing
            for sign, need in list_needed_benefits(one)
        }

    def _fill_gap(
        self, gap: _Gap, facts: Facts, visited: _Visited, max_steps: int
    ) -> tuple[list[Step], Facts]:
        """Through the first door that opens, itself reached by steps; else straight to the body to join."""
        visited |= {gap.benefit}
        fitting = [door for door in self.enablers if door.id not in visited and _can_fill(door.card, gap)]
        near = sorted(fitting, key=lambda door: door.card.region != gap.card.region)
        for door in self._order_by_certainty(near, facts):
            if not visited.isdisjoint(self._list_missing_benefits(door.card, facts)):
                continue
            before, then = self._plan_steps(door.card, facts, visited | {door.id}, max_steps - 1)
            if len(before) < max_steps and self._can_take(door.card, then):
                if self._is_uncertain(door.card, facts):
                    self.unmet_benefits.add(gap.benefit)
                return [*before, _build_step(gap.need, door)], _apply_offer(then, door.card)
        if gap.need.criterion is Criterion.MEMBERSHIP:
            joining = Step(need=gap.need, organisation=gap.card.organisation, locality=gap.card.locality)
            return [joining], add_benefit(facts, gap.benefit)
        self.unmet_benefits.add(gap.benefit)
        return [], facts

    def _order_by_certainty(self, enablers: Sequence[Hit], facts: Facts) -> Iterator[Hit]:
        """In their order, those that may yet turn out not to be for the person last."""
        unsure = []
        for door in enablers:
            if self._is_uncertain(door.card, facts):
                unsure.append(door)
            else:
                yield door
        yield from unsure

    def _is_uncertain(self, card: Card, facts: Facts) -> bool:
        """Whether a door may yet turn out not to be for the person."""
        return any(not need.changeable for need in assess(card, facts, self.at).unknown)

    def _can_take(self, card: Card, facts: Facts) -> bool:
        """Whether one may go in; papers are got on the way."""
        missing = assess(card, facts, self.at).missing
        return all(need.criterion is Criterion.DOCUMENTS for need in missing)


@dataclass(frozen=True, slots=True)
class _Gap:
    """A sign that an offer asks and the person lacks."""

    benefit: str
    need: Need
    card: Card


def _assume_fixed_facts(card: Card, facts: Facts) -> Facts:
    """The facts as they must be for an offer: no step leads through what is for other people only."""
    return replace(
        facts,
        gender=facts.gender or card.gender,
        region=facts.region or (card.regions[0][:REGION_CODE_LENGTH] if card.regions else None),
    )


def _can_fill(enabler: Card, gap: _Gap) -> bool:
    if gap.benefit not in enabler.gives:
        return False
    if gap.benefit == FUNDS and (enabler.amount_max or 0) < (gap.need.values["amount"] or 0):
        return False
    if gap.need.criterion is Criterion.MEMBERSHIP and None not in (
        regions := {enabler.region, gap.card.region}
    ):
        return len(regions) == 1  # bodies of one name stand in many towns: one joins that of the offer
    return gap.need.criterion not in _TRADE_CRITERIA or _is_same_trade(enabler, gap.card)


def _is_same_trade(first: Card, second: Card) -> bool:
    likeness = (occupations.similarity(a, b) for a in first.occupations for b in second.occupations)
    return not first.occupations or not second.occupations or max(likeness) >= MIN_SAME_TRADE_SIMILARITY


def _build_step(need: Need, enabler: Hit) -> Step:
    card = enabler.card
    return Step(
        need=need,
        offer=enabler.id,
        kind=card.kind,
        title=card.title,
        organisation=card.organisation,
        locality=card.locality,
    )


def _apply_offer(facts: Facts, enabler: Card) -> Facts:
    """What is known of a person who has taken an offer."""
    for sign in enabler.gives:
        facts = add_benefit(facts, sign, enabler.amount_max or 0)
    return facts
