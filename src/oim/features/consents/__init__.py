"""Consents: what people agree to, purpose by purpose, with the version and language of the words they saw.

Features that act on a purpose ask `has_agreed` first.
"""

from oim.features.consents.service import (
    VERSION,
    Decision,
    Purpose,
    find_agreeing,
    has_agreed,
    load_decisions,
    load_history,
    record_decisions,
)

__all__ = [
    "VERSION",
    "Decision",
    "Purpose",
    "find_agreeing",
    "has_agreed",
    "load_decisions",
    "load_history",
    "record_decisions",
]
