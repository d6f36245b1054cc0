"""What the plain text of a CV says of jobs, schooling, skills and languages: by rules, the same each time.

Files are opened in `readers`; what becomes of a proposal is the service's matter.
"""

from oim.features.cv.extraction.pipeline import extract_proposal

__all__ = ["extract_proposal"]
