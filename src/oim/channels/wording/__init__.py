"""Words that every channel shares: labels, reasons and facts of offers, as one short line each.

Layout, menus and length limits are each channel's own.
"""

from oim.channels.wording.consents import CONSENTS
from oim.channels.wording.eligibility import render_eligibility
from oim.channels.wording.facts import render_facts
from oim.channels.wording.messages import render_message
from oim.channels.wording.money import render_money
from oim.channels.wording.offers import place_name, render_deadline, render_place, render_publisher
from oim.channels.wording.reasons import render_missing, render_reason
from oim.channels.wording.short import improvement_ussd, reasons_line, reasons_ussd, render_improvement
from oim.channels.wording.verdicts import render_first, render_need, render_question, render_step
from oim.channels.wording.words import AGR_FORMS, CONTRACTS, EDUCATION, GENDERS, KINDS, ROLES, STATUSES

__all__ = [
    "AGR_FORMS",
    "CONSENTS",
    "CONTRACTS",
    "EDUCATION",
    "GENDERS",
    "KINDS",
    "ROLES",
    "STATUSES",
    "improvement_ussd",
    "place_name",
    "reasons_line",
    "reasons_ussd",
    "render_deadline",
    "render_eligibility",
    "render_facts",
    "render_first",
    "render_improvement",
    "render_message",
    "render_missing",
    "render_money",
    "render_need",
    "render_place",
    "render_publisher",
    "render_question",
    "render_reason",
    "render_step",
]
