"""All data about a person, as sections of labelled lines to be read and printed.

The same data as the JSON export, in the words of the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from oim.channels.web.pages import LANGUAGE_NAMES
from oim.channels.wording import (
    CONSENTS,
    DISMISSAL_REASONS,
    KINDS,
    QUESTIONS,
    REPORT_REASONS,
    format_answer,
    render_message_state,
    render_moment,
    render_search,
    render_stage,
    render_subject,
    render_trail_actor,
    render_trail_entry,
)
from oim.features import opportunities, rights, staff
from oim.features.access import Actor
from oim.features.profile import Question
from oim.kit.db import WriteSession
from oim.kit.i18n import Translator, format_date, mark

Lines = list[tuple[str, str]]
# Turns the data of one section of `rights.collect_personal_data` into lines of a label and a value.
SectionRenderer = Callable[[WriteSession, Mapping[str, Any], Translator], Lines]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and its lines of a label and a value."""

    title: str
    lines: Lines


def build_sections(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> list[Section]:
    """Build the sections of all data about a person. Raises NotFoundError."""
    data = rights.collect_personal_data(session, actor, person)
    # Looked up by every name of the data: a new section without a renderer here fails loudly instead of
    # being left out of what the person is shown.
    return [Section(t(SECTIONS[name][0]), SECTIONS[name][1](session, data, t)) for name in data]


def _render_account(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    account = data["account"]
    return [
        (t("Name"), account.name),
        (t("Language of messages"), LANGUAGE_NAMES[account.language]),
        (t("Here since"), format_date(account.created_at, t.language)),
        *((t("Contact"), contact.value) for contact in account.contacts.values()),
    ]


def _render_profile(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [(t(QUESTIONS[question][1]), format_answer(data["profile"], question, t)) for question in Question]


def _render_consents(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (
            # The version of the wording, its language and the channel belong to the proof of a consent.
            f"{format_date(decision.at, t.language)} ({decision.version}, {decision.language},"
            f" {decision.channel})",
            f"{t(CONSENTS[decision.purpose][0])} {t('Yes.') if decision.agreed else t('No.')}",
        )
        for decision in data["consents"]
    ]


def _render_documents(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    notice = t("What was found in it waits for you to confirm it.")
    return [
        (
            format_date(document["created_at"], t.language),
            "\n".join([document["file_name"], *([notice] if document["proposed"] else [])]),
        )
        for document in data["documents"]
    ]


def _render_saved(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [(format_date(saved.at, t.language), saved.offer.title) for saved in data["saved_offers"]]


def _render_dismissed(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (t(DISMISSAL_REASONS[dismissed.reason]), dismissed.offer.title)
        for dismissed in data["dismissed_offers"]
    ]


def _render_searches(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (format_date(saved.created_at, t.language), render_search(saved.search, t))
        for saved in data["saved_searches"]
    ]


def _render_recommendations(session: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    ids = [UUID(recommendation["offer"]) for recommendation in data["recommendations"]]
    # In the order they were ranked, without offers that were deleted or hidden since.
    offers = opportunities.get_many(session, ids)
    return [(t(KINDS[offers[id_].kind]), offers[id_].title) for id_ in ids if id_ in offers]


def _render_applications(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (
            f"{format_date(application.created_at, t.language)}, {application.title}",
            "\n".join(filter(None, (render_stage(application, t)[0], application.letter))),
        )
        for application in data["applications"]
    ]


def _render_messages(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    # Subjects only: the texts of messages are wiped once they are sent.
    return [
        (format_date(at, t.language), f"{render_subject(kind, t)}\n{render_message_state(state, t)}")
        for at, kind, _, state in data["messages"]
    ]


def _render_reports(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (
            format_date(report.at, t.language),
            "\n".join(filter(None, (t(REPORT_REASONS[report.reason]), report.words))),
        )
        for report in data["reports"]
    ]


def _render_new_pin(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    opens_at = data["new_pin_serves_from"]
    return [(t("It serves from"), format_date(opens_at, t.language))] if opens_at else []


def _render_helpers(session: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    helpers = staff.match_case_workers(session, data["helpers"])
    return [(worker.name, format_date(mandate.until, t.language)) for mandate, worker in helpers]


def _render_trail(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    person = data["account"].id
    lines = []
    for entry in data["trail"]:
        actor = render_trail_actor(entry.role, t, own=entry.actor_id == person)
        lines.append(
            (
                f"{render_moment(entry.at, t)}, {actor}",
                render_trail_entry(entry.action, entry.resource, t),
            )
        )
    return lines


SECTIONS: Mapping[str, tuple[str, SectionRenderer]] = {
    "account": (mark("My account"), _render_account),
    "profile": (mark("My profile"), _render_profile),
    "documents": (mark("My CV"), _render_documents),
    "recommendations": (mark("Chosen for me"), _render_recommendations),
    "saved_offers": (mark("Offers saved"), _render_saved),
    "dismissed_offers": (mark("Offers put aside"), _render_dismissed),
    "saved_searches": (mark("Searches saved"), _render_searches),
    "applications": (mark("What I applied for"), _render_applications),
    "consents": (mark("What I agree to"), _render_consents),
    "messages": (mark("What was written to me"), _render_messages),
    "reports": (mark("What I reported"), _render_reports),
    "new_pin_serves_from": (mark("A new PIN was asked for"), _render_new_pin),
    "helpers": (mark("Who helps me"), _render_helpers),
    "trail": (mark("Who read or changed what is mine"), _render_trail),
}
