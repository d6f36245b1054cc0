"""Routes of the caller's applications: sending, following and withdrawing them, and drafts of letters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import Hour, StrictModel, example_config
from oim.channels.wording import render_letter, render_next_step, render_stage, render_stage_name
from oim.features import applications
from oim.features.applications import (
    MAX_LETTER_LENGTH,
    Application,
    Next,
    NextStep,
    OutcomeAnswer,
    Route,
    Stage,
    Submission,
)
from oim.features.opportunities import Kind
from oim.kit.i18n import Translator, translator

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me", tags=["applications"])
STAGE_EXAMPLE: dict[str, Any] = {"stage": "sent", "at": "2026-11-25T10:00:00Z", "text": "Sent to the partner"}
NEXT_EXAMPLE: dict[str, Any] = {
    "step": None,
    "words": "Come with your tools.",
    "on": "2026-12-03",
    "hour": "09:30",
    "place": "Chantiers du Noun, behind the market of Foumbot",
    "text": [
        "The day: 3 December 2026 at 9:30\u00a0am.",
        "The place: Chantiers du Noun, behind the market of Foumbot.",
    ],
}
_EXAMPLE: dict[str, Any] = {
    "id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
    "opportunity_id": "0b0f6f5e-7f6a-5d6c-8c7e-2c5d1a3b4e6f",
    "title": "Maçon",
    "kind": "employment",
    "organisation": "Chantiers du Noun",
    "way": "inside",
    "stage": "interview",
    "text": "Meeting",
    "meaning": "The partner wants to meet you. Come on time, with your papers.",
    "next": NEXT_EXAMPLE,
    "letter": "Madame, Monsieur, …",
    "document_id": None,
    "created_at": "2026-11-25T10:00:00Z",
    "stages": [STAGE_EXAMPLE],
    "outcomes": [
        {"id": "9f0a3d52-6b1e-4f8c-a7d4-0c5e2b8f6a13", "day": 30, "due_on": "2026-12-25", "answer": None}
    ],
}


class StageOut(StrictModel):
    """A stage of an application: when it was reached, and its name in words."""

    model_config = example_config(STAGE_EXAMPLE)

    stage: Stage
    at: datetime
    text: str


class NextOut(StrictModel):
    """What comes next: a step, the partner's words, a day; `text` has all of it in words, line by line.

    `hour` (in Cameroon) and `place` are those of a meeting; `place` is empty where none was given.
    """

    model_config = example_config(NEXT_EXAMPLE)

    step: NextStep | None
    words: str
    on: date | None
    hour: Hour | None
    place: str
    text: list[str]

    @classmethod
    def from_domain(cls, next_step: Next, t: Translator) -> NextOut:
        """Convert what comes next, with words in the language of `t`."""
        return cls(
            step=next_step.step,
            words=next_step.words,
            on=next_step.on,
            hour=next_step.hour.isoformat("minutes") if next_step.hour else None,
            place=next_step.place,
            text=render_next_step(next_step, t),
        )


class OutcomeOut(StrictModel):
    """A question about what became of an application: due `day` days after it, with the answer, if any."""

    id: UUID
    day: int
    due_on: date
    answer: OutcomeAnswer | None


class ApplicationOut(StrictModel):
    """An application: where it stands (`stage`, with its name and meaning) and what comes next."""

    model_config = example_config(_EXAMPLE)

    id: UUID
    opportunity_id: UUID | None = Field(description="Null once the offer is deleted.")
    title: str
    kind: Kind
    organisation: str | None
    way: Route = Field(description="Whether it was sent through OIM, or on the publisher's site.")
    stage: Stage
    text: str
    meaning: str
    next: NextOut
    letter: str
    document_id: UUID | None
    created_at: datetime
    stages: list[StageOut]
    outcomes: list[OutcomeOut]

    @classmethod
    def from_domain(cls, application: Application, t: Translator) -> ApplicationOut:
        """Convert an application as its person sees it, with words in the language of `t`."""
        text, meaning = render_stage(application, t)
        return cls(
            opportunity_id=application.opportunity,
            way=application.route,
            text=text,
            meaning=meaning,
            next=NextOut.from_domain(application.next, t),
            document_id=application.document,
            stages=[
                StageOut(
                    stage=reached.stage, at=reached.at, text=render_stage_name(application, reached.stage, t)
                )
                for reached in application.stages
            ],
            outcomes=[
                OutcomeOut(id=question.id, day=question.day, due_on=question.due_on, answer=question.answer)
                for question in application.outcomes
            ],
            **{name: getattr(application, name) for name in _COPIED_FIELDS},
        )


# Fields that have the same name and type in `Application`.
_COPIED_FIELDS = ("id", "title", "kind", "organisation", "stage", "letter", "created_at")


class ApplicationsOut(StrictModel):
    """The applications of the caller, newest first."""

    model_config = example_config({"items": [_EXAMPLE]})

    items: list[ApplicationOut]


class ApplicationIn(StrictModel):
    """What to send to the publisher of an offer. `list_id`: the list in which the offer was found, if any."""

    model_config = example_config(
        {
            "opportunity_id": "0b0f6f5e-7f6a-5d6c-8c7e-2c5d1a3b4e6f",
            "letter": "Madame, Monsieur,\n\nJe sais poser des briques.\n\nAwa",
        }
    )

    opportunity_id: UUID
    # Twice the limit, which `applications` checks once the spaces around the letter are removed.
    letter: str = Field(
        "", max_length=2 * MAX_LETTER_LENGTH, description=f"{MAX_LETTER_LENGTH} characters at most."
    )
    document_id: UUID | None = Field(None, description="A CV of the caller, to attach.")
    list_id: UUID | None = None


class LetterDraftOut(StrictModel):
    """A letter to start from, in the language of the offer. It states nothing but what the profile says."""

    model_config = example_config({"language": "fr", "text": "Madame, Monsieur, …"})

    language: Literal["fr", "en"]
    text: str


@router.get("/applications", **describe("List your applications", 401, 404, model=ApplicationsOut))
def list_applications(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> ApplicationsOut:
    """List all applications of the caller, newest first, also those made on a publisher's own site."""
    with services.database.write() as session:
        items = applications.list_for_person(session, caller, person_id_of(caller))
    return ApplicationsOut(items=[ApplicationOut.from_domain(item, t) for item in items])


