"""The audit trail of who read or changed what. Each entry is chained to one before, so tampering shows.

Entries name people by opaque ids only. `access` decides who may do what, and writes most entries.
"""

from oim.features.audit.heads import append_head, load_head, parse_head, read_heads, record_heads
from oim.features.audit.models import AuditRow
from oim.features.audit.refusals import fold_refusals, record_refusal
from oim.features.audit.service import (
    list_entries,
    list_entries_by_others,
    record_entry,
    record_independently,
)
from oim.features.audit.types import Entry, Head, TrailEntry
from oim.features.audit.verification import ChainBreak, verify

__all__ = [
    "AuditRow",
    "ChainBreak",
    "Entry",
    "Head",
    "TrailEntry",
    "append_head",
    "fold_refusals",
    "list_entries",
    "list_entries_by_others",
    "load_head",
    "parse_head",
    "read_heads",
    "record_entry",
    "record_heads",
    "record_independently",
    "record_refusal",
    "verify",
]
