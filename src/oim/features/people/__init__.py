"""People who look for a livelihood: a name and a PIN, reached by contacts that others may share.

What they look for is `profile`'s; how they sign in is `sign_in`'s.
"""

from oim.features.people.contacts import Channel, Contact, parse_contact
from oim.features.people.pins import check_pin
from oim.features.people.service import (
    Person,
    Unseen,
    add_contact,
    called,
    change_name,
    change_pin,
    check_name,
    claim,
    exists,
    first_blind,
    get,
    is_pin,
    is_taken,
    is_theirs,
    join,
    opened,
    reachable,
    recognise,
    remove,
    remove_contact,
    seen,
    unseen_since,
    was_here_since,
)

__all__ = [
    "Channel",
    "Contact",
    "Person",
    "Unseen",
    "add_contact",
    "called",
    "change_name",
    "change_pin",
    "check_name",
    "check_pin",
    "claim",
    "exists",
    "first_blind",
    "get",
    "is_pin",
    "is_taken",
    "is_theirs",
    "join",
    "opened",
    "parse_contact",
    "reachable",
    "recognise",
    "remove",
    "remove_contact",
    "seen",
    "unseen_since",
    "was_here_since",
]
