"""The trail of who read or changed what: each entry is chained to the one before, so that a change shows.

Who may do what is `access`'s to decide. Entries name people by opaque ids only.
"""

from oim.features.audit.about import TrailEntry, list_entries, list_entries_by_others
from oim.features.audit.anchors import Head, append_head, load_head, parse_head, read_heads
from oim.features.audit.models import AuditRow
from oim.features.audit.service import Entry, record_entry, record_independently
from oim.features.audit.verification import ChainBreak, verify

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
