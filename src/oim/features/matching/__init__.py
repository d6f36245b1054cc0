"""Matching: one person's profile in, a short ranked list of offers out, each with its reasons.

This is the public interface of the feature: other features, channels and adapters import from here. To learn
how it works, start with `pipeline`, which calls the stages in order.
"""

# Two modules are left out on purpose. `matching.learning.training` loads libraries that take a second, and
# only the command line and the worker need it. `matching.models` (the tables) is imported by migrations.
from oim.features.matching.answer import (
    ANSWER,
    WORD_HITS,
    Answer,
    MissingInfo,
    Reason,
    ReasonCode,
    Recommendation,
    WordHits,
)
from oim.features.matching.bm25 import BM25_B, BM25_K1, stem_text
from oim.features.matching.congestion import CongestionLedger
from oim.features.matching.decisive_answers import group_decisive_papers, list_known_answers
from oim.features.matching.digests import (
    DigestShard,
    compute_shard_digests,
    count_due_people,
    list_due_shards,
    load_digest,
    load_expected_applications,
    load_open_offers,
)
from oim.features.matching.documents import build_document, build_passage, hash_passage, hash_query
from oim.features.matching.eligibility_terms import identify_paper, normalise_membership
from oim.features.matching.in_memory_index import InMemoryIndex
from oim.features.matching.index import RRF_K, Card, Document, Hit, IndexQuery, Vector
from oim.features.matching.index_build import reindex
from oim.features.matching.index_payload import (
    FLOAT_FIELDS,
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    Condition,
    count_points_to_request,
    dump_card,
    list_condition_groups,
    list_conditions,
    to_filter_fields,
    to_hits,
)
from oim.features.matching.learning import (
    Ranker,
    list_rankers,
    put_ranker_in_force,
    rollback_ranker,
)
from oim.features.matching.near_eligible import select_eligible_and_near
from oim.features.matching.pipeline import Policy, select_list
from oim.features.matching.ports import MAX_SEARCH_HITS, Embedder, Engine, Health, Indexes
from oim.features.matching.profile import PROFILE, Profile
from oim.features.matching.profile_store import load_profile_json, pack_float32, save_profile
from oim.features.matching.query_text import MAX_QUERY_LENGTH
from oim.features.matching.ranking import rank
from oim.features.matching.retrieval import build_query, retrieve
from oim.features.matching.service import LocalEngine
from oim.features.matching.shipped_vectors import SHIPPED_FILE, save_shipped_vectors
from oim.features.matching.understanding import Understanding, understand
from oim.features.matching.vector_cache import embed_offers
from oim.features.matching.verdict import Criterion, Need, State, Step, Verdict

__all__ = [
    "ANSWER",
    "BM25_B",
    "BM25_K1",
    "FLOAT_FIELDS",
    "INTEGER_FIELDS",
    "KEYWORD_FIELDS",
    "MAX_QUERY_LENGTH",
    "MAX_SEARCH_HITS",
    "PROFILE",
    "RRF_K",
    "SHIPPED_FILE",
    "WORD_HITS",
    "Answer",
    "Card",
    "Condition",
    "CongestionLedger",
    "Criterion",
    "DigestShard",
    "Document",
    "Embedder",
    "Engine",
    "Health",
    "Hit",
    "InMemoryIndex",
    "IndexQuery",
    "Indexes",
    "LocalEngine",
    "MissingInfo",
    "Need",
    "Policy",
    "Profile",
    "Ranker",
    "Reason",
    "ReasonCode",
    "Recommendation",
    "State",
    "Step",
    "Understanding",
    "Vector",
    "Verdict",
    "WordHits",
    "build_document",
    "build_passage",
    "build_query",
    "compute_shard_digests",
    "count_due_people",
    "count_points_to_request",
    "dump_card",
    "embed_offers",
    "group_decisive_papers",
    "hash_passage",
    "hash_query",
    "identify_paper",
    "list_condition_groups",
    "list_conditions",
    "list_due_shards",
    "list_known_answers",
    "list_rankers",
    "load_digest",
    "load_expected_applications",
    "load_open_offers",
    "load_profile_json",
    "normalise_membership",
    "pack_float32",
    "put_ranker_in_force",
    "rank",
    "reindex",
    "retrieve",
    "rollback_ranker",
    "save_profile",
    "save_shipped_vectors",
    "select_eligible_and_near",
    "select_list",
    "stem_text",
    "to_filter_fields",
    "to_hits",
    "understand",
]
