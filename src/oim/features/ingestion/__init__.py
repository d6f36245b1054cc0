"""Ingestion: read a file of offers in any known format and store its offers and rejects, run by run.

Each record of the file becomes a draft (an offer ready to store) or a reject (with the reason). The feature
`opportunities` defines and stores offers; `matching` indexes and searches them.
"""

from oim.features.ingestion.column_contents import Guess
from oim.features.ingestion.failed_sources import list_failed_sources
from oim.features.ingestion.mapping import Mapping, read_mapping
from oim.features.ingestion.records import REJECT_REASONS, Reject
from oim.features.ingestion.sample.ways import ANSWERED_HERE
from oim.features.ingestion.service import Counts, ingest_offers, is_last_run_unfinished, load_last_rejects
from oim.features.ingestion.source_reader import SourceReader, open_source, sample_drafts
from oim.features.ingestion.text_stream import RawDocument, file_document
from oim.features.ingestion.values.categories import parse_education_level
from oim.features.ingestion.ways_backfill import fill_ways

__all__ = [
    "ANSWERED_HERE",
    "REJECT_REASONS",
    "Counts",
    "Guess",
    "Mapping",
    "RawDocument",
    "Reject",
    "SourceReader",
    "file_document",
    "fill_ways",
    "ingest_offers",
    "is_last_run_unfinished",
    "list_failed_sources",
    "load_last_rejects",
    "open_source",
    "parse_education_level",
    "read_mapping",
    "sample_drafts",
]
