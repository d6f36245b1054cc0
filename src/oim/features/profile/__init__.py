"""What a person tells of themselves, question by question; what they have not told, and what it would open.

How offers are chosen by it is `matching`'s; who they are is `people`'s.
"""

from oim.features.profile.questions import (
    QUESTION_CONDITIONS,
    QUESTION_FIELDS,
    Question,
    Strength,
    compute_strength,
    is_answered,
    list_unanswered,
    next_question,
)
from oim.features.profile.service import load_record, save_answer, save_consents, update_record
from oim.features.profile.types import RECORD, Job, Level, Mobility, Record, SpokenLanguage
from oim.features.profile.validation import MAX_ITEMS, MAX_YEARS_AHEAD

__all__ = [
    "MAX_ITEMS",
    "MAX_YEARS_AHEAD",
    "QUESTION_CONDITIONS",
    "QUESTION_FIELDS",
    "RECORD",
    "Job",
    "Level",
    "Mobility",
    "Question",
    "Record",
    "SpokenLanguage",
    "Strength",
    "compute_strength",
    "is_answered",
    "list_unanswered",
    "load_record",
    "next_question",
    "save_answer",
    "save_consents",
    "update_record",
]
