"""Steps: one offer gives what another asks. In order, at most three, never round in a circle."""

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
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


def steps(
    target: Card, doors: list[Card], facts: Facts = NOTHING, further: list[Card] | None = None
) -> tuple[Step, ...]:
    held = [hit(number, card) for number, card in enumerate(doors)]
    sought = [hit(50 + number, card) for number, card in enumerate(further or [])]
    wanted = hit(TARGET, target)
    return find_paths([wanted], facts, NOW, [*held, wanted], lambda _: sought)[wanted.id]


def through(found: tuple[Step, ...]) -> list[int | None]:
    return [step.offer.int if step.offer else None for step in found]


COURSE = offer(kind=Kind.TRAINING, title="Plan d'affaires", gives=("paper:plan",))
GRANT = offer(kind=Kind.AGR, title="Don", documents=(PLAN,), amount_max=50_000, gives=("funds",))
LOAN = offer(kind=Kind.AGR, title="Prêt", documents=(PLAN,), contribution=10.0, amount_max=300_000)


def test_a_course_leads_to_a_grant_and_the_grant_to_a_loan() -> None:
    found = steps(LOAN, [GRANT, COURSE])
    assert through(found) == [1, 0]
    assert [step.need.criterion for step in found] == [Criterion.DOCUMENTS, Criterion.CONTRIBUTION]
    assert [step.title for step in found] == ["Plan d'affaires", "Don"]


def test_what_an_earlier_step_gave_is_not_asked_again() -> None:
    assert len(steps(LOAN, [COURSE, GRANT])) == 2


def test_a_body_is_joined_at_its_counter_or_through_its_own_offer() -> None:
    loan = offer(kind=Kind.AGR, membership="MC2", organisation="MC2", locality="Mbouda")
    [joining] = steps(loan, [])
    assert (joining.offer, joining.organisation, joining.locality) == (None, "MC2", "Mbouda")
    assert through(steps(loan, [offer(kind=Kind.TRAINING, gives=("member:mc2",))])) == [0]


def test_a_body_is_not_joined_in_another_region() -> None:
    loan = offer(kind=Kind.AGR, membership="MC2", organisation="MC2", region="CM-OU")
    near, far = (offer(kind=Kind.TRAINING, gives=("member:mc2",), region=code) for code in ("CM-OU", "CM-NO"))
    assert through(steps(loan, [far])) == [None]
    assert through(steps(loan, [far, near])) == [1]


def test_a_membership_brings_the_passbook_along() -> None:
    loan = offer(kind=Kind.AGR, membership="MC2", documents=("carnet de membre",))
    assert len(steps(loan, [])) == 1


def test_a_course_gives_the_level_that_a_job_asks_if_it_is_of_its_trade() -> None:
    job = offer(education_min=2, occupations=("7212",))
    sewing = offer(kind=Kind.TRAINING, occupations=("7531",), gives=("level:1", "level:2"))
    welding = offer(kind=Kind.TRAINING, education_min=1, occupations=("7212",), gives=("level:1", "level:2"))
    assert through(steps(job, [sewing, welding])) == [1]
    assert steps(job, [sewing]) == ()


def test_a_door_closed_to_the_person_is_none() -> None:
    job = offer(education_min=2)
    for barred in ({"gender": Gender.FEMALE}, {"education_min": 2}, {"valid_through": NOW.timestamp() - 1}):
        door = offer(kind=Kind.TRAINING, gives=("level:2",), **barred)
        assert steps(job, [door], Facts(gender=Gender.MALE, education=1)) == ()


def test_a_door_that_is_surely_open_comes_before_one_that_may_not_be() -> None:
    job = offer(education_min=2)
    unsure = offer(kind=Kind.TRAINING, gives=("level:2",), gender=Gender.FEMALE)
    sure = offer(kind=Kind.TRAINING, gives=("level:2",))
    assert through(steps(job, [unsure, sure])) == [1]
    assert through(steps(job, [unsure])) == [0]


def test_a_grant_too_small_for_the_share_opens_nothing() -> None:
    loan = offer(kind=Kind.AGR, contribution=10.0, amount_max=1_000_000)
    assert steps(loan, [offer(kind=Kind.AGR, amount_max=50_000, gives=("funds",))]) == ()
    assert through(steps(loan, [offer(kind=Kind.AGR, amount_max=100_000, gives=("funds",))])) == [0]


