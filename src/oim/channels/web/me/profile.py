"""The profile pages: an overview, and one page per question, each saved when it is answered.

The same pages serve case workers who fill in the profile with somebody: see `me.subject`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.subject import ActingFor, CurrentSubject
from oim.channels.web.options import build_options
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.statuses import Status
from oim.channels.wording import (
    QUESTIONS,
    format_answer,
    format_answer_about,
    format_spoken_language,
    label_about,
    render_strength,
    render_strength_about,
)
from oim.features import profile
from oim.features.profile import Question, Record
from oim.kit.errors import BadInputError
from oim.kit.i18n import Translator

router = APIRouter(route_class=PersonalRoute, prefix="/profile")


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question on the overview: its short name, and the answer in words, empty if there is none."""

    question: str
    label: str
    answer: str


@router.get("")
def show_profile(page: PageOf, services: ServicesOf, subject: CurrentSubject) -> HTMLResponse:
    """Show all answers, and how many offers the next answer would decide."""
    with services.database.write() as session:
        record = profile.load_record(session, subject.actor, subject.person)
        strength = profile.load_strength(session, record)
    # Staff read about the person; the person reads in their own voice.
    is_own = subject.base_path == "me"
    label, answer, strength_text = (
        (_own_label, format_answer, render_strength)
        if is_own
        else (label_about, format_answer_about, render_strength_about)
    )
    lines = [
        AnswerLine(question.value, label(question, page.t), answer(record, question, page.t))
        for question in Question
    ]
    return page.render(
        "me/profile.html",
        base_path=subject.base_path,
        lines=lines,
        strength=strength,
        strength_text=strength_text(strength, page.t),
    )


def _own_label(question: Question, t: Translator) -> str:
    return t(QUESTIONS[question][1])


@router.get("/{question}")
def ask_question(
    question: Question, page: PageOf, services: ServicesOf, subject: CurrentSubject
) -> HTMLResponse:
    """Show one question, its form filled in with the stored answer."""
    with services.database.write() as session:
        record = profile.load_record(session, subject.actor, subject.person)
    return _render_question(page, subject, record, question, Form(profile.fill_answer(record, question)))


@router.post("/{question}")
def save_answer(
    question: Question, page: PageOf, services: ServicesOf, subject: CurrentSubject, form: PostedForm
) -> Response:
    """Save the answer, and redirect to the next unanswered question, or to the overview after the last."""
    try:
        values = profile.parse_answer(form, question)
        with services.database.write() as session:
            record = profile.save_answer(session, subject.actor, subject.person, question, values)
    except BadInputError as error:
        # The failed transaction was undone; the page still needs the stored record, for its next question.
        with services.database.write() as session:
            record = profile.load_record(session, subject.actor, subject.person)
        filled_form = with_error(form, error, page.t)
        return _render_question(page, subject, record, question, filled_form, error)
    # None after the last question: the person may have left out earlier ones on purpose.
    following = profile.next_question(record, question)
    overview = f"{subject.base_path}/profile"
    done = "profile-saved" if profile.is_answered(record, question) else "profile-empty"
    return page.redirect(f"{overview}/{following.value}" if following else overview, done=done)


def _render_question(
    page: PageContext,
    subject: ActingFor,
    record: Record,
    question: Question,
    form: Form,
    status: Status = 200,
) -> HTMLResponse:
    """Render the page of one question; skipping leads to the next unanswered one, else to the overview."""
    following = profile.next_question(record, question)
    return page.render(
        "me/question.html",
        status,
        base_path=subject.base_path,
        question=question.value,
        heading=page.t(QUESTIONS[question][0]),
        position=_render_position(question, page.t),
        # A case worker reads the question out: it is put to the person, not to them.
        is_read_out=subject.base_path != "me",
        form=form,
        options=build_options(page.t, is_age_known=record.birth_year is not None),
        count_rows=profile.count_rows,
        other_languages=[
            (value, format_spoken_language(spoken, page.t))
            for value, spoken in profile.list_other_languages(record)
        ],
        skip_path=f"{subject.base_path}/profile/{following.value}"
        if following
        else f"{subject.base_path}/profile",
    )


def _render_position(question: Question, t: Translator) -> str:
    """Render the place of a question among all: "Question 3 of 14"."""
    order = list(Question)
    return t("Question %(number)s of %(total)s", number=order.index(question) + 1, total=len(order))
