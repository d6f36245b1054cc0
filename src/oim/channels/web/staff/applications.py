"""The applications that a partner received: its agents read them and move them to another stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.responses import build_download
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.confirmation import (
    CONFIRMED,
    Confirmation,
    list_confirmed_fields,
    render_confirmation,
)
from oim.channels.web.form import Form, with_error
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.staff.tables import Cell, Column, Filter, Table, build_table, parse_listing
from oim.channels.web.statuses import Status
from oim.channels.wording import (
    HIDDEN_REASONS,
    KINDS,
    PARTNER_STAGES,
    PARTNER_STEPS,
    render_cv_summary,
    render_day_for_partner,
    render_partner_next,
)
from oim.features import applications, cv
from oim.features.access import Actor
from oim.features.applications import PARTNER_MOVES, Move, Next, NextStep, ReceivedApplication, Stage
from oim.features.opportunities import Kind
from oim.features.people import Channel, Contact
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError, ConflictError
from oim.kit.fields import FormFields, first_value
from oim.kit.i18n import Translator, format_date, format_hour, mark

router = APIRouter(route_class=PersonalRoute, prefix="/applications")
# Moves that are asked for once more: the person reads it at once, which cannot be undone.
_ASKED: Mapping[Stage, tuple[str, ...]] = {
    Stage.NOT_RETAINED: (
        mark("This person learns at once that they are not chosen, and what they can do next."),
    ),
    Stage.STARTED: (
        mark("This person learns it at once."),
        mark("It ends this application: it cannot be moved any more."),
    ),
}
CHOOSE_FROM_LIST = mark("Choose from the list.")


def _list_stages(t: Translator) -> list[tuple[str, str]]:
    """List the stages to filter by, first those together that wait for an answer."""
    waiting = (applications.WAITING, t("Waiting for an answer"))
    return [waiting, *((stage.value, t(PARTNER_STAGES[stage])) for stage in Stage)]


RECEIVED = Table(
    path="staff/applications",
    caption=mark("Applications received"),
    columns=(
        Column("name", mark("Name"), is_sortable=False),
        Column("title", mark("Offer")),
        Column("stage", mark("Stage")),
        Column("received", mark("Received on")),
        Column("changed", mark("Last change")),
        Column("meeting", mark("Meeting")),
    ),
    filters=(
        Filter("stage", mark("Stage"), _list_stages),
        Filter("kind", mark("Kind of offer"), lambda t: [(kind.value, t(KINDS[kind])) for kind in Kind]),
        Filter("words", mark("Words of the offer")),
    ),
    order="-received",
)


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application in words.

    `day` is that of its last stage; `hidden` says why nothing personal is shown, empty where it is shown.
    """

    id: UUID
    kind: str
    kind_label: str
    title: str
    name: str
    stage: str
    day: str
    hidden: str


