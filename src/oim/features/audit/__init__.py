"""The trail of who read or changed what: each entry is chained to the one before, so that a change shows.

Who may do what is `access`'s to decide. Entries name people by opaque ids only.
"""

from oim.features.audit.about import Seen, about, about_by_others
from oim.features.audit.anchors import Head, append_head, head, parse_head, read_heads
from oim.features.audit.models import AuditRow
from oim.features.audit.service import Entry, note, note_apart
from oim.features.audit.verify import Break, verify

__all__ = [
    "AuditRow",
    "Break",
    "Entry",
    "Head",
    "Seen",
    "about",
    "about_by_others",
    "append_head",
    "head",
    "note",
    "note_apart",
    "parse_head",
    "read_heads",
    "verify",
]
