"""The shipped sample: some three hundred invented offers of Cameroon, the same ones at every run.

The words are data in `parts/`. Reading offers into the house is the work of the package above.
"""

from oim.features.ingestion.sample.generator import generate_records

__all__ = ["generate_records"]
