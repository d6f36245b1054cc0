"""Whether an offer is for a person: a table of small rules, each met, not met, or open until they say more.

What cannot be changed (gender, an age passed, another situation, a closed offer) bars; the rest only delays.
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

YOUTH_MAX_AGE = 35  # years: until then one is of the youth, in the programmes of Cameroon
REACHABLE_YEARS = 1  # an age is nearly reached
REGION_CODE_LENGTH = len("CM-OU")  # a department's or commune's code begins with its region's
UPPER_SECONDARY, SHORT_CYCLE = 3, 5  # ISCED levels; Cameroon gives next to nothing in between

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
    """What to ask where a need is open. To be of the youth is told by the age, where the rest is told."""
    told = need.criterion is Criterion.STATUS and facts.statuses is not None
    return MissingInfo.AGE if told else INFO_BY_CRITERION[need.criterion]


# Met, not met or open (None), with what is asked; no finding where the offer asks nothing.
RuleResult = tuple[bool | None, Need]
Rule = Callable[[Card, Facts, datetime], RuleResult | None]


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


def reachable_education(education: int) -> int:
    """The level of education after the one a person has: at most one certificate away."""
    return max(education + 1, SHORT_CYCLE) if education >= UPPER_SECONDARY else education + 1


def reachable_age(age: int) -> int:
    """The age that a person will have before long."""
    return age + REACHABLE_YEARS


def add_youth_status(statuses: tuple[Status, ...], age: int | None) -> tuple[Status, ...]:
    """Those told, and youth where the age says it."""
    young = age is not None and age - 1 <= YOUTH_MAX_AGE and Status.YOUTH not in statuses
    return (*statuses, Status.YOUTH) if young else statuses


def _check_age(card: Card, facts: Facts, at: datetime) -> RuleResult | None:
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
    reached = low <= reachable_age(age) and open_then
    return False, Need(Criterion.AGE, {**values, "year": year}, changeable=reached)


def _check_gender(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    if card.gender is None:
        return None
    need = Need(Criterion.GENDER, {"gender": card.gender.value})
    return (None if facts.gender is None else facts.gender is card.gender), need


def _check_status(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    if not card.statuses:
        return None
    need = Need(Criterion.STATUS, {"statuses": [status.value for status in card.statuses]})
    if {*add_youth_status(facts.statuses or (), facts.age)} & {*card.statuses}:
        return True, need
    open_ = facts.statuses is None or (facts.age is None and Status.YOUTH in card.statuses)
    return (None if open_ else False), need


def _check_region(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    if not card.regions:
        return None
    need = Need(Criterion.REGION, {"regions": list(card.regions)})
    if facts.region is None:
        return None, need
    return facts.region in {code[:REGION_CODE_LENGTH] for code in card.regions}, need


def _check_education(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    asked, level = card.education_min, facts.education
    if not asked:
        return None
    if level is None:
        return None, Need(Criterion.EDUCATION, {"level": asked})
    near = asked <= reachable_education(level)
    return level >= asked, Need(Criterion.EDUCATION, {"level": asked}, changeable=near)


def _check_membership(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    if not card.membership:
        return None
    need = Need(Criterion.MEMBERSHIP, {"name": card.membership}, changeable=True)
    if facts.memberships is None:
        return None, need
    return any(is_same_membership(told, card.membership) for told in facts.memberships), need


def _check_contribution(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    if not card.contribution:
        return None
    smallest = card.amount_min or card.amount_max
    amount = math.ceil(smallest * card.contribution / 100) if smallest else None
    need = Need(Criterion.CONTRIBUTION, {"percent": card.contribution, "amount": amount}, changeable=True)
    return (None if facts.savings is None else facts.savings >= (amount or 1)), need


def _check_documents(card: Card, facts: Facts, _: datetime) -> RuleResult | None:
    # What proves another condition comes with it: it is not asked a second time.
    proofs = {PASSBOOK} if card.membership else set()
    if Status.RETURNEE in card.statuses:
        proofs.add(PROOF_OF_RETURN)
    asked = [words for words in card.documents if normalise_paper(words) not in EASY_PAPERS | proofs]
    if not asked:
        return None
    if facts.documents is None:
        return None, Need(Criterion.DOCUMENTS, {"names": asked}, changeable=True)
    held = {normalise_paper(words) for words in facts.documents}
    lacking = [words for words in asked if normalise_paper(words) not in held]
    return not lacking, Need(Criterion.DOCUMENTS, {"names": lacking}, changeable=True)


def _check_deadline(card: Card, _: Facts, at: datetime) -> RuleResult | None:
    if card.valid_through is None:
        return None
    return card.valid_through >= at.timestamp(), Need(Criterion.DEADLINE)


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
