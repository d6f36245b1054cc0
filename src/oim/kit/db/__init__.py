"""The database: sessions, the base of tables, sealed columns and key rotation, the outbox, idempotent calls.

Only this package commits transactions; the features' tables are in the features.
"""

from oim.kit.db.base import Base
from oim.kit.db.connections import BACKGROUND, ENGINE, SITE, Timeouts
from oim.kit.db.consumers import (
    Consumer,
    Message,
    Progress,
    consume,
    count_skipped,
    count_waiting,
    is_waiting_for,
    load_progress,
)
from oim.kit.db.idempotency import (
    IdempotentCall,
    StoredResult,
    delete_stored_results,
    find_result,
    purge_stored_results,
    run_once,
)
from oim.kit.db.lists import MAX_PAGE, ROWS_PER_PAGE, Listed, Listing, fetch_list_page
from oim.kit.db.outbox import OutboxRow, emit, emit_payloads
from oim.kit.db.sealed import Sealed, seal, sealed_as, unseal, unseal_bytes
from oim.kit.db.session import Database, ReadSession, WriteSession

__all__ = [
    "BACKGROUND",
    "ENGINE",
    "MAX_PAGE",
    "ROWS_PER_PAGE",
    "SITE",
    "Base",
    "Consumer",
    "Database",
    "IdempotentCall",
    "Listed",
    "Listing",
    "Message",
    "OutboxRow",
    "Progress",
    "ReadSession",
    "Sealed",
    "StoredResult",
    "Timeouts",
    "WriteSession",
    "consume",
    "count_skipped",
    "count_waiting",
    "delete_stored_results",
    "emit",
    "emit_payloads",
    "fetch_list_page",
    "find_result",
    "is_waiting_for",
    "load_progress",
    "mark_done",
    "peek",
    "purge_stored_results",
    "run_once",
    "seal",
    "sealed_as",
    "unseal",
    "unseal_bytes",
]
