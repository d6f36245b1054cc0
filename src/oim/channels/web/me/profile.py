"""The profile: all of it on one page, and one screen a question, each saved when it is answered."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.subject import ActingFor, CurrentSubject
from oim.channels.web.options import build_options
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.wording import QUESTIONS, format_answer, format_spoken_language, render_strength
from oim.features import profile
from oim.features.profile import Question, Record
from oim.kit.errors import BadInputError
from oim.kit.i18n import Translator

router = APIRouter(prefix="/profile")


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question as the overview shows it: its name, and the answer in words, where there is one."""

    question: str
    label: str
    answer: str


@router.get("")
def show_profile(page: PageOf, services: ServicesOf, subject: CurrentSubject) -> HTMLResponse:
    """All that was told, and what the next answer would unlock."""
    with services.database.write() as session:
        record = profile.load_record(session, subject.actor, subject.person)
        strength = profile.load_strength(session, record)
    lines = [
        AnswerLine(one.value, page.t(QUESTIONS[one][1]), format_answer(record, one, page.t))
        for one in Question
    ]
    return page.render(
        "me/profile.html",
        base_path=subject.base_path,
        lines=lines,
        strength=strength,
        strength_text=render_strength(strength, page.t),
    )


@router.get("/{question}")
def ask_question(
    question: Question, page: PageOf, services: ServicesOf, subject: CurrentSubject
) -> HTMLResponse:
    """One question, with the answer there is."""
    with services.database.write() as session:
        record = profile.load_record(session, subject.actor, subject.person)
    return _render_question(page, subject, record, question, Form(profile.fill_answer(record, question)))


@router.post("/{question}")
def save_answer(
    question: Question, page: PageOf, services: ServicesOf, subject: CurrentSubject, form: PostedForm
) -> Response:
    """Keep the answer, and go on to the next question that has none."""
    try:
        values = profile.parse_answer(form, question)
        with services.database.write() as session:
            record = profile.save_answer(session, subject.actor, subject.person, question, values)
    except BadInputError as error:
        with services.database.write() as session:
            record = profile.load_record(session, subject.actor, subject.person)
        filled_form = with_error(form, error, page.t)
        return _render_question(page, subject, record, question, filled_form, status_of(error))
    following = profile.next_question(record, question)
    return page.redirect(
        f"{subject.base_path}/profile/{following.value}" if following else f"{subject.base_path}/profile"
    )


def _render_question(
    page: PageContext, subject: ActingFor, record: Record, question: Question, form: Form, status: int = 200
) -> HTMLResponse:
    following = profile.next_question(record, question)
    return page.render(
        "me/question.html",
        status,
        base_path=subject.base_path,
        question=question.value,
        heading=page.t(QUESTIONS[question][0]),
        position=_render_position(question, page.t),
        form=form,
        options=build_options(page.t),
        other_languages=[
            (value, format_spoken_language(one, page.t))
            for value, one in profile.list_other_languages(record)
        ],
        skip_path=f"{subject.base_path}/profile/{following.value}"
        if following
        else f"{subject.base_path}/profile",
    )


def _render_position(question: Question, t: Translator) -> str:
    order = list(Question)
    return t("Question %(number)s of %(total)s", number=order.index(question) + 1, total=len(order))
