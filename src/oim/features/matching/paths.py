"""Find the steps that lead a person to an offer: a backward search over what other offers give.

What an offer gives and what another requires are compared as the same short codes, called benefits:
`level:2` (an ISCED level), `member:mc2` (a membership), `paper:plan` (a paper), `funds` (money to put in).
Other offers that give a benefit are its enablers. Rules of the search: at most `MAX_STEPS` steps, no offer
and no benefit twice on one path, and each enabler open to the person or opened by an earlier step.
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
# Similarity of two occupations, 0 to 1, from which a course or a grant serves the trade of another offer.
MIN_SAME_TRADE_SIMILARITY = 0.7
_TRADE_CRITERIA = (Criterion.EDUCATION, Criterion.CONTRIBUTION)
# The offers and benefits already on a path: none may come a second time, or the search would run in a circle.
_Visited = frozenset[UUID | str]


# Searches the index for further offers that give one of these benefits.
FindEnablers = Callable[[tuple[str, ...]], Sequence[Hit]]


def find_paths(
    targets: Sequence[Hit], facts: Facts, at: datetime, candidates: Sequence[Hit], find_enablers: FindEnablers
) -> dict[UUID, tuple[Step, ...]]:
    """The steps before each target, by its id.

    The candidates already retrieved are tried first. `find_enablers` is called at most once, for all benefits
    that none of them is certain to give.
    """
    finder = PathFinder(candidates, at)
    paths = {target.id: finder.find_path(target, facts) for target in targets}
    if finder.unmet_benefits:
        enablers = [*candidates, *find_enablers(tuple(sorted(finder.unmet_benefits)))]
        finder = PathFinder(enablers, at)
        paths = {target.id: finder.find_path(target, facts) for target in targets}
    return paths


@dataclass(frozen=True)
class PathFinder:
    """A search for steps among enablers (best first); collects the benefits that none is certain to give."""

    enablers: Sequence[Hit]
    at: datetime
    unmet_benefits: set[str] = field(default_factory=set)

    def find_path(self, target: Hit, facts: Facts) -> tuple[Step, ...]:
        """The steps before an offer, in order; empty where no offer gives what is missing."""
        return tuple(
            self._plan_steps(
                target.card, _assume_fixed_facts(target.card, facts), frozenset([target.id]), MAX_STEPS
            )[0]
        )

    def _plan_steps(
        self, card: Card, facts: Facts, visited: _Visited, max_steps: int
    ) -> tuple[list[Step], Facts]:
        """At most `max_steps` steps towards an offer, and the person's facts after them."""
        steps: list[Step] = []
        for benefit, need in self._list_missing_benefits(card, facts).items():
            # Checked again each time: an earlier step may have given this benefit too, as a membership
            # brings its passbook.
            if len(steps) < max_steps and benefit in self._list_missing_benefits(card, facts):
                more, facts = self._fill_gap(
                    _Gap(benefit, need, card), facts, visited, max_steps - len(steps)
                )
                steps += more
        return steps, facts

    def _list_missing_benefits(self, card: Card, facts: Facts) -> dict[str, Need]:
        """What the person lacks for an offer and another one could give, with the requirement it meets."""
        return {
            benefit: part
            for need in assess(card, facts, self.at).missing
            for benefit, part in list_needed_benefits(need)
        }

    def _fill_gap(
        self, gap: _Gap, facts: Facts, visited: _Visited, max_steps: int
    ) -> tuple[list[Step], Facts]:
        """The steps to one missing benefit, and the facts after them; no steps where nothing gives it.

        The first usable enabler is taken, with the steps that it needs itself. A membership for which there
        is none is obtained by joining the organisation directly.
        """
        visited |= {gap.benefit}
        fitting = [offer for offer in self.enablers if offer.id not in visited and _can_fill(offer.card, gap)]
        # A stable sort: offers of the target's region first, each group still best first.
        nearest_first = sorted(fitting, key=lambda offer: offer.card.region != gap.card.region)
        for enabler in self._order_by_certainty(nearest_first, facts):
            # An enabler that itself requires something on this path would lead round in a circle.
            if not visited.isdisjoint(self._list_missing_benefits(enabler.card, facts)):
                continue
            # One step is reserved for the enabler itself.
            before, later_facts = self._plan_steps(enabler.card, facts, visited | {enabler.id}, max_steps - 1)
            if len(before) < max_steps and self._can_take(enabler.card, later_facts):
                if self._is_uncertain(enabler.card, facts):
                    self.unmet_benefits.add(gap.benefit)
                return [*before, _build_step(gap.need, enabler)], _apply_offer(later_facts, enabler.card)
        if gap.need.criterion is Criterion.MEMBERSHIP:
            joining = Step(need=gap.need, organisation=gap.card.organisation, locality=gap.card.locality)
            return [joining], add_benefit(facts, gap.benefit)
        self.unmet_benefits.add(gap.benefit)
        return [], facts

    def _order_by_certainty(self, enablers: Sequence[Hit], facts: Facts) -> Iterator[Hit]:
        """Yield enablers in their order, those that may turn out to be closed to the person last."""
        # Lazy, because assessing costs time and the first certain enabler usually ends the search.
        uncertain = []
        for enabler in enablers:
            if self._is_uncertain(enabler.card, facts):
                uncertain.append(enabler)
            else:
                yield enabler
        yield from uncertain

    def _is_uncertain(self, card: Card, facts: Facts) -> bool:
        """Whether an unknown fact that nobody can change (age, gender) may close the offer to the person."""
        return any(not need.changeable for need in assess(card, facts, self.at).unknown)

    def _can_take(self, card: Card, facts: Facts) -> bool:
        """Whether the person can take an offer; missing papers do not count, they can still be obtained."""
        missing = assess(card, facts, self.at).missing
        return all(need.criterion is Criterion.DOCUMENTS for need in missing)


