"""What an answering engine needs of learning: the scorer in force, the congestion ledger, and the recorder.

The scorer in force is looked up in the background, never while a person waits for an answer.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from oim.features.events import count_shown_positions, is_sampled, make_list_id
from oim.features.matching.congestion import (
    APPLICATION_RATE,
    HALF_LIFE_SECONDS,
    CongestionLedger,
    examination_probability,
)
from oim.features.matching.learning import registry
from oim.features.matching.learning.list_recorder import ListRecorder
from oim.features.matching.pipeline import Policy
from oim.features.matching.ranking import WEIGHTS, RankedOffer, Scorer, score_by_weights
from oim.kit.clock import now
from oim.kit.db import Database, ReadSession
from oim.kit.telemetry import logger

REFRESH_INTERVAL = 30.0  # seconds


class PolicyProvider:
    """Provides the ranking policy of an engine.

    While the database does not answer: the documented weights, an empty ledger, and nothing recorded.
    """

    def __init__(self, database: Database) -> None:
        self._in_force = ScorerInForce(database)
        self._ledger = CongestionLedger(_load_expected_applications(database))
        self._recorder = ListRecorder(database)
        self._vault = database.vault

    def get_policy(self, *, shown: bool, known: bool = False) -> Policy:
        """The policy in force now. Only lists that somebody is shown are recorded and crowd an offer.

        `known`: that somebody is signed in; the lists of strangers count little.
        """
        scorer = self._in_force.get_scorer()
        return (
            Policy(scorer, self._ledger, partial(self._record_shown, known=known), known=known)
            if shown
            else Policy(scorer, self._ledger, updates_ledger=False, known=known)
        )

    def _record_shown(self, candidates: Sequence[RankedOffer], *, known: bool) -> UUID:
        """Record a list under a new opaque id, which later events refer to; of strangers, a sample."""
        list_id = make_list_id(self._vault)
        if known or is_sampled(list_id):
            self._recorder.record(list_id, candidates, known=known)
        return list_id

    def close(self) -> None:
        """Stop the background threads."""
        self._in_force.close()
        self._recorder.close()


def _load_expected_applications(database: Database) -> dict[UUID, float]:
    """Expected applications from the lists shown lately, so that a restart forgets no congestion."""
    try:
        with database.read() as session:
            return count_expected_applications(session, now())
    except Exception as error:
        logger(__name__).warning("what was shown before was not read", error=str(error))
        return {}


def count_expected_applications(session: ReadSession, at: datetime) -> dict[UUID, float]:
    """The applications to expect for each offer from the lists of people in the fortnight before `at`.

    What strangers added before is left out: it would count in full, as if it came from people.
    """
    # Within one half-life everything counts in full, earlier lists not at all: a simple stand-in for decay.
    shown = count_shown_positions(session, at - timedelta(seconds=HALF_LIFE_SECONDS), at)
    return {
        id_: APPLICATION_RATE
        * sum(examination_probability(place) * times for place, times in positions.items())
        for id_, positions in shown.items()
    }


def load_scorer_in_force(session: ReadSession) -> tuple[int | None, Scorer]:
    """The version in force and its scorer.

    The weights, where no ranker is in force or the features have changed since it was trained.
    """
    version = registry.get_version_in_force(session)
    if version is None:
        return None, score_by_weights
    scorer = registry.load_scorer(session, version)
    return (version, scorer) if set(scorer.step_functions) == set(WEIGHTS) else (None, score_by_weights)


class ScorerInForce:
    """The scorer in force, at most `REFRESH_INTERVAL` old.

    While the database does not answer, the last scorer known stays in use.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version: int | None = None
        self._scorer: Scorer = score_by_weights
        self._refresh_at = monotonic() + REFRESH_INTERVAL
        self._thread: threading.Thread | None = None
        self.refresh()

    def get_scorer(self) -> Scorer:
        """The scorer to use now; starts a refresh in the background when one is due."""
        if monotonic() >= self._refresh_at:
            # Moved on before the thread starts, so that the requests meanwhile start no second refresh.
            self._refresh_at = monotonic() + REFRESH_INTERVAL
            self._thread = threading.Thread(target=self.refresh, daemon=True, name="ranker-in-force")
            self._thread.start()
        return self._scorer

    def refresh(self) -> None:
        """Look up which scorer is in force; a failure is logged and changes nothing."""
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
        """Wait for a refresh that is running."""
        if self._thread is not None:
            self._thread.join()
