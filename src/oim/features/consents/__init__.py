"""What people agree to, purpose by purpose: each decision with its version, language, channel and day.

What a purpose allows, those who act on it ask here.
"""

from oim.features.consents.service import (
    VERSION,
    Decision,
    Purpose,
    has_agreed,
    load_decisions,
    load_history,
    record_decisions,
)

__all__ = [
    "VERSION",
    "Decision",
    "Purpose",
    "has_agreed",
    "load_decisions",
    "load_history",
    "record_decisions",
]
