"""Values of applications: routes, stages, what comes next, outcomes, and the two views of an application."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from oim.features.opportunities import Kind
from oim.features.people import Contact
from oim.kit.i18n import Language


class Route(StrEnum):
    """How a person applied to an offer."""

    INSIDE = "inside"  # sent here
    REDIRECTED = "redirected"  # they left for the partner's site: what they did there is not known


class Stage(StrEnum):
    """How far an application has come."""

    SENT = "sent"
    SEEN = "seen"
    SHORTLISTED = "shortlisted"
    INTERVIEW = "interview"
    OFFERED = "offered"
    STARTED = "started"  # hired, enrolled, funded
    NOT_RETAINED = "not_retained"
    WITHDRAWN = "withdrawn"


class NextStep(StrEnum):
    """What a person can do next; every person who is not retained gets one."""

    OTHER_OFFERS = "other_offers"  # like this one
    COURSE = "course"  # that gives what was missing
    NEXT_CALL = "next_call"  # the same again, from a day on
    IMPROVE_CV = "improve_cv"
    OTHER = "other"  # in words


class OutcomeAnswer(StrEnum):
    """What became of an application, as its person answers."""

    GOT_IT = "got_it"  # and have it still
    GOT_IT_LEFT = "got_it_left"
    WAITING = "waiting"
    NO = "no"
    OTHER_LIVELIHOOD = "other_livelihood"


class HiddenReason(StrEnum):
    """Why a partner sees nothing personal of an application."""

    CONSENT = "consent"  # the person no longer agrees to share
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


OUTCOME_DAYS = (30, 90, 180)  # after an application, on which its person is asked what became of it


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, as the partner says. `on` is the day of a meeting, or of the next call.

    `hour` (of Cameroon) and `place` are those of a meeting.
    """

    step: NextStep | None = None
    words: str = ""
    on: date | None = None
    hour: time | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Where a partner moves an application to, and what they tell its person."""

    stage: Stage
    next: Next = field(default_factory=Next)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a person sends: to which offer, with which letter and CV, found in which list shown to them.

    `summary`: with the CV the partner may read the work, schooling, languages and skills of the profile: the
    form has said so.
    """

    offer: UUID
    letter: str = ""
    document: UUID | None = None
    list_id: UUID | None = None
    summary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecord:
    """How a person agreed to share what they send: the language they read it in, and the channel."""

    language: Language
    channel: str


@dataclass(frozen=True, slots=True)
class ReachedStage:
    """A stage, and when it was reached."""

    stage: Stage
    at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeQuestion:
    """A question about an application, and its answer where one was given."""

    id: UUID
    day: int  # one of `OUTCOME_DAYS`
    due_on: date
    answer: OutcomeAnswer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application as its person sees it. `opportunity` is None once the offer is gone."""

    id: UUID
    opportunity: UUID | None
    title: str  # of the offer, as it was
    kind: Kind
    organisation: str | None
    route: Route
    stage: Stage
    next: Next
    letter: str
    document: UUID | None
    created_at: datetime
    stages: tuple[ReachedStage, ...]  # oldest first
    outcomes: tuple[OutcomeQuestion, ...]  # by their day

    @property
    def is_submitted(self) -> bool:
        """Whether the partner has something that was sent here: not only a redirect, and not withdrawn."""
        return self.route is Route.INSIDE and self.stage is not Stage.WITHDRAWN


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedApplication:
    """An application as its partner sees it. Where it is hidden, nothing in it is personal."""

    id: UUID
    opportunity: UUID | None
    title: str
    kind: Kind
    stage: Stage
    next: Next
    created_at: datetime
    stages: tuple[ReachedStage, ...]
    hidden: HiddenReason | None
    name: str | None
    contact: Contact | None
    letter: str
    has_document: bool


@dataclass(frozen=True, slots=True)
class DueQuestion:
    """A question to put to a person: what became of an application?

    `is_follow_up`: they answered earlier that they got it, so the question is whether it lasts.
    """

    id: UUID
    application: UUID
    title: str
    kind: Kind
    day: int  # one of `OUTCOME_DAYS`
    is_follow_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterValues:
    """The values that a draft of a letter is written from: only what is known."""

    language: Language  # the offer's
    kind: Kind
    title: str
    organisation: str | None
    name: str
    skills: tuple[str, ...]
    jobs: tuple[str, ...]  # what the person has worked as
    experience_years: int | None
    education: int | None  # ISCED 2011 level
