"""Whether somebody else on a person's contacts has the same name and PIN, without a slow hash in a session.

Otherwise two people would sign in with the same words, and one would land in the other's account.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from oim.features import people
from oim.features.people import Contact, NameLikeness, PinHolder
from oim.features.sign_in.pin_request_store import load_requested_pins
from oim.kit.db import Database, ReadSession, WriteSession


class NamesakesChangedError(Exception):
    """Somebody on the contacts took the name, or another PIN, since they were compared: compare again."""


@dataclass(frozen=True, slots=True)
class NameAndPin:
    """A name and a PIN that a person chooses to have on some contacts."""

    contacts: tuple[Contact, ...]
    name: str
    pin: str
    exclude: UUID | None = None  # the person themselves, where they have an account already


def compare_namesakes(
    database: Database, choice: NameAndPin
) -> tuple[PinHolder | None, frozenset[PinHolder]]:
    """Find whoever has the name and the PIN already. Returns them, and everybody who was compared. Slow."""
    with database.read() as session:
        namesakes = _load_namesakes(session, choice)
    # One by one: two who are as like to the name are no less in its way than one.
    holders = (people.match_pin(database.vault, [each], choice.pin) for each in namesakes)
    match = next((holder for holder in holders if holder), None)
    if not namesakes:
        people.match_pin(database.vault, (), choice.pin)  # as slow as where there is somebody
    return match, namesakes


def lock_and_check(session: WriteSession, choice: NameAndPin, compared: frozenset[PinHolder]) -> None:
    """Keep the contacts as they were compared until the transaction ends.

    Raises NamesakesChangedError if they no longer are so: the caller then compares again, outside a session.
    """
    people.lock_contacts(session, choice.contacts)
    if not _load_namesakes(session, choice) <= compared:
        raise NamesakesChangedError


def _load_namesakes(session: ReadSession, choice: NameAndPin) -> frozenset[PinHolder]:
    """Load the others on the contacts whose name is or sounds the same, by their PINs, present and asked for.

    Of two PINs that are the same, a name that is part of another still tells whose is meant: the likest.
    """
    namesakes = frozenset(
        holder
        for contact in choice.contacts
        for holder in people.load_namesakes(session, contact, choice.name)
        if holder.id != choice.exclude and holder.likeness is not NameLikeness.PART
    )
    # One that waits, too: else whoever joins meanwhile with the same would be signed in as by it.
    return namesakes.union(load_requested_pins(session, namesakes))
