"""What a visitor does with an offer of a list, told after the answer has gone: it slows and fails no page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.background import BackgroundTask

from oim.features import applications
from oim.features.access import Actor
from oim.features.matching import EventKind, record_offer_event
from oim.kit.db import Database, WriteSession
from oim.kit.errors import NotFoundError
from oim.kit.telemetry import logger

ListParameter = Annotated[str, Query(alias="list")]  # the list of recommendations in which an offer was found


def parse_list_id(list_: str) -> UUID | None:
    """The list that an address names; none where it names none."""
    try:
        return UUID(list_)
    except ValueError:
        return None


def create_event_task(database: Database, kind: EventKind, list_: str, offer: UUID) -> BackgroundTask | None:
    """The task that records what happened; none without the id of a list."""
    list_id = parse_list_id(list_)
    if list_id is None:
        return None
    return BackgroundTask(
        _write_or_log, database, lambda session: record_offer_event(session, kind, list_id, offer)
    )


def create_redirect_task(
    database: Database, actor: Actor, offer: UUID, list_id: UUID | None
) -> BackgroundTask:
    """The task that records that somebody left for an offer's own page."""
    return BackgroundTask(
        _write_or_log, database, lambda session: applications.record_redirect(session, actor, offer, list_id)
    )


def _write_or_log(database: Database, write: Callable[[WriteSession], None]) -> None:
    try:
        with database.write() as session:
            write(session)
    except NotFoundError:
        return  # an address that was changed by hand
    except Exception as error:
        kind = type(error).__name__
        logger(__name__).warning("what was done with an offer was not recorded", error=kind)
