"""PINs: short enough to be remembered and typed on any telephone, so the easiest to guess are refused."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from oim.features.people.contacts import Contact, contact_blind_index
from oim.features.people.models import ContactRow, PersonRow
from oim.kit.crypto import verify_password
from oim.kit.db import ReadSession, WriteSession, unseal
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import fold

MAX_NAME_LENGTH = 80  # characters

MIN_PIN_LENGTH, MAX_PIN_LENGTH = 4, 8  # digits
_YEAR_PREFIXES = ("19", "20")  # of birth: what others try first
_DIGIT_RUNS = ("01234567890123", "98765432109876")


def check_pin(pin: str) -> str:
    """The PIN, where it may be used. Raises BadInputError."""
    said = "".join(pin.split())
    if not (said.isascii() and said.isdecimal() and MIN_PIN_LENGTH <= len(said) <= MAX_PIN_LENGTH):
        raise BadInputError(
            mark("The PIN is %(low)s to %(high)s digits."),
            field="pin",
            low=MIN_PIN_LENGTH,
            high=MAX_PIN_LENGTH,
        )
    year = len(said) == MIN_PIN_LENGTH and said.startswith(_YEAR_PREFIXES)
    if len(set(said)) < 2 or year or any(said in run for run in _DIGIT_RUNS):
        raise BadInputError(
            mark(
                "This PIN is too easy to guess: no year, not the same digit each time, nor digits in a row."
            ),
            field="pin",
        )
    return said


def check_name(name: str) -> str:
    """A name, real or not, in single spaces. Raises BadInputError."""
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not said:
        raise BadInputError(mark("Give a name: yours, or one that you choose."), field="name")
    if len(said) > MAX_NAME_LENGTH:
        raise BadInputError(
            mark("This name is too long: %(most)s characters at most."), field="name", most=MAX_NAME_LENGTH
        )
    return said


def find_by_name(session: ReadSession, contact: Contact, name: str) -> list[UUID]:
    """Those on a contact who have this name, oldest first."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(ContactRow, ContactRow.person_id == PersonRow.id)
        .where(ContactRow.blind == contact_blind_index(session.vault, contact))
        .order_by(PersonRow.created_at, PersonRow.id)
    )
    wanted = fold(name)
    return [row.id for row in rows if fold(unseal(session, PersonRow.name, row.id, row.name)) == wanted]


def find_by_name_and_pin(
    session: ReadSession, contact: Contact, name: str, pin: str, *, exclude: UUID | None = None
) -> UUID | None:
    """Who of those on a contact has this name and PIN. Nobody takes as long to tell as somebody."""
    named = [id_ for id_ in find_by_name(session, contact, name) if id_ != exclude]
    if not named:
        verify_password(session.vault, "", "".join(pin.split()), None)
    return next((id_ for id_ in named if verify_pin(session, id_, pin)), None)


def lock_and_check_taken(
    session: WriteSession, contacts: Collection[Contact], name: str, pin: str, *, exclude: UUID | None = None
) -> bool:
    """Whether somebody else has this name and PIN on one of these contacts; nobody gets them meanwhile."""
    for key in sorted(contact_blind_index(session.vault, one)[:8] for one in contacts):
        session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(key, signed=True))))
    return any(find_by_name_and_pin(session, one, name, pin, exclude=exclude) for one in contacts)


def verify_pin(session: ReadSession, person: UUID, pin: str) -> bool:
    """Whether it is their PIN."""
    held = session.scalar(select(PersonRow.pin_hash).where(PersonRow.id == person))
    return verify_password(session.vault, person, "".join(pin.split()), held)
