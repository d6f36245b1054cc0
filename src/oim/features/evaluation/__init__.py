"""Evaluation of the matching on public data: evaluation sets, systems, measures and published figures.

It measures the quality of `titles` and `matching`. The speed of the engine under load is measured in `bench`.
"""

from oim.features.evaluation.disk_cache import DiskCachedEmbedder
from oim.features.evaluation.measures import MEASURES, load_published_figures
from oim.features.evaluation.offers_task import EngineRanker, OffersTask, build_offers_task
from oim.features.evaluation.service import EvaluationReport, evaluate, find_hard_queries
from oim.features.evaluation.sets import EvaluationSet, find_sets, read_set
from oim.features.evaluation.systems import SYSTEMS, Ranker

__all__ = [
    "MEASURES",
    "SYSTEMS",
    "DiskCachedEmbedder",
    "EngineRanker",
    "EvaluationReport",
    "EvaluationSet",
    "OffersTask",
    "Ranker",
    "build_offers_task",
    "evaluate",
    "find_hard_queries",
    "find_sets",
    "load_published_figures",
    "read_set",
]
