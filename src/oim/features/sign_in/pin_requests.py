"""A forgotten PIN: its person asks for a new one, which serves after three days unless somebody cancels it.

Every contact of the person gets a message with a link that cancels. At once it serves where the person
proves a second contact, one of the two being theirs alone, or where a case worker whom they let help vouches
for them. Until it has served the old PIN does too, and whoever signs in by that needs no other: the request
ends.

On a shared telephone nobody learns by asking who else is there: answer, time and the message to the contact
by which somebody asks are the same for a name that nobody has. So what others of the family can do is to
ask, to wait three days before the eyes of all contacts, and then to come in by a PIN of their own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from oim.features import people
from oim.features.access import STRANGER, SYSTEM, Action, Actor, Resource, Subject, permit
from oim.features.audit import Entry, record_entry
from oim.features.messages import MessageKind, queue_notice
from oim.features.people import Contact, NameLikeness, PinHolder, contact_blind_index
from oim.features.sign_in import rate_limits
from oim.features.sign_in.codes import load_ticket_contact
from oim.features.sign_in.devices import find_known_device
from oim.features.sign_in.models import PinRequestRow
from oim.features.sign_in.pin_request_store import delete_request, hash_secret
from oim.features.sign_in.service import take_minimum_time
from oim.features.sign_in.types import PersonCredentials, SignInServices
from oim.kit.clock import CAMEROON, now
from oim.kit.crypto import Vault
from oim.kit.db import Database, ReadSession, WriteSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import Language, mark
from oim.kit.rate_limits import RateLimit

PIN_DELAY = timedelta(hours=72)  # a weekend, so that whoever looks at a contact seldom sees it in time
# On a contact, by a known device or by all unknown ones: each is announced by up to five messages.
REQUEST_LIMIT = RateLimit("pin-request", "3 per day")
NOT_AT_ONCE = mark(
    "This contact does not let you in at once. Your new PIN serves from the day that we told you."
)
NOTHING_ASKED = mark("Nobody has asked for a new PIN for this person. They ask for it themselves, first.")
# Makes the address of the page that cancels a request, from the secret of the request.
MakeLink = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PinClaim:
    """What whoever asked for a PIN holds: a secret, and when the PIN begins to serve."""

    secret: str
    opens_at: datetime


def request_pin(
    database: Database,
    services: SignInServices,
    credentials: PersonCredentials,
    *,
    language: Language,
    make_link: MakeLink,
) -> PinClaim:
    """Ask for a new PIN, that of the credentials, for the person with this name on the ticket's contact.

    Does the same where nobody has the name, or several people.

    Raises BadInputError, SignInError, TooManyError.
    """
    vault = database.vault
    contact = load_ticket_contact(services.cache, vault, credentials.ticket)
    people.validate_name(credentials.name)
    people.validate_pin(credentials.pin)
    services.rate_limiter.hit(_request_limits(vault, services, contact, credentials.device))
    claim = PinClaim(secrets.token_urlsafe(24), now() + PIN_DELAY)
    notice = _Notice(contact, language, claim.opens_at, secrets.token_urlsafe(12), make_link)
    with take_minimum_time():
        with database.read() as session:
            person = _find_only(people.load_namesakes(session, contact, credentials.name))
        owner = person or uuid4()
        pin_hash = people.hash_pin(vault, owner, credentials.pin)
        with database.write() as session:
            _announce(session, notice, None)
            if person and people.exists(session, person):
                _store_request(session, person, pin_hash, claim, notice)
                _announce(session, notice, person)
    return claim


def confirm_pin_request(database: Database, services: SignInServices, claim: str, ticket: str) -> None:
    """Let a PIN that was asked for serve at once, by the ticket of a second contact of its person.

    The ticket stays good for signing in by it. Raises the same BadInputError whatever is missing:
    one of the two contacts must be nobody else's. Raises SignInError, TooManyError too.
    """
    contact = load_ticket_contact(services.cache, database.vault, ticket)
    services.rate_limiter.hit(rate_limits.pin_limits(database.vault, contact))
    with database.write() as session:
        row = session.scalar(
            select(PinRequestRow).where(PinRequestRow.claim == hash_secret(claim)).with_for_update()
        )
        if row is None or not _proves(session, row, contact):
            raise BadInputError(NOT_AT_ONCE, field="code")
        row.opens_at = now()
        record_entry(session, _entry(STRANGER, "confirm new pin", row.person_id))


def vouch_for_person(session: WriteSession, actor: Actor, person: UUID) -> None:
    """Let the PIN that a person asked for serve at once, as a case worker whom they let help knows them.

    Raises BadInputError if they asked for none, NotFoundError.
    """
    permit(session, actor, Action.CHANGE, Subject(Resource.VOUCHING, person=person))
    row = session.get(PinRequestRow, person)
    if row is None:
        raise BadInputError(NOTHING_ASKED)
    row.opens_at = min(row.opens_at, now())


def find_pin_request(session: WriteSession, actor: Actor, person: UUID) -> datetime | None:
    """Find from when on the PIN serves that a person asked for; None without one. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.PERSON, person=person), what="new pin")
    row = session.get(PinRequestRow, person)
    return row.opens_at if row else None


