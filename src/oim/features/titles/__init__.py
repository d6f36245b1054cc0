"""Titles of occupations and skills told alike across words and languages: a small adapter over an embedder.

The adapter learns from names of ESCO and ROME (`training`). Which trade a text names by its words is told by
`occupations`.
"""

from oim.features.titles.adapter import Adapter, Vector, load, save, shipped
from oim.features.titles.forms import forms, plain
from oim.features.titles.genders import LONGEST
from oim.features.titles.index import TitleIndex, TitleMatcher
from oim.features.titles.likeness import likeness

__all__ = [
    "LONGEST",
    "Adapter",
    "TitleIndex",
    "TitleMatcher",
    "Vector",
    "forms",
    "likeness",
    "load",
    "plain",
    "save",
    "shipped",
]