@router.get("")
def list_applications(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """List a page of applications, as the address sorts and filters them."""
    listing = parse_listing(RECEIVED, page)
    with services.database.write() as session:
        listed = applications.list_received(session, actor, listing)
    rows = (_build_row(application, page.t) for application in listed.items)
    table = build_table(RECEIVED, listing, listed, rows, page)
    return page.render(
        "staff/list.html", heading=page.t(RECEIVED.caption), table=table, empty=page.t("Nothing yet.")
    )


def _build_row(application: ReceivedApplication, t: Translator) -> list[Cell]:
    """Build the line of an application: who, for what, how far, since when."""
    meeting = application.next.on if application.stage is Stage.INTERVIEW else None
    hour = application.next.hour
    return [
        Cell(
            application.name or t("Name not shown"),
            f"staff/applications/{application.id}",
            t(HIDDEN_REASONS[application.hidden]) if application.hidden else "",
        ),
        Cell(application.title, note=t(KINDS[application.kind])),
        Cell(t(PARTNER_STAGES[application.stage])),
        Cell(render_day_for_partner(application, application.created_at, t)),
        Cell(render_day_for_partner(application, application.stages[-1].at, t)),
        Cell(
            format_date(meeting, t.language) if meeting else "–",
            note=format_hour(hour, t.language) if meeting and hour is not None else "",
        ),
    ]


@router.get("/{application}")
def show_application(application: UUID, page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show who applied and what they sent. From now on the person sees that it was read."""
    return _render(page, services, actor, application, Form())


@router.get("/{application}/cv")
def download_cv(application: UUID, services: ServicesOf, actor: StaffOf) -> Response:
    """Download the CV that was attached. Raises NotFoundError where the person no longer shares it."""
    with services.database.write() as session:
        document = applications.find_shared_document(session, actor, application)
    # A session of its own: decrypting a file must not keep the transaction above open.
    original, content = cv.load_original(
        services.database, services.blobs, actor, document, actor.organisation
    )
    return build_download(content, original.media_type, file_name=original.file_name)


@router.post("/{application}")
def move(application: UUID, page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Move an application to another stage, with what comes next for the person."""
    try:
        new_move = _parse_move(form)
        if new_move.stage in _ASKED and first_value(form, CONFIRMED) != "yes":
            return _ask_to_move(page, services, actor, application, new_move, form)
        with services.database.write() as session:
            applications.move(session, actor, application, new_move)
    except (BadInputError, ConflictError) as error:
        filled_form = with_error(form, error, page.t)
        return _render(page, services, actor, application, filled_form, error)
    return page.redirect(f"staff/applications/{application}", done="application-moved")


def _ask_to_move(
    page: PageContext, services: Services, actor: Actor, application: UUID, move: Move, form: FormFields
) -> HTMLResponse:
    """Render what a move means that cannot be taken back. Raises BadInputError, ConflictError."""
    t = page.t
    with services.database.write() as session:
        record = applications.open_for_partner(session, actor, application)
    # What is wrong is said at once, not after the question.
    next_ = applications.validate_move(record.stage, move, now().astimezone(CAMEROON).date()).next
    name = record.name or t("Name not shown")
    confirmation = Confirmation(
        heading=t("%(name)s: “%(stage)s”. Is that right?", name=name, stage=t(PARTNER_STAGES[move.stage])),
        consequences=[*(t(words) for words in _ASKED[move.stage]), *render_partner_next(next_, t)],
        button=t("Yes, tell them"),
        action=f"staff/applications/{application}",
        back=f"staff/applications/{application}",
        fields=list_confirmed_fields(form),
    )
    return render_confirmation(page, confirmation)


def _parse_move(form: FormFields) -> Move:
    """Parse the stage, the next step, the words and the meeting of a move. Raises BadInputError."""
    stage, step, day = (first_value(form, name) for name in ("stage", "next_step", "on"))
    if stage not in set(Stage):
        raise BadInputError(CHOOSE_FROM_LIST, field="stage")
    # The next step may be left empty here; which stages need one is checked by the feature.
    if step and step not in set(NextStep):
        raise BadInputError(CHOOSE_FROM_LIST, field="next_step")
    next_ = Next(
        NextStep(step) if step else None,
        first_value(form, "words"),
        _parse_day(day),
        _parse_hour(first_value(form, "hour")),
        first_value(form, "place"),
    )
    return Move(Stage(stage), next_)


def _parse_day(text: str) -> date | None:
    """Parse an ISO 8601 date, None for an empty field. Raises BadInputError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        message = mark("Write the day as year, month, day, for example 2026-12-24.")
        raise BadInputError(message, field="on") from None


def _parse_hour(text: str) -> time | None:
    """Parse an hour such as "09:30", None for an empty field. Raises BadInputError."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 (only its hour is taken)
    except ValueError:
        message = mark("Write the hour in four digits, for example 09:30.")
        raise BadInputError(message, field="hour") from None


def _render(
    page: PageContext, services: Services, actor: Actor, application: UUID, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render an application and the form to move it. Opening it marks it as read for its person."""
    t = page.t
    with services.database.write() as session:
        record = applications.open_for_partner(session, actor, application)
        summary = applications.load_cv_summary(session, actor, application)
    # Nothing can be decided about somebody whom the agent may no longer see.
    moves = () if record.hidden else PARTNER_MOVES[record.stage]
    return page.render(
        "staff/application.html",
        status,
        form=form,
        application=_build_view(record, t),
        opportunity=record.opportunity,
        contact=_build_contact_link(record.contact) if record.contact else None,
        letter=record.letter,
        has_cv=record.has_document,
        cv_lines=render_cv_summary(summary, t) if summary else [],
        skills=summary.skills if summary else (),
        stages=[
            (t(PARTNER_STAGES[event.stage]), render_day_for_partner(record, event.at, t))
            for event in record.stages
        ],
        next_steps=render_partner_next(record.next, t),
        # In the order of the stages, which a set of moves does not have.
        moves=[(stage.value, t(PARTNER_STAGES[stage])) for stage in Stage if stage in moves],
        steps=[(step.value, t(words)) for step, words in PARTNER_STEPS.items()],
    )


def _build_view(application: ReceivedApplication, t: Translator) -> ApplicationView:
    return ApplicationView(
        id=application.id,
        kind=application.kind.value,
        kind_label=t(KINDS[application.kind]),
        title=application.title,
        name=application.name or t("Name not shown"),
        stage=t(PARTNER_STAGES[application.stage]),
        day=render_day_for_partner(application, application.stages[-1].at, t),
        hidden=t(HIDDEN_REASONS[application.hidden]) if application.hidden else "",
    )


def _build_contact_link(contact: Contact) -> tuple[str, str]:
    """Build the link to write to or call a person, and its text."""
    scheme = "mailto" if contact.channel is Channel.EMAIL else "tel"
    return f"{scheme}:{contact.value}", contact.value