def cancel_pin_request(session: WriteSession, actor: Actor, person: UUID) -> None:
    """Cancel the request for a person's new PIN; without one nothing happens. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, Subject(Resource.PERSON, person=person), what="no new pin")
    delete_request(session, person)


def cancel_by_secret(session: WriteSession, secret: str) -> None:
    """Cancel a request by the secret of its messages' link. An unknown one is no error, and tells nothing."""
    cancelled = delete(PinRequestRow).where(PinRequestRow.cancel == hash_secret(secret))
    person = session.scalar(cancelled.returning(PinRequestRow.person_id))
    if person is not None:
        record_entry(session, _entry(STRANGER, "cancel new pin", person))


@dataclass(frozen=True, slots=True)
class _Notice:
    """How a request is announced: on the contact by which somebody asked, in their language, with a link."""

    contact: Contact
    language: Language
    opens_at: datetime
    secret: str
    make_link: MakeLink


def _announce(session: WriteSession, notice: _Notice, person: UUID | None) -> None:
    """Announce a request on the contact by which somebody asked, or on all others of a person."""
    values = {
        "when": notice.opens_at.astimezone(CAMEROON).strftime("%d/%m %H:%M"),
        "link": notice.make_link(notice.secret),
    }
    if person is None:
        queue_notice(session, None, notice.contact, notice.language, MessageKind.PIN_ASKED, **values)
        return
    grant = permit(session, SYSTEM, Action.READ, Subject(Resource.PERSON, person=person), what="message")
    account = people.load_person(session, grant)
    asked_by = contact_blind_index(session.vault, notice.contact)
    for contact in account.contacts.values():
        if contact_blind_index(session.vault, contact) != asked_by:
            queue_notice(session, person, contact, account.language, MessageKind.PIN_ASKED, **values)


def _store_request(
    session: WriteSession, person: UUID, pin_hash: str, claim: PinClaim, notice: _Notice
) -> None:
    """Store a person's request; it replaces an earlier one, and waits anew."""
    values = {
        "pin_hash": pin_hash,
        "contact_blind": contact_blind_index(session.vault, notice.contact),
        "claim": hash_secret(claim.secret),
        "cancel": hash_secret(notice.secret),
        "asked_at": now(),
        "opens_at": claim.opens_at,
    }
    new = insert(PinRequestRow).values(person_id=person, **values)
    session.execute(new.on_conflict_do_update(index_elements=[PinRequestRow.person_id], set_=values))
    record_entry(session, _entry(STRANGER, "ask new pin", person))


def _find_only(namesakes: list[PinHolder]) -> UUID | None:
    """Find the one person whose name is likest to the one typed; None where two are as like, or none is."""
    heard = [holder for holder in namesakes if holder.likeness is not NameLikeness.PART]
    likest = [holder.id for holder in heard if holder.likeness is heard[0].likeness]
    return likest[0] if len(likest) == 1 else None


def _proves(session: ReadSession, row: PinRequestRow, contact: Contact) -> bool:
    """Tell whether a contact is a second one of a request's person, and one of the two theirs alone."""
    second = contact_blind_index(session.vault, contact)
    if second == row.contact_blind or not people.has_contact(session, row.person_id, contact):
        return False
    return any(people.is_contact_of_one(session, blind) for blind in (second, row.contact_blind))


def _request_limits(
    vault: Vault, services: SignInServices, contact: Contact, device: str
) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a request counts for, the narrowest first: as a PIN tried, too."""
    known = find_known_device(services.cache, vault, device, contact.value)
    limit = replace(REQUEST_LIMIT, name=f"{REQUEST_LIMIT.name}-device") if known else REQUEST_LIMIT
    yield limit, rate_limits.hash_subject(vault, f"{known} {contact.value}")
    yield from rate_limits.pin_limits(vault, contact, known)


def _entry(actor: Actor, action: str, person: UUID) -> Entry:
    """Make an audit entry about a person's new PIN."""
    return Entry(
        role=actor.role.value, actor_id=actor.id, action=action, resource="session", subject_id=person
    )
