"""What a person tells of themselves, question by question; what they have not told, and what it would open.

How offers are chosen by it is `matching`'s; who they are is `people`'s.
"""

from oim.features.profile.questions import FIELDS, Question, after, answered, unanswered
from oim.features.profile.service import answer, change, consent, read
from oim.features.profile.strength import CONDITIONS, Strength, strength
from oim.features.profile.types import RECORD, Job, Level, Mobility, Record, Spoken
from oim.features.profile.validation import AHEAD, MOST

__all__ = [
    "AHEAD",
    "CONDITIONS",
    "FIELDS",
    "MOST",
    "RECORD",
    "Job",
    "Level",
    "Mobility",
    "Question",
    "Record",
    "Spoken",
    "Strength",
    "after",
    "answer",
    "answered",
    "change",
    "consent",
    "read",
    "strength",
    "unanswered",
]
