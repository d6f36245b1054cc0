"""What people did with offers shown to them, and the rankers learned from it: trained, kept, put in force.

Scoring by the documented weights is `ranking`'s. Who the people are is not known here.
Training is `training`'s, which nobody else imports: it takes the libraries of learning along.
"""

from oim.features.matching.learning.events import Kind as EventKind
from oim.features.matching.learning.events import record
from oim.features.matching.learning.in_force import InForce
from oim.features.matching.learning.list_recorder import Recorder
from oim.features.matching.learning.registry import Ranker, rankers, rollback, use

__all__ = [
    "EventKind",
    "InForce",
    "Ranker",
    "Recorder",
    "rankers",
    "record",
    "rollback",
    "use",
]
