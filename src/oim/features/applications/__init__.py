"""Applications of people to offers: sent here, moved from stage to stage by partners, asked about afterwards.

What is counted of them without names is `statistics`' matter.
"""

from oim.features.applications.outcomes import answer_outcome, ask_outcomes, list_due_questions
from oim.features.applications.partner_view import (
    PAGE_SIZE,
    WAITING,
    count_meetings,
    count_waiting,
    find_shared_document,
    list_for_partner,
    list_received,
    load_cv_summary,
    open_for_partner,
)
from oim.features.applications.person_view import find_for_offer, list_for_person, load_for_person_view
from oim.features.applications.preparation import Preparation, draft_letter, prepare, prepare_letter
from oim.features.applications.redirects import (
    Destination,
    check_redirect,
    parse_destination,
    record_redirect,
    sign_redirect,
)
from oim.features.applications.stages import (
    MAX_PLACE_LENGTH,
    MAX_WORDS_LENGTH,
    OPEN_STAGES,
    PARTNER_MOVES,
    PERSON_MOVES,
    move,
    withdraw,
)
from oim.features.applications.store import anonymise
from oim.features.applications.submission import MAX_LETTER_LENGTH, can_apply, send
from oim.features.applications.types import (
    OUTCOME_DAYS,
    Application,
    ConsentRecord,
    DueQuestion,
    HiddenReason,
    LetterValues,
    Move,
    Next,
    NextStep,
    OutcomeAnswer,
    OutcomeQuestion,
    ReachedStage,
    ReceivedApplication,
    Route,
    Stage,
    Submission,
)

__all__ = [
    "MAX_LETTER_LENGTH",
    "MAX_PLACE_LENGTH",
    "MAX_WORDS_LENGTH",
    "OPEN_STAGES",
    "OUTCOME_DAYS",
    "PAGE_SIZE",
    "PARTNER_MOVES",
    "PERSON_MOVES",
    "WAITING",
    "Application",
    "ConsentRecord",
    "Destination",
    "DueQuestion",
    "HiddenReason",
    "LetterValues",
    "Move",
    "Next",
    "NextStep",
    "OutcomeAnswer",
    "OutcomeQuestion",
    "Preparation",
    "ReachedStage",
    "ReceivedApplication",
    "Route",
    "Stage",
    "Submission",
    "anonymise",
    "answer_outcome",
    "ask_outcomes",
    "can_apply",
    "check_redirect",
    "count_meetings",
    "count_waiting",
    "draft_letter",
    "find_for_offer",
    "find_shared_document",
    "list_due_questions",
    "list_for_partner",
    "list_for_person",
    "list_received",
    "load_cv_summary",
    "load_for_person_view",
    "move",
    "open_for_partner",
    "parse_destination",
    "prepare",
    "prepare_letter",
    "record_redirect",
    "send",
    "sign_redirect",
    "withdraw",
]
