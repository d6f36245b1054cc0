"""Eligibility: whether an offer is for a person, by a table of small rules (`RULES`).

Each rule is met, not met, or open until the person says more. What nobody can change (gender, an age already
passed, another situation, a closed offer) excludes; anything else makes the offer near-eligible at worst.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from oim.features.matching.answer import MissingInfo
from oim.features.matching.eligibility_terms import (
    EASY_PAPERS,
    PASSBOOK,
    PROOF_OF_RETURN,
    is_same_membership,
    normalise_paper,
)
from oim.features.matching.index import Card
from oim.features.matching.verdict import Criterion, Facts, Need, State, Verdict
from oim.features.opportunities import Status
from oim.kit.clock import CAMEROON

YOUTH_MAX_AGE = 35  # years: programmes of Cameroon count people as youth up to this age
REACHABLE_YEARS = 1  # an age that is this many years away counts as nearly reached
REGION_CODE_LENGTH = len("CM-OU")  # a department's or commune's code begins with its region's
UPPER_SECONDARY, SHORT_CYCLE = 3, 5  # ISCED 2011 levels; Cameroon has next to nothing in between

INFO_BY_CRITERION = {
    Criterion.AGE: MissingInfo.AGE,
    Criterion.GENDER: MissingInfo.GENDER,
    Criterion.STATUS: MissingInfo.STATUS,
    Criterion.REGION: MissingInfo.PLACE,
    Criterion.EDUCATION: MissingInfo.EDUCATION,
    Criterion.MEMBERSHIP: MissingInfo.MEMBERSHIP,
    Criterion.CONTRIBUTION: MissingInfo.SAVINGS,
    Criterion.DOCUMENTS: MissingInfo.DOCUMENTS,
}


def find_missing_info(need: Need, facts: Facts) -> MissingInfo:
    """What to ask the person about a need that is open."""
    # Open although the situations are stated: only whether the person is young is unknown.
    needs_age = need.criterion is Criterion.STATUS and facts.statuses is not None
    return MissingInfo.AGE if needs_age else INFO_BY_CRITERION[need.criterion]


# True: met; False: not met; None: open; with what the offer requires. No result where it requires nothing.
RuleResult = tuple[bool | None, Need]
Rule = Callable[[Card, Facts, datetime], RuleResult | None]


def assess(card: Card, facts: Facts, at: datetime) -> Verdict:
    """The verdict on an offer at an instant: one rule not met decides, else one open rule leaves it open."""
    results = [result for rule in RULES if (result := rule(card, facts, at)) is not None]
    missing = tuple(need for met, need in results if met is False)
    unknown = tuple(need for met, need in results if met is None)
    return Verdict(
        state=State.NOT_ELIGIBLE if missing else State.UNKNOWN if unknown else State.ELIGIBLE,
        met=tuple(need.criterion for met, need in results if met),
        missing=missing,
        unknown=unknown,
    )


def reachable_education(education: int) -> int:
    """The highest ISCED level that a person can reach with one more certificate."""
    return max(education + 1, SHORT_CYCLE) if education >= UPPER_SECONDARY else education + 1


def reachable_age(age: int) -> int:
    """The age that a person will have before long, in years."""
    return age + REACHABLE_YEARS


def add_youth_status(statuses: tuple[Status, ...], age: int | None) -> tuple[Status, ...]:
    """The stated situations, with youth added where the age says so."""
    # An age counts by the year of birth: at 36 of them, the 36th birthday may be still to come.
    young = age is not None and age - 1 <= YOUTH_MAX_AGE and Status.YOUTH not in statuses
    return (*statuses, Status.YOUTH) if young else statuses


def _check_age(card: Card, facts: Facts, at: datetime) -> RuleResult | None:
    """Within the ages of the offer; near-eligible if old enough next year, should it still be open then."""
    low, high, age = card.age_min, card.age_max, facts.age
    if low is None and high is None:
        return None
    values = {"low": low, "high": high}
    if age is None:
        return None, Need(Criterion.AGE, values)
    # Only the year of birth is known: until their birthday the person is a year younger.
    if high is not None and age - 1 > high:
        return False, Need(Criterion.AGE, values)
    if low is None or age >= low:
        return True, Need(Criterion.AGE, values)
    year = at.year + low - age  # in which the person reaches the minimum age
    new_year = datetime(year, 1, 1, tzinfo=CAMEROON).timestamp()
    open_then = card.valid_through is None or card.valid_through >= new_year
    reachable = low <= reachable_age(age) and open_then
    return False, Need(Criterion.AGE, {**values, "year": year}, changeable=reachable)


def _check_gender(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    """Of the gender that the offer is for."""
    if card.gender is None:
        return None
    need = Need(Criterion.GENDER, {"gender": card.gender.value})
    return (None if facts.gender is None else facts.gender is card.gender), need


def _check_status(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    """In one of the situations that the offer is for; youth may follow from the age."""
    if not card.statuses:
        return None
    need = Need(Criterion.STATUS, {"statuses": [status.value for status in card.statuses]})
    if {*add_youth_status(facts.statuses or (), facts.age)} & {*card.statuses}:
        return True, need
    # Stated situations never rule out youth, as long as the age is unknown.
    is_open = facts.statuses is None or (facts.age is None and Status.YOUTH in card.statuses)
    return (None if is_open else False), need


def _check_region(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    """Living in a region that the offer is reserved for; a department or commune counts as its region."""
    if not card.regions:
        return None
    need = Need(Criterion.REGION, {"regions": list(card.regions)})
    if facts.region is None:
        return None, need
    return facts.region in {code[:REGION_CODE_LENGTH] for code in card.regions}, need


def _check_education(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    """Of the level the offer requires; near-eligible where one more certificate leads to it."""
    required, level = card.education_min, facts.education
    # Level 0 is no schooling: an offer that states it requires nothing.
    if not required:
        return None
    if level is None:
        return None, Need(Criterion.EDUCATION, {"level": required})
    near = required <= reachable_education(level)
    return level >= required, Need(Criterion.EDUCATION, {"level": required}, changeable=near)


def _check_membership(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    """A member of the organisation that the offer is reserved for; else near-eligible: it can be joined."""
    if not card.membership:
        return None
    need = Need(Criterion.MEMBERSHIP, {"name": card.membership}, changeable=True)
    if facts.memberships is None:
        return None, need
    return any(is_same_membership(stated, card.membership) for stated in facts.memberships), need


def _check_contribution(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    """Having saved the own share (percent of the smallest amount, in XAF) that a loan or a grant requires."""
    if not card.contribution:
        return None
    smallest = card.amount_min or card.amount_max
    amount = math.ceil(smallest * card.contribution / 100) if smallest else None
    need = Need(Criterion.CONTRIBUTION, {"percent": card.contribution, "amount": amount}, changeable=True)
    # Where the offer states no amount, any savings will do.
    return (None if facts.savings is None else facts.savings >= (amount or 1)), need


def _check_documents(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    """Having the papers to provide, except those that are easy to get."""
    # A paper that proves another condition is not asked for again: people who meet the condition have it.
    proofs = {PASSBOOK} if card.membership else set()
    if Status.RETURNEE in card.statuses:
        proofs.add(PROOF_OF_RETURN)
    required = [words for words in card.documents if normalise_paper(words) not in EASY_PAPERS | proofs]
    if not required:
        return None
    if facts.documents is None:
        return None, Need(Criterion.DOCUMENTS, {"names": required}, changeable=True)
    own_papers = {normalise_paper(words) for words in facts.documents}
    missing = [words for words in required if normalise_paper(words) not in own_papers]
    return not missing, Need(Criterion.DOCUMENTS, {"names": missing}, changeable=True)


def _check_deadline(card: Card, _: Facts, at: datetime) -> RuleResult | None:
    """Still open at the instant."""
    if card.valid_through is None:
        return None
    return card.valid_through >= at.timestamp(), Need(Criterion.DEADLINE)


# In the order of `Criterion`, as a verdict asks its first open question first.
RULES: tuple[Rule, ...] = (
    _check_age,
    _check_gender,
    _check_status,
    _check_region,
    _check_education,
    _check_membership,
    _check_contribution,
    _check_documents,
    _check_deadline,
)
