"""What a person applied for: where it stands, what comes next, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.web.me.subject import CurrentPerson
from oim.channels.web.pages import PageOf
from oim.channels.web.security import PostedForm
from oim.channels.wording import (
    KINDS,
    render_next_step,
    render_outcome_answers,
    render_outcome_question,
    render_stage,
    render_stage_name,
)
from oim.features import applications
from oim.features.applications import (
    PERSON_MOVES,
    Application,
    DueQuestion,
    NextStep,
    OutcomeAnswer,
    Stage,
)
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.fields import first_value
from oim.kit.i18n import Translator, format_date, mark

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """An application in words: where it stands, what that means, what is next."""

    id: UUID
    kind: str
    kind_label: str
    title: str
    organisation: str
    day: str
    stage: str
    meaning: str
    next_steps: list[str]


@dataclass(frozen=True, slots=True)
class OutcomeQuestionView:
    """A question, and the answers to tap."""

    id: UUID
    text: str
    answers: list[tuple[str, str]]


@router.get("/applications")
def list_applications(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """What is asked, then all of them, newest first."""
    today = now().astimezone(CAMEROON).date()
    with services.database.write() as session:
        due = applications.list_due_questions(session, subject.actor, subject.person, today)
        held = applications.list_for_person(session, subject.actor, subject.person)
    return page.render(
        "me/applications.html",
        questions=[_build_question_view(question, page.t) for question in due],
        applications=[_build_view(one, page.t) for one in held],
    )


@router.post("/outcomes/{outcome}")
def answer_outcome(
    outcome: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """What became of one of them, in one tap."""
    said = first_value(form, "answer")
    if said not in set(OutcomeAnswer):
        raise BadInputError(mark("Choose from the list."), field="answer")
    with services.database.write() as session:
        applications.answer_outcome(session, subject.actor, outcome, OutcomeAnswer(said))
    return page.redirect("me/applications")


@router.get("/applications/{application}")
def show_application(
    application: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson
) -> HTMLResponse:
    """All of one: its stages, what is next, the letter, and taking it back."""
    with services.database.write() as session:
        held = applications.load_for_person_view(session, subject.actor, application)
    t = page.t
    return page.render(
        "me/application.html",
        application=_build_view(held, t),
        opportunity=held.opportunity,
        stages=[
            (render_stage_name(held, reached.stage, t), format_date(reached.at, t.language))
            for reached in held.stages
        ],
        next_link=_find_next_link(held, t),
        letter=held.letter,
        has_cv=held.document is not None,
        can_withdraw=held.is_submitted and Stage.WITHDRAWN in PERSON_MOVES[held.stage],
    )


@router.post("/applications/{application}/withdraw")
def withdraw(application: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Take it back."""
    with services.database.write() as session:
        applications.withdraw(session, subject.actor, application)
    return page.redirect(f"me/applications/{application}")


def _build_view(application: Application, t: Translator) -> ApplicationView:
    stage, meaning = render_stage(application, t)
    return ApplicationView(
        id=application.id,
        kind=application.kind.value,
        kind_label=t(KINDS[application.kind]),
        title=application.title,
        organisation=application.organisation or "",
        day=format_date(application.stages[-1].at, t.language),
        stage=stage,
        meaning=meaning,
        next_steps=render_next_step(application.next, t),
    )


def _build_question_view(question: DueQuestion, t: Translator) -> OutcomeQuestionView:
    answers = [(answer.value, words) for answer, words in render_outcome_answers(question.kind, t)]
    return OutcomeQuestionView(question.id, render_outcome_question(question, t), answers)


def _find_next_link(application: Application, t: Translator) -> tuple[str, str] | None:
    """Where the next step is taken, below the language, and its words."""
    same = f"opportunities?kind={application.kind.value}"
    ways = {
        NextStep.OTHER_OFFERS: (same, t("See the open offers of this kind")),
        NextStep.COURSE: ("opportunities?kind=training", t("See the open courses")),
        NextStep.IMPROVE_CV: ("me/cv", t("My CV")),
    }
    return ways.get(application.next.step) if application.next.step else None
