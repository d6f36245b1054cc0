"""Reading an offer for what warns of fraud and exploitation, in French, English and Pidgin. Pure functions.

What becomes of an offer that warns, `trust.service` decides.
"""

from oim.features.trust.screening.screen import HELD_FROM, Screening, screen

__all__ = ["HELD_FROM", "Screening", "screen"]
