"""Everything that is kept of a person, as sections of lines to be read and printed."""

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
# What is kept, by the names of `rights.everything`, to lines of a label and a value.
SectionRenderer = Callable[[WriteSession, Mapping[str, Any], Translator], Lines]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and lines of a label and what is kept."""

    title: str
    lines: Lines


def build_sections(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> list[Section]:
    """The sections of everything that is kept. Raises NotFoundError."""
    held = rights.collect_personal_data(session, actor, person)
    return [Section(t(SECTIONS[name][0]), SECTIONS[name][1](session, held, t)) for name in held]


def _render_account(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    who = data["account"]
    return [
        (t("Name"), who.name),
        (t("Language of messages"), LANGUAGE_NAMES[who.language]),
        (t("Here since"), format_date(who.created_at, t.language)),
        *((t("Contact"), one.value) for one in who.contacts.values()),
    ]


def _render_profile(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [(t(QUESTIONS[one][1]), format_answer(data["profile"], one, t)) for one in Question]


def _render_consents(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (
            f"{format_date(one.at, t.language)} ({one.version}, {one.language}, {one.channel})",
            f"{t(CONSENTS[one.purpose][0])} {t('Yes.') if one.given else t('No.')}",
        )
        for one in data["consents"]
    ]


def _render_documents(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    waits = t("What was found in it waits for you to confirm it.")
    return [
        (
            format_date(one["created_at"], t.language),
            "\n".join([one["file_name"], *([waits] if one["proposed"] else [])]),
        )
        for one in data["documents"]
    ]


def _render_saved(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [(format_date(one.at, t.language), one.offer.title) for one in data["saved_offers"]]


def _render_dismissed(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [(t(DISMISSAL_REASONS[one.reason]), one.offer.title) for one in data["dismissed_offers"]]


def _render_searches(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (format_date(one.created_at, t.language), render_search(one.wanted, t))
        for one in data["saved_searches"]
    ]


def _render_recommendations(session: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    ids = [UUID(one["offer"]) for one in data["recommendations"]]
    found = opportunities.get_many(session, ids)
    return [(t(KINDS[found[id_].kind]), found[id_].title) for id_ in ids if id_ in found]


def _render_applications(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (
            f"{format_date(one.created_at, t.language)}, {one.title}",
            "\n".join(filter(None, (render_stage(one, t)[0], one.letter))),
        )
        for one in data["applications"]
    ]


def _render_messages(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [(format_date(at, t.language), render_subject(kind, t)) for at, kind, _, _ in data["messages"]]


def _render_reports(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (format_date(one.at, t.language), "\n".join(filter(None, (t(REPORT_REASONS[one.reason]), one.words))))
        for one in data["reports"]
    ]


def _render_helpers(session: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    named = ((one, staff.find_case_worker(session, one.staff)) for one in data["helpers"])
    return [(worker.name, format_date(one.until, t.language)) for one, worker in named if worker]


def _render_trail(_: WriteSession, data: Mapping[str, Any], t: Translator) -> Lines:
    person = data["account"].id
    lines = []
    for entry in data["trail"]:
        actor = render_trail_actor(entry.role, t, own=entry.actor_id == person)
        lines.append(
            (
                f"{format_date(entry.at, t.language)}, {actor}",
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
    "helpers": (mark("Who helps me"), _render_helpers),
    "trail": (mark("Who reached what of yours"), _render_trail),
}
