"""What a person applied for: where it stands, what comes next, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.form import first
from oim.channels.web.me.subject import MineOf
from oim.channels.web.next_actions import is_sent
from oim.channels.web.pages import VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import ServicesOf
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
    Answer,
    Application,
    NextStep,
    Question,
    Stage,
)
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.i18n import Translator, format_date, mark

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An application in words: where it stands, what that means, what is next."""

    id: UUID
    kind: str
    kind_label: str
    title: str
    who: str
    day: str
    stage: str
    meaning: str
    next: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the answers to tap."""

    id: UUID
    words: str
    answers: list[tuple[str, str]]


@router.get("/applications")
def listed(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """What is asked, then all of them, newest first."""
    today = now().astimezone(CAMEROON).date()
    with services.database.write() as session:
        due = applications.questions_due(session, who.actor, who.person, today)
        held = applications.mine(session, who.actor, who.person)
    return visit.render(
        "me/applications.html",
        asked=[_asked(question, visit.t) for question in due],
        applications=[_view(one, visit.t) for one in held],
    )


@router.post("/outcomes/{outcome}")
def answer(outcome: UUID, visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """What became of one of them, in one tap."""
    said = first(sent, "answer")
    if said not in set(Answer):
        raise BadInputError(mark("Choose from the list."), field="answer")
    with services.database.write() as session:
        applications.answer_outcome(session, who.actor, outcome, Answer(said))
    return visit.go("me/applications")


@router.get("/applications/{application}")
def one(application: UUID, visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """All of one: its stages, what is next, the letter, and taking it back."""
    with services.database.write() as session:
        held = applications.one(session, who.actor, application)
    t = visit.t
    return visit.render(
        "me/application.html",
        one=_view(held, t),
        opportunity=held.opportunity,
        stages=[
            (render_stage_name(held, reached.stage, t), format_date(reached.at, t.language))
            for reached in held.stages
        ],
        way=_way(held, t),
        letter=held.letter,
        cv=held.document is not None,
        can_withdraw=is_sent(held) and Stage.WITHDRAWN in PERSON_MOVES[held.stage],
    )


@router.post("/applications/{application}/withdraw")
def withdraw(application: UUID, visit: VisitOf, services: ServicesOf, who: MineOf) -> Response:
    """Take it back."""
    with services.database.write() as session:
        applications.withdraw(session, who.actor, application)
    return visit.go(f"me/applications/{application}")


def _view(application: Application, t: Translator) -> View:
    stage, meaning = render_stage(application, t)
    return View(
        id=application.id,
        kind=application.kind.value,
        kind_label=t(KINDS[application.kind]),
        title=application.title,
        who=application.organisation or "",
        day=format_date(application.stages[-1].at, t.language),
        stage=stage,
        meaning=meaning,
        next=render_next_step(application.next, t),
    )


def _asked(question: Question, t: Translator) -> Asked:
    answers = [(answer.value, words) for answer, words in render_outcome_answers(question.kind, t)]
    return Asked(question.id, render_outcome_question(question, t), answers)


def _way(application: Application, t: Translator) -> tuple[str, str] | None:
    """Where the next step is taken, below the language, and its words."""
    same = f"opportunities?kind={application.kind.value}"
    ways = {
        NextStep.OTHER_OFFERS: (same, t("See the open offers of this kind")),
        NextStep.COURSE: ("opportunities?kind=training", t("See the open courses")),
        NextStep.IMPROVE_CV: ("me/cv", t("My CV")),
    }
    return ways.get(application.next.step) if application.next.step else None
