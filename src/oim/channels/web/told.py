"""What a visitor does with an offer of a list, told after the answer has gone: it slows and fails no page."""

from __future__ import annotations

from uuid import UUID

from starlette.background import BackgroundTask

from oim.features.matching.learning import EventKind, record
from oim.kit.db import Database
from oim.kit.errors import NotFoundError
from oim.kit.telemetry import logger


def telling(database: Database, kind: EventKind, list_: str, offer: UUID) -> BackgroundTask | None:
    """The task that records what happened; none without the id of a list."""
    try:
        list_id = UUID(list_)
    except ValueError:
        return None
    return BackgroundTask(_tell, database, kind, list_id, offer)


def _tell(database: Database, kind: EventKind, list_id: UUID, offer: UUID) -> None:
    try:
        with database.write() as session:
            record(session, kind, list_id, offer)
    except NotFoundError:
        return  # an address that was changed by hand
    except Exception as error:
        logger(__name__).warning("what was done with an offer was not recorded", error=str(error))
