"""The profile: all of it on one page, and one screen a question, each saved when it is answered."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, refused
from oim.channels.web.me import answer_forms
from oim.channels.web.me.answers_text import spoken_line, told_back
from oim.channels.web.me.subject import Whose, WhoseOf
from oim.channels.web.options import options
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import ServicesOf
from oim.channels.wording import QUESTIONS, render_strength
from oim.features import opportunities, profile
from oim.features.profile import Question, Record
from oim.kit.errors import BadInputError
from oim.kit.i18n import Translator

router = APIRouter(prefix="/profile")


@dataclass(frozen=True, slots=True)
class Line:
    """A question as the overview shows it: its name, and the answer in words, where there is one."""

    question: str
    label: str
    answer: str


@router.get("")
def overview(visit: VisitOf, services: ServicesOf, who: WhoseOf) -> HTMLResponse:
    """All that was told, and what the next answer would unlock."""
    with services.database.write() as session:
        record = profile.load_record(session, who.actor, who.person)
        strong = profile.compute_strength(record, opportunities.count_by_condition(session))
    lines = [Line(one.value, visit.t(QUESTIONS[one][1]), told_back(record, one, visit.t)) for one in Question]
    return visit.render(
        "me/profile.html",
        base=who.base,
        lines=lines,
        strength=strong,
        told=render_strength(strong, visit.t),
    )


@router.get("/{question}")
def ask(question: Question, visit: VisitOf, services: ServicesOf, who: WhoseOf) -> HTMLResponse:
    """One question, with the answer there is."""
    with services.database.write() as session:
        record = profile.load_record(session, who.actor, who.person)
    return _asked(visit, who, record, question, Form(answer_forms.fill(record, question)))


@router.post("/{question}")
def answer(
    question: Question, visit: VisitOf, services: ServicesOf, who: WhoseOf, sent: SentForm
) -> Response:
    """Keep the answer, and go on to the next question that has none."""
    try:
        values = answer_forms.read(sent, question)
        with services.database.write() as session:
            record = profile.save_answer(session, who.actor, who.person, question, values)
    except BadInputError as error:
        with services.database.write() as session:
            record = profile.load_record(session, who.actor, who.person)
        form = refused(sent, error, visit.t)
        return _asked(visit, who, record, question, form, status_of(error))
    following = profile.next_question(record, question)
    return visit.go(f"{who.base}/profile/{following.value}" if following else f"{who.base}/profile")


def _asked(
    visit: Visit, who: Whose, record: Record, question: Question, form: Form, status: int = 200
) -> HTMLResponse:
    following = profile.next_question(record, question)
    return visit.render(
        "me/question.html",
        status,
        base=who.base,
        question=question.value,
        heading=visit.t(QUESTIONS[question][0]),
        place=_place(question, visit.t),
        form=form,
        options=options(visit.t),
        others=[(value, spoken_line(one, visit.t)) for value, one in answer_forms.others(record)],
        skip=f"{who.base}/profile/{following.value}" if following else f"{who.base}/profile",
    )


def _place(question: Question, t: Translator) -> str:
    order = list(Question)
    return t("Question %(number)s of %(total)s", number=order.index(question) + 1, total=len(order))
