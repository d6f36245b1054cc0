"""Extraction of jobs, diplomas, skills and languages from the plain text of a CV.

It works by rules, so the same text always gives the same proposal. Files are opened in `readers`; proposals
are stored by `upload` and accepted by `proposals`.
"""

from oim.features.cv.extraction.pipeline import extract_proposal

__all__ = ["extract_proposal"]
