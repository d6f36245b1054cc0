"""Reading of free text: what people say of their wishes in their own words, before any offer is looked at.

French, English, Pidgin and Camfranglais, with and without accents. Each fact has its module with its words.
"""

from oim.features.free_text.exclusions import Exclusions, Wishes, read_wishes
from oim.features.free_text.kinds import find_kinds

__all__ = ["Exclusions", "Wishes", "find_kinds", "read_wishes"]
