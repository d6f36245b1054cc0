"""Learning to rank: what people did with the offers shown to them, and rankers trained on it.

Scoring by the documented weights is in `ranking`. Nothing here knows who the people are. This module does not
import `training`, because that loads the machine-learning libraries.
"""

from oim.features.matching.learning.list_recorder import ListRecorder
from oim.features.matching.learning.registry import Ranker, list_rankers, put_ranker_in_force, rollback_ranker
from oim.features.matching.learning.serving import ScorerInForce

__all__ = [
    "ListRecorder",
    "Ranker",
    "ScorerInForce",
    "list_rankers",
    "put_ranker_in_force",
    "rollback_ranker",
]
