"""The scorer in force, as a process that answers holds it: looked up beside the answers, never in them."""

from __future__ import annotations

import threading
from time import monotonic

from oim.features.matching.learning import registry
from oim.features.matching.ranking import WEIGHTS, Scorer, score_by_weights
from oim.kit.db import Database, ReadSession
from oim.kit.telemetry import logger

REFRESH_INTERVAL = 30.0  # seconds


def load_scorer_in_force(session: ReadSession) -> tuple[int | None, Scorer]:
    """The version and its scorer; the weights where the features are no longer those it learned from."""
    version = registry.get_version_in_force(session)
    if version is None:
        return None, score_by_weights
    found = registry.load_scorer(session, version)
    return (version, found) if set(found.step_functions) == set(WEIGHTS) else (None, score_by_weights)


class ScorerInForce:
    """The scorer in force, at most half a minute old. While the database is silent the last one serves on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version: int | None = None
        self._scorer: Scorer = score_by_weights
        self._refresh_at = monotonic() + REFRESH_INTERVAL
        self._thread: threading.Thread | None = None
        self.refresh()

    def get_scorer(self) -> Scorer:
        """What serves now; a look is started when one is due."""
        if monotonic() >= self._refresh_at:
            self._refresh_at = monotonic() + REFRESH_INTERVAL
            self._thread = threading.Thread(target=self.refresh, daemon=True, name="ranker-in-force")
            self._thread.start()
        return self._scorer

    def refresh(self) -> None:
        """See what is in force."""
        try:
            with self._database.read() as session:
                version, scorer = load_scorer_in_force(session)
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
