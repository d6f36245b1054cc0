"""Words that every channel shares: labels, reasons and facts of offers, as one short line each.

Layout, menus and length limits are each channel's own.
"""

from oim.channels.wording.applications import (
    HIDDEN,
    NEXT_STEPS,
    RECEIVED,
    STAGES,
    outcome_answers,
    render_destination,
    render_next,
    render_outcome,
    render_stage,
    render_stage_name,
)
from oim.channels.wording.consents import CONSENTS
from oim.channels.wording.eligibility import render_eligibility
from oim.channels.wording.facts import render_facts
from oim.channels.wording.following import DISMISSALS
from oim.channels.wording.labels import AGR_FORMS, CONTRACTS, EDUCATION, GENDERS, KINDS, ROLES, STATUSES
from oim.channels.wording.letters import render_letter
from oim.channels.wording.links import Piece, linkified
from oim.channels.wording.messages import render_message, render_subject
from oim.channels.wording.money import render_money
from oim.channels.wording.offers import place_name, render_deadline, render_place, render_publisher
from oim.channels.wording.profile import LEVELS, MOBILITIES, QUESTIONS, render_strength
from oim.channels.wording.reasons import render_missing, render_reason
from oim.channels.wording.rights import AT_REST, BASES, DATA, RESOURCES, render_entry, render_kept, render_who
from oim.channels.wording.searches import render_search
from oim.channels.wording.sectors import SECTORS
from oim.channels.wording.short_text import improvement_ussd, reasons_line, reasons_ussd, render_improvement
from oim.channels.wording.statistics import render_count, render_counted
from oim.channels.wording.trust import (
    DECISIONS,
    FLAGS,
    REPORT_REASONS,
    REPORTED,
    TRUST,
    render_standing,
    render_warning,
)
from oim.channels.wording.verdicts import render_first, render_need, render_question, render_step

__all__ = [
    "AGR_FORMS",
    "AT_REST",
    "BASES",
    "CONSENTS",
    "CONTRACTS",
    "DATA",
    "DECISIONS",
    "DISMISSALS",
    "EDUCATION",
    "FLAGS",
    "GENDERS",
    "HIDDEN",
    "KINDS",
    "LEVELS",
    "MOBILITIES",
    "NEXT_STEPS",
    "QUESTIONS",
    "RECEIVED",
    "REPORTED",
    "REPORT_REASONS",
    "RESOURCES",
    "ROLES",
    "SECTORS",
    "STAGES",
    "STATUSES",
    "TRUST",
    "Piece",
    "improvement_ussd",
    "linkified",
    "outcome_answers",
    "place_name",
    "reasons_line",
    "reasons_ussd",
    "render_count",
    "render_counted",
    "render_deadline",
    "render_destination",
    "render_eligibility",
    "render_entry",
    "render_facts",
    "render_first",
    "render_improvement",
    "render_kept",
    "render_letter",
    "render_message",
    "render_missing",
    "render_money",
    "render_need",
    "render_next",
    "render_outcome",
    "render_place",
    "render_publisher",
    "render_question",
    "render_reason",
    "render_search",
    "render_stage",
    "render_stage_name",
    "render_standing",
    "render_step",
    "render_strength",
    "render_subject",
    "render_warning",
    "render_who",
]
