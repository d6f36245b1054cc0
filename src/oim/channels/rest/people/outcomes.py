"""Routes of outcomes: the questions about what became of the caller's applications, and their answers."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.channels.wording import render_outcome_answers, render_outcome_question
from oim.features import applications
from oim.features.applications import DueQuestion, OutcomeAnswer
from oim.features.opportunities import Kind
from oim.kit.clock import CAMEROON, now
from oim.kit.i18n import Translator

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me/outcomes", tags=["applications"])


class AnswerOut(StrictModel):
    """A possible answer, and its words."""

    answer: OutcomeAnswer
    text: str


class QuestionOut(StrictModel):
    """A question that is due now, in words, with the answers to choose from."""

    model_config = example_config(
        {
            "id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
            "application_id": "9d0c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b22",
            "title": "Maçon",
            "kind": "employment",
            "day": 30,
            "text": "“Maçon”, 30 days ago: did you get the job?",
            "answers": [{"answer": "got_it", "text": "Yes, and I still have it"}],
        }
    )

    id: UUID
    application_id: UUID
    title: str
    kind: Kind
    day: int
    text: str
    answers: list[AnswerOut]

    @classmethod
    def from_domain(cls, question: DueQuestion, t: Translator) -> QuestionOut:
        """Convert a question, with words in the language of `t`."""
        answers = render_outcome_answers(question.kind, t)
        return cls(
            id=question.id,
            application_id=question.application,
            title=question.title,
            kind=question.kind,
            day=question.day,
            text=render_outcome_question(question, t),
            answers=[AnswerOut(answer=answer, text=text) for answer, text in answers],
        )


class QuestionsOut(StrictModel):
    """The questions that are due now, oldest first."""

    model_config = example_config({"items": []})

    items: list[QuestionOut]


class AnswerIn(StrictModel):
    """What became of the application."""

    model_config = example_config({"answer": "got_it"})

    answer: OutcomeAnswer


@router.get("", **describe("List the questions that are due", 401, 404, model=QuestionsOut))
def list_due_outcomes(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> QuestionsOut:
    """List, for each application, the last question that is due and not answered yet."""
    # The day in Cameroon, whatever the time zone of the server.
    today = now().astimezone(CAMEROON).date()
    with services.database.write() as session:
        questions = applications.list_due_questions(session, caller, person_id_of(caller), today)
    return QuestionsOut(items=[QuestionOut.from_domain(question, t) for question in questions])


@router.put("/{outcome_id}", **describe("Answer what became of an application", 401, 404, 409, status=204))
def answer_outcome(outcome_id: UUID, body: AnswerIn, services: ServicesOf, caller: PersonOf) -> None:
    """Store the answer to a question, in place of an earlier one."""
    with services.database.write() as session:
        applications.answer_outcome(session, caller, outcome_id, body.answer)
