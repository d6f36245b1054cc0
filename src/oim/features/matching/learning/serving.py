"""What an engine that answers holds of learning: the scorer in force, the ledger of crowds, the recorder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from oim.features.matching.congestion import APPLIES, HALF_LIFE, Ledger, examined
from oim.features.matching.learning.events import positions_shown
from oim.features.matching.learning.in_force import InForce
from oim.features.matching.learning.list_recorder import Recorder
from oim.features.matching.policy import Policy
from oim.features.matching.ranking import Ranked
from oim.kit.clock import now
from oim.kit.db import Database, ReadSession
from oim.kit.telemetry import logger


class Learning:
    """Without a database that answers: the weights, an empty ledger, and nothing recorded."""

    def __init__(self, database: Database) -> None:
        self._in_force = InForce(database)
        self._ledger = Ledger(_expected_now(database))
        self._recorder = Recorder(database)

    def policy(self, *, shown: bool) -> Policy:
        """What decides now. Only lists that are shown to somebody are recorded, and make a crowd."""
        scorer = self._in_force.scorer()
        return (
            Policy(scorer, self._ledger, self._shown) if shown else Policy(scorer, self._ledger, counts=False)
        )

    def _shown(self, chosen: Sequence[Ranked]) -> UUID:
        list_id = uuid4()
        self._recorder.note(list_id, chosen)
        return list_id

    def close(self) -> None:
        self._in_force.close()
        self._recorder.close()


def _expected_now(database: Database) -> dict[UUID, float]:
    """Applications to expect from what was shown lately, so that a restart forgets no crowd."""
    try:
        with database.read() as session:
            return expected(session, now())
    except Exception as error:
        logger(__name__).warning("what was shown before was not read", error=str(error))
        return {}


def expected(session: ReadSession, at: datetime) -> dict[UUID, float]:
    """Applications to expect of each offer from the lists shown in the fortnight before an instant."""
    shown = positions_shown(session, at - timedelta(seconds=HALF_LIFE), at)
    return {
        id_: APPLIES * sum(examined(place) * times for place, times in positions.items())
        for id_, positions in shown.items()
    }
