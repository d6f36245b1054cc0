"""The catalogue of events: every kind with its versions and their fields. Ids, codes and numbers only.

Whoever changes the fields of a kind adds a class with the next version and leaves the earlier one, by which
stored events are read. Fields that may hold words of people do not belong here: a test looks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

_StoredUUID = Annotated[UUID, Field(strict=False)]  # JSON, from which it is read, has strings


class EventKind(StrEnum):
    """What can happen to an offer."""

    SHOWN = "shown"
    OPENED = "opened"
    SAVED = "saved"
    DISMISSED = "dismissed"
    APPLIED = "applied"
    REDIRECTED = "redirected"  # the person left for the publisher's site
    OUTCOME = "outcome"
    WAY_OPENED = "way_opened"  # a number, an address or a place by which the offer is answered


class Event(BaseModel):
    """Something that happened. Raises pydantic's ValidationError for anything else."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    kind: ClassVar[EventKind]
    version: ClassVar[int] = 1


class OfferEvent(Event):
    """Something that happened to an offer."""

    opportunity_id: UUID


class _OfList(OfferEvent):
    """Something that happened to an offer of a list of recommendations; who saw the list is not known."""

    list_id: UUID


class _Act(OfferEvent):
    """What somebody did, in a list or outside one.

    `reported`: a client or page says so of a list, of nobody known. An account's act may be told a second
    time that way, so analysts count acts that are not `reported`; rankers learn from both.
    """

    version: ClassVar[int] = 2

    list_id: UUID | None = None
    reported: bool = False


class ShownV1(_OfList):
    """An offer was shown in a list: where, from 1, and the features that it was ranked by."""

    kind = EventKind.SHOWN
    position: Annotated[int, Field(ge=1)]
    features: dict[str, float]


class ShownV2(ShownV1):
    """An offer was shown in a list, and whether to somebody who was signed in."""

    version = 2

    known: bool = False


class Shown(Event):
    """A list was shown: its offers in order, and the features they were ranked by, each in the same order.

    `known`: to somebody who was signed in. `share`: how many of such lists are recorded; whoever counts
    takes this one for 1 / share. What followed is recorded of all lists.
    """

    kind = EventKind.SHOWN
    version = 3

    list_id: UUID
    offers: Annotated[tuple[_StoredUUID, ...], Field(strict=False, min_length=1)]
    features: dict[str, Annotated[tuple[float | None, ...], Field(strict=False)]]
    known: bool = False
    share: Annotated[float, Field(gt=0, le=1)] = 1.0


class Opened(_OfList):
    """An offer of a list was opened."""

    kind = EventKind.OPENED


class SavedV1(_OfList):
    """An offer of a list was saved."""

    kind = EventKind.SAVED


class Saved(_Act):
    """Somebody saved an offer."""

    kind = EventKind.SAVED


class Dismissed(OfferEvent):
    """Somebody dismissed an offer, and why."""

    kind = EventKind.DISMISSED
    reason: Literal[
        "too_far", "pay_too_low", "not_my_trade", "not_now", "already_done", "suspicious", "other"
    ]


class AppliedV1(_OfList):
    """An application for an offer of a list was sent."""

    kind = EventKind.APPLIED


class Applied(_Act):
    """Somebody sent an application."""

    kind = EventKind.APPLIED


class RedirectedV1(_OfList):
    """Somebody left a list for an offer's own page."""

    kind = EventKind.REDIRECTED


class Redirected(_Act):
    """Somebody left for an offer's own page."""

    kind = EventKind.REDIRECTED


class WayOpened(_Act):
    """Somebody opened a way to answer an offer that leads to no page of its publisher."""

    kind = EventKind.WAY_OPENED
    version = 1
    way: Literal["whatsapp", "telephone", "email", "agency", "address"]


class OutcomeV1(_OfList):
    """Somebody got what an offer of a list promised."""

    kind = EventKind.OUTCOME


class Outcome(_Act):
    """Somebody answered what became of an application, this many days after it; None: not asked by us."""

    kind = EventKind.OUTCOME
    answer: Literal["got_it", "got_it_left", "waiting", "no", "other_livelihood"]
    day: int | None = None


_CLASSES: tuple[type[Event], ...] = (
    ShownV1,
    ShownV2,
    Shown,
    Opened,
    SavedV1,
    Saved,
    Dismissed,
    AppliedV1,
    Applied,
    RedirectedV1,
    Redirected,
    WayOpened,
    OutcomeV1,
    Outcome,
)
CATALOGUE: Mapping[tuple[EventKind, int], type[Event]] = {
    (class_.kind, class_.version): class_ for class_ in _CLASSES
}
# Of each kind, the class that is recorded now: the last one above.
LATEST: Mapping[EventKind, type[Event]] = {class_.kind: class_ for class_ in _CLASSES}


def parse_event(kind: str, version: int, fields: Mapping[str, Any]) -> Event:
    """Read an event as it was recorded. Raises ValueError for what the catalogue does not know."""
    class_ = CATALOGUE.get((EventKind(kind), version))
    if class_ is None:
        raise ValueError(f"the catalogue has no version {version} of {kind}")
    return class_.model_validate(dict(fields))
