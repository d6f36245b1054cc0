"""The shipped sample: about three hundred invented offers in Cameroon, the same ones at every run.

The texts are data files in `parts/`; this package assembles them into records. The package `ingestion` above
reads these like the records of any other source.
"""

from oim.features.ingestion.sample.generator import generate_records

__all__ = ["generate_records"]
