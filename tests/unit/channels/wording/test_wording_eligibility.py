"""Eligibility in words, in both languages: missing requirements, steps towards an offer, questions."""

from typing import Any
from uuid import UUID

import pytest

from oim.channels.wording import render_need, render_question, render_step, render_steps
from oim.features.matching.verdict import Criterion, Need, State, Step, Verdict
from oim.features.opportunities import Kind
from oim.kit.i18n import translator

FR, EN = translator("fr"), translator("en")
PLAN = Need(Criterion.DOCUMENTS, {"names": ["plan d'affaires simple"]}, changeable=True)
MC2 = Need(Criterion.MEMBERSHIP, {"name": "MC2"}, changeable=True)
SHARE = Need(Criterion.CONTRIBUTION, {"percent": 10.0, "amount": 15_000}, changeable=True)
LEVEL = Need(Criterion.EDUCATION, {"level": 2}, changeable=True)
CAP = "BEPC, CAP, O Level"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("need", "french", "english"),
    [
        (MC2, "Devenez membre : MC2", "Become a member: MC2"),
        (SHARE, "Réunissez 15 000 FCFA d’apport personnel", "Gather XAF 15,000 as your own share"),
        (
            Need(Criterion.CONTRIBUTION, {"percent": 10.0, "amount": None}),
            "Réunissez 10 % d’apport personnel",
            "Gather 10% as your own share",
        ),
        (
            Need(Criterion.AGE, {"low": 18, "high": None, "year": 2027}),
            "Attendez 2027, l’année de vos 18 ans",
            "Wait for 2027, the year you turn 18",
        ),
        (PLAN, "Procurez-vous ce papier : plan d'affaires simple", "Get this paper: plan d'affaires simple"),
        (
            LEVEL,
            f"Atteignez ce niveau : Collège ({CAP})",
            f"Reach this level: Lower secondary school ({CAP})",
        ),
    ],
)
def test_a_missing_requirement_is_rendered_as_what_to_do(need: Need, french: str, english: str) -> None:
    assert plain(render_need(need, FR)) == french
    assert plain(render_need(need, EN)) == english


@pytest.mark.parametrize(
    ("criterion", "values", "french", "english"),
    [
        (
            Criterion.AGE,
            {"low": 18, "high": 35},
            "Avez-vous de 18 à 35 ans ?",
            "Are you 18 to 35 years old?",
        ),
        (
            Criterion.AGE,
            {"low": 18, "high": None},
            "Avez-vous 18 ans ou plus ?",
            "Are you 18 years old or more?",
        ),
        (
            Criterion.AGE,
            {"low": None, "high": 35},
            "Avez-vous 35 ans ou moins ?",
            "Are you 35 years old or less?",
        ),
        (Criterion.GENDER, {"gender": "female"}, "Êtes-vous une femme ?", "Are you a woman?"),
        (
            Criterion.STATUS,
            {"statuses": ["refugee", "youth"]},
            "Êtes-vous dans l’une de ces situations : personnes réfugiées, jeunes ?",
            "Is one of these your situation: refugees, young people?",
        ),
        (
            Criterion.REGION,
            {"regions": ["CM-OU", "CM-LT"]},
            "Habitez-vous ici : Ouest, Littoral ?",
            "Do you live here: West, Littoral?",
        ),
        (Criterion.MEMBERSHIP, {"name": "MC2"}, "Êtes-vous membre : MC2 ?", "Are you a member: MC2?"),
        (
            Criterion.DOCUMENTS,
            {"names": ["CNI", "permis B"]},
            "Avez-vous : CNI, permis B ?",
            "Do you have: CNI, permis B?",
        ),
    ],
)
def test_a_question_names_the_values_that_the_offer_requires(
    criterion: Criterion, values: dict[str, Any], french: str, english: str
) -> None:
    assert plain(render_question(Need(criterion, values), FR)) == french
    assert plain(render_question(Need(criterion, values), EN)) == english


def test_every_criterion_except_the_deadline_has_a_question() -> None:
    values = {
        "low": 18,
        "high": 35,
        "gender": "male",
        "statuses": ["youth"],
        "regions": ["CM-OU"],
        "level": 2,
        "name": "MC2",
        "names": ["CNI"],
        "percent": 10.0,
        "amount": 1000,
    }
    questions = {
        render_question(Need(criterion, values), EN)
        for criterion in Criterion
        if criterion is not Criterion.DEADLINE
    }
    assert len(questions) == len(Criterion) - 1
    assert all(question.endswith("?") and "%(" not in question for question in questions)


COURSE = Step(
    need=PLAN, offer=UUID(int=1), kind=Kind.TRAINING, title="Gérer", organisation="Réseau", locality="Douala"
)
JOINING = Step(need=MC2, organisation="MC2", locality="Mbouda")


def test_a_step_names_the_need_and_the_offer_or_town_that_meets_it() -> None:
    assert plain(render_step(COURSE, FR)) == (
        "Procurez-vous ce papier : plan d'affaires simple, par « Gérer », Réseau"
    )
    assert plain(render_step(COURSE, EN)) == "Get this paper: plan d'affaires simple, with “Gérer”, Réseau"
    assert plain(render_step(JOINING, FR)) == "Devenez membre : MC2, à Mbouda"
    assert plain(render_step(JOINING, EN)) == "Become a member: MC2, in Mbouda"
    assert plain(render_step(Step(need=MC2), EN)) == "Become a member: MC2"


def test_the_steps_come_first_and_then_the_needs_that_no_step_meets() -> None:
    papers = Need(Criterion.DOCUMENTS, {"names": ["CNI", "plan d'affaires simple"]}, changeable=True)
    verdict = Verdict(state=State.NOT_ELIGIBLE, missing=(MC2, SHARE, papers))
    first = render_steps(verdict, (COURSE, JOINING), EN)
    assert [step for _, step in first] == [COURSE, JOINING, None, None]
    assert [plain(words) for words, _ in first[2:]] == [
        "Gather XAF 15,000 as your own share",
        "Get this paper: CNI",
    ]
