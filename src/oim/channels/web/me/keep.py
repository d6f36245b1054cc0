"""What somebody said in a search, to be put into their profile: shown first, line by line, and never taken.

The results of a search lead here, through joining or signing in where need be.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.subject import ActingFor, CurrentPerson
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.search_links import SearchLink, read_search_link
from oim.channels.web.security import PostedForm
from oim.channels.web.statuses import Status
from oim.channels.wording import QUESTIONS, format_answer
from oim.features import profile
from oim.features.profile import Question
from oim.kit.errors import BadInputError
from oim.kit.fields import parse_choices
from oim.kit.i18n import Translator

router = APIRouter(route_class=PersonalRoute, prefix="/keep")


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What a search said about a question, and what the profile says now: empty where it says nothing."""

    question: Question
    label: str
    stated: str
    stored: str


@router.get("")
def show_answers(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Show what the search in the address would put into the profile, all of it ticked."""
    return _render(page, services, subject, read_search_link(services.database.vault, page.request))


@router.post("")
def keep_answers(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> Response:
    """Put what is ticked into the profile."""
    link = read_search_link(services.database.vault, page.request)
    try:
        questions = parse_choices(form, "question", Question)
        with services.database.write() as session:
            profile.update_record(
                session,
                subject.actor,
                subject.person,
                lambda record: profile.apply_search(record, link.fields, questions),
            )
    except BadInputError as error:
        return _render(page, services, subject, link, with_error(form, error, page.t), error)
    return page.redirect("me/profile", done="search-kept")


def _render(
    page: PageContext,
    services: Services,
    subject: ActingFor,
    link: SearchLink,
    form: Form | None = None,
    status: Status = 200,
) -> Response:
    """Render the lines to tick; lead on to the person's space where there is nothing to put there."""
    with services.database.write() as session:
        record = profile.load_record(session, subject.actor, subject.person)
    lines = _list_lines(record, link, page.t)
    if not lines and link.is_whole:
        return page.redirect("me")
    return page.render(
        "me/keep.html",
        status,
        form=form or Form({"question": [line.question.value for line in lines]}),
        lines=[
            (
                line.question.value,
                line.label,
                page.t("%(said)s (now: %(now)s)", said=line.stated, now=line.stored)
                if line.stored
                else line.stated,
            )
            for line in lines
        ],
        is_whole=link.is_whole,
        query=page.request.url.query,
    )


def _list_lines(record: profile.Record, link: SearchLink, t: Translator) -> list[AnswerLine]:
    """List what the search says that the profile does not say yet, or says otherwise."""
    lines = []
    for question in profile.list_stated(link.fields):
        stated = format_answer(profile.apply_search(record, link.fields, (question,)), question, t)
        stored = format_answer(record, question, t)
        if stated != stored:
            lines.append(AnswerLine(question, t(QUESTIONS[question][1]), stated, stored))
    return lines
