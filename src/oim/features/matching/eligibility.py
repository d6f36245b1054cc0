"""Whether an offer is for a person: a table of small rules, each met, not met, or open until they say more.

What cannot be changed (gender, an age passed, another situation, a closed offer) bars; the rest only delays.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from oim.features.matching.eligibility_terms import AT_HAND, PASSBOOK, PROOF_OF_RETURN, paper, same_body
from oim.features.matching.types import Card, Missing
from oim.features.matching.verdict import Criterion, Facts, Need, State, Verdict
from oim.features.opportunities import Status
from oim.kit.clock import CAMEROON

YOUNG = 35  # years: until then one is of the youth, in the programmes of Cameroon
YEARS_AHEAD = 1  # an age is nearly reached
REGION = len("CM-OU")  # a department's or commune's code begins with its region's
UPPER_SECONDARY, SHORT_CYCLE = 3, 5  # ISCED levels; Cameroon gives next to nothing in between

QUESTIONS = {
    Criterion.AGE: Missing.AGE,
    Criterion.GENDER: Missing.GENDER,
    Criterion.STATUS: Missing.STATUS,
    Criterion.REGION: Missing.PLACE,
    Criterion.EDUCATION: Missing.EDUCATION,
    Criterion.MEMBERSHIP: Missing.MEMBERSHIP,
    Criterion.CONTRIBUTION: Missing.SAVINGS,
    Criterion.DOCUMENTS: Missing.DOCUMENTS,
}


def question(need: Need, facts: Facts) -> Missing:
    """What to ask where a need is open. To be of the youth is told by the age, where the rest is told."""
    told = need.criterion is Criterion.STATUS and facts.statuses is not None
    return Missing.AGE if told else QUESTIONS[need.criterion]


# Met, not met or open (None), with what is asked; no finding where the offer asks nothing.
Finding = tuple[bool | None, Need]
Rule = Callable[[Card, Facts, datetime], Finding | None]


def assess(card: Card, facts: Facts, at: datetime) -> Verdict:
    """The verdict at an instant. One rule not met decides; else one that is open keeps it open."""
    found = [finding for rule in RULES if (finding := rule(card, facts, at)) is not None]
    missing = tuple(need for met, need in found if met is False)
    unknown = tuple(need for met, need in found if met is None)
    return Verdict(
        state=State.NOT_ELIGIBLE if missing else State.UNKNOWN if unknown else State.ELIGIBLE,
        met=tuple(need.criterion for met, need in found if met),
        missing=missing,
        unknown=unknown,
    )


def within_reach(education: int) -> int:
    """The level of education after the one a person has: at most one certificate away."""
    return max(education + 1, SHORT_CYCLE) if education >= UPPER_SECONDARY else education + 1


def age_within_reach(age: int) -> int:
    """The age that a person will have before long."""
    return age + YEARS_AHEAD


def situations(statuses: tuple[Status, ...], age: int | None) -> tuple[Status, ...]:
    """Those told, and youth where the age says it."""
    young = age is not None and age - 1 <= YOUNG and Status.YOUTH not in statuses
    return (*statuses, Status.YOUTH) if young else statuses


def _age(card: Card, facts: Facts, at: datetime) -> Finding | None:
    low, high, age = card.age_min, card.age_max, facts.age
    if low is None and high is None:
        return None
    values = {"low": low, "high": high}
    if age is None:
        return None, Need(Criterion.AGE, values)
    # Only the year of birth is known: until the birthday one is a year younger.
    if high is not None and age - 1 > high:
        return False, Need(Criterion.AGE, values)
    if low is None or age >= low:
        return True, Need(Criterion.AGE, values)
    year = at.year + low - age
    open_then = (
        card.valid_through is None or card.valid_through >= datetime(year, 1, 1, tzinfo=CAMEROON).timestamp()
    )
    reached = low <= age_within_reach(age) and open_then
    return False, Need(Criterion.AGE, {**values, "year": year}, changeable=reached)


def _gender(card: Card, facts: Facts, _: datetime) -> Finding | None:
    if card.gender is None:
        return None
    need = Need(Criterion.GENDER, {"gender": card.gender.value})
    return (None if facts.gender is None else facts.gender is card.gender), need


def _status(card: Card, facts: Facts, _: datetime) -> Finding | None:
    if not card.statuses:
        return None
    need = Need(Criterion.STATUS, {"statuses": [status.value for status in card.statuses]})
    if {*situations(facts.statuses or (), facts.age)} & {*card.statuses}:
        return True, need
    open_ = facts.statuses is None or (facts.age is None and Status.YOUTH in card.statuses)
    return (None if open_ else False), need


def _region(card: Card, facts: Facts, _: datetime) -> Finding | None:
    if not card.regions:
        return None
    need = Need(Criterion.REGION, {"regions": list(card.regions)})
    if facts.region is None:
        return None, need
    return facts.region in {code[:REGION] for code in card.regions}, need


def _education(card: Card, facts: Facts, _: datetime) -> Finding | None:
    asked, level = card.education_min, facts.education
    if not asked:
        return None
    if level is None:
        return None, Need(Criterion.EDUCATION, {"level": asked})
    near = asked <= within_reach(level)
    return level >= asked, Need(Criterion.EDUCATION, {"level": asked}, changeable=near)


def _membership(card: Card, facts: Facts, _: datetime) -> Finding | None:
    if not card.membership:
        return None
    need = Need(Criterion.MEMBERSHIP, {"name": card.membership}, changeable=True)
    if facts.memberships is None:
        return None, need
    return any(same_body(told, card.membership) for told in facts.memberships), need


def _contribution(card: Card, facts: Facts, _: datetime) -> Finding | None:
    if not card.contribution:
        return None
    smallest = card.amount_min or card.amount_max
    amount = math.ceil(smallest * card.contribution / 100) if smallest else None
    need = Need(Criterion.CONTRIBUTION, {"percent": card.contribution, "amount": amount}, changeable=True)
    return (None if facts.savings is None else facts.savings >= (amount or 1)), need


def _documents(card: Card, facts: Facts, _: datetime) -> Finding | None:
    # What proves another condition comes with it: it is not asked a second time.
    proofs = {PASSBOOK} if card.membership else set()
    if Status.RETURNEE in card.statuses:
        proofs.add(PROOF_OF_RETURN)
    asked = [words for words in card.documents if paper(words) not in AT_HAND | proofs]
    if not asked:
        return None
    if facts.documents is None:
        return None, Need(Criterion.DOCUMENTS, {"names": asked}, changeable=True)
    held = {paper(words) for words in facts.documents}
    lacking = [words for words in asked if paper(words) not in held]
    return not lacking, Need(Criterion.DOCUMENTS, {"names": lacking}, changeable=True)


def _deadline(card: Card, _: Facts, at: datetime) -> Finding | None:
    if card.valid_through is None:
        return None
    return card.valid_through >= at.timestamp(), Need(Criterion.DEADLINE)


RULES: tuple[Rule, ...] = (
    _age,
    _gender,
    _status,
    _region,
    _education,
    _membership,
    _contribution,
    _documents,
    _deadline,
)
