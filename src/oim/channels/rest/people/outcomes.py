"""What became of what a person applied for."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from oim.channels.rest.dependencies import PersonOf
from oim.channels.rest.language import TranslatorOf
from oim.channels.rest.people.account import own
from oim.channels.rest.problems import told
from oim.channels.rest.services import ServicesOf
from oim.channels.rest.strict_model import Shape, shaped
from oim.channels.wording import outcome_answers, render_outcome
from oim.features import applications
from oim.features.applications import Answer, Question
from oim.features.opportunities import Kind
from oim.kit.clock import CAMEROON, now
from oim.kit.i18n import Translator

router = APIRouter(prefix="/v1/me/outcomes", tags=["applications"])


class AnswerOut(Shape):
    """An answer that can be given, and its words."""

    answer: Answer
    text: str


class QuestionOut(Shape):
    """A question that is due now, in words, with the answers to choose from."""

    model_config = shaped(
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
    def of(cls, question: Question, t: Translator) -> QuestionOut:
        """As the API asks it."""
        answers = outcome_answers(question.kind, t)
        return cls(
            id=question.id,
            application_id=question.application,
            title=question.title,
            kind=question.kind,
            day=question.day,
            text=render_outcome(question, t),
            answers=[AnswerOut(answer=answer, text=text) for answer, text in answers],
        )


class QuestionsOut(Shape):
    """What is asked now, oldest first."""

    model_config = shaped({"items": []})

    items: list[QuestionOut]


class AnswerIn(Shape):
    """What became of it."""

    model_config = shaped({"answer": "got_it"})

    answer: Answer


@router.get("", **told("List the questions that are due", 401, 404, model=QuestionsOut))
def due(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> QuestionsOut:
    """Of each application the last question that is due, where it has no answer yet."""
    today = now().astimezone(CAMEROON).date()
    with services.database.write() as session:
        asked = applications.questions_due(session, caller, own(caller), today)
    return QuestionsOut(items=[QuestionOut.of(one, t) for one in asked])


@router.put("/{outcome_id}", **told("Say what became of an application", 401, 404, 409, status=204))
def answer(outcome_id: UUID, said: AnswerIn, services: ServicesOf, caller: PersonOf) -> None:
    """Keep an answer, in place of one given before."""
    with services.database.write() as session:
        applications.answer_outcome(session, caller, outcome_id, said.answer)
