"""Everything that is kept of a person, as sections of lines to be read and printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from oim.channels.web.me.told import told_back
from oim.channels.web.pages import NAMES
from oim.channels.wording import (
    CONSENTS,
    DISMISSALS,
    QUESTIONS,
    render_entry,
    render_search,
    render_stage,
    render_who,
)
from oim.features import access, applications, consents, cv, following, people, profile, rights, staff
from oim.features.access import Actor
from oim.features.profile import Question
from oim.kit.db import WriteSession
from oim.kit.i18n import Translator, format_date, mark

Lines = list[tuple[str, str]]
Part = Callable[[WriteSession, Actor, UUID, Translator], Lines]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and lines of a label and what is kept."""

    title: str
    lines: Lines


def readable(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> list[Section]:
    """The sections. Raises NotFoundError."""
    return [Section(t(title), part(session, actor, person, t)) for title, part in PARTS]


def _account(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> Lines:
    who = people.get(session, actor, person)
    return [
        (t("Name"), who.name),
        (t("Language of messages"), NAMES[who.language]),
        (t("Here since"), format_date(who.created_at, t.language)),
        *((t("Contact"), one.value) for one in who.contacts.values()),
    ]


def _profile(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> Lines:
    record = profile.read(session, actor, person)
    return [(t(QUESTIONS[one][1]), told_back(record, one, t)) for one in Question]


def _consents(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> Lines:
    return [
        (
            f"{format_date(one.at, t.language)} ({one.version}, {one.language}, {one.channel})",
            f"{t(CONSENTS[one.purpose][0])} {t('Yes.') if one.given else t('No.')}",
        )
        for one in consents.history(session, actor, person)
    ]


def _documents(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> Lines:
    held = cv.documents_of(session, actor, person)
    return [(format_date(one.created_at, t.language), one.file_name) for one in held]


def _following(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> Lines:
    saved = following.saved(session, actor, person)
    aside = following.dismissed(session, actor, person)
    return [
        *((t("Offer saved"), one.offer.title) for one in saved),
        *((t("Offer put aside"), f"{one.offer.title} ({t(DISMISSALS[one.reason])})") for one in aside),
        *(
            (t("Search saved"), render_search(one.wanted, t))
            for one in following.searches(session, actor, person)
        ),
    ]


def _applications(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> Lines:
    return [
        (
            f"{format_date(one.created_at, t.language)}, {one.title}",
            "\n".join(filter(None, (render_stage(one, t)[0], one.letter))),
        )
        for one in applications.mine(session, actor, person)
    ]


def _helpers(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> Lines:
    held = access.mandates_of(session, actor, person)
    named = ((one, staff.worker(session, one.staff)) for one in held)
    return [(worker.name, format_date(one.until, t.language)) for one, worker in named if worker]


def _trail(session: WriteSession, actor: Actor, person: UUID, t: Translator) -> Lines:
    return [
        (
            f"{format_date(one.at, t.language)}, {render_who(one.role, t, own=one.actor_id == person)}",
            render_entry(one.action, one.resource, t),
        )
        for one in rights.trail(session, actor, person)
    ]


PARTS: tuple[tuple[str, Part], ...] = (
    (mark("My account"), _account),
    (mark("My profile"), _profile),
    (mark("My CV"), _documents),
    (mark("Offers and searches"), _following),
    (mark("What I applied for"), _applications),
    (mark("What I agree to"), _consents),
    (mark("Who helps me"), _helpers),
    (mark("Who reached what of yours"), _trail),
)
