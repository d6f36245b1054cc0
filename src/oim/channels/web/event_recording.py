"""Background tasks that record what a visitor does with an offer: opening it, leaving for its own site.

A task runs after the response is sent, so that recording neither delays a page nor makes it fail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.background import BackgroundTask

from oim.channels.http.costs import EVENT_COST
from oim.channels.http.threads import PERSONAL
from oim.channels.web.pages import PageContext
from oim.features import applications
from oim.features.events import EventKind, record_offer_event
from oim.features.opportunities import WayKind
from oim.kit.db import Database, WriteSession
from oim.kit.errors import NotFoundError, TooManyError
from oim.kit.telemetry import logger

# The query parameter `list`: the id of the list of recommendations in which the visitor saw the offer. A
# string, not a UUID, since a mistyped id must not cost the visitor the page.
LIST_PARAMETER = "list"
ListParameter = Annotated[str, Query(alias=LIST_PARAMETER)]


def parse_list_id(list_: str) -> UUID | None:
    """The id in the query parameter `list`; None where it is not a UUID."""
    try:
        return UUID(list_)
    except ValueError:
        return None


def create_event_task(
    page: PageContext, database: Database, kind: EventKind, list_: str, offer: UUID
) -> BackgroundTask | None:
    """Create the task that records an event for an offer of a list; None without a valid list id."""
    list_id = parse_list_id(list_)
    # The ranking learns from events, and outside a list there is no rank to learn from.
    if list_id is None:
        return None
    return BackgroundTask(
        _write_or_log, page, database, lambda session: record_offer_event(session, kind, list_id, offer)
    )


def create_redirect_task(
    page: PageContext, database: Database, offer: UUID, list_id: UUID | None
) -> BackgroundTask:
    """Create the task that records that a visitor left for an offer's own page, from a list or none."""
    return BackgroundTask(
        _write_or_log,
        page,
        database,
        lambda session: applications.record_redirect(session, page.actor, offer, list_id),
    )


def create_way_task(
    page: PageContext, database: Database, offer: UUID, list_id: UUID | None, kind: WayKind
) -> BackgroundTask:
    """Create the task that records that a visitor opened a way to answer an offer."""
    return BackgroundTask(
        _write_or_log,
        page,
        database,
        lambda session: applications.record_way_opened(session, page.actor, offer, list_id, kind),
    )


async def _write_or_log(page: PageContext, database: Database, write: Callable[[WriteSession], None]) -> None:
    """Call `write` in a transaction of its own, and log a failure: nobody is there any more to show it to."""
    try:
        await PERSONAL.run(_write, page, database, write)
    except (NotFoundError, TooManyError):
        # The address was changed by hand: this list never showed this offer. Nothing to repair, so no log.
        # Or the visitor has spent all points: the page was theirs, what it records is not.
        return
    except Exception as error:
        # The name of the class only: the message of a database error holds the values of its query.
        kind = type(error).__name__
        logger(__name__).warning("what was done with an offer was not recorded", error=kind)


def _write(page: PageContext, database: Database, write: Callable[[WriteSession], None]) -> None:
    page.spend(EVENT_COST)
    with database.write() as session:
        write(session)
