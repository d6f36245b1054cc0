"""Access control: who may read, change or erase what, and mandates that let a case worker help a person.

Every feature that opens personal data calls `permit` first, which also writes the audit trail. Identities
live in `people` and `staff`; consents in `consents`.
"""

from oim.features.access.mandates import (
    Mandate,
    count_ending_mandates,
    end_mandate,
    end_staff_mandates,
    give_mandate,
    list_caseload,
    list_mandated_people,
    list_mandates,
    purge_mandates,
)
from oim.features.access.permissions import (
    NOT_FOUND_MESSAGE,
    Grant,
    Subject,
    is_permitted,
    permit,
    permit_all,
)
from oim.features.access.rules import RULES, Action, Relation, Resource
from oim.features.access.types import STAFF_ROLES, STRANGER, SYSTEM, Actor, Role

__all__ = [
    "NOT_FOUND_MESSAGE",
    "RULES",
    "STAFF_ROLES",
    "STRANGER",
    "SYSTEM",
    "Action",
    "Actor",
    "Grant",
    "Mandate",
    "Relation",
    "Resource",
    "Role",
    "Subject",
    "count_ending_mandates",
    "end_mandate",
    "end_staff_mandates",
    "give_mandate",
    "is_permitted",
    "list_caseload",
    "list_mandated_people",
    "list_mandates",
    "permit",
    "permit_all",
    "purge_mandates",
]
