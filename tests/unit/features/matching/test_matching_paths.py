"""Paths: steps through offers that give what another requires; in order, at most three, never circular."""

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_factory import NOW, hit, offer

from oim.features.matching.answer import ANSWER, Answer, MissingInfo, Recommendation
from oim.features.matching.benefits import list_benefits
from oim.features.matching.eligibility import assess
from oim.features.matching.index import Card, Hit
from oim.features.matching.paths import MAX_STEPS, find_paths
from oim.features.matching.verdict import Criterion, Facts, Step
from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Details,
    Draft,
    Eligibility,
    EmploymentDetails,
    Gender,
    Kind,
    TrainingDetails,
)

PLAN = "plan d'affaires simple"
TARGET = 99
NOTHING = Facts(age=30, education=1, memberships=(), documents=("CNI",), savings=0)


def find_steps(
    target: Card, enablers: list[Card], facts: Facts = NOTHING, further: list[Card] | None = None
) -> tuple[Step, ...]:
    candidates = [hit(number, card) for number, card in enumerate(enablers)]
    further_hits = [hit(50 + number, card) for number, card in enumerate(further or [])]
    target_hit = hit(TARGET, target)
    return find_paths([target_hit], facts, NOW, [*candidates, target_hit], lambda _: further_hits)[
        target_hit.id
    ]


def offer_numbers(steps: tuple[Step, ...]) -> list[int | None]:
    """The numbers of the offers that steps lead through; None for joining an organisation."""
    return [step.offer.int if step.offer else None for step in steps]


COURSE = offer(kind=Kind.TRAINING, title="Plan d'affaires", gives=("paper:plan",))
GRANT = offer(kind=Kind.AGR, title="Don", documents=(PLAN,), amount_max=50_000, gives=("funds",))
LOAN = offer(kind=Kind.AGR, title="Prêt", documents=(PLAN,), contribution=10.0, amount_max=300_000)


def test_a_course_leads_to_a_grant_and_the_grant_to_a_loan() -> None:
    steps = find_steps(LOAN, [GRANT, COURSE])
    assert offer_numbers(steps) == [1, 0]
    assert [step.need.criterion for step in steps] == [Criterion.DOCUMENTS, Criterion.CONTRIBUTION]
    assert [step.title for step in steps] == ["Plan d'affaires", "Don"]


def test_what_an_earlier_step_gave_is_not_required_again() -> None:
    assert len(find_steps(LOAN, [COURSE, GRANT])) == 2


def test_an_organisation_is_joined_directly_or_through_its_own_offer() -> None:
    loan = offer(kind=Kind.AGR, membership="MC2", organisation="MC2", locality="Mbouda")
    [joining] = find_steps(loan, [])
    assert (joining.offer, joining.organisation, joining.locality) == (None, "MC2", "Mbouda")
    assert offer_numbers(find_steps(loan, [offer(kind=Kind.TRAINING, gives=("member:mc2",))])) == [0]


def test_an_organisation_is_not_joined_in_another_region() -> None:
    loan = offer(kind=Kind.AGR, membership="MC2", organisation="MC2", region="CM-OU")
    near, far = (offer(kind=Kind.TRAINING, gives=("member:mc2",), region=code) for code in ("CM-OU", "CM-NO"))
    assert offer_numbers(find_steps(loan, [far])) == [None]
    assert offer_numbers(find_steps(loan, [far, near])) == [1]


def test_a_membership_brings_the_passbook_along() -> None:
    loan = offer(kind=Kind.AGR, membership="MC2", documents=("carnet de membre",))
    assert len(find_steps(loan, [])) == 1


def test_a_course_gives_the_education_level_of_a_job_only_in_the_same_trade() -> None:
    job = offer(education_min=2, occupations=("7212",))
    sewing = offer(kind=Kind.TRAINING, occupations=("7531",), gives=("level:1", "level:2"))
    welding = offer(kind=Kind.TRAINING, education_min=1, occupations=("7212",), gives=("level:1", "level:2"))
    assert offer_numbers(find_steps(job, [sewing, welding])) == [1]
    assert find_steps(job, [sewing]) == ()


def test_an_offer_closed_to_the_person_is_no_step() -> None:
    job = offer(education_min=2)
    for condition in (
        {"gender": Gender.FEMALE},
        {"education_min": 2},
        {"valid_through": NOW.timestamp() - 1},
    ):
        course = offer(kind=Kind.TRAINING, gives=("level:2",), **condition)
        assert find_steps(job, [course], Facts(gender=Gender.MALE, education=1)) == ()


def test_an_offer_certainly_open_to_the_person_is_preferred_to_one_that_may_not_be() -> None:
    job = offer(education_min=2)
    unsure = offer(kind=Kind.TRAINING, gives=("level:2",), gender=Gender.FEMALE)
    sure = offer(kind=Kind.TRAINING, gives=("level:2",))
    assert offer_numbers(find_steps(job, [unsure, sure])) == [1]
    assert offer_numbers(find_steps(job, [unsure])) == [0]