@router.post(
    "/applications", **describe("Apply for an offer", 401, 404, 409, status=201, model=ApplicationOut)
)
def create_application(
    body: ApplicationIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf, idempotency: IdempotencyOf
) -> Response:
    """Send a letter, and a CV, to the partner who publishes an offer.

    409 if the offer is closed, its publisher receives no applications here, or the caller has not agreed to
    sharing.
    """
    submission = Submission(
        offer=body.opportunity_id,
        letter=body.letter,
        document=body.document_id,
        list_id=body.list_id,
    )
    with services.database.write() as session:

        def send_application() -> ApplicationOut:
            id_ = applications.send(session, caller, person_id_of(caller), submission)
            return ApplicationOut.from_domain(applications.load_for_person_view(session, caller, id_), t)

        return idempotency.respond(session, 201, send_application)


@router.get(
    "/applications/{application_id}",
    **describe("Read one of your applications", 401, 404, model=ApplicationOut),
)
def get_application(
    application_id: UUID, services: ServicesOf, caller: PersonOf, t: TranslatorOf
) -> ApplicationOut:
    """Read an application: its stages, what comes next, and what was sent."""
    with services.database.write() as session:
        return ApplicationOut.from_domain(
            applications.load_for_person_view(session, caller, application_id), t
        )


@router.post(
    "/applications/{application_id}/withdrawal",
    **describe("Withdraw an application", 401, 404, 409, model=ApplicationOut),
)
def withdraw_application(
    application_id: UUID, services: ServicesOf, caller: PersonOf, t: TranslatorOf
) -> ApplicationOut:
    """Withdraw an application: the partner sees nothing personal of it any more.

    Withdrawing it again changes nothing.
    """
    with services.database.write() as session:
        applications.withdraw(session, caller, application_id)
        return ApplicationOut.from_domain(
            applications.load_for_person_view(session, caller, application_id), t
        )


@router.get(
    "/letter-drafts/{opportunity_id}", **describe("Get a draft of a letter", 401, 404, model=LetterDraftOut)
)
def draft_letter(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> LetterDraftOut:
    """Draft a letter for an offer from the caller's profile. The draft is not stored."""
    with services.database.write() as session:
        values = applications.prepare_letter(session, caller, person_id_of(caller), opportunity_id)
    # In the language of the offer, for its publisher to read, and not in the caller's.
    return LetterDraftOut(language=values.language, text=render_letter(values, translator(values.language)))
