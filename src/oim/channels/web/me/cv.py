"""The CV: sent, read apart, proposed line by line; only what is ticked goes into the profile."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from oim.channels.http.requests import open_upload
from oim.channels.http.responses import build_download
from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.cv_proposals import build_proposal_lines
from oim.channels.web.me.subject import ActingFor, CurrentPerson
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.features import cv
from oim.kit.clock import now
from oim.kit.errors import BadInputError, NotFoundError, OimError
from oim.kit.i18n import format_date, format_number, mark

router = APIRouter(prefix="/cv")


@router.get("")
def show_cv(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """The CV that is kept, and the form to send one."""
    return _render(page, services, subject, Form())


@router.post("")
async def upload_cv(request: Request, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Read a CV. Nothing of it goes into the profile by itself."""
    try:
        await run_in_threadpool(cv.count_upload, services.sign_in.rate_limiter, subject.person)
        async with open_upload(request, "file", cv.MAX_BYTES, cv.too_large_error) as file:
            document = await run_in_threadpool(
                cv.store_upload,
                services.database,
                services.blobs,
                subject.actor,
                subject.person,
                file.file,
                file.filename or "",
            )
    except OimError as error:
        form = with_error({}, error, page.t)
        return await run_in_threadpool(_render, page, services, subject, form, status_of(error))
    return page.redirect(f"me/cv/{document}")


@router.get("/{document}")
def show_proposal(document: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """What was read, everything ticked: the person unticks what is wrong."""
    return _render_proposal(page, services, subject, document)


@router.post("/{document}")
def settle_proposal(
    document: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Take over what is ticked, or nothing of it; what was read is then forgotten."""
    if "keep" not in form:
        with services.database.write() as session:
            cv.settle_proposal(session, subject.actor, document)
        return page.redirect("me/cv")
    try:
        with services.database.write() as session:
            cv.accept_proposal(session, subject.actor, subject.person, document, form)
    except BadInputError as error:
        return _render_proposal(page, services, subject, document, with_error(form, error, page.t))
    return page.redirect("me/profile")


@router.post("/{document}/erase")
def erase(document: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Forget a CV. Partners it was sent to see it no more."""
    cv.erase(services.database, services.blobs, subject.actor, document)
    return page.redirect("me/cv")


@router.get("/{document}/original")
def download_original(
    document: UUID,
    page: PageOf,
    services: ServicesOf,
    subject: CurrentPerson,
    until: Annotated[int, Query()] = 0,
    s: str = "",
) -> Response:
    """The file itself, by a link that was made a few minutes ago for who is signed in."""
    if not cv.is_valid_link(services.database.vault, subject.actor, document, until, s, now()):
        raise NotFoundError(mark("This link is over. Open it again from the page of your CV."))
    original, content = cv.load_original(services.database, services.blobs, subject.actor, document)
    return build_download(content, original.media_type, language=page.t.language)


def _render(
    page: PageContext, services: Services, subject: ActingFor, form: Form, status: int = 200
) -> HTMLResponse:
    with services.database.write() as session:
        held = cv.list_documents(session, subject.actor, subject.person)
    return page.render(
        "me/cv.html",
        status,
        form=form,
        documents=[
            (
                one,
                format_date(one.created_at, page.t.language),
                format_number(max(1, round(one.size / 1024)), page.t.language),
                _build_link(services, subject, one.id, page),
            )
            for one in held
        ],
    )


def _render_proposal(
    page: PageContext, services: Services, subject: ActingFor, document: UUID, form: Form | None = None
) -> Response:
    with services.database.write() as session:
        found = cv.load_proposal(session, subject.actor, document)
    if found is None:
        return page.redirect("me/cv")
    lines = build_proposal_lines(found, page.t)
    return page.render(
        "me/cv_review.html",
        400 if form else 200,
        document=document,
        lines=lines,
        scanned=found.scanned,
        form=form or Form(lines.all_ticked()),
    )


def _build_link(services: Services, subject: ActingFor, document: UUID, page: PageContext) -> str:
    until, signature = cv.sign_link(services.database.vault, subject.actor, document, now())
    query = urlencode({"until": until, "s": signature})
    return f"/{page.t.language}/me/cv/{document}/original?{query}"
