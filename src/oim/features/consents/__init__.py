"""What people agree to, purpose by purpose: each decision with its version, language, channel and day.

What a purpose allows, those who act on it ask here.
"""

from oim.features.consents.service import Decision, agreed, decide, decisions, history
from oim.features.consents.types import VERSION, Purpose

__all__ = ["VERSION", "Decision", "Purpose", "agreed", "decide", "decisions", "history"]
