"""What waits for a member of staff, by role: each with its count, and the list where it is dealt with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oim.features import access, applications, ingestion, staff, trust
from oim.features.access import Actor, Role
from oim.kit.db import WriteSession, count_skipped
from oim.kit.i18n import Translator, mark


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that may wait: what it is (of one, of several), where it is dealt with, how it is counted.

    `path` is below the language; empty for what is dealt with on the command line.
    """

    singular: str
    plural: str
    path: str
    count: Callable[[WriteSession, Actor], int]


@dataclass(frozen=True, slots=True)
class WaitView:
    """Something that waits, in words."""

    count: int
    text: str
    url: str  # empty where no page deals with it


_REVIEWS = Wait(
    mark("offer to check or reported"),
    mark("offers to check or reported"),
    "staff/review",
    trust.count_review_queue,
)
# Publishing and case work add theirs here.
WAITS_BY_ROLE: Mapping[Role, tuple[Wait, ...]] = {
    Role.AGENT: (
        Wait(
            mark("application without an answer"),
            mark("applications without an answer"),
            f"staff/applications?stage={applications.WAITING}&sort=received",
            applications.count_waiting,
        ),
        Wait(
            mark("meeting to come"),
            mark("meetings to come"),
            "staff/applications?stage=interview&sort=meeting",
            applications.count_meetings,
        ),
    ),
    Role.CASE_WORKER: (
        _REVIEWS,
        Wait(
            mark("person whose permission to be helped ends within two weeks"),
            mark("people whose permission to be helped ends within two weeks"),
            "staff/people?sort=until",
            access.count_ending_mandates,
        ),
    ),
    Role.ANALYST: (),
    Role.ADMINISTRATOR: (
        _REVIEWS,
        Wait(
            mark("source whose last reading failed"),
            mark("sources whose last reading failed"),
            "staff/sources?source-state=failed",
            lambda session, actor: len(ingestion.list_failed_sources(session, actor)),
        ),
        Wait(
            mark("invitation that nobody has followed"),
            mark("invitations that nobody has followed"),
            "staff/accounts?list-state=invited",
            staff.count_invited,
        ),
        Wait(
            mark("change passed over because it failed: “oim doctor” and the worker’s log say more"),
            mark("changes passed over because they failed: “oim doctor” and the worker’s log say more"),
            "",
            lambda session, _: count_skipped(session),
        ),
    ),
}


def load_waits(session: WriteSession, actor: Actor, faults: int, t: Translator) -> list[WaitView]:
    """Load what waits for an actor now, and how many parts of OIM do not work."""
    counts = [(wait, wait.count(session, actor)) for wait in WAITS_BY_ROLE[actor.role]]
    views = [
        WaitView(
            count, t.plural(wait.singular, wait.plural, count), wait.path and f"/{t.language}/{wait.path}"
        )
        for wait, count in counts
        if count
    ]
    broken = mark("part of OIM does not work as it should"), mark("parts of OIM do not work as they should")
    return [*views, *([WaitView(faults, t.plural(*broken, faults), "#faults")] if faults else [])]