def test_doors_are_sought_once_more_only_where_none_was_found() -> None:
    asked: list[tuple[str, ...]] = []

    def seek(signs: tuple[str, ...]) -> list[Hit]:
        asked.append(signs)
        return [hit(50, COURSE)]

    wanted = hit(TARGET, LOAN)
    found = find_paths([wanted], NOTHING, NOW, [hit(0, GRANT)], seek)
    assert through(found[wanted.id]) == [50, 0]
    assert asked == [("paper:plan",)]
    find_paths([wanted], NOTHING, NOW, [hit(0, GRANT), hit(1, COURSE)], seek)
    assert len(asked) == 1


def test_no_step_leads_through_what_is_for_other_people() -> None:
    loan = offer(kind=Kind.AGR, documents=(PLAN,), gender=Gender.FEMALE, regions=("CM-NO-01",))
    for other in ({"gender": Gender.MALE}, {"regions": ("CM-ES",)}):
        assert steps(loan, [offer(kind=Kind.TRAINING, gives=("paper:plan",), **other)]) == ()
    assert len(steps(loan, [offer(kind=Kind.TRAINING, gives=("paper:plan",), regions=("CM-NO",))])) == 1


def test_circles_lead_nowhere() -> None:
    one = offer(
        kind=Kind.AGR, contribution=10.0, amount_max=100_000, documents=(PLAN,), gives=("paper:plan", "funds")
    )
    assert steps(LOAN, [one]) == ()


SIGNS = ("level:2", "paper:plan", "funds", "member:mc2")
DOORS = st.lists(
    st.builds(
        lambda **card: offer(kind=Kind.TRAINING, amount_max=500_000, **card),
        education_min=st.sampled_from((None, 2)),
        membership=st.sampled_from((None, "MC2")),
        contribution=st.sampled_from((None, 10.0)),
        documents=st.sampled_from(((), (PLAN,))),
        gives=st.lists(st.sampled_from(SIGNS), max_size=2, unique=True).map(tuple),
    ),
    max_size=7,
)


@given(DOORS)
@settings(max_examples=80, deadline=None)
def test_steps_are_few_never_repeat_and_end(doors: list[Card]) -> None:
    target = offer(
        kind=Kind.AGR,
        education_min=2,
        membership="MC2",
        contribution=10.0,
        amount_max=100_000,
        documents=(PLAN,),
    )
    found = steps(target, doors)
    named = [step.offer for step in found if step.offer]
    assert len(found) <= MAX_STEPS
    assert len({*named}) == len(named)
    assert UUID(int=TARGET) not in named
    assert all(before != after for before, after in pairwise(found))


def test_verdicts_and_steps_arrive_as_they_were_sent() -> None:
    verdict = assess(LOAN, NOTHING, NOW)
    one = Recommendation(
        id=UUID(int=TARGET),
        rank=1,
        score=0.5,
        parts={},
        reasons=(),
        card=LOAN,
        verdict=verdict,
        steps=steps(LOAN, [GRANT, COURSE]),
    )
    answer = Answer(items=(one,), missing=(MissingInfo.SAVINGS,))
    assert verdict.is_near_eligible
    assert ANSWER.validate_json(ANSWER.dump_json(answer)) == answer


def drafted(details: Details, **values: Any) -> Draft:
    kinds = {EmploymentDetails: Kind.EMPLOYMENT, TrainingDetails: Kind.TRAINING, AgrDetails: Kind.AGR}
    return Draft(
        **{"kind": kinds[type(details)], "external_id": "1", "title": "Offre", "details": details, **values}
    )


@pytest.mark.parametrize(
    ("draft", "given"),
    [
        (drafted(TrainingDetails(certificate="CAP")), {"paper:diploma", "level:1", "level:2"}),
        (drafted(TrainingDetails(certificate="attestation")), {"paper:attestation"}),
        (drafted(TrainingDetails(), title="Permis B et conduite"), {"paper:licence_b"}),
        (drafted(TrainingDetails(), title="Éducation financière et plan d'affaires"), {"paper:plan"}),
        (drafted(TrainingDetails(), title="Start your small business"), {"paper:plan"}),
        (drafted(AgrDetails(form=AgrForm.GRANT)), {"funds"}),
        (drafted(AgrDetails(form=AgrForm.LOAN)), set()),
        (drafted(AgrDetails(form=AgrForm.KIT), organisation="MC2 de Bafang"), {"member:mc2"}),
        (drafted(AgrDetails(), organisation="MC2", eligibility=Eligibility(membership="MC2")), set()),
        (drafted(EmploymentDetails(), organisation="MC2", title="Permis B"), set()),
    ],
)
def test_what_an_offer_gives_is_read_from_its_data(draft: Draft, given: set[str]) -> None:
    assert {*list_benefits(draft)} == given
