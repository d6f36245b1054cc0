"""Routes of the caller's CV: uploading, the proposal read from it, its file, erasing.

Nothing that was read in a CV enters the profile by itself: the person confirms it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from oim.channels.http.cv_upload import receive_cv
from oim.channels.http.responses import build_download
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PERSONAL, PersonalRoute
from oim.channels.rest.dependencies import PersonOf, person_id_of
from oim.channels.rest.problems import describe, describe_file
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features import cv
from oim.features.access import Actor
from oim.features.cv import Document, Proposal
from oim.kit.clock import now
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me/cv", tags=["cv"])
# Written by hand, since the route parses the form itself: FastAPI would store a file of any size first.
_UPLOAD_REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


class DocumentOut(StrictModel):
    """A stored CV. `link` opens its file for five minutes, for the caller alone."""

    model_config = example_config(
        {
            "id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
            "file_name": "cv-awa.pdf",
            "media_type": "application/pdf",
            "size": 81234,
            "created_at": "2026-11-25T10:00:00Z",
            "proposed": True,
            "link": "/v1/me/cv/6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11/original?until=1795600000&s=Zf0a",
        }
    )

    id: UUID
    file_name: str
    media_type: str
    size: int = Field(description="Bytes.")
    created_at: datetime
    proposed: bool = Field(
        description="Whether something was read in it that waits for a decision of the person."
    )
    link: str

    @classmethod
    def from_domain(cls, services: Services, caller: Actor, document: Document) -> DocumentOut:
        """Convert a document, with a link signed now for the caller."""
        until, signature = cv.sign_link(services.database.vault, caller, document.id, now())
        return cls(
            id=document.id,
            file_name=document.file_name,
            media_type=document.media_type,
            size=document.size,
            created_at=document.created_at,
            proposed=document.proposed,
            link=f"/v1/me/cv/{document.id}/original?until={until}&s={signature}",
        )


class DocumentsOut(StrictModel):
    """The stored CVs of the caller."""

    model_config = example_config({"items": []})

    items: list[DocumentOut]


class ProposalOut(StrictModel):
    """What was read in a CV. None of it is in the profile: send what is right to `PATCH /v1/me/profile`."""

    model_config = example_config(
        {
            "proposal": {
                "jobs": [
                    {"title": "Couturière", "employer": "Atelier Akwa", "from_year": 2015, "to_year": 2019}
                ],
                "education": 2,
                "skills": ["coudre"],
            }
        }
    )

    proposal: Proposal


@router.put(
    "", **describe("Upload a CV", 401, 404, 409, model=DocumentOut), openapi_extra=_UPLOAD_REQUEST_BODY
)
async def upload_cv(request: Request, services: ServicesOf, caller: PersonOf) -> DocumentOut:
    """Store a CV (PDF, DOCX or picture; 10 MB at most), encrypted, in place of any previous one.

    What can be read in it becomes a proposal.
    """
    # Async, to read the upload while it arrives; calls that block run in threads.
    id_ = await receive_cv(request, services, caller, person_id_of(caller))
    stored_documents = await PERSONAL.run(_list_documents, services, caller)
    return next(document for document in stored_documents if document.id == id_)


@router.get("", **describe("List your CVs", 401, 404, model=DocumentsOut))
def list_cvs(services: ServicesOf, caller: PersonOf) -> DocumentsOut:
    """List the stored CVs of the caller."""
    return DocumentsOut(items=_list_documents(services, caller))


@router.get("/{document_id}/proposal", **describe("Read the proposal from a CV", 401, 404, model=ProposalOut))
def get_cv_proposal(document_id: UUID, services: ServicesOf, caller: PersonOf) -> ProposalOut:
    """Read the jobs, education, skills and languages found in a CV, until the person has settled them."""
    with services.database.write() as session:
        stored_proposal = cv.load_proposal(session, caller, document_id)
    if stored_proposal is None:
        raise NotFoundError(mark("Nothing found in this CV waits for a decision."))
    return ProposalOut(proposal=stored_proposal)


@router.delete("/{document_id}/proposal", **describe("Settle the proposal from a CV", 401, 404, status=204))
def settle_cv_proposal(document_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """Delete the proposal, once the person has taken what is right, or nothing."""
    with services.database.write() as session:
        cv.settle_proposal(session, caller, document_id)


@router.get("/{document_id}/original", **describe_file("Download the file of a CV"))
def download_cv(
    document_id: UUID,
    services: ServicesOf,
    caller: PersonOf,
    until: Annotated[int, Query(description="From the link: when it expires.")],
    s: Annotated[str, Query(max_length=100, description="From the link: its signature.")],
) -> Response:
    """Download the file of a CV by the `link` of the list."""
    # Only a first check: `load_original` still asks whether the caller may read the file.
    if not cv.is_valid_link(services.database.vault, caller, document_id, until, s, now()):
        raise NotFoundError(mark("This link is too old. Open it again from the page of your CV."))
    document, content = cv.load_original(services.database, services.blobs, caller, document_id)
    return build_download(content, document.media_type)


@router.delete("/{document_id}", **describe("Erase a CV", 401, 404, status=204))
def erase_cv(document_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """Erase a CV. Partners that it was sent to cannot open it any more."""
    cv.erase(services.database, services.blobs, caller, document_id)


def _list_documents(services: Services, caller: Actor) -> list[DocumentOut]:
    """List the caller's documents, each with a fresh link."""
    with services.database.write() as session:
        stored_documents = cv.list_documents(session, caller, person_id_of(caller))
    return [DocumentOut.from_domain(services, caller, document) for document in stored_documents]
