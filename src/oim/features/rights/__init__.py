"""What the law gives to everybody: all that is kept of them at once, its erasure, its end after some time.

What is kept belongs to the other features; each tells here what it holds of a person.
"""

from oim.features.rights.erasure import JOURNAL, erase, replay
from oim.features.rights.export import SECTIONS, export, sections, trail
from oim.features.rights.register import REGISTER, Basis, DataClass, Record, Sealed, register
from oim.features.rights.retention import Ended, keep_to_terms

__all__ = [
    "JOURNAL",
    "REGISTER",
    "SECTIONS",
    "Basis",
    "DataClass",
    "Ended",
    "Record",
    "Sealed",
    "erase",
    "export",
    "keep_to_terms",
    "register",
    "replay",
    "sections",
    "trail",
]
