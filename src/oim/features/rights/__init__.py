"""What the law gives to everybody: all that is kept of them at once, its erasure, its end after some time.

What is kept belongs to the other features; each tells here what it holds of a person.
"""

from oim.features.rights.erasure import JOURNAL_PREFIX, erase, replay_journal
from oim.features.rights.export import collect_personal_data, export, list_trail_entries
from oim.features.rights.register import REGISTER, AtRest, Basis, DataClass, RegisterEntry, read_register
from oim.features.rights.retention import RetentionResult, apply_retention

__all__ = [
    "JOURNAL_PREFIX",
    "REGISTER",
    "AtRest",
    "Basis",
    "DataClass",
    "RegisterEntry",
    "RetentionResult",
    "apply_retention",
    "collect_personal_data",
    "erase",
    "export",
    "list_trail_entries",
    "read_register",
    "replay_journal",
]
