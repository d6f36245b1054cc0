"""The scorer in force, as a process that answers holds it: looked up beside the answers, never in them."""

from __future__ import annotations

import threading
from time import monotonic

from oim.features.matching.learning import registry
from oim.features.matching.ranking import WEIGHTS, Scorer, weighted
from oim.kit.db import Database, ReadSession
from oim.kit.telemetry import logger

EVERY = 30.0  # seconds


def scorer_in_force(session: ReadSession) -> tuple[int | None, Scorer]:
    """The version and its scorer; the weights where the features are no longer those it learned from."""
    version = registry.in_force(session)
    if version is None:
        return None, weighted
    found = registry.ranker(session, version)
    return (version, found) if set(found.of) == set(WEIGHTS) else (None, weighted)


class InForce:
    """The scorer in force, at most half a minute old. While the database is silent the last one serves on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version: int | None = None
        self._scorer: Scorer = weighted
        self._due = monotonic() + EVERY
        self._thread: threading.Thread | None = None
        self.look()

    def scorer(self) -> Scorer:
        """What serves now; a look is started when one is due."""
        if monotonic() >= self._due:
            self._due = monotonic() + EVERY
            self._thread = threading.Thread(target=self.look, daemon=True, name="ranker-in-force")
            self._thread.start()
        return self._scorer

    def look(self) -> None:
        """See what is in force."""
        try:
            with self._database.read() as session:
                version, scorer = scorer_in_force(session)
        except Exception as error:
            logger(__name__).warning("the ranker in force was not read", error=str(error))
            return
        if version != self._version:
            logger(__name__).info("another ranker is in force", version=version)
        self._version, self._scorer = version, scorer

    def close(self) -> None:
        """Wait for a look under way."""
        if self._thread is not None:
            self._thread.join()
