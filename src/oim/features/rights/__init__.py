"""What the law gives to everybody: all that is kept of them at once, its erasure, its end after some time.

What is kept belongs to the other features; each tells here what it holds of a person.
"""

from oim.features.rights.erasure import JOURNAL, erase, replay
from oim.features.rights.export import everything, export, trail
from oim.features.rights.register import REGISTER, AtRest, Basis, DataClass, Record, register
from oim.features.rights.retention import Ended, keep_to_terms

__all__ = [
    "JOURNAL",
    "REGISTER",
    "AtRest",
    "Basis",
    "DataClass",
    "Ended",
    "Record",
    "erase",
    "everything",
    "export",
    "keep_to_terms",
    "register",
    "replay",
    "trail",
]
