"""Routes of the applications that a partner received: its agents read them and move them on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from oim.channels.http.responses import build_download
from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import StaffOf, TranslatorOf
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.people.applications import NEXT_EXAMPLE, STAGE_EXAMPLE, NextOut, StageOut
from oim.channels.rest.problems import describe, describe_file
from oim.channels.rest.strict_model import Hour, StrictModel, example_config
from oim.channels.wording import HIDDEN_REASONS, PARTNER_STAGES
from oim.features import applications, cv
from oim.features.applications import (
    MAX_PLACE_LENGTH,
    MAX_WORDS_LENGTH,
    HiddenReason,
    Move,
    Next,
    NextStep,
    ReceivedApplication,
    Stage,
)
from oim.features.opportunities import Kind
from oim.features.people import Channel
from oim.kit.db import MAX_PAGE, Listing
from oim.kit.i18n import Translator

router = APIRouter(route_class=PersonalRoute, prefix="/v1/staff/applications", tags=["partners"])
After = Annotated[UUID | None, Query(description="`next` of the page before this one; it is not sorted.")]
# As the columns of the page of applications: a test compares them.
ReceivedSort = Literal[
    "title",
    "-title",
    "stage",
    "-stage",
    "received",
    "-received",
    "changed",
    "-changed",
    "meeting",
    "-meeting",
]
SortQuery = Annotated[
    ReceivedSort | None,
    Query(description="What the list is sorted by; with `-` before it, backwards."),
]
PageNumber = Annotated[int, Query(ge=1, lt=MAX_PAGE, description="Page of a sorted list, from 1 on.")]
_CONTACT_EXAMPLE = {"channel": "sms", "value": "+237677123456"}
_EXAMPLE: dict[str, Any] = {
    "id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
    "opportunity_id": "0b0f6f5e-7f6a-5d6c-8c7e-2c5d1a3b4e6f",
    "title": "Maçon",
    "kind": "employment",
    "stage": "seen",
    "text": "Has been read",
    "next": NEXT_EXAMPLE,
    "created_at": "2026-11-25T10:00:00Z",
    "stages": [STAGE_EXAMPLE],
    "hidden": None,
    "why_hidden": None,
    "name": "Awa Ngono",
    "contact": _CONTACT_EXAMPLE,
    "letter": "Madame, Monsieur, …",
    "has_document": True,
}


class ApplicantContactOut(StrictModel):
    """How to contact the applicant."""

    model_config = example_config(_CONTACT_EXAMPLE)

    channel: Channel
    value: str


class ReceivedOut(StrictModel):
    """An application as its partner sees it. If it is `hidden`, nothing in it is personal."""

    model_config = example_config(_EXAMPLE)

    id: UUID
    opportunity_id: UUID | None
    title: str
    kind: Kind
    stage: Stage
    text: str
    next: NextOut
    created_at: datetime = Field(
        description="Where `hidden` is `erased`, this and the instants of `stages` begin their month."
    )
    stages: list[StageOut]
    hidden: HiddenReason | None
    why_hidden: str | None = Field(description="The reason of `hidden` in words.")
    name: str | None
    contact: ApplicantContactOut | None
    letter: str
    has_document: bool

    @classmethod
    def from_domain(cls, application: ReceivedApplication, t: Translator) -> ReceivedOut:
        """Convert an application as a partner sees it, with words in the language of `t`."""
        contact = application.contact and ApplicantContactOut(
            channel=application.contact.channel, value=application.contact.value
        )
        stages = [
            StageOut(stage=reached.stage, at=reached.at, text=t(PARTNER_STAGES[reached.stage]))
            for reached in application.stages
        ]
        return cls(
            opportunity_id=application.opportunity,
            text=t(PARTNER_STAGES[application.stage]),
            next=NextOut.from_domain(application.next, t),
            stages=stages,
            why_hidden=t(HIDDEN_REASONS[application.hidden]) if application.hidden else None,
            contact=contact,
            **{name: getattr(application, name) for name in _COPIED_FIELDS},
        )


# Fields that have the same name and type in `ReceivedApplication`.
_COPIED_FIELDS = ("id", "title", "kind", "stage", "created_at", "hidden", "name", "letter", "has_document")


class ReceivedPageOut(StrictModel):
    """A page of applications, newest first unless sorted. The page after `next` may be empty."""

    model_config = example_config({"items": [_EXAMPLE], "next": None, "total": 1})

    items: list[ReceivedOut]
    next: UUID | None = Field(description="Null on the last page, and where the list is sorted: see `page`.")
    total: int | None = Field(
        None, description="How many there are on all pages; null on a page that `after` leads to."
    )


class MoveIn(StrictModel):
    """The stage to move an application to, and what the applicant reads. A refusal needs a `next_step`."""

    model_config = example_config(
        {"stage": "interview", "words": "Come with your tools.", "on": "2026-12-03", "hour": "09:30"}
    )

    stage: Stage
    next_step: NextStep | None = None
    # Twice the limit, which `applications` checks once surplus spaces are removed.
    words: str = Field(
        "", max_length=2 * MAX_WORDS_LENGTH, description=f"{MAX_WORDS_LENGTH} characters at most."
    )
    on: date | None = Field(None, description="Day of a meeting, or of the next call for applications.")
    hour: Hour | None = Field(None, description="Hour of a meeting, in Cameroon; it goes with its day.")
    place: str = Field(
        "",
        max_length=2 * MAX_PLACE_LENGTH,
        description=f"Of a meeting; {MAX_PLACE_LENGTH} characters at most.",
    )


@router.get("", **describe("List the applications received", 401, 404, model=ReceivedPageOut))
def list_received_applications(
    services: ServicesOf,
    caller: StaffOf,
    t: TranslatorOf,
    after: After = None,
    sort: SortQuery = None,
    page: PageNumber = 1,
) -> ReceivedPageOut:
    """List the applications sent to the organisation of the calling agent, newest first unless sorted."""
    items: Sequence[ReceivedApplication]
    total = None
    with services.database.write() as session:
        if after:
            items = applications.list_for_partner(session, caller, after=after)
        else:
            listing = Listing((sort or "").removeprefix("-"), (sort or "").startswith("-"), page=page)
            listed = applications.list_received(session, caller, listing)
            items, total = listed.items, listed.total
    # Whether more follow is not counted: a last page that is full leads to an empty one.
    next_ = items[-1].id if not sort and len(items) == applications.PAGE_SIZE else None
    shown = [ReceivedOut.from_domain(item, t) for item in items]
    return ReceivedPageOut(items=shown, next=next_, total=total)


@router.get("/{application_id}", **describe("Open a received application", 401, 404, model=ReceivedOut))
def get_received_application(
    application_id: UUID, services: ServicesOf, caller: StaffOf, t: TranslatorOf
) -> ReceivedOut:
    """Read who applied and what they sent. From now on the applicant sees that it was read."""
    with services.database.write() as session:
        return ReceivedOut.from_domain(applications.open_for_partner(session, caller, application_id), t)


@router.get("/{application_id}/cv", **describe_file("Get the attached CV"))
def download_shared_cv(application_id: UUID, services: ServicesOf, caller: StaffOf) -> Response:
    """Get the file of the CV as the applicant sent it."""
    # `applications` checks that the CV was shared with this partner, `cv` that the caller may read it.
    with services.database.write() as session:
        document = applications.find_shared_document(session, caller, application_id)
    original, content = cv.load_original(
        services.database, services.blobs, caller, document, caller.organisation
    )
    return build_download(content, original.media_type, file_name=original.file_name)


@router.post(
    "/{application_id}/moves",
    **describe("Move an application to another stage", 401, 404, 409, status=201, model=ReceivedOut),
)
def move_received_application(
    application_id: UUID,
    body: MoveIn,
    services: ServicesOf,
    caller: StaffOf,
    t: TranslatorOf,
    idempotency: IdempotencyOf,
) -> Response:
    """Move an application to another stage. The applicant is notified."""
    hour = time.fromisoformat(body.hour) if body.hour is not None else None
    target = Move(body.stage, Next(body.next_step, body.words, body.on, hour, body.place))
    with services.database.write() as session:

        def move_application() -> ReceivedOut:
            applications.move(session, caller, application_id, target)
            return ReceivedOut.from_domain(applications.open_for_partner(session, caller, application_id), t)

        return idempotency.respond(session, 201, move_application)
