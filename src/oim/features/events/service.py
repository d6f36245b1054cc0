"""Recording events, in the transaction of the act; letting people go.

Each event is a row of `events` and a row of the outbox, by which the consumers of its topic get it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from oim.features.consents import Purpose, has_agreed
from oim.features.events.catalogue import LATEST, Event, EventKind, OfferEvent, Shown
from oim.features.events.consumers import topic_of
from oim.features.events.models import EventRow
from oim.features.events.sampling import SAMPLED_SHARE, is_left_out
from oim.features.people import hold_person
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.db import ReadSession, WriteSession, emit_payloads
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

_PSEUDONYM_PURPOSE = "events.person"  # hashed into what is stored: with another word nobody is recognised
_COLUMNS = frozenset({"opportunity_id", "list_id", "position", "features"})  # the other fields are `details`
# Shares of the outbox: what strangers do delays nothing that people do, however much it is. No finer ones of
# people: a row that told one from another would be a pseudonym that cannot be cut.
PEOPLE, STRANGERS = "people", "strangers"
# What a report says beyond its kind, list and offer. Clients report an outcome only where it is a good one.
_REPORTED: dict[EventKind, dict[str, Any]] = {
    EventKind.SAVED: {"reported": True},
    EventKind.APPLIED: {"reported": True},
    EventKind.REDIRECTED: {"reported": True},
    EventKind.OUTCOME: {"reported": True, "answer": "got_it"},
    EventKind.WAY_OPENED: {"reported": True},
}


def record_act(session: WriteSession, event: OfferEvent, person: UUID) -> None:
    """Record what a person did. The caller makes sure that the same act is not recorded twice.

    The event carries the person's pseudonym if they agree to be counted. A list that did not show the offer
    is left out of it.
    """
    list_id = getattr(event, "list_id", None)
    if list_id is not None and not _may_have_shown(session, list_id, event.opportunity_id):
        event = event.model_copy(update={"list_id": None})
    # Whoever is being erased, or withdraws this consent, has their pseudonyms cut: none is added behind it.
    hold_person(session, person)
    may_count = has_agreed(session, person, Purpose.STATISTICS)
    pseudonym = make_pseudonym(session.vault, person) if may_count else None
    insert_events(session, now(), {uuid4(): event}, PEOPLE, pseudonym)


def record_offer_event(
    session: WriteSession, kind: EventKind, list_id: UUID, opportunity: UUID, **details: str
) -> None:
    """Record what happened to an offer of a list, by whom is not known, unless the list knows it already.

    Raises NotFoundError for an offer that was not shown in that list, where the list was recorded.
    """
    if not _may_have_shown(session, list_id, opportunity):
        raise NotFoundError(mark("This list did not show this offer, or it is not known here."))
    if _is_known(session, kind, list_id, opportunity):
        return
    fields = {"opportunity_id": opportunity, "list_id": list_id, **_REPORTED.get(kind, {}), **details}
    # The id is the same in every report: of two at once, the second inserts nothing.
    event_id = make_event_id(kind, list_id, opportunity)
    insert_events(session, now(), {event_id: LATEST[kind].model_validate(fields)}, STRANGERS)


def record_shown_list(
    session: WriteSession,
    at: datetime,
    list_id: UUID,
    offers: Sequence[tuple[UUID, dict[str, float]]],
    *,
    known: bool = False,
) -> None:
    """Record that a list was shown: its offers in order, with the features they were ranked by.

    `known`: to somebody who was signed in. Of strangers the caller records those that are sampled.
    """
    if not offers:
        return
    names = {name for _, features in offers for name in features}
    event = Shown(
        list_id=list_id,
        offers=tuple(id_ for id_, _ in offers),
        features={name: tuple(features.get(name) for _, features in offers) for name in sorted(names)},
        known=known,
        share=1.0 if known else SAMPLED_SHARE,
    )
    share = PEOPLE if known else STRANGERS
    insert_events(session, at, {make_event_id(EventKind.SHOWN, list_id): event}, share)


def make_pseudonym(vault: Vault, person: UUID) -> bytes:
    """Return what stands for a person in their events: the same in all, and without the key nobody's."""
    return vault.blind_index(_PSEUDONYM_PURPOSE, str(person))


def cut_pseudonym(session: WriteSession, person: UUID) -> None:
    """Take a person out of their events, which stay and are nobody's from then on.

    It must be done while the key is there: the trail and the journal of erasures keep ids of erased people,
    from which the key would make the pseudonym again.
    """
    theirs = EventRow.pseudonym == make_pseudonym(session.vault, person)
    session.execute(update(EventRow).where(theirs).values(pseudonym=None))


def _may_have_shown(session: ReadSession, list_id: UUID, opportunity: UUID) -> bool:
    """Whether a list showed an offer; of one of ours that was left out nobody knows, and it may have."""
    of_list = EventRow.list_id == list_id, EventRow.kind == EventKind.SHOWN.value
    shows = or_(
        EventRow.opportunity_id == opportunity,
        EventRow.details["offers"].contains([str(opportunity)]),
    )
    if session.scalar(select(exists().where(*of_list, shows))):
        return True
    is_recorded = session.scalar(select(exists().where(*of_list)))
    return not is_recorded and is_left_out(session.vault, list_id)


def _is_known(session: ReadSession, kind: EventKind, list_id: UUID, opportunity: UUID) -> bool:
    """Tell whether an event of this kind is recorded for an offer of a list."""
    of_offer = EventRow.list_id == list_id, EventRow.opportunity_id == opportunity
    return bool(session.scalar(select(exists().where(*of_offer, EventRow.kind == kind.value))))


def make_event_id(kind: EventKind, *parts: UUID) -> UUID:
    """Make the id of what happens once to a list, or to an offer of it. Migration 0014 makes the same."""
    return UUID(bytes=sha256("/".join((kind.value, *map(str, parts))).encode()).digest()[:16])


def insert_events(
    session: WriteSession,
    at: datetime,
    events: dict[UUID, Event],
    share: str,
    pseudonym: bytes | None = None,
) -> None:
    """Insert events by their ids, except those that are there, and emit what was inserted.

    `share`: by whose doing, which takes turns with others' in the outbox.
    """
    rows = [
        _to_row(event) | {"event_id": id_, "at": at, "pseudonym": pseudonym} for id_, event in events.items()
    ]
    if not rows:
        return
    # The rows apart from the statement: with them in it, it would be compiled again each time.
    statement = insert(EventRow).on_conflict_do_nothing().returning(EventRow.event_id)
    payloads: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for id_ in session.scalars(statement, rows).all():
        payloads[topic_of(events[id_].kind)][str(id_)] = _to_payload(events[id_], at)
    for topic, payloads_by_id in payloads.items():
        emit_payloads(session, topic, payloads_by_id, share)


def _to_row(event: Event) -> dict[str, Any]:
    """Return the columns of an event's kind and fields."""
    fields = event.model_dump(mode="json")
    columns = {name: getattr(event, name, None) for name in _COLUMNS}
    details = {name: value for name, value in fields.items() if name not in _COLUMNS}
    return {"kind": event.kind.value, "version": event.version, "details": details, **columns}


def _to_payload(event: Event, at: datetime) -> dict[str, Any]:
    """Return what consumers of the outbox get of an event: all but the pseudonym, as JSON."""
    # A pseudonym that left the database could not be cut when its person is erased.
    fields = event.model_dump(mode="json")
    return {"kind": event.kind.value, "version": event.version, "at": at.isoformat(), "fields": fields}
