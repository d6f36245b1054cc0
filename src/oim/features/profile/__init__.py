"""A person's profile, asked question by question: the questions, how answers are parsed, stored and bounded.

How offers are matched with it is `matching`'s; names, contacts and secret codes are `people`'s.
"""

from oim.features.profile.answers import (
    apply_search,
    fill_answer,
    find_typed_town,
    list_stated,
    parse_answer,
)
from oim.features.profile.choices import NETWORKS, NONE_VALUE, PAPERS, SPOKEN_LANGUAGES
from oim.features.profile.fields import FIELD_PARSERS, list_situations, parse_education, parse_kinds
from oim.features.profile.jobs import DIPLOMA_ROW, JOB_ROW, format_job
from oim.features.profile.languages import (
    LANGUAGE_ROW,
    MAX_LANGUAGE_NAME,
    list_other_languages,
    merge_languages,
    normalise_language,
)
from oim.features.profile.questions import (
    QUESTION_CONDITIONS,
    QUESTION_FIELDS,
    Question,
    Strength,
    is_answered,
    list_unanswered,
    next_question,
)
from oim.features.profile.rows import count_rows
from oim.features.profile.service import (
    load_cv_part,
    load_record,
    load_strength,
    save_answer,
    save_consents,
    update_record,
)
from oim.features.profile.types import RECORD, Job, Level, Mobility, Record, SpokenLanguage
from oim.features.profile.validation import MAX_ITEMS, MAX_YEARS_AHEAD

__all__ = [
    "DIPLOMA_ROW",
    "FIELD_PARSERS",
    "JOB_ROW",
    "LANGUAGE_ROW",
    "MAX_ITEMS",
    "MAX_LANGUAGE_NAME",
    "MAX_YEARS_AHEAD",
    "NETWORKS",
    "NONE_VALUE",
    "PAPERS",
    "QUESTION_CONDITIONS",
    "QUESTION_FIELDS",
    "RECORD",
    "SPOKEN_LANGUAGES",
    "Job",
    "Level",
    "Mobility",
    "Question",
    "Record",
    "SpokenLanguage",
    "Strength",
    "apply_search",
    "count_rows",
    "fill_answer",
    "find_typed_town",
    "format_job",
    "is_answered",
    "list_other_languages",
    "list_situations",
    "list_stated",
    "list_unanswered",
    "load_cv_part",
    "load_record",
    "load_strength",
    "merge_languages",
    "next_question",
    "normalise_language",
    "parse_answer",
    "parse_education",
    "parse_kinds",
    "save_answer",
    "save_consents",
    "update_record",
]