@dataclass(frozen=True, slots=True)
class _Gap:
    """A benefit that an offer requires and the person lacks."""

    benefit: str
    need: Need
    card: Card


def _assume_fixed_facts(card: Card, facts: Facts) -> Facts:
    """Fill in unknown gender and region as the target offer requires them.

    The target is for people of that gender and region, so no step may lead through an offer for others.
    """
    return replace(
        facts,
        gender=facts.gender or card.gender,
        region=facts.region or (card.regions[0][:REGION_CODE_LENGTH] if card.regions else None),
    )


def _can_fill(enabler: Card, gap: _Gap) -> bool:
    """Whether an offer gives what is missing: enough money, in the right region, for the right trade."""
    if gap.benefit not in enabler.gives:
        return False
    if gap.benefit == FUNDS and (enabler.amount_max or 0) < (gap.need.values["amount"] or 0):
        return False
    # Organisations of one name, such as the MC2, exist in many towns: the person must join the one in the
    # target's region, wherever both regions are known.
    if gap.need.criterion is Criterion.MEMBERSHIP and None not in (
        regions := {enabler.region, gap.card.region}
    ):
        return len(regions) == 1
    return gap.need.criterion not in _TRADE_CRITERIA or _is_same_trade(enabler, gap.card)


def _is_same_trade(first: Card, second: Card) -> bool:
    """Whether two offers serve one trade; an offer without occupations serves any."""
    likeness = (occupations.similarity(a, b) for a in first.occupations for b in second.occupations)
    return not first.occupations or not second.occupations or max(likeness) >= MIN_SAME_TRADE_SIMILARITY


def _build_step(need: Need, enabler: Hit) -> Step:
    """The step of taking an enabler to meet a requirement."""
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
    """The facts about a person after they have taken an offer."""
    for benefit in enabler.gives:
        facts = add_benefit(facts, benefit, enabler.amount_max or 0)
    return facts
