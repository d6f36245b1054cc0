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


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("need", "french", "english"),
    [
        (MC2, "Devenez membre d’une MC2", "Become a member of an MC2"),
        (SHARE, "Réunissez 15 000 FCFA de votre poche", "Gather XAF 15,000 of your own money"),
        (
            Need(Criterion.CONTRIBUTION, {"percent": 10.0, "amount": None}),
            "Réunissez de votre poche 10 % de ce que coûte votre projet",
            "Gather 10% of what your project costs",
        ),
        (
            Need(Criterion.AGE, {"low": 18, "high": None, "year": 2027}),
            "Attendez 2027, l’année de vos 18 ans",
            "Wait for 2027, the year you turn 18",
        ),
        (PLAN, "Préparez un plan d’affaires", "Prepare a business plan"),
        (
            LEVEL,
            "Passez d’abord le BEPC, un CAP ou le O Level",
            "Get the BEPC, a CAP or the O Level first",
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
            "Are you in one of these situations: refugees, young people?",
        ),
        (
            Criterion.REGION,
            {"regions": ["CM-OU", "CM-LT"]},
            "Habitez-vous dans l’un de ces lieux : Ouest, Littoral ?",
            "Do you live in one of these places: West, Littoral?",
        ),
        (
            Criterion.MEMBERSHIP,
            {"name": "MC2"},
            "Êtes-vous membre d’une MC2 ?",
            "Are you a member of an MC2?",
        ),
        (
            Criterion.MEMBERSHIP,
            {"name": "la MUFFA"},
            "Êtes-vous membre d’une MUFFA ?",
            "Are you a member of a MUFFA?",
        ),
        (
            Criterion.MEMBERSHIP,
            {"name": "Coopérative Karité"},
            "Êtes-vous membre de ce groupe : Coopérative Karité ?",
            "Are you a member of this group: Coopérative Karité?",
        ),
        (
            Criterion.EDUCATION,
            {"level": 2},
            "Avez-vous au moins le BEPC, un CAP ou le O Level ?",
            "Do you have at least the BEPC, a CAP or the O Level?",
        ),
        (
            Criterion.STATUS,
            {"statuses": ["displaced"]},
            "Êtes-vous une personne déplacée dans le pays ?",
            "Are you displaced inside the country?",
        ),
        (
            Criterion.REGION,
            {"regions": ["CM-EN"]},
            "Habitez-vous dans l’Extrême-Nord ?",
            "Do you live in the Far North?",
        ),
        (
            Criterion.CONTRIBUTION,
            {"percent": 10.0, "amount": None},
            "Pouvez-vous payer de votre poche 10 % de votre projet ?",
            "Could you pay 10% of your project with your own money?",
        ),
        (
            Criterion.DOCUMENTS,
            {"names": ["CNI ou récépissé"]},
            "Avez-vous une carte d’identité ou un passeport ?",
            "Do you have an identity card or a passport?",
        ),
        (
            Criterion.DOCUMENTS,
            {"names": ["CNI de l'avaliste"]},
            "Avez-vous ce papier : CNI de l'avaliste ?",
            "Do you have this paper: CNI de l'avaliste?",
        ),
        (
            Criterion.DOCUMENTS,
            {"names": ["CNI", "permis B"]},
            "Avez-vous ces papiers : carte d’identité ou passeport, permis B (voiture) ?",
            "Do you have these papers: identity card or passport, driving licence B (car)?",
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
    assert plain(render_step(COURSE, FR)) == ("Préparez un plan d’affaires, avec « Gérer », Réseau")
    assert plain(render_step(COURSE, EN)) == "Prepare a business plan, with “Gérer”, Réseau"
    assert plain(render_step(JOINING, FR)) == "Devenez membre d’une MC2, à Mbouda"
    assert plain(render_step(JOINING, EN)) == "Become a member of an MC2, in Mbouda"
    assert plain(render_step(Step(need=MC2), EN)) == "Become a member of an MC2"


def test_the_steps_come_first_and_then_the_needs_that_no_step_meets() -> None:
    papers = Need(Criterion.DOCUMENTS, {"names": ["CNI", "plan d'affaires simple"]}, changeable=True)
    verdict = Verdict(state=State.NOT_ELIGIBLE, missing=(MC2, SHARE, papers))
    first = render_steps(verdict, (COURSE, JOINING), EN)
    assert [step for _, step in first] == [COURSE, JOINING, None, None]
    assert [plain(words) for words, _ in first[2:]] == [
        "Gather XAF 15,000 of your own money",
        "Get your identity card",
    ]


def test_every_level_above_none_has_its_sentences() -> None:
    for level in range(1, 9):
        need = Need(Criterion.EDUCATION, {"level": level}, changeable=True)
        for t in (FR, EN):
            assert render_question(need, t).endswith("?")
            assert render_need(need, t)
