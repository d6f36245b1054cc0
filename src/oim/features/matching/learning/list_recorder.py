"""Recording of lists shown, beside the answers: it never slows one, nor fails one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from oim.features.matching.learning.events import record_shown
from oim.features.matching.ranking import Ranked
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.telemetry import logger

WAITING = 2000  # lists; beyond, they are dropped
_Shown = tuple[datetime, UUID, list[tuple[UUID, dict[str, float]]]]


class Recorder:
    """A thread writes what is noted; where the database is silent, lists are lost and answers are not."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: queue.Queue[_Shown | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closing = False

    def note(self, list_id: UUID, chosen: Sequence[Ranked]) -> None:
        """A list was shown in this order."""
        offers = [(one.hit.id, {n: round(v, 4) for n, v in one.features.items()}) for one in chosen]
        try:
            self._waiting.put_nowait((now(), list_id, offers))
        except queue.Full:
            logger(__name__).warning("too many lists wait to be recorded: one is dropped")
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, daemon=True, name="recorder")
                self._thread.start()

    def _write(self) -> None:
        while (shown := self._waiting.get()) is not None:
            try:
                with self._database.write() as session:
                    record_shown(session, *shown)
            except Exception as error:
                logger(__name__).warning("a list shown was not recorded", error=str(error))
                if self._closing:  # the others would fail as slowly
                    return
            if self._closing and self._waiting.empty():
                return

    def close(self) -> None:
        """What waits is written first, where the database answers."""
        self._closing = True
        if self._thread is not None:
            with suppress(queue.Full):
                self._waiting.put_nowait(None)
            self._thread.join()
