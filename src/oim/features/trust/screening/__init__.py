"""Reading an offer for what warns of fraud and exploitation, in French, English and Pidgin. Pure functions.

What becomes of an offer that warns, `trust.service` decides.
"""

from oim.features.trust.screening.rules import HOLD_THRESHOLD, Screening, screen

__all__ = ["HOLD_THRESHOLD", "Screening", "screen"]
