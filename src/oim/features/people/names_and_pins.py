"""Names and PINs, which tell the people on a shared contact apart.

PINs are short enough to be remembered and typed on any telephone, so the easiest to guess are refused.
"""

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
_YEAR_PREFIXES = ("19", "20")  # a year of birth is what others try first
# Any run of up to 8 digits in a row, round the end too: `4567`, `8901`, `2109`.
_DIGIT_RUNS = ("01234567890123", "98765432109876")


def validate_pin(pin: str) -> str:
    """Check that a new PIN is not too easy to guess, and return it without spaces. Raises BadInputError."""
    pin = "".join(pin.split())
    # `isdecimal` alone accepts digits of other scripts, which not every telephone can type.
    if not (pin.isascii() and pin.isdecimal() and MIN_PIN_LENGTH <= len(pin) <= MAX_PIN_LENGTH):
        raise BadInputError(
            mark("The PIN is %(low)s to %(high)s digits."),
            field="pin",
            low=MIN_PIN_LENGTH,
            high=MAX_PIN_LENGTH,
        )
    is_year = len(pin) == MIN_PIN_LENGTH and pin.startswith(_YEAR_PREFIXES)
    if len(set(pin)) < 2 or is_year or any(pin in run for run in _DIGIT_RUNS):
        raise BadInputError(
            mark(
                "This PIN is too easy to guess: no year, not the same digit each time, nor digits in a row."
            ),
            field="pin",
        )
    return pin


def validate_name(name: str) -> str:
    """Check a name, which need not be real, and return it with single spaces. Raises BadInputError."""
    # Control characters become spaces: a NUL, for one, cannot be shown.
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not name:
        raise BadInputError(mark("Give a name: yours, or one that you choose."), field="name")
    if len(name) > MAX_NAME_LENGTH:
        raise BadInputError(
            mark("This name is too long: %(most)s characters at most."), field="name", most=MAX_NAME_LENGTH
        )
    return name


def find_by_name(session: ReadSession, contact: Contact, name: str) -> list[UUID]:
    """Find the people on a contact who have a name, ignoring case and accents; oldest account first."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(ContactRow, ContactRow.person_id == PersonRow.id)
        .where(ContactRow.blind == contact_blind_index(session.vault, contact))
        .order_by(PersonRow.created_at, PersonRow.id)
    )
    # Names are sealed, so the database cannot compare them; the few on one contact are compared here.
    folded_name = fold(name)
    return [row.id for row in rows if fold(unseal(session, PersonRow.name, row.id, row.name)) == folded_name]


def find_by_name_and_pin(
    session: ReadSession, contact: Contact, name: str, pin: str, *, exclude: UUID | None = None
) -> UUID | None:
    """Find the person on a contact who has this name and PIN.

    Takes as long when nobody has the name, so that the time does not reveal whether somebody does.
    """
    namesakes = [id_ for id_ in find_by_name(session, contact, name) if id_ != exclude]
    if not namesakes:
        verify_password(session.vault, "", "".join(pin.split()), None)
    return next((id_ for id_ in namesakes if verify_pin(session, id_, pin)), None)


def lock_and_check_taken(
    session: WriteSession, contacts: Collection[Contact], name: str, pin: str, *, exclude: UUID | None = None
) -> bool:
    """Tell whether somebody else has this name and PIN on one of the contacts.

    The contacts are locked until the transaction ends, so nobody can take the name and PIN in between.
    """
    # Advisory locks, as there may be no row yet to lock. Their keys are 64 bits, hence 8 bytes of each index.
    # Sorted, so that two transactions with the same contacts do not wait for each other.
    for key in sorted(contact_blind_index(session.vault, contact)[:8] for contact in contacts):
        session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(key, signed=True))))
    return any(find_by_name_and_pin(session, contact, name, pin, exclude=exclude) for contact in contacts)


def verify_pin(session: ReadSession, person: UUID, pin: str) -> bool:
    """Tell whether a PIN is the person's. Takes as long when there is no such person."""
    pin_hash = session.scalar(select(PersonRow.pin_hash).where(PersonRow.id == person))
    return verify_password(session.vault, person, "".join(pin.split()), pin_hash)
