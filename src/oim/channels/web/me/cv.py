"""The CV pages: upload a CV, review what was extracted from it, download or erase it.

A CV is read in a sandboxed process. Only the lines that the person leaves ticked go into the profile.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.cv_upload import receive_cv
from oim.channels.http.responses import build_download
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PERSONAL, PersonalRoute
from oim.channels.web.confirmation import Confirmation, render_confirmation
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.cv_proposals import build_proposal_lines
from oim.channels.web.me.subject import ActingFor, CurrentPerson
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.statuses import Status
from oim.features import cv
from oim.kit.clock import now
from oim.kit.errors import BadInputError, NotFoundError, OimError
from oim.kit.i18n import format_date, format_number, mark

router = APIRouter(route_class=PersonalRoute, prefix="/cv")


@router.get("")
def show_cv(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show the stored CV, and the form to upload one."""
    return _render(page, services, subject, Form())


@router.post("")
async def upload_cv(request: Request, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Store an uploaded CV and extract a proposal from it. Nothing goes into the profile by itself."""
    try:
        document = await receive_cv(request, services, subject.actor, subject.person)
    except OimError as error:
        form = with_error({}, error, page.t)
        return await PERSONAL.run(_render, page, services, subject, form, error)
    return page.redirect(f"me/cv/{document}")


@router.get("/{document}")
def show_proposal(document: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Show what was extracted from a CV, what is sure ticked, for the person to untick what is wrong."""
    return _render_proposal(page, services, subject, document)


@router.post("/{document}")
def settle_proposal(
    document: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Add the ticked lines to the profile, or none; the proposal is then deleted."""
    # `keep` is the name of the button that accepts; the other button of the page sends `refuse`.
    if "keep" not in form:
        with services.database.write() as session:
            cv.settle_proposal(session, subject.actor, document)
        return page.redirect("me/cv", done="cv-refused")
    try:
        with services.database.write() as session:
            cv.accept_proposal(session, subject.actor, subject.person, document, form)
    except BadInputError as error:
        return _render_proposal(page, services, subject, document, with_error(form, error, page.t))
    return page.redirect("me/profile", done="cv-added")


@router.get("/{document}/erase")
def confirm_erasure(
    document: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson
) -> HTMLResponse:
    """Show what goes with a CV. Raises NotFoundError."""
    with services.database.write() as session:
        documents = cv.list_documents(session, subject.actor, subject.person)
    stored = next((known for known in documents if known.id == document), None)
    if stored is None:
        raise NotFoundError(mark("This file is no longer here."))
    t = page.t
    confirmation = Confirmation(
        heading=t("Erase the CV “%(name)s”?", name=stored.file_name),
        consequences=[
            t("The partners you sent it to no longer see it."),
            t("What you put into your profile stays there."),
        ],
        button=t("Erase this CV"),
        action=f"me/cv/{document}/erase",
        back="me/cv",
    )
    return render_confirmation(page, confirmation)


@router.post("/{document}/erase")
def erase(document: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Erase a CV. The partners it was sent to no longer see it."""
    cv.erase(services.database, services.blobs, subject.actor, document)
    return page.redirect("me/cv", done="cv-erased")


@router.get("/{document}/original")
def download_original(
    document: UUID,
    page: PageOf,
    services: ServicesOf,
    subject: CurrentPerson,
    until: Annotated[int, Query()] = 0,
    s: str = "",
) -> Response:
    """Download the original file, by a link that we signed for this person a few minutes ago.

    `until` is when the link expires (seconds since 1970), `s` its signature. Raises NotFoundError.
    """
    if not cv.is_valid_link(services.database.vault, subject.actor, document, until, s, now()):
        raise NotFoundError(mark("This link is too old. Open it again from the page of your CV."))
    original, content = cv.load_original(services.database, services.blobs, subject.actor, document)
    return build_download(content, original.media_type, language=page.t.language)


def _render(
    page: PageContext, services: Services, subject: ActingFor, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the page of stored CVs; `form` carries the errors of a refused upload."""
    with services.database.write() as session:
        documents = cv.list_documents(session, subject.actor, subject.person)
    return page.render(
        "me/cv.html",
        status,
        form=form,
        documents=[
            (
                document,
                format_date(document.created_at, page.t.language),
                # In KiB, and never 0 for a file that is there.
                format_number(max(1, round(document.size / 1024)), page.t.language),
                _build_link(services, subject, document.id, page),
            )
            for document in documents
        ],
    )


def _render_proposal(
    page: PageContext, services: Services, subject: ActingFor, document: UUID, form: Form | None = None
) -> Response:
    """Render the review of a proposal; redirect to the CV page where it was settled already."""
    with services.database.write() as session:
        proposal = cv.load_proposal(session, subject.actor, document)
    if proposal is None:
        return page.redirect("me/cv")
    lines = build_proposal_lines(proposal, page.t)
    return page.render(
        "me/cv_review.html",
        400 if form else 200,
        document=document,
        lines=lines,
        scanned=proposal.scanned,
        has_unsure=lines.has_unsure(),
        form=form or Form(lines.sure_ticked()),
    )


def _build_link(services: Services, subject: ActingFor, document: UUID, page: PageContext) -> str:
    """Build a link to the original file that works for a few minutes, for this person only."""
    until, signature = cv.sign_link(services.database.vault, subject.actor, document, now())
    query = urlencode({"until": until, "s": signature})
    return f"/{page.t.language}/me/cv/{document}/original?{query}"
