"""A person's applications: the stage of each, what comes next, and the questions about its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.confirmation import Confirmation, render_confirmation
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
from oim.features import applications, consents
from oim.features.applications import (
    PERSON_MOVES,
    Application,
    DueQuestion,
    NextStep,
    OutcomeAnswer,
    Stage,
)
from oim.features.consents import Purpose
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.fields import first_value
from oim.kit.i18n import Translator, format_date, mark

router = APIRouter(route_class=PersonalRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """An application in words: its stage, what that means, what comes next.

    `day` is the day of its last stage.
    """

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
    """A question about an outcome, and the value and label of each answer to tap."""

    id: UUID
    text: str
    answers: list[tuple[str, str]]


@router.get("/applications")
def list_applications(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show the outcome questions that are due, then all applications, newest first."""
    # A question falls due on a day of Cameroon's calendar, not of UTC's.
    today = now().astimezone(CAMEROON).date()
    with services.database.write() as session:
        due = applications.list_due_questions(session, subject.actor, subject.person, today)
        sent_applications = applications.list_for_person(session, subject.actor, subject.person)
        is_sharing = consents.has_agreed(session, subject.person, Purpose.SHARING)
    return page.render(
        "me/applications.html",
        hidden=not is_sharing and any(application.is_submitted for application in sent_applications),
        questions=[build_question_view(question, page.t) for question in due],
        applications=[build_application_view(application, page.t) for application in sent_applications],
    )


@router.post("/outcomes/{outcome}")
def answer_outcome(
    outcome: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Save the answer about the outcome of an application, given in one tap. Raises BadInputError."""
    answer = first_value(form, "answer")
    if answer not in set(OutcomeAnswer):
        raise BadInputError(mark("Choose from the list."), field="answer")
    with services.database.write() as session:
        applications.answer_outcome(session, subject.actor, outcome, OutcomeAnswer(answer))
    return page.redirect("me/applications", done="outcome-answered")


@router.get("/applications/{application}")
def show_application(
    application: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson
) -> HTMLResponse:
    """Show one application: its stages, what comes next, the letter, and the button to withdraw it."""
    with services.database.write() as session:
        record = applications.load_for_person_view(session, subject.actor, application)
    t = page.t
    return page.render(
        "me/application.html",
        application=build_application_view(record, t),
        opportunity=record.opportunity,
        stages=[
            (render_stage_name(record, event.stage, t), format_date(event.at, t.language))
            for event in record.stages
        ],
        next_link=_find_next_link(record, t),
        letter=record.letter,
        has_cv=record.document is not None,
        # Nothing was submitted for a visit to the publisher's site, so there is nothing to withdraw.
        can_withdraw=record.is_submitted and Stage.WITHDRAWN in PERSON_MOVES[record.stage],
    )


@router.get("/applications/{application}/withdraw")
def confirm_withdrawal(
    application: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson
) -> HTMLResponse:
    """Show what the partner no longer sees when an application is withdrawn."""
    with services.database.write() as session:
        record = applications.load_for_person_view(session, subject.actor, application)
    t, back = page.t, f"me/applications/{application}"
    confirmation = Confirmation(
        heading=t("Take back your application “%(title)s”?", title=record.title),
        consequences=[
            t("The partner no longer sees your name, your letter or your CV."),
            t("While the offer is open, you can send it again."),
        ],
        button=t("Take my application back"),
        action=f"{back}/withdraw",
        back=back,
    )
    return render_confirmation(page, confirmation)


@router.post("/applications/{application}/withdraw")
def withdraw(application: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Withdraw an application: the partner no longer sees what was sent."""
    with services.database.write() as session:
        applications.withdraw(session, subject.actor, application)
    return page.redirect(f"me/applications/{application}", done="application-withdrawn")


def build_application_view(application: Application, t: Translator) -> ApplicationView:
    """Describe an application in words."""
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


def build_question_view(question: DueQuestion, t: Translator) -> OutcomeQuestionView:
    """Describe a question about an outcome, with its answers."""
    answers = [(answer.value, words) for answer, words in render_outcome_answers(question.kind, t)]
    return OutcomeQuestionView(question.id, render_outcome_question(question, t), answers)


def _find_next_link(application: Application, t: Translator) -> tuple[str, str] | None:
    """Find the page for the next step: its path below the language, and the link's text.

    None for a step that the person takes outside these pages.
    """
    same_kind_path = f"opportunities?kind={application.kind.value}"
    links = {
        NextStep.OTHER_OFFERS: (same_kind_path, t("See the open offers of this kind")),
        NextStep.COURSE: ("opportunities?kind=training", t("See the open courses")),
        NextStep.IMPROVE_CV: ("me/cv", t("My CV")),
    }
    return links.get(application.next.step) if application.next.step else None
