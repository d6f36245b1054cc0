"""Words that every channel shares: labels, reasons and facts of offers, as one short line each.

Layout, menus and length limits are each channel's own.
"""

from oim.channels.wording.eligibility import render_eligibility
from oim.channels.wording.facts import render_facts
from oim.channels.wording.money import render_money
from oim.channels.wording.offers import place_name, render_deadline, render_place, render_publisher
from oim.channels.wording.reasons import render_missing, render_reason
from oim.channels.wording.words import AGR_FORMS, CONTRACTS, EDUCATION, GENDERS, KINDS, STATUSES

__all__ = [
    "AGR_FORMS",
    "CONTRACTS",
    "EDUCATION",
    "GENDERS",
    "KINDS",
    "STATUSES",
    "place_name",
    "render_deadline",
    "render_eligibility",
    "render_facts",
    "render_missing",
    "render_money",
    "render_place",
    "render_publisher",
    "render_reason",
]
