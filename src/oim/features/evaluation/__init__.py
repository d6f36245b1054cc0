"""How good the matching is, on data nobody here wrote: sets, systems, measures, and what others published.

What is measured is `titles` and `matching`; how fast the engine is under load is `bench`.
"""

from oim.features.evaluation.disk_cache import KeptVectors
from oim.features.evaluation.measures import MEASURES
from oim.features.evaluation.offers_task import EngineRanker, OffersTask, offers_task
from oim.features.evaluation.published import published
from oim.features.evaluation.service import Report, evaluate, unlike_any
from oim.features.evaluation.sets import EvaluationSet, find_sets, read_set
from oim.features.evaluation.systems import SYSTEMS, Ranker

__all__ = [
    "MEASURES",
    "SYSTEMS",
    "EngineRanker",
    "EvaluationSet",
    "KeptVectors",
    "OffersTask",
    "Ranker",
    "Report",
    "evaluate",
    "find_sets",
    "offers_task",
    "published",
    "read_set",
    "unlike_any",
]
