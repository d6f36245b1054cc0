"""Taking offers in: a file of any known format becomes drafts and rejects, and these are stored run by run.

What an offer is belongs to `opportunities`; how it is found again is `matching`'s matter.
"""

from oim.features.ingestion.column_contents import Guess
from oim.features.ingestion.formats import detect
from oim.features.ingestion.mapping import Mapping
from oim.features.ingestion.mapping import read as read_mapping
from oim.features.ingestion.records import ENDS_READING, REASONS, Reject
from oim.features.ingestion.service import Counts, cut_off, last_rejects, take_in
from oim.features.ingestion.source_file import Reading, open_source, sample_drafts
from oim.features.ingestion.values.categories import education as certificate_level

__all__ = [
    "ENDS_READING",
    "REASONS",
    "Counts",
    "Guess",
    "Mapping",
    "Reading",
    "Reject",
    "certificate_level",
    "cut_off",
    "detect",
    "last_rejects",
    "open_source",
    "read_mapping",
    "sample_drafts",
    "take_in",
]
