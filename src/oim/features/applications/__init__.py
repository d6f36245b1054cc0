"""Applications of people to offers: sent here, moved from stage to stage by partners, asked about afterwards.

What is counted of them without names is `statistics`' matter.
"""

from oim.features.applications.applying import LONGEST_LETTER, apply, can_apply
from oim.features.applications.erasing import anonymise
from oim.features.applications.leaving import redirected
from oim.features.applications.letters import Known, draft_letter, known_of
from oim.features.applications.moves import LONGEST_WORDS, OPEN, PARTNER_MOVES, PERSON_MOVES
from oim.features.applications.outcomes import answer_outcome, questions_due
from oim.features.applications.reading import mine, one, towards
from oim.features.applications.received import PAGE, receive_one, received, shared_document
from oim.features.applications.redirect import Destination, check_redirect, destination, redirect_link
from oim.features.applications.stages import move, withdraw
from oim.features.applications.tasks import ask_outcomes
from oim.features.applications.types import (
    DAYS,
    Answer,
    Application,
    Became,
    Hidden,
    LetterValues,
    Move,
    Next,
    NextStep,
    Question,
    Reached,
    Received,
    Sending,
    Stage,
    Way,
)

__all__ = [
    "DAYS",
    "LONGEST_LETTER",
    "LONGEST_WORDS",
    "OPEN",
    "PAGE",
    "PARTNER_MOVES",
    "PERSON_MOVES",
    "Answer",
    "Application",
    "Became",
    "Destination",
    "Hidden",
    "Known",
    "LetterValues",
    "Move",
    "Next",
    "NextStep",
    "Question",
    "Reached",
    "Received",
    "Sending",
    "Stage",
    "Way",
    "anonymise",
    "answer_outcome",
    "apply",
    "ask_outcomes",
    "can_apply",
    "check_redirect",
    "destination",
    "draft_letter",
    "known_of",
    "mine",
    "move",
    "one",
    "questions_due",
    "receive_one",
    "received",
    "redirect_link",
    "redirected",
    "shared_document",
    "towards",
    "withdraw",
]
