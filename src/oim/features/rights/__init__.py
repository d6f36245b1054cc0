"""Data protection rights (law 2024/017): export of all data about a person, erasure, limited retention.

The data belongs to the other features; each offers functions that list, export and delete its part.
"""

from oim.features.rights.erasure import JOURNAL_PREFIX, erase, replay_journal
from oim.features.rights.export import collect_personal_data, export, list_trail_entries
from oim.features.rights.register import (
    INACTIVITY_LIMIT,
    REGISTER,
    WARNING_PERIOD,
    AtRest,
    Basis,
    DataClass,
    RegisterEntry,
    read_register,
)
from oim.features.rights.retention import RetentionResult, apply_retention

__all__ = [
    "INACTIVITY_LIMIT",
    "JOURNAL_PREFIX",
    "REGISTER",
    "WARNING_PERIOD",
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
