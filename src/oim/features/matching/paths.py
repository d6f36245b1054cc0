"""What an offer gives who takes it, what another asks, and the steps that lead from the one to the other.

Both sides are told in the same short signs: `level:2`, `member:mc2`, `paper:plan`, `funds`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from oim.features import ingestion, occupations
from oim.features.matching.eligibility import REGION, assess
from oim.features.matching.eligibility_terms import PASSBOOK, body, paper, papers_named
from oim.features.matching.types import Card, Hit
from oim.features.matching.verdict import Criterion, Facts, Need, Step
from oim.features.opportunities import AgrDetails, AgrForm, Draft, EmploymentDetails, TrainingDetails
from oim.kit.text import fold

MOST = 3  # steps before one offer
SAME_TRADE = 0.7  # likeness of occupations from which a course or a grant serves the trade of another offer
FUNDS = "funds"
_PLANNING = re.compile(
    r"plans? d'affaires?|business plan|(creer|gerer|lancer|monter) (et gerer )?(sa|son|une) (petite )?"
    r"(activite|entreprise|affaire)|start (your|a) (small )?business|"
    r"gestion d'une activite|entrepreneuriat|entrepreneurship"
)
_OF_A_TRADE = (Criterion.EDUCATION, Criterion.CONTRIBUTION)
_Trail = frozenset[UUID | str]  # the offers and the signs that lead here: none of them again
_TAUGHT = ("licence_a", "licence_b", "licence_c")


def gives(draft: Draft) -> tuple[str, ...]:
    """The signs of what an offer gives: a level, a paper, money, or a way into its organisation."""
    return tuple(dict.fromkeys((*_of_details(draft), *_of_organisation(draft))))


def _of_details(draft: Draft) -> Iterator[str]:
    match draft.details:
        case TrainingDetails(certificate=certificate):
            title = f"{draft.title} {certificate or ''}"
            yield from (f"paper:{code}" for code in papers_named(title) if code in _TAUGHT)
            if _PLANNING.search(fold(draft.title)):
                yield "paper:plan"
            if certificate:
                level = ingestion.certificate_level(certificate) or 0
                yield "paper:diploma" if level else "paper:attestation"
                yield from (f"level:{reached}" for reached in range(1, level + 1))
        case AgrDetails(form=AgrForm.GRANT):
            yield FUNDS


def _of_organisation(draft: Draft) -> Iterator[str]:
    """Who takes a course or a support of a body is let into it, unless it is for its members already."""
    if isinstance(draft.details, EmploymentDetails) or draft.eligibility.membership:
        return
    if draft.organisation and (name := body(draft.organisation)):
        yield f"member:{name}"


def asked(need: Need) -> tuple[tuple[str, Need], ...]:
    """The signs of what would meet a need, each with its part of it; none where no offer can."""
    values = need.values
    match need.criterion:
        case Criterion.EDUCATION:
            return ((f"level:{values['level']}", need),)
        case Criterion.MEMBERSHIP:
            return ((f"member:{body(values['name'])}", need),)
        case Criterion.CONTRIBUTION:
            return ((FUNDS, need),)
        case Criterion.DOCUMENTS:
            names: list[str] = values["names"]
            return tuple((f"paper:{paper(name)}", replace(need, values={"names": [name]})) for name in names)
        case _:
            return ()


# Further doors that give one of these signs.
Seek = Callable[[tuple[str, ...]], Sequence[Hit]]


def ways(
    targets: Sequence[Hit], facts: Facts, at: datetime, candidates: Sequence[Hit], seek: Seek
) -> dict[UUID, tuple[Step, ...]]:
    """The steps before each target, by its id. Further doors are sought once, for what no candidate gives."""
    way = Way(candidates, at)
    found = {target.id: way.to(target, facts) for target in targets}
    if way.sought:
        further = Way([*candidates, *seek(tuple(sorted(way.sought)))], at)
        found = {target.id: further.to(target, facts) for target in targets}
    return found


@dataclass(frozen=True)
class Way:
    """The search for steps: offers that may open others, best first; `sought`: what none surely gives."""

    doors: Sequence[Hit]
    at: datetime
    sought: set[str] = field(default_factory=set)

    def to(self, target: Hit, facts: Facts) -> tuple[Step, ...]:
        """The steps before an offer, in order; none where what is missing is no offer's to give."""
        return tuple(self._towards(target.card, _as_for(target.card, facts), frozenset([target.id]), MOST)[0])

    def _towards(self, card: Card, facts: Facts, trail: _Trail, room: int) -> tuple[list[Step], Facts]:
        """The steps that fit in `room`, and the facts once they are taken."""
        steps: list[Step] = []
        for sign, need in self._lacking(card, facts).items():
            if len(steps) < room and sign in self._lacking(card, facts):
                more, facts = self._through(_Gap(sign, need, card), facts, trail, room - len(steps))
                steps += more
        return steps, facts

    def _lacking(self, card: Card, facts: Facts) -> dict[str, Need]:
        return {sign: need for one in assess(card, facts, self.at).missing for sign, need in asked(one)}

    def _through(self, gap: _Gap, facts: Facts, trail: _Trail, room: int) -> tuple[list[Step], Facts]:
        """Through the first door that opens, itself reached by steps; else straight to the body to join."""
        trail |= {gap.sign}
        fitting = [door for door in self.doors if door.id not in trail and _gives(door.card, gap)]
        near = sorted(fitting, key=lambda door: door.card.region != gap.card.region)
        for door in self._surest(near, facts):
            if not trail.isdisjoint(self._lacking(door.card, facts)):
                continue
            before, then = self._towards(door.card, facts, trail | {door.id}, room - 1)
            if len(before) < room and self._open(door.card, then):
                if self._unsure(door.card, facts):
                    self.sought.add(gap.sign)
                return [*before, _step(gap.need, door)], _after(then, door.card)
        if gap.need.criterion is Criterion.MEMBERSHIP:
            joining = Step(need=gap.need, organisation=gap.card.organisation, locality=gap.card.locality)
            return [joining], _with(facts, gap.sign)
        self.sought.add(gap.sign)
        return [], facts

    def _surest(self, doors: Sequence[Hit], facts: Facts) -> Iterator[Hit]:
        """In their order, those that may yet turn out not to be for the person last."""
        unsure = []
        for door in doors:
            if self._unsure(door.card, facts):
                unsure.append(door)
            else:
                yield door
        yield from unsure

    def _unsure(self, card: Card, facts: Facts) -> bool:
        """Whether a door may yet turn out not to be for the person."""
        return any(not need.changeable for need in assess(card, facts, self.at).unknown)

    def _open(self, card: Card, facts: Facts) -> bool:
        """Whether one may go in; papers are got on the way."""
        missing = assess(card, facts, self.at).missing
        return all(need.criterion is Criterion.DOCUMENTS for need in missing)


