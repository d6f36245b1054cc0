"""Eligibility: each rule at its edges, and what is true of every rule whatever is known of the person."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_factory import NOW, cards, offer, profiles

from oim.features.matching.answer import MissingInfo
from oim.features.matching.eligibility import (
    INFO_BY_CRITERION,
    RULES,
    assess,
    find_missing_info,
    reachable_education,
)
from oim.features.matching.index import Card
from oim.features.matching.profile import Profile
from oim.features.matching.understanding import understand
from oim.features.matching.verdict import Criterion, Facts, State, Verdict
from oim.features.opportunities import Gender, Status

FACTS = [field.name for field in fields(Facts)]
FIXED = {Criterion.GENDER, Criterion.STATUS, Criterion.REGION, Criterion.DEADLINE}
NEXT_YEAR = NOW.replace(year=NOW.year + 1, month=2).timestamp()

E, U, N = State.ELIGIBLE, State.UNKNOWN, State.NOT_ELIGIBLE
NEAR = "near_eligible"
CASES: list[tuple[dict[str, Any], dict[str, Any], State | str]] = [
    ({}, {}, E),
    ({"age_min": 18, "age_max": 35}, {}, U),
    ({"age_min": 18, "age_max": 35}, {"age": 18}, E),
    ({"age_min": 18, "age_max": 35}, {"age": 36}, E),  # may be 35 still
    ({"age_min": 18, "age_max": 35}, {"age": 37}, N),
    ({"age_min": 18}, {"age": 17}, NEAR),
    ({"age_min": 18, "valid_through": NEXT_YEAR}, {"age": 17}, NEAR),
    ({"age_min": 18, "valid_through": NOW.timestamp() + 86400}, {"age": 17}, N),  # closed by then
    ({"age_min": 18}, {"age": 16}, N),
    ({"gender": Gender.FEMALE}, {}, U),
    ({"gender": Gender.FEMALE}, {"gender": Gender.FEMALE}, E),
    ({"gender": Gender.FEMALE}, {"gender": Gender.MALE}, N),
    ({"statuses": (Status.RETURNEE,)}, {}, U),
    ({"statuses": (Status.RETURNEE,)}, {"statuses": (Status.REFUGEE,)}, N),
    ({"statuses": (Status.RETURNEE,)}, {"statuses": (Status.REFUGEE, Status.RETURNEE)}, E),
    ({"statuses": (Status.YOUTH,)}, {"age": 36}, E),
    ({"statuses": (Status.YOUTH,)}, {"age": 37}, U),
    ({"statuses": (Status.YOUTH,)}, {"age": 37, "statuses": (Status.REFUGEE,)}, N),
    ({"statuses": (Status.YOUTH,)}, {"statuses": (Status.REFUGEE,)}, U),  # may be young: the age tells
    ({"regions": ("CM-OU-01", "CM-LT")}, {}, U),
    ({"regions": ("CM-OU-01", "CM-LT")}, {"region": "CM-OU"}, E),
    ({"regions": ("CM-OU",)}, {"region": "CM-LT"}, N),
    ({"education_min": 0}, {}, E),
    ({"education_min": 2}, {}, U),
    ({"education_min": 2}, {"education": 2}, E),
    ({"education_min": 2}, {"education": 1}, NEAR),
    ({"education_min": 2}, {"education": 0}, N),
    ({"education_min": 5}, {"education": 3}, NEAR),  # nothing lies between in Cameroon
    ({"membership": "MC2"}, {}, U),
    ({"membership": "MC2"}, {"memberships": ()}, NEAR),
    ({"membership": "MC2"}, {"memberships": ("la MC² de Bafang",)}, E),
    ({"membership": "MC2"}, {"memberships": ("MUFFA",)}, NEAR),
    ({"membership": "membre de la CAMCCUL"}, {"memberships": ("Bamenda Credit Union",)}, E),
    (
        {"membership": "Coopérative Karité et Savon"},
        {"memberships": ("coopérative karité et savon (Mora)",)},
        E,
    ),
    ({"membership": "Coopérative Karité et Savon"}, {"memberships": ("coopérative de Bafia",)}, NEAR),
    ({"contribution": 10.0, "amount_max": 100_001}, {}, U),
    ({"contribution": 10.0, "amount_max": 100_001}, {"savings": 10_001}, E),
    ({"contribution": 10.0, "amount_max": 100_001}, {"savings": 10_000}, NEAR),
    ({"contribution": 10.0}, {"savings": 0}, NEAR),
    ({"contribution": 0.0}, {"savings": 0}, E),
    ({"documents": ("CNI ou récépissé",)}, {}, U),
    ({"documents": ("CNI ou récépissé",)}, {"documents": ("national ID card",)}, E),
    ({"documents": ("CNI ou récépissé",)}, {"documents": ("CNI de l'avaliste",)}, NEAR),
    ({"documents": ("permis B",)}, {"documents": ("category B licence",)}, E),
    ({"documents": ("permis C",)}, {"documents": ("permis B",)}, NEAR),
    ({"documents": ("CV", "lettre de motivation", "deux photos 4x4")}, {"documents": ()}, E),  # made in a day
    ({"documents": ("carnet de membre",), "membership": "MC2"}, {"memberships": ("MC2",)}, E),
    ({"documents": ("preuve de retour",), "statuses": (Status.RETURNEE,)}, {"documents": ()}, U),
    ({"documents": ("preuve de retour",)}, {"documents": ()}, NEAR),
    ({"valid_through": NOW.timestamp()}, {}, E),
    ({"valid_through": NOW.timestamp() - 1}, {}, N),
    ({"gender": Gender.FEMALE, "membership": "MC2"}, {"memberships": ()}, NEAR),
    ({"gender": Gender.FEMALE, "membership": "MC2"}, {"memberships": (), "gender": Gender.MALE}, N),
]


def assess_known(card: Card, **known: Any) -> Verdict:
    return assess(card, Facts(**known), NOW)


@pytest.mark.parametrize(("terms", "known", "state"), CASES)
def test_each_rule_at_its_edges(terms: dict[str, Any], known: dict[str, Any], state: State | str) -> None:
    verdict = assess_known(offer(**terms), **known)
    assert verdict.state == (N if state == NEAR else state)
    assert verdict.is_near_eligible == (state == NEAR)


def test_a_verdict_lists_what_is_met_missing_and_unknown_in_the_order_of_questions() -> None:
    card = offer(age_min=18, gender=Gender.FEMALE, education_min=2, membership="MC2", documents=("permis B",))
    verdict = assess_known(card, age=30, education=1)
    assert verdict.met == (Criterion.AGE,)
    assert [(need.criterion, need.values) for need in verdict.missing] == [
        (Criterion.EDUCATION, {"level": 2})
    ]
    assert [need.criterion for need in verdict.unknown] == [
        Criterion.GENDER,
        Criterion.MEMBERSHIP,
        Criterion.DOCUMENTS,
    ]
    assert verdict.next_question is verdict.unknown[0]


def test_an_age_not_yet_reached_names_the_year_it_is_reached() -> None:
    [need] = assess_known(offer(age_min=18), age=17).missing
    assert need.values == {"low": 18, "high": None, "year": NOW.year + 1}


def test_only_missing_papers_are_named() -> None:
    [need] = assess_known(offer(documents=("CNI", "permis B", "CV")), documents=("cni",)).missing
    assert need.values == {"names": ["permis B"]}


def test_every_criterion_has_a_rule_and_a_question_but_the_deadline() -> None:
    assert len(RULES) == len(Criterion)
    assert {*Criterion} - {*INFO_BY_CRITERION} == {Criterion.DEADLINE}


@pytest.mark.parametrize("level", range(9))
def test_only_one_more_certificate_is_reachable(level: int) -> None:
    assert level < reachable_education(level) <= level + 2


def facts_of(profile: Profile) -> Facts:
    return understand(profile, NOW).facts


@given(profiles(), cards(), st.lists(st.sampled_from(FACTS), unique=True))
def test_a_settled_verdict_never_changes_when_more_is_known(
    profile: Profile, card: Card, unknown: list[str]
) -> None:
    more = facts_of(profile)
    less = replace(more, **dict.fromkeys(unknown))
    before, after = assess(card, less, NOW), assess(card, more, NOW)
    if before.state is not State.UNKNOWN:
        assert after.state is before.state
    assert {*before.met} <= {*after.met}
    assert {need.criterion for need in after.unknown} <= {need.criterion for need in before.unknown}


@given(profiles(), cards())
def test_a_verdict_has_one_state_and_each_condition_once(profile: Profile, card: Card) -> None:
    verdict = assess(card, facts_of(profile), NOW)
    criteria = [
        *verdict.met,
        *(n.criterion for n in verdict.missing),
        *(n.criterion for n in verdict.unknown),
    ]
    assert len(criteria) == len({*criteria})
    assert (verdict.state is State.NOT_ELIGIBLE) == bool(verdict.missing)
    assert (verdict.state is State.ELIGIBLE) == (not verdict.missing and not verdict.unknown)
    if verdict.is_near_eligible:
        assert not FIXED & {need.criterion for need in verdict.missing}


@given(profiles(), cards())
def test_a_person_with_every_paper_level_and_membership_misses_nothing_changeable(
    profile: Profile, card: Card
) -> None:
    rich = replace(
        facts_of(profile),
        education=8,
        memberships=(card.membership or "",),
        documents=card.documents,
        savings=10**9,
    )
    missing = {need.criterion for need in assess(card, rich, NOW).missing}
    assert missing <= FIXED | {Criterion.AGE}


def test_the_age_is_asked_where_youth_decides_and_the_situation_is_stated() -> None:
    facts = Facts(statuses=(Status.REFUGEE,))
    [need] = assess(offer(statuses=(Status.YOUTH,)), facts, NOW).unknown
    assert find_missing_info(need, facts) is MissingInfo.AGE
    assert find_missing_info(need, Facts()) is MissingInfo.STATUS
