"""A forgotten PIN: its person asks for a new one, which serves after three days unless somebody cancels it.

Every contact of the person gets a message with a link that cancels; the three days run once one was sent. At
once it serves where the person proves a second contact, theirs alone, or where a case worker whom they let
help vouches for them, by the number that only whoever asked was shown. Until it has served the old PIN does
too, and whoever signs in by that needs no other: the request ends.

On a shared telephone nobody learns by asking who else is there: answer, time and the message to the contact
by which somebody asks are the same for a name that nobody has. So what others of the family can do is to
ask, to wait three days before the eyes of all contacts, and then to come in by a PIN of their own.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from oim.features import people
from oim.features.access import STRANGER, SYSTEM, Action, Actor, Resource, Subject, permit
from oim.features.audit import Entry, record_entry
from oim.features.people import Contact, NameLikeness, Person, PinHolder, contact_blind_index
from oim.features.sign_in import rate_limits
from oim.features.sign_in.budgets import code_budgets, watch_budgets
from oim.features.sign_in.codes import load_ticket_contact
from oim.features.sign_in.devices import find_known_device
from oim.features.sign_in.models import PinRequestRow
from oim.features.sign_in.pin_notices import MakeLink, count_announcement, queue_asked
from oim.features.sign_in.pin_request_store import (
    PIN_DELAY,
    NewPin,
    compute_number,
    delete_by_link,
    delete_request,
    find_opening,
    hash_secret,
    store_request,
)
from oim.features.sign_in.service import take_minimum_time
from oim.features.sign_in.types import PersonCredentials, SignInServices
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.db import Database, IdempotentCall, ReadSession, WriteSession, find_result, run_once
from oim.kit.errors import BadInputError
from oim.kit.i18n import Language, mark
from oim.kit.rate_limits import RateLimit

# On a contact, by a known device or by all unknown ones.
REQUEST_LIMIT = RateLimit("pin-request", "3 per day")
NOT_AT_ONCE = mark(
    "This contact does not let you in at once. Your new PIN serves from the day that we told you."
)
NOTHING_ASKED = mark("Nobody has asked for a new PIN for this person. They ask for it themselves, first.")
OTHER_NUMBER = mark(
    "This is not the number of the new PIN that was asked for last: somebody else may have asked for it. The "
    "person asks once more, now, and tells you the number of their page."
)


@dataclass(frozen=True, slots=True)
class PinClaim:
    """What whoever asked for a PIN holds: a secret, and when the PIN begins to serve at the earliest."""

    secret: str
    opens_at: datetime

    @property
    def number(self) -> str:
        """The number that they tell a case worker."""
        return compute_claim_number(self.secret)


def compute_claim_number(secret: str) -> str:
    """Compute the number that whoever has the secret of a claim tells a case worker."""
    return compute_number(hash_secret(secret))


def request_pin(
    database: Database,
    services: SignInServices,
    credentials: PersonCredentials,
    *,
    language: Language,
    make_link: MakeLink,
) -> PinClaim:
    """Ask for a new PIN, that of the credentials, for the person with this name on the ticket's contact.

    Does the same where nobody has the name, or several people. The same credentials with the same ticket are
    the same request: it is made once. Raises BadInputError, SignInError, TooManyError.
    """
    contact = load_ticket_contact(services.cache, database.vault, credentials.ticket)
    people.validate_name(credentials.name)
    people.validate_pin(credentials.pin)
    # All in what is hashed, by a key of ours: with another name or PIN it is another request.
    key = "\n".join((credentials.ticket, credentials.name, credentials.pin))
    call = IdempotentCall(None, "new pin", key, b"")
    with database.read() as session:
        earlier = find_result(session, call)
    if earlier:
        return _parse_claim(earlier.content)
    _count_request(database.vault, services, contact, credentials.device)
    with take_minimum_time():
        with database.write() as session:
            account = _load_account(session, contact, credentials.name)
        pin_hash = people.hash_pin(database.vault, account.id if account else uuid4(), credentials.pin)
        claim = PinClaim(secrets.token_urlsafe(24), now() + PIN_DELAY)
        draft = _Draft(contact, language, claim, pin_hash, make_link)
        other_contacts = _list_others(database.vault, account, contact)
        receivers = count_announcement(services, account.id, other_contacts) if account else None
        with database.write() as session:
            result = run_once(session, call, lambda: _make_request(session, draft, account, receivers))
    return _parse_claim(result.content)


def confirm_pin_request(database: Database, services: SignInServices, claim: str, ticket: str) -> None:
    """Let a PIN that was asked for serve at once, by the ticket of a second contact of its person.

    The ticket stays good for signing in by it. Raises the same BadInputError whatever is missing:
    the second contact must be nobody else's. Raises SignInError, TooManyError too.
    """
    contact = load_ticket_contact(services.cache, database.vault, ticket)
    services.rate_limiter.hit(rate_limits.pin_limits(database.vault, contact))
    with database.write() as session:
        row = session.scalar(
            select(PinRequestRow).where(PinRequestRow.claim == hash_secret(claim)).with_for_update()
        )
        if row is None or not _proves(session, row, contact):
            raise BadInputError(NOT_AT_ONCE, field="code")
        row.confirmed_at = row.confirmed_at or now()
        record_entry(session, _entry(STRANGER, "confirm new pin", row.person_id))


def vouch_for_person(session: WriteSession, actor: Actor, person: UUID, number: str) -> None:
    """Let the PIN that a person asked for serve at once, as a case worker whom they let help knows them.

    `number` is that of the person's claim: of somebody else on the same telephone who asked in their name
    later, it is another. Raises BadInputError if it is, or if nobody asked; NotFoundError.
    """
    permit(session, actor, Action.CHANGE, Subject(Resource.VOUCHING, person=person))
    row = session.get(PinRequestRow, person, with_for_update=True)
    if row is None:
        raise BadInputError(NOTHING_ASKED)
    if "".join(number.split()) != compute_number(row.claim):
        raise BadInputError(OTHER_NUMBER, field="number")
    row.confirmed_at = row.confirmed_at or now()


def find_pin_request(session: WriteSession, actor: Actor, person: UUID) -> datetime | None:
    """Find from when on the PIN serves that a person asked for; None without one. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.PERSON, person=person), what="new pin")
    row = session.get(PinRequestRow, person)
    return find_opening(session, row) if row else None