def test_a_grant_smaller_than_the_own_contribution_is_no_step() -> None:
    loan = offer(kind=Kind.AGR, contribution=10.0, amount_max=1_000_000)
    small, large = (offer(kind=Kind.AGR, amount_max=amount, gives=("funds",)) for amount in (50_000, 100_000))
    assert find_steps(loan, [small]) == ()
    assert offer_numbers(find_steps(loan, [large])) == [0]


def test_the_index_is_searched_once_more_only_where_no_candidate_helps() -> None:
    searches: list[tuple[str, ...]] = []

    def find_enablers(benefits: tuple[str, ...]) -> list[Hit]:
        searches.append(benefits)
        return [hit(50, COURSE)]

    target = hit(TARGET, LOAN)
    paths = find_paths([target], NOTHING, NOW, [hit(0, GRANT)], find_enablers)
    assert offer_numbers(paths[target.id]) == [50, 0]
    assert searches == [("paper:plan",)]
    find_paths([target], NOTHING, NOW, [hit(0, GRANT), hit(1, COURSE)], find_enablers)
    assert len(searches) == 1


def test_no_step_leads_through_an_offer_for_other_people() -> None:
    loan = offer(kind=Kind.AGR, documents=(PLAN,), gender=Gender.FEMALE, regions=("CM-NO-01",))
    for other in ({"gender": Gender.MALE}, {"regions": ("CM-ES",)}):
        assert find_steps(loan, [offer(kind=Kind.TRAINING, gives=("paper:plan",), **other)]) == ()
    assert len(find_steps(loan, [offer(kind=Kind.TRAINING, gives=("paper:plan",), regions=("CM-NO",))])) == 1


def test_an_offer_that_requires_what_it_gives_is_no_step() -> None:
    circular = offer(
        kind=Kind.AGR, contribution=10.0, amount_max=100_000, documents=(PLAN,), gives=("paper:plan", "funds")
    )
    assert find_steps(LOAN, [circular]) == ()


BENEFITS = ("level:2", "paper:plan", "funds", "member:mc2")
ENABLERS = st.lists(
    st.builds(
        lambda **card: offer(kind=Kind.TRAINING, amount_max=500_000, **card),
        education_min=st.sampled_from((None, 2)),
        membership=st.sampled_from((None, "MC2")),
        contribution=st.sampled_from((None, 10.0)),
        documents=st.sampled_from(((), (PLAN,))),
        gives=st.lists(st.sampled_from(BENEFITS), max_size=2, unique=True).map(tuple),
    ),
    max_size=7,
)


@given(ENABLERS)
def test_steps_are_few_never_repeat_and_end(enablers: list[Card]) -> None:
    target = offer(
        kind=Kind.AGR,
        education_min=2,
        membership="MC2",
        contribution=10.0,
        amount_max=100_000,
        documents=(PLAN,),
    )
    steps = find_steps(target, enablers)
    offer_ids = [step.offer for step in steps if step.offer]
    assert len(steps) <= MAX_STEPS
    assert len({*offer_ids}) == len(offer_ids)
    assert UUID(int=TARGET) not in offer_ids
    assert all(before != after for before, after in pairwise(steps))


def test_an_answer_with_verdicts_and_steps_survives_json() -> None:
    verdict = assess(LOAN, NOTHING, NOW)
    recommendation = Recommendation(
        id=UUID(int=TARGET),
        rank=1,
        score=0.5,
        parts={},
        reasons=(),
        card=LOAN,
        verdict=verdict,
        steps=find_steps(LOAN, [GRANT, COURSE]),
    )
    answer = Answer(items=(recommendation,), missing=(MissingInfo.SAVINGS,))
    assert verdict.is_near_eligible
    assert ANSWER.validate_json(ANSWER.dump_json(answer)) == answer


def make_draft(details: Details, **values: Any) -> Draft:
    kinds = {EmploymentDetails: Kind.EMPLOYMENT, TrainingDetails: Kind.TRAINING, AgrDetails: Kind.AGR}
    return Draft(
        **{"kind": kinds[type(details)], "external_id": "1", "title": "Offre", "details": details, **values}
    )


@pytest.mark.parametrize(
    ("draft", "benefits"),
    [
        (make_draft(TrainingDetails(certificate="CAP")), {"paper:diploma", "level:1", "level:2"}),
        (make_draft(TrainingDetails(certificate="attestation")), {"paper:attestation"}),
        (make_draft(TrainingDetails(), title="Permis B et conduite"), {"paper:licence_b"}),
        (make_draft(TrainingDetails(), title="Éducation financière et plan d'affaires"), {"paper:plan"}),
        (make_draft(TrainingDetails(), title="Start your small business"), {"paper:plan"}),
        (make_draft(AgrDetails(form=AgrForm.GRANT)), {"funds"}),
        (make_draft(AgrDetails(form=AgrForm.LOAN)), set()),
        (make_draft(AgrDetails(form=AgrForm.KIT), organisation="MC2 de Bafang"), {"member:mc2"}),
        (make_draft(AgrDetails(), organisation="MC2", eligibility=Eligibility(membership="MC2")), set()),
        (make_draft(EmploymentDetails(), organisation="MC2", title="Permis B"), set()),
    ],
)
def test_the_benefits_of_an_offer_are_derived_from_its_data(draft: Draft, benefits: set[str]) -> None:
    assert {*list_benefits(draft)} == benefits
