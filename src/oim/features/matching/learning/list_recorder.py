"""Record shown lists in the background: recording never slows an answer down nor makes one fail."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from oim.features.events import record_shown_list
from oim.features.matching.ranking import RankedOffer
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.telemetry import logger

MAX_WAITING_LISTS = 2000  # further lists are dropped
_WaitingList = tuple[datetime, UUID, list[tuple[UUID, dict[str, float]]], bool]


class ListRecorder:
    """A queue of shown lists and a thread that writes them.

    While the database does not answer, lists are lost and answers go on.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: queue.Queue[_WaitingList | None] = queue.Queue(MAX_WAITING_LISTS)
        self._thread: threading.Thread | None = None
        self._start_lock = threading.Lock()
        self._closing = False

    def record(self, list_id: UUID, candidates: Sequence[RankedOffer], *, known: bool) -> None:
        """Queue a list that was shown in this order. `known`: to somebody who was signed in."""
        offers = [(offer.hit.id, {n: round(v, 4) for n, v in offer.features.items()}) for offer in candidates]
        try:
            self._queue.put_nowait((now(), list_id, offers, known))
        except queue.Full:
            logger(__name__).warning("too many lists wait to be recorded: one is dropped")
        # The thread starts with the first list, once: requests of several threads may come here together.
        with self._start_lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_lists, daemon=True, name="recorder")
                self._thread.start()

    def _write_lists(self) -> None:
        """Write queued lists until `close` puts None into the queue."""
        while (shown := self._queue.get()) is not None:
            try:
                with self._database.write() as session:
                    at, list_id, offers, known = shown
                    record_shown_list(session, at, list_id, offers, known=known)
            except Exception as error:
                logger(__name__).warning("a list shown was not recorded", error=str(error))
                # The remaining lists would most likely fail too, each after a timeout.
                if self._closing:
                    return
            # `close` could not put its None into a full queue: then an empty queue is the end.
            if self._closing and self._queue.empty():
                return

    def close(self) -> None:
        """Write the lists still queued, if the database answers, and end the thread."""
        self._closing = True
        if self._thread is not None:
            with suppress(queue.Full):
                self._queue.put_nowait(None)
            self._thread.join()
