"""Taking offers in: a file of any known format becomes drafts and rejects, and these are stored run by run.

What an offer is belongs to `opportunities`; how it is found again is `matching`'s matter.
"""

from oim.features.ingestion.column_contents import Guess
from oim.features.ingestion.formats import detect_format
from oim.features.ingestion.mapping import Mapping
from oim.features.ingestion.mapping import read_mapping as read_mapping
from oim.features.ingestion.records import FATAL_REASONS, REJECT_REASONS, Reject
from oim.features.ingestion.service import Counts, ingest_offers, is_last_run_unfinished, load_last_rejects
from oim.features.ingestion.source_file import SourceFile, open_source, sample_drafts
from oim.features.ingestion.values.categories import parse_education_level as certificate_level

__all__ = [
    "FATAL_REASONS",
    "REJECT_REASONS",
    "Counts",
    "Guess",
    "Mapping",
    "Reject",
    "SourceFile",
    "certificate_level",
    "detect_format",
    "ingest_offers",
    "is_last_run_unfinished",
    "load_last_rejects",
    "open_source",
    "read_mapping",
    "sample_drafts",
]
