"""The audit trail of who read or changed what. Each entry is chained to the one before, so tampering shows.

Entries name people by opaque ids only. `access` decides who may do what, and writes most entries.
"""

from oim.features.audit.models import AuditRow
from oim.features.audit.service import (
    Entry,
    TrailEntry,
    list_entries,
    list_entries_by_others,
    record_entry,
    record_independently,
)
from oim.features.audit.verification import (
    ChainBreak,
    Head,
    append_head,
    load_head,
    parse_head,
    read_heads,
    verify,
)

__all__ = [
    "AuditRow",
    "ChainBreak",
    "Entry",
    "Head",
    "TrailEntry",
    "append_head",
    "list_entries",
    "list_entries_by_others",
    "load_head",
    "parse_head",
    "read_heads",
    "record_entry",
    "record_independently",
    "verify",
]
