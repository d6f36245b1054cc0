"""What people did with offers shown to them, and the rankers learned from it: trained, kept, put in force.

Scoring by the documented weights is `ranking`'s. Who the people are is not known here.
Training is `training`'s, which nobody else imports: it takes the libraries of learning along.
"""

from oim.features.matching.learning.events import EventKind as EventKind
from oim.features.matching.learning.events import record_offer_event
from oim.features.matching.learning.list_recorder import ListRecorder
from oim.features.matching.learning.registry import Ranker, list_rankers, put_ranker_in_force, rollback_ranker
from oim.features.matching.learning.serving import ScorerInForce

__all__ = [
    "EventKind",
    "ListRecorder",
    "Ranker",
    "ScorerInForce",
    "list_rankers",
    "put_ranker_in_force",
    "record_offer_event",
    "rollback_ranker",
]
