"""The messages about new PINs: how many there may be, and what they say.

Each that is paid counts for the budgets of codes. Contacts of an account were proved by it, so they count as
known: strangers leave a part of each budget to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from oim.features import people
from oim.features.access import SYSTEM, Action, Resource, Subject, permit
from oim.features.messages import MessageKind, queue_notice
from oim.features.people import Contact, Person
from oim.features.sign_in.budgets import code_budgets, watch_budgets
from oim.features.sign_in.types import SignInServices
from oim.kit.clock import CAMEROON
from oim.kit.db import Database, WriteSession
from oim.kit.errors import TooManyError
from oim.kit.i18n import Language
from oim.kit.rate_limits import RateLimit

# Of new PINs for a person, from whatever contacts they are asked: each is up to five messages.
ANNOUNCEMENT_LIMIT = RateLimit("pin-announcement", "3 per day")
# Makes the address of the page that cancels a request, from a secret of the request.
MakeLink = Callable[[str], str]


def count_announcement(
    services: SignInServices, person: UUID, contacts: Iterable[Contact]
) -> list[Contact] | None:
    """Count an announcement to contacts of a person. Returns those whose budget has room for it.

    None if a new PIN for them was announced often enough today.
    """
    try:
        services.rate_limiter.hit([(ANNOUNCEMENT_LIMIT, str(person))])
    except TooManyError:
        return None
    return [contact for contact in contacts if _charge(services, contact)]


def queue_asked(
    session: WriteSession,
    person: UUID | None,
    contact: Contact,
    language: Language,
    *,
    opens_at: datetime,
    link: str,
) -> UUID:
    """Queue the message that a new PIN was asked for, and return its id. Nobody may have the contact."""
    when = opens_at.astimezone(CAMEROON).strftime("%d/%m %H:%M")
    return queue_notice(session, person, contact, language, MessageKind.PIN_ASKED, when=when, link=link)


def count_changed(database: Database, services: SignInServices, person: UUID) -> None:
    """Count the messages that a new PIN has served, before the session that queues them.

    They go where no budget is left, too: of what was announced, whoever reads a contact hears the end.
    """
    with database.write() as session:
        grant = permit(session, SYSTEM, Action.READ, Subject(Resource.PERSON, person=person), what="message")
        accounts = people.load_people(session, [grant])
    for account in accounts.values():
        for contact in account.contacts.values():
            _charge(services, contact)


def queue_changed(session: WriteSession, account: Person) -> None:
    """Queue the message that a new PIN has served, to every contact."""
    for contact in account.contacts.values():
        queue_notice(session, account.id, contact, account.language, MessageKind.PIN_CHANGED)


def _charge(services: SignInServices, contact: Contact) -> bool:
    """Count a message to a contact for its budgets. Returns whether there was room."""
    is_paid = False
    with suppress(TooManyError):
        services.rate_limiter.hit(code_budgets(contact, is_known_device=True))
        is_paid = True
    watch_budgets(services.rate_limiter, services.cache, contact)
    return is_paid
