"""Database sessions, the base of tables, sealed columns, their rotation, the outbox, answers kept.

Only this package commits; no table of a feature lives here.
"""

from oim.kit.db.base import Base
from oim.kit.db.idempotency import Asked, Given, forget_answers, forget_answers_of, once
from oim.kit.db.outbox import OutboxRow, done, emit, peek, waiting
from oim.kit.db.sealed import Sealed, seal, unseal, unseal_bytes
from oim.kit.db.session import Database, ReadSession, WriteSession

__all__ = [
    "Asked",
    "Base",
    "Database",
    "Given",
    "OutboxRow",
    "ReadSession",
    "Sealed",
    "WriteSession",
    "done",
    "emit",
    "forget_answers",
    "forget_answers_of",
    "once",
    "peek",
    "seal",
    "unseal",
    "unseal_bytes",
    "waiting",
]
