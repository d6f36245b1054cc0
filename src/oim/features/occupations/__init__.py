"""The trades of Cameroon, formal and informal, and which of them a text names.

They are told by ISCO-08 unit groups. What a trade is worth to a match is `matching`'s.
"""

from oim.features.occupations.linker import link
from oim.features.occupations.trades import get, similarity
from oim.features.occupations.types import Link, Occupation

__all__ = ["Link", "Occupation", "get", "link", "similarity"]
