"""Names and PINs, which tell the people on a shared contact apart.

PINs are short enough to be remembered and typed on any telephone, so the easiest to guess are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from oim.features.people.contacts import Contact, contact_blind_index
from oim.features.people.models import ContactRow, PersonRow
from oim.features.people.name_likeness import NameLikeness, compare_names
from oim.kit.crypto import Vault, hash_password, verify_password
from oim.kit.db import ReadSession, WriteSession, unseal
from oim.kit.errors import BadInputError
from oim.kit.fields import check_length, check_one_line
from oim.kit.i18n import mark

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
    check_one_line(name, "name")
    # What else cannot be shown becomes a space.
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not name:
        raise BadInputError(mark("Give a name: yours, or one that you choose."), field="name")
    check_length(name, MAX_NAME_LENGTH, "name")
    return name


# People who are only called like it, of whom each costs a slow hash: more of them need the fuller name.
MAX_VAGUE_NAMESAKES = 4


@dataclass(frozen=True, slots=True)
class PinHolder:
    """A person and the slow hash of their PIN, as it was read: to compare a PIN with it outside a session.

    `likeness` is that of their name to the one that was typed; `is_new`: they asked for the PIN, and have
    not used it yet.
    """

    id: UUID
    pin_hash: str
    likeness: NameLikeness = NameLikeness.SAME
    is_new: bool = False


def load_namesakes(session: ReadSession, contact: Contact, name: str) -> list[PinHolder]:
    """Load the people on a contact whose name is like the one typed, the likest first, then the oldest.

    Without those who are only called like it where there are many: see `MAX_VAGUE_NAMESAKES`.
    """
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, PersonRow.pin_hash)
        .join(ContactRow, ContactRow.person_id == PersonRow.id)
        .where(ContactRow.blind == contact_blind_index(session.vault, contact))
        .order_by(PersonRow.created_at, PersonRow.id)
    )
    # Names are sealed, so the database cannot compare them; the few on one contact are compared here.
    alike = [
        PinHolder(row.id, row.pin_hash, likeness)
        for row in rows
        if (likeness := compare_names(name, unseal(session, PersonRow.name, row.id, row.name))) is not None
    ]
    same = [holder for holder in alike if holder.likeness is NameLikeness.SAME]
    vague = sorted((holder for holder in alike if holder not in same), key=lambda holder: holder.likeness)
    return same + vague[:MAX_VAGUE_NAMESAKES]


def load_pin_holder(session: ReadSession, person: UUID) -> PinHolder | None:
    """Load the hash of a person's PIN; None if there is no such person."""
    pin_hash = session.scalar(select(PersonRow.pin_hash).where(PersonRow.id == person))
    return None if pin_hash is None else PinHolder(person, pin_hash)


def match_pin(vault: Vault, holders: Iterable[PinHolder], pin: str) -> PinHolder | None:
    """Find the one of some people whose PIN this is: of several, the one whose name is likest to the typed.

    None where two are as like: only their fuller names tell them apart. Slow: call it while no session is
    open. Takes as long for nobody as for one person, so that the time does not reveal whether there is
    somebody.
    """
    pin, known = "".join(pin.split()), list(holders)
    if not known:
        verify_password(vault, "", pin, None)
    matches = [holder for holder in known if verify_password(vault, holder.id, pin, holder.pin_hash)]
    likest = [holder for holder in matches if holder.likeness == min(each.likeness for each in matches)]
    return likest[0] if len({holder.id for holder in likest}) == 1 else None


def hash_pin(vault: Vault, person: UUID, pin: str) -> str:
    """Hash a new PIN of a person. Slow: call it while no session is open. Raises BadInputError."""
    return hash_password(vault, person, validate_pin(pin))


def is_current(session: ReadSession, holder: PinHolder) -> bool:
    """Tell whether a person is still here, with the PIN that was compared."""
    unchanged = PersonRow.id == holder.id, PersonRow.pin_hash == holder.pin_hash
    return session.scalar(select(PersonRow.id).where(*unchanged)) is not None


def lock_contacts(session: WriteSession, contacts: Iterable[Contact]) -> None:
    """Lock contacts until the transaction ends: meanwhile nobody else on them takes a name or a PIN."""
    # Advisory locks, as there may be no row yet to lock. Their keys are 64 bits, hence 8 bytes of each index.
    # Sorted, so that two transactions with the same contacts do not wait for each other.
    for key in sorted(contact_blind_index(session.vault, contact)[:8] for contact in contacts):
        session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(key, signed=True))))
