"""Who may do what to whose: the one accessor through which everything personal is reached, and its trail.

Who somebody is, `people` and `staff` know; what was consented to is `consents`' matter.
"""

from oim.features.access.accessor import NOTHING_HERE, Grant, Subject, allowed, permit
from oim.features.access.mandates import (
    Mandate,
    end_mandate,
    end_mandates_of,
    forget_mandates,
    give_mandate,
    mandated_people,
    mandates_of,
)
from oim.features.access.rules import RULES, Action, Relation, Resource
from oim.features.access.types import STRANGER, SYSTEM, Actor, Role

__all__ = [
    "NOTHING_HERE",
    "RULES",
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
    "allowed",
    "end_mandate",
    "end_mandates_of",
    "forget_mandates",
    "give_mandate",
    "mandated_people",
    "mandates_of",
    "permit",
]
