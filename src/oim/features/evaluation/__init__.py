"""Evaluation of the matching on public data: evaluation sets, systems, measures and published figures.

It measures the quality of `titles` and `matching`. The speed of the engine under load is measured in `bench`.
"""

from oim.features.evaluation.disk_cache import DiskCachedEmbedder
from oim.features.evaluation.judged_requests import SEEN, UNSEEN, JudgedSet, read_judged_set
from oim.features.evaluation.measures import MEASURES, load_published_figures
from oim.features.evaluation.offers_task import EngineRanker, OffersTask, build_offers_task
from oim.features.evaluation.request_judgements import (
    JudgedAnswer,
    Judgement,
    ShownAnswer,
    count_judgements,
    judge_answers,
)
from oim.features.evaluation.service import EvaluationReport, evaluate, find_hard_queries
from oim.features.evaluation.sets import EvaluationSet, find_sets, read_set
from oim.features.evaluation.systems import SYSTEMS, Ranker

__all__ = [
    "MEASURES",
    "SEEN",
    "SYSTEMS",
    "UNSEEN",
    "DiskCachedEmbedder",
    "EngineRanker",
    "EvaluationReport",
    "EvaluationSet",
    "JudgedAnswer",
    "JudgedSet",
    "Judgement",
    "OffersTask",
    "Ranker",
    "ShownAnswer",
    "build_offers_task",
    "count_judgements",
    "evaluate",
    "find_hard_queries",
    "find_sets",
    "judge_answers",
    "load_published_figures",
    "read_judged_set",
    "read_set",
]
