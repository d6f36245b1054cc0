"""Similarity of job titles and skills across wordings and languages, by a small adapter over an embedder.

The adapter is trained on names from ESCO and ROME (`training`). `occupations` decides which trade the words
of a text name.
"""

from oim.features.titles.adapter import (
    Adapter,
    Vector,
    load_adapter,
    load_shipped_adapter,
    quantise,
    save_adapter,
)
from oim.features.titles.forms import MAX_TITLE_LENGTH, normalise_title, query_forms, split_genders
from oim.features.titles.index import TitleIndex, TitleMatcher, score_similarity

__all__ = [
    "MAX_TITLE_LENGTH",
    "Adapter",
    "TitleIndex",
    "TitleMatcher",
    "Vector",
    "load_adapter",
    "load_shipped_adapter",
    "normalise_title",
    "quantise",
    "query_forms",
    "save_adapter",
    "score_similarity",
    "split_genders",
]
