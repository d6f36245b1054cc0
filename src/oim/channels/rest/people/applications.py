"""What a person applies for: sending it, following it, taking it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
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

router = APIRouter(prefix="/v1/me", tags=["applications"])
STAGE_EXAMPLE: dict[str, Any] = {"stage": "sent", "at": "2026-11-25T10:00:00Z", "text": "Sent to the partner"}
NEXT_EXAMPLE: dict[str, Any] = {
    "step": None,
    "words": "Come with your tools.",
    "on": "2026-12-03",
    "text": ["The day: 3 December 2026."],
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
    """A stage, when it was reached, and its name in words."""

    model_config = example_config(STAGE_EXAMPLE)

    stage: Stage
    at: datetime
    text: str


class NextOut(StrictModel):
    """What comes next: a step, the partner's words, a day; and all of it in words, one line each."""

    model_config = example_config(NEXT_EXAMPLE)

    step: NextStep | None
    words: str
    on: date | None
    text: list[str]

    @classmethod
    def from_domain(cls, next_step: Next, t: Translator) -> NextOut:
        """As the API shows it."""
        return cls(
            step=next_step.step, words=next_step.words, on=next_step.on, text=render_next_step(next_step, t)
        )


class OutcomeOut(StrictModel):
    """A question about an application, due so many days after it, and the answer that was given."""

    id: UUID
    day: int
    due_on: date
    answer: OutcomeAnswer | None


class ApplicationOut(StrictModel):
    """An application: where it stands (`stage`, with its name and meaning) and what comes next."""

    model_config = example_config(_EXAMPLE)

    id: UUID
    opportunity_id: UUID | None = Field(description="Null once the offer is gone.")
    title: str
    kind: Kind
    organisation: str | None
    way: Route = Field(description="Sent here, or left for the partner's site.")
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
        """As the API shows an application to its person."""
        text, meaning = render_stage(application, t)
        return cls(
            opportunity_id=application.opportunity,
            way=application.route,
            text=text,
            meaning=meaning,
            next=NextOut.from_domain(application.next, t),
            document_id=application.document,
            stages=[
                StageOut(stage=held.stage, at=held.at, text=render_stage_name(application, held.stage, t))
                for held in application.stages
            ],
            outcomes=[
                OutcomeOut(id=held.id, day=held.day, due_on=held.due_on, answer=held.answer)
                for held in application.outcomes
            ],
            **{name: getattr(application, name) for name in _COPIED_FIELDS},
        )


_COPIED_FIELDS = ("id", "title", "kind", "organisation", "stage", "letter", "created_at")


class ApplicationsOut(StrictModel):
    """A person's applications, newest first."""

    model_config = example_config({"items": [_EXAMPLE]})

    items: list[ApplicationOut]


class ApplicationIn(StrictModel):
    """What is sent to whom publishes an offer; `list_id` is that of the list in which it was found."""

    model_config = example_config(
        {
            "opportunity_id": "0b0f6f5e-7f6a-5d6c-8c7e-2c5d1a3b4e6f",
            "letter": "Madame, Monsieur,\n\nJe sais poser des briques.\n\nAwa",
        }
    )

    opportunity_id: UUID
    letter: str = Field(
        "", max_length=2 * MAX_LETTER_LENGTH, description=f"{MAX_LETTER_LENGTH} characters at most."
    )
    document_id: UUID | None = Field(None, description="A CV of the caller, to attach.")
    list_id: UUID | None = None


class LetterDraftOut(StrictModel):
    """A letter to start from, in the language of the offer. Nothing in it was made up."""

    model_config = example_config({"language": "fr", "text": "Madame, Monsieur, …"})

    language: Literal["fr", "en"]
    text: str


@router.get("/applications", **describe("List one's applications", 401, 404, model=ApplicationsOut))
def list_applications(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> ApplicationsOut:
    """All of them, newest first; those who left for a partner's site are among them."""
    with services.database.write() as session:
        held = applications.list_for_person(session, caller, person_id_of(caller))
    return ApplicationsOut(items=[ApplicationOut.from_domain(one, t) for one in held])


@router.post(
    "/applications", **describe("Apply for an offer", 401, 404, 409, status=201, model=ApplicationOut)
)
def send(
    body: ApplicationIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf, idempotency: IdempotencyOf
) -> Response:
    """Send a letter, and a CV, to the partner who publishes an offer.

    409 where the offer is closed, its partner receives nothing here, or the caller has not agreed to sharing.
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
    **describe("Read an application of one's own", 401, 404, model=ApplicationOut),
)
def get_application(
    application_id: UUID, services: ServicesOf, caller: PersonOf, t: TranslatorOf
) -> ApplicationOut:
    """Its stages, what comes next, and what was sent."""
    with services.database.write() as session:
        return ApplicationOut.from_domain(
            applications.load_for_person_view(session, caller, application_id), t
        )


@router.post(
    "/applications/{application_id}/withdrawal",
    **describe("Take an application back", 401, 404, 409, model=ApplicationOut),
)
def withdraw(application_id: UUID, services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> ApplicationOut:
    """The partner sees nothing personal of it any more. Taken back again, it changes nothing."""
    with services.database.write() as session:
        applications.withdraw(session, caller, application_id)
        return ApplicationOut.from_domain(
            applications.load_for_person_view(session, caller, application_id), t
        )


@router.get(
    "/letter-drafts/{opportunity_id}", **describe("Get a draft of a letter", 401, 404, model=LetterDraftOut)
)
def draft(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> LetterDraftOut:
    """A letter to an offer, written from the caller's profile. It is kept nowhere."""
    with services.database.write() as session:
        values = applications.prepare(session, caller, person_id_of(caller), opportunity_id).letter
    return LetterDraftOut(language=values.language, text=render_letter(values, translator(values.language)))
