"""The trail of who read or changed what: each entry is chained to the one before, so that a change shows.

Who may do what is `access`'s to decide. Entries name people by opaque ids only.
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
