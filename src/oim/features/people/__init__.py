"""People who look for a livelihood: a name, a PIN, and contacts that several people may share.

What they look for is in `profile`; signing in is in `sign_in`.
"""

from oim.features.people.contacts import Channel, Contact, parse_contact
from oim.features.people.names_and_pins import (
    find_by_name,
    find_by_name_and_pin,
    lock_and_check_taken,
    validate_name,
    validate_pin,
    verify_pin,
)
from oim.features.people.service import (
    InactivePerson,
    Person,
    add_contact,
    change_name,
    change_pin,
    create_person,
    delete_person,
    exists,
    find_first_contact_index,
    find_recipient,
    get,
    has_contact,
    hold_person,
    list_inactive_since,
    load_person,
    lock_person,
    remove_contact,
    touch_last_seen,
    was_active_since,
)

__all__ = [
    "Channel",
    "Contact",
    "InactivePerson",
    "Person",
    "add_contact",
    "change_name",
    "change_pin",
    "create_person",
    "delete_person",
    "exists",
    "find_by_name",
    "find_by_name_and_pin",
    "find_first_contact_index",
    "find_recipient",
    "get",
    "has_contact",
    "hold_person",
    "list_inactive_since",
    "load_person",
    "lock_and_check_taken",
    "lock_person",
    "parse_contact",
    "remove_contact",
    "touch_last_seen",
    "validate_name",
    "validate_pin",
    "verify_pin",
    "was_active_since",
]