@dataclass(frozen=True, slots=True)
class _Gap:
    """A sign that an offer asks and the person lacks."""

    sign: str
    need: Need
    card: Card


def _as_for(card: Card, facts: Facts) -> Facts:
    """The facts as they must be for an offer: no step leads through what is for other people only."""
    return replace(
        facts,
        gender=facts.gender or card.gender,
        region=facts.region or (card.regions[0][:REGION] if card.regions else None),
    )


def _gives(door: Card, gap: _Gap) -> bool:
    if gap.sign not in door.gives:
        return False
    if gap.sign == FUNDS and (door.amount_max or 0) < (gap.need.values["amount"] or 0):
        return False
    if gap.need.criterion is Criterion.MEMBERSHIP and None not in (regions := {door.region, gap.card.region}):
        return len(regions) == 1  # bodies of one name stand in many towns: one joins that of the offer
    return gap.need.criterion not in _OF_A_TRADE or _same_trade(door, gap.card)


def _same_trade(one: Card, other: Card) -> bool:
    likeness = (occupations.similarity(a, b) for a in one.occupations for b in other.occupations)
    return not one.occupations or not other.occupations or max(likeness) >= SAME_TRADE


def _step(need: Need, door: Hit) -> Step:
    card = door.card
    return Step(
        need=need,
        offer=door.id,
        kind=card.kind,
        title=card.title,
        organisation=card.organisation,
        locality=card.locality,
    )


def _after(facts: Facts, door: Card) -> Facts:
    """What is known of a person who has taken an offer."""
    for sign in door.gives:
        facts = _with(facts, sign, door.amount_max or 0)
    return facts


def _with(facts: Facts, sign: str, funds: int = 0) -> Facts:
    """The facts with a sign; who joins a body gets its passbook."""
    papers = facts.documents
    sort, value = sign.split(":", 1) if ":" in sign else (sign, "")
    match sort:
        case "level":
            return replace(facts, education=max(facts.education or 0, int(value)))
        case "member":
            held = None if papers is None else (*papers, PASSBOOK)
            return replace(facts, memberships=(*(facts.memberships or ()), value), documents=held)
        case "paper":
            return replace(facts, documents=None if papers is None else (*papers, value))
        case _:
            return replace(facts, savings=(facts.savings or 0) + max(funds, 1))
