"""The texts that all channels share: labels, reasons, facts of offers, messages; each a short line.

Layout, menus and length limits belong to each channel. Texts are English message ids, marked with `mark` or
passed to a `Translator`; the catalogues in `oim.kit.i18n` hold their translations.
"""

from oim.channels.wording.answers import (
    KIND_EXAMPLES,
    LANGUAGE_LEVELS,
    MOBILITIES,
    NETWORKS,
    PAPERS,
    SITUATIONS,
    SPOKEN_LANGUAGES,
    format_answer,
    format_spoken_language,
    render_cv_summary,
)
from oim.channels.wording.applications import (
    HIDDEN_REASONS,
    NEXT_STEPS,
    PARTNER_STAGES,
    PARTNER_STEPS,
    PERSON_STAGES,
    render_next_step,
    render_outcome_answers,
    render_outcome_question,
    render_partner_next,
    render_redirect_notice,
    render_stage,
    render_stage_name,
    render_way_advice,
)
from oim.channels.wording.consents import CONSENTS, WITHDRAWAL_CONSEQUENCES, consent_choices
from oim.channels.wording.eligibility import (
    render_conditions,
    render_need,
    render_question,
    render_step,
    render_steps,
)
from oim.channels.wording.facts import render_facts
from oim.channels.wording.faults import render_fault
from oim.channels.wording.labels import (
    AGR_FORMS,
    CONTRACTS,
    DISMISSAL_REASONS,
    EDUCATION,
    GENDERS,
    KINDS,
    ROLES,
    SECTORS,
    STATUSES,
)
from oim.channels.wording.letters import render_letter
from oim.channels.wording.links import TextSegment, linkify
from oim.channels.wording.messages import NOTICES, render_message, render_message_state, render_subject
from oim.channels.wording.moments import render_moment
from oim.channels.wording.offers import (
    place_name,
    render_deadline,
    render_money,
    render_place,
    render_publisher,
)
from oim.channels.wording.phone_lines import (
    render_improvement_ussd,
    render_reasons_ussd,
    render_reasons_whatsapp,
)
from oim.channels.wording.profile import QUESTIONS, render_profile_summary, render_strength
from oim.channels.wording.reasons import render_advice, render_improvement, render_missing, render_reason
from oim.channels.wording.rights import (
    AT_REST,
    DATA_CLASSES,
    LEGAL_BASES,
    RESOURCES,
    render_retention,
    render_trail_actor,
    render_trail_entry,
)
from oim.channels.wording.searches import render_search
from oim.channels.wording.statistics import render_count, render_count_label
from oim.channels.wording.third_person import (
    format_answer_about,
    label_about,
    render_profile_about,
    render_stage_about,
    render_strength_about,
)
from oim.channels.wording.trust import (
    DECISIONS,
    RED_FLAGS,
    REPORT_FOLLOW_UP,
    REPORT_REASONS,
    SERIOUS_REPORT_FOLLOW_UP,
    TRUST,
    render_alert,
    render_standing,
    render_warning,
)
from oim.channels.wording.ways import NO_WAY, WAYS, build_way_uri, render_journey, render_way_value

__all__ = [
    "AGR_FORMS",
    "AT_REST",
    "CONSENTS",
    "CONTRACTS",
    "DATA_CLASSES",
    "DECISIONS",
    "DISMISSAL_REASONS",
    "EDUCATION",
    "GENDERS",
    "HIDDEN_REASONS",
    "KINDS",
    "KIND_EXAMPLES",
    "LANGUAGE_LEVELS",
    "LEGAL_BASES",
    "MOBILITIES",
    "NETWORKS",
    "NEXT_STEPS",
    "NOTICES",
    "NO_WAY",
    "PAPERS",
    "PARTNER_STAGES",
    "PARTNER_STEPS",
    "PERSON_STAGES",
    "QUESTIONS",
    "RED_FLAGS",
    "REPORT_FOLLOW_UP",
    "REPORT_REASONS",
    "RESOURCES",
    "ROLES",
    "SECTORS",
    "SERIOUS_REPORT_FOLLOW_UP",
    "SITUATIONS",
    "SPOKEN_LANGUAGES",
    "STATUSES",
    "TRUST",
    "WAYS",
    "WITHDRAWAL_CONSEQUENCES",
    "TextSegment",
    "build_way_uri",
    "consent_choices",
    "format_answer",
    "format_answer_about",
    "format_spoken_language",
    "label_about",
    "linkify",
    "place_name",
    "render_advice",
    "render_alert",
    "render_conditions",
    "render_count",
    "render_count_label",
    "render_cv_summary",
    "render_deadline",
    "render_facts",
    "render_fault",
    "render_improvement",
    "render_improvement_ussd",
    "render_journey",
    "render_letter",
    "render_message",
    "render_message_state",
    "render_missing",
    "render_moment",
    "render_money",
    "render_need",
    "render_next_step",
    "render_outcome_answers",
    "render_outcome_question",
    "render_partner_next",
    "render_place",
    "render_profile_about",
    "render_profile_summary",
    "render_publisher",
    "render_question",
    "render_reason",
    "render_reasons_ussd",
    "render_reasons_whatsapp",
    "render_redirect_notice",
    "render_retention",
    "render_search",
    "render_stage",
    "render_stage_about",
    "render_stage_name",
    "render_standing",
    "render_step",
    "render_steps",
    "render_strength",
    "render_strength_about",
    "render_subject",
    "render_trail_actor",
    "render_trail_entry",
    "render_warning",
    "render_way_advice",
    "render_way_value",
]
