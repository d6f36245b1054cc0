"""Detection of fraud and exploitation in the text of an offer, in French, English and Pidgin.

Pure functions without database. `trust.service` decides what happens to an offer with red flags.
"""

from oim.features.trust.screening.rules import HOLD_THRESHOLD, Screening, is_suspect, screen

__all__ = ["HOLD_THRESHOLD", "Screening", "is_suspect", "screen"]
