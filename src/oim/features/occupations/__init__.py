"""The trades of Cameroon, formal and informal, everyday skills, and which of them a text names.

Occupations are told by ISCO-08 unit groups; ESCO is imported beside our own tables. What a trade is worth to
a match is `matching`'s.
"""

from oim.features.occupations.groups import Group, groups
from oim.features.occupations.linker import Taxonomy, link
from oim.features.occupations.sectors import Sector, sector_of
from oim.features.occupations.semantic_linker import Meanings, Name, meanings, names
from oim.features.occupations.store import Label, Needed, labels, skills_of
from oim.features.occupations.tables import get, similarity
from oim.features.occupations.taxonomy import taxonomy
from oim.features.occupations.types import Link, Linked, Occupation, Skill, SkillLink

__all__ = [
    "Group",
    "Label",
    "Link",
    "Linked",
    "Meanings",
    "Name",
    "Needed",
    "Occupation",
    "Sector",
    "Skill",
    "SkillLink",
    "Taxonomy",
    "get",
    "groups",
    "labels",
    "link",
    "meanings",
    "names",
    "sector_of",
    "similarity",
    "skills_of",
    "taxonomy",
]
