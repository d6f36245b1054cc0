"""Occupations and skills: our tables of Cameroonian trades, the imported ESCO taxonomy, and the linker.

The linker says which occupations and skills a text names. Two occupations are the same when their ISCO-08
unit groups are. How much a linked occupation counts when offers are ranked is decided in `matching`.
"""

from oim.features.occupations.esco_files import find_esco_files
from oim.features.occupations.esco_import import ImportResult, import_esco
from oim.features.occupations.linker import Taxonomy, build_taxonomy, extract_stems, link_text
from oim.features.occupations.sectors import Sector, sector_of
from oim.features.occupations.semantic_linker import (
    SemanticLinker,
    TradeName,
    build_semantic_linker,
    load_trade_names,
)
from oim.features.occupations.store import ConceptLabel, NeededSkill, load_needed_skills, stream_labels
from oim.features.occupations.tables import IscoGroup, get, load_isco_groups, similarity
from oim.features.occupations.types import Occupation, OccupationLink, Skill, SkillLink, TextLinks

__all__ = [
    "ConceptLabel",
    "ImportResult",
    "IscoGroup",
    "NeededSkill",
    "Occupation",
    "OccupationLink",
    "Sector",
    "SemanticLinker",
    "Skill",
    "SkillLink",
    "Taxonomy",
    "TextLinks",
    "TradeName",
    "build_semantic_linker",
    "build_taxonomy",
    "extract_stems",
    "find_esco_files",
    "get",
    "import_esco",
    "link_text",
    "load_isco_groups",
    "load_needed_skills",
    "load_trade_names",
    "sector_of",
    "similarity",
    "stream_labels",
]
