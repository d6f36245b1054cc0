"""Everything that is kept of a person, as sections of lines to be read and printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from oim.channels.web.me.answers_text import told_back
from oim.channels.web.pages import NAMES
from oim.channels.wording import (
    CONSENTS,
    DISMISSAL_REASONS,
    KINDS,
    QUESTIONS,
    REPORT_REASONS,
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
Part = Callable[[WriteSession, Mapping[str, Any], Translator], Lines]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and lines of a label and what is kept."""

    title: str
    lines: Lines


def readable(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> list[Section]:
    """The sections of everything that is kept. Raises NotFoundError."""
    held = rights.everything(session, actor, person)
    return [Section(t(PARTS[name][0]), PARTS[name][1](session, held, t)) for name in held]


def _account(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    who = held["account"]
    return [
        (t("Name"), who.name),
        (t("Language of messages"), NAMES[who.language]),
        (t("Here since"), format_date(who.created_at, t.language)),
        *((t("Contact"), one.value) for one in who.contacts.values()),
    ]


def _profile(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    return [(t(QUESTIONS[one][1]), told_back(held["profile"], one, t)) for one in Question]


def _consents(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (
            f"{format_date(one.at, t.language)} ({one.version}, {one.language}, {one.channel})",
            f"{t(CONSENTS[one.purpose][0])} {t('Yes.') if one.given else t('No.')}",
        )
        for one in held["consents"]
    ]


def _documents(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    waits = t("What was found in it waits for you to confirm it.")
    return [
        (
            format_date(one["created_at"], t.language),
            "\n".join([one["file_name"], *([waits] if one["proposed"] else [])]),
        )
        for one in held["documents"]
    ]


def _saved(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    return [(format_date(one.at, t.language), one.offer.title) for one in held["saved_offers"]]


def _dismissed(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    return [(t(DISMISSAL_REASONS[one.reason]), one.offer.title) for one in held["dismissed_offers"]]


def _searches(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (format_date(one.created_at, t.language), render_search(one.wanted, t))
        for one in held["saved_searches"]
    ]


def _recommended(session: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    ids = [UUID(one["offer"]) for one in held["recommendations"]]
    found = opportunities.get_many(session, ids)
    return [(t(KINDS[found[id_].kind]), found[id_].title) for id_ in ids if id_ in found]


def _applications(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (
            f"{format_date(one.created_at, t.language)}, {one.title}",
            "\n".join(filter(None, (render_stage(one, t)[0], one.letter))),
        )
        for one in held["applications"]
    ]


def _messages(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    return [(format_date(at, t.language), render_subject(kind, t)) for at, kind, _, _ in held["messages"]]


def _reports(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    return [
        (format_date(one.at, t.language), "\n".join(filter(None, (t(REPORT_REASONS[one.reason]), one.words))))
        for one in held["reports"]
    ]


def _helpers(session: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    named = ((one, staff.worker(session, one.staff)) for one in held["helpers"])
    return [(worker.name, format_date(one.until, t.language)) for one, worker in named if worker]


def _trail(_: WriteSession, held: Mapping[str, Any], t: Translator) -> Lines:
    person = held["account"].id
    lines = []
    for entry in held["trail"]:
        actor = render_trail_actor(entry.role, t, own=entry.actor_id == person)
        lines.append(
            (
                f"{format_date(entry.at, t.language)}, {actor}",
                render_trail_entry(entry.action, entry.resource, t),
            )
        )
    return lines


PARTS: Mapping[str, tuple[str, Part]] = {
    "account": (mark("My account"), _account),
    "profile": (mark("My profile"), _profile),
    "documents": (mark("My CV"), _documents),
    "recommendations": (mark("Chosen for me"), _recommended),
    "saved_offers": (mark("Offers saved"), _saved),
    "dismissed_offers": (mark("Offers put aside"), _dismissed),
    "saved_searches": (mark("Searches saved"), _searches),
    "applications": (mark("What I applied for"), _applications),
    "consents": (mark("What I agree to"), _consents),
    "messages": (mark("What was written to me"), _messages),
    "reports": (mark("What I reported"), _reports),
    "helpers": (mark("Who helps me"), _helpers),
    "trail": (mark("Who reached what of yours"), _trail),
}
