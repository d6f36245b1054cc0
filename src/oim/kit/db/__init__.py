"""The database: sessions, the base of tables, sealed columns and key rotation, the outbox, idempotent calls.

Only this package commits transactions; the features' tables are in the features.
"""

from oim.kit.db.base import Base
from oim.kit.db.idempotency import (
    IdempotentCall,
    StoredResult,
    delete_stored_results,
    find_result,
    purge_stored_results,
    run_once,
)
from oim.kit.db.outbox import OutboxRow, count_waiting, emit, mark_done, peek
from oim.kit.db.sealed import Sealed, seal, sealed_as, unseal, unseal_bytes
from oim.kit.db.session import Database, ReadSession, WriteSession

__all__ = [
    "Base",
    "Database",
    "IdempotentCall",
    "OutboxRow",
    "ReadSession",
    "Sealed",
    "StoredResult",
    "WriteSession",
    "count_waiting",
    "delete_stored_results",
    "emit",
    "find_result",
    "mark_done",
    "peek",
    "purge_stored_results",
    "run_once",
    "seal",
    "sealed_as",
    "unseal",
    "unseal_bytes",
]
