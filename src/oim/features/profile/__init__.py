"""What a person tells of themselves, question by question; what they have not told, and what it would open.

How offers are chosen by it is `matching`'s; who they are is `people`'s.
"""

from oim.features.profile.questions import FIELDS, Question, after, answered, unanswered
from oim.features.profile.service import answer, consent, read, replace_all
from oim.features.profile.strength import CONDITIONS, Strength, strength
from oim.features.profile.types import RECORD, Job, Level, Mobility, Record, Spoken

__all__ = [
    "CONDITIONS",
    "FIELDS",
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
    "consent",
    "read",
    "replace_all",
    "strength",
    "unanswered",
]