def cancel_pin_request(session: WriteSession, actor: Actor, person: UUID) -> None:
    """Cancel the request for a person's new PIN; without one nothing happens. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, Subject(Resource.PERSON, person=person), what="no new pin")
    delete_request(session, person)


def cancel_by_secret(database: Database, secret: str) -> bool:
    """Cancel what is open for the person of a message's link, of this request or of one that it replaced.

    Returns whether something was cancelled. False for a link to the contact by which somebody asked, whatever
    it did: else they would learn whether anybody has the name.
    """
    with take_minimum_time(), database.write() as session:
        person, went_to_other = delete_by_link(session, secret)
        if person is not None:
            record_entry(session, _entry(STRANGER, "cancel new pin", person))
    return went_to_other


@dataclass(frozen=True, slots=True)
class _Draft:
    """A request before it is made: the contact that asks, in which language, its claim and its PIN."""

    contact: Contact
    language: Language
    claim: PinClaim
    pin_hash: str
    make_link: MakeLink


def _make_request(
    session: WriteSession, draft: _Draft, account: Person | None, receivers: list[Contact] | None
) -> bytes:
    """Announce a request to the contact that asks, and store and announce it if it is somebody's.

    `receivers` are the person's other contacts to write to; None if they were written to often enough today.
    """
    own_secret, secret = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
    opens_at = draft.claim.opens_at
    own_notice = queue_asked(
        session, None, draft.contact, draft.language, opens_at=opens_at, link=draft.make_link(own_secret)
    )
    if account and receivers is not None and people.exists(session, account.id):
        blind = contact_blind_index(session.vault, draft.contact)
        hashes = [hash_secret(each) for each in (draft.claim.secret, secret, own_secret)]
        row = store_request(session, NewPin(account.id, draft.pin_hash, blind, *hashes))
        if row:
            link = draft.make_link(secret)
            row.notices = [
                queue_asked(session, account.id, each, account.language, opens_at=opens_at, link=link)
                for each in receivers
            ]
            if not _list_others(session.vault, account, draft.contact):
                row.notices = [own_notice]
            record_entry(session, _entry(STRANGER, "ask new pin", account.id))
    return f"{draft.claim.secret} {opens_at.isoformat()}".encode()


def _parse_claim(content: bytes) -> PinClaim:
    """Read the claim of a request from its stored result."""
    secret, _, opens_at = content.decode().partition(" ")
    return PinClaim(secret, datetime.fromisoformat(opens_at))


def _load_account(session: WriteSession, contact: Contact, name: str) -> Person | None:
    """Load the account of the one person on a contact whom a name means; None if it means nobody."""
    person = _find_only(people.load_namesakes(session, contact, name))
    if person is None or not people.exists(session, person):
        return None
    grant = permit(session, SYSTEM, Action.READ, Subject(Resource.PERSON, person=person), what="message")
    return people.load_people(session, [grant]).get(person)


def _list_others(vault: Vault, account: Person | None, contact: Contact) -> list[Contact]:
    """List the contacts of an account but one."""
    blind = contact_blind_index(vault, contact)
    known = account.contacts.values() if account else ()
    return [each for each in known if contact_blind_index(vault, each) != blind]


def _find_only(namesakes: list[PinHolder]) -> UUID | None:
    """Find the one person whose name is likest to the one typed; None where two are as like, or none is."""
    heard = [holder for holder in namesakes if holder.likeness is not NameLikeness.PART]
    likest = [holder.id for holder in heard if holder.likeness is heard[0].likeness]
    return likest[0] if len(likest) == 1 else None


def _proves(session: ReadSession, row: PinRequestRow, contact: Contact) -> bool:
    """Tell whether a contact is a second one of a request's person, and theirs alone.

    The first may be their family's telephone: the second must be one that the family does not read.
    """
    second = contact_blind_index(session.vault, contact)
    if second == row.contact_blind or not people.has_contact(session, row.person_id, contact):
        return False
    return people.is_contact_of_only(session, row.person_id, second)


def _count_request(vault: Vault, services: SignInServices, contact: Contact, device: str) -> None:
    """Count a request, and its message to the contact that asks. Raises TooManyError."""
    known = find_known_device(services.cache, vault, device, contact.value)
    try:
        services.rate_limiter.hit(_request_limits(vault, contact, known))
    finally:  # a refused one too: a budget may be used up
        watch_budgets(services.rate_limiter, services.cache, contact)


def _request_limits(vault: Vault, contact: Contact, known: str) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a request counts for, the narrowest first: as a PIN tried, too."""
    limit = replace(REQUEST_LIMIT, name=f"{REQUEST_LIMIT.name}-device") if known else REQUEST_LIMIT
    yield limit, rate_limits.hash_subject(vault, f"{known} {contact.value}")
    yield from rate_limits.pin_limits(vault, contact, known)
    yield from code_budgets(contact, is_known_device=bool(known))


def _entry(actor: Actor, action: str, person: UUID) -> Entry:
    """Make an audit entry about a person's new PIN."""
    return Entry(
        role=actor.role.value, actor_id=actor.id, action=action, resource="session", subject_id=person
    )
