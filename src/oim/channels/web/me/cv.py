"""The CV: sent, read apart, proposed line by line; only what is ticked goes into the profile."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, refused
from oim.channels.web.me.cv_proposals import proposed
from oim.channels.web.me.subject import MineOf, Whose
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.features import cv
from oim.kit.clock import now
from oim.kit.errors import BadInputError, NotFoundError, OimError
from oim.kit.i18n import format_date, format_number, mark
from oim.kit.uploads import open_upload

router = APIRouter(prefix="/cv")


@router.get("")
def page(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """The CV that is kept, and the form to send one."""
    return _page(visit, services, who, Form())


@router.post("")
async def send(request: Request, visit: VisitOf, services: ServicesOf, who: MineOf) -> Response:
    """Read a CV. Nothing of it goes into the profile by itself."""
    try:
        await run_in_threadpool(cv.count_upload, services.doors.limits, who.person)
        async with open_upload(request, "file", cv.MAX_BYTES, cv.too_large_error) as file:
            document = await run_in_threadpool(
                cv.store_upload,
                services.database,
                services.blobs,
                who.actor,
                who.person,
                file.file,
                file.filename or "",
            )
    except OimError as error:
        form = refused({}, error, visit.t)
        return await run_in_threadpool(_page, visit, services, who, form, status_of(error))
    return visit.go(f"me/cv/{document}")


@router.get("/{document}")
def review(document: UUID, visit: VisitOf, services: ServicesOf, who: MineOf) -> Response:
    """What was read, everything ticked: the person unticks what is wrong."""
    return _review(visit, services, who, document)


@router.post("/{document}")
def settle(document: UUID, visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Take over what is ticked, or nothing of it; what was read is then forgotten."""
    if "keep" not in sent:
        with services.database.write() as session:
            cv.settle_proposal(session, who.actor, document)
        return visit.go("me/cv")
    try:
        with services.database.write() as session:
            cv.accept_proposal(session, who.actor, who.person, document, sent)
    except BadInputError as error:
        return _review(visit, services, who, document, refused(sent, error, visit.t))
    return visit.go("me/profile")


@router.post("/{document}/erase")
def erase(document: UUID, visit: VisitOf, services: ServicesOf, who: MineOf) -> Response:
    """Forget a CV. Partners it was sent to see it no more."""
    cv.erase(services.database, services.blobs, who.actor, document)
    return visit.go("me/cv")


@router.get("/{document}/original")
def original(
    document: UUID,
    visit: VisitOf,
    services: ServicesOf,
    who: MineOf,
    until: Annotated[int, Query()] = 0,
    s: str = "",
) -> Response:
    """The file itself, by a link that was made a few minutes ago for who is signed in."""
    if not cv.is_valid_link(services.database.vault, who.actor, document, until, s, now()):
        raise NotFoundError(mark("This link is over. Open it again from the page of your CV."))
    told, content = cv.load_original(services.database, services.blobs, who.actor, document)
    return Response(
        content,
        media_type=told.media_type,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": "attachment",
            "Content-Language": visit.t.language,
        },
    )


def _page(visit: Visit, services: Services, who: Whose, form: Form, status: int = 200) -> HTMLResponse:
    with services.database.write() as session:
        held = cv.list_documents(session, who.actor, who.person)
    return visit.render(
        "me/cv.html",
        status,
        form=form,
        documents=[
            (
                one,
                format_date(one.created_at, visit.t.language),
                format_number(max(1, round(one.size / 1024)), visit.t.language),
                _link(services, who, one.id, visit),
            )
            for one in held
        ],
    )


def _review(
    visit: Visit, services: Services, who: Whose, document: UUID, form: Form | None = None
) -> Response:
    with services.database.write() as session:
        found = cv.load_proposal(session, who.actor, document)
    if found is None:
        return visit.go("me/cv")
    lines = proposed(found, visit.t)
    return visit.render(
        "me/cv_review.html",
        400 if form else 200,
        document=document,
        lines=lines,
        scanned=found.scanned,
        form=form or Form(lines.ticked()),
    )


def _link(services: Services, who: Whose, document: UUID, visit: Visit) -> str:
    until, signature = cv.sign_link(services.database.vault, who.actor, document, now())
    query = urlencode({"until": until, "s": signature})
    return f"/{visit.t.language}/me/cv/{document}/original?{query}"
