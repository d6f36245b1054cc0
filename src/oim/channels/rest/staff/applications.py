"""Applications that a partner received: read by its agents, and moved on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from oim.channels.rest.dependencies import StaffOf
from oim.channels.rest.idempotency import OnceOf
from oim.channels.rest.language import TranslatorOf
from oim.channels.rest.people.applications import NEXT, REACHED, NextOut, ReachedOut
from oim.channels.rest.problems import sent, told
from oim.channels.rest.services import ServicesOf
from oim.channels.rest.strict_model import Shape, shaped
from oim.channels.wording import HIDDEN, RECEIVED
from oim.features import applications, cv
from oim.features.applications import LONGEST_WORDS, Hidden, Move, Next, NextStep, Received, Stage
from oim.features.opportunities import Kind
from oim.features.people import Channel
from oim.kit.i18n import Translator

router = APIRouter(prefix="/v1/staff/applications", tags=["partners"])
After = Annotated[UUID | None, Query(description="`next` of the page before.")]
_CONTACT = {"channel": "sms", "value": "+237677123456"}
_EXAMPLE: dict[str, Any] = {
    "id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
    "opportunity_id": "0b0f6f5e-7f6a-5d6c-8c7e-2c5d1a3b4e6f",
    "title": "Maçon",
    "kind": "employment",
    "stage": "seen",
    "text": "Has been read",
    "next": NEXT,
    "created_at": "2026-11-25T10:00:00Z",
    "stages": [REACHED],
    "hidden": None,
    "why_hidden": None,
    "name": "Awa Ngono",
    "contact": _CONTACT,
    "letter": "Madame, Monsieur, …",
    "has_document": True,
}


class ReachOut(Shape):
    """How to reach who applied."""

    model_config = shaped(_CONTACT)

    channel: Channel
    value: str


class ReceivedOut(Shape):
    """An application as its partner sees it. Where it is `hidden`, nothing in it is personal."""

    model_config = shaped(_EXAMPLE)

    id: UUID
    opportunity_id: UUID | None
    title: str
    kind: Kind
    stage: Stage
    text: str
    next: NextOut
    created_at: datetime
    stages: list[ReachedOut]
    hidden: Hidden | None
    why_hidden: str | None = Field(description="The same in words.")
    name: str | None
    contact: ReachOut | None
    letter: str
    has_document: bool

    @classmethod
    def of(cls, one: Received, t: Translator) -> ReceivedOut:
        """As the API shows it."""
        contact = one.contact and ReachOut(channel=one.contact.channel, value=one.contact.value)
        stages = [
            ReachedOut(stage=held.stage, at=held.at, text=t(RECEIVED[held.stage])) for held in one.stages
        ]
        return cls(
            opportunity_id=one.opportunity,
            text=t(RECEIVED[one.stage]),
            next=NextOut.of(one.next, t),
            stages=stages,
            why_hidden=t(HIDDEN[one.hidden]) if one.hidden else None,
            contact=contact,
            **{name: getattr(one, name) for name in _SAME},
        )


_SAME = ("id", "title", "kind", "stage", "created_at", "hidden", "name", "letter", "has_document")


class ReceivedPageOut(Shape):
    """A page, newest first; `next` asks for the page after, where there may be one."""

    model_config = shaped({"items": [_EXAMPLE], "next": None})

    items: list[ReceivedOut]
    next: UUID | None


class MoveIn(Shape):
    """Where an application goes, and what its person is told. Nobody is refused without a next step."""

    model_config = shaped({"stage": "interview", "words": "Come with your tools.", "on": "2026-12-03"})

    stage: Stage
    next_step: NextStep | None = None
    words: str = Field("", max_length=2 * LONGEST_WORDS, description=f"{LONGEST_WORDS} characters at most.")
    on: date | None = Field(None, description="The day of a meeting, or of the next call.")


@router.get("", **told("List the applications received", 401, 404, model=ReceivedPageOut))
def received(services: ServicesOf, caller: StaffOf, t: TranslatorOf, after: After = None) -> ReceivedPageOut:
    """Those sent to the organisation of the calling agent."""
    with services.database.write() as session:
        found = applications.received(session, caller, after=after)
    next_ = found[-1].id if len(found) == applications.PAGE else None
    return ReceivedPageOut(items=[ReceivedOut.of(one, t) for one in found], next=next_)


@router.get("/{application_id}", **told("Open an application received", 401, 404, model=ReceivedOut))
def one(application_id: UUID, services: ServicesOf, caller: StaffOf, t: TranslatorOf) -> ReceivedOut:
    """Who applied and what they sent; from now on they see that it was read."""
    with services.database.write() as session:
        return ReceivedOut.of(applications.receive_one(session, caller, application_id), t)


@router.get("/{application_id}/cv", **sent("Get the CV that was attached"))
def shared_cv(application_id: UUID, services: ServicesOf, caller: StaffOf) -> Response:
    """The file as it was sent."""
    with services.database.write() as session:
        document = applications.shared_document(session, caller, application_id)
    found, content = cv.load_original(
        services.database, services.blobs, caller, document, caller.organisation
    )
    attached = f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}"
    headers = {"Content-Disposition": attached, "Cache-Control": "no-store"}
    return Response(content, media_type=found.media_type, headers=headers)


@router.post(
    "/{application_id}/moves", **told("Move an application on", 401, 404, 409, status=201, model=ReceivedOut)
)
def move(
    application_id: UUID,
    wanted: MoveIn,
    services: ServicesOf,
    caller: StaffOf,
    t: TranslatorOf,
    once: OnceOf,
) -> Response:
    """To another stage; its person is told."""
    moved_to = Move(wanted.stage, Next(wanted.next_step, wanted.words, wanted.on))
    with services.database.write() as session:

        def moved() -> ReceivedOut:
            applications.move(session, caller, application_id, moved_to)
            return ReceivedOut.of(applications.receive_one(session, caller, application_id), t)

        return once.answer(session, 201, moved)
