"""The records of processing and the audit trail in plain words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from oim.channels.wording.labels import ROLES
from oim.channels.wording.moments import render_moment
from oim.features.access import Resource, Role
from oim.features.audit import TrailEntry
from oim.features.rights import AtRest, Basis, DataClass
from oim.kit.clock import CAMEROON
from oim.kit.i18n import Translator, format_date, format_hour, mark

YEAR = timedelta(days=365)
# Of each class of data: what it is, what it is for, and who may see it.
DATA_CLASSES: dict[DataClass, tuple[str, str, str]] = {
    DataClass.ACCOUNT: (
        mark("Account: name, contacts, PIN, language"),
        mark("To know who signs in, and where to write"),
        mark("The person; a case worker they asked for help; a partner they applied to"),
    ),
    DataClass.PROFILE: (
        mark("Profile: what the person said, and the offers last chosen for them"),
        mark("To choose offers"),
        mark(
            "The person; a case worker they asked for help; of work, schooling, languages and skills, "
            "a partner they sent their CV to"
        ),
    ),
    DataClass.CONSENTS: (
        mark("Consents and withdrawals"),
        mark("To prove what was agreed to"),
        mark("The person; a case worker they asked for help"),
    ),
    DataClass.DOCUMENTS: (
        mark("CV files"),
        mark("To fill the profile in, and to be sent with an application"),
        mark("The person; a partner they sent it to"),
    ),
    DataClass.PROPOSALS: (
        mark("What was read in a CV and not yet confirmed"),
        mark("To be confirmed or refused"),
        mark("The person"),
    ),
    DataClass.FOLLOWING: (
        mark("Offers saved or put aside, searches saved"),
        mark("To find them again, and to tell what is new"),
        mark("The person; a case worker they asked for help"),
    ),
    DataClass.APPLICATIONS: (
        mark("Applications, letters, stages, answers about what became of them"),
        mark("To apply and to follow it"),
        mark("The person; the partner they applied to; a case worker they asked for help"),
    ),
    DataClass.MESSAGES: (
        mark("Messages written to people"),
        mark("To send codes and news"),
        mark("Nobody: wiped once sent"),
    ),
    DataClass.SESSIONS: (mark("Sessions"), mark("To stay signed in for a while"), mark("Nobody")),
    DataClass.DEVICES: (
        mark("Devices on which somebody signed in, without saying who"),
        mark("So that requests from elsewhere shut nobody out"),
        mark("Nobody"),
    ),
    DataClass.CODES: (
        mark("One-time codes"),
        mark("To prove that a contact belongs to the person"),
        mark("Nobody"),
    ),
    DataClass.ANSWERS: (
        mark("Answers to programs that send the same request again"),
        mark("So that nothing is done twice when a program sends the same request twice"),
        mark("Whoever sent the request"),
    ),
    DataClass.REMOVED_CONTACTS: (
        mark("Contacts that people removed, as a mark that nobody can read"),
        mark("That nobody passes for the only one on a telephone that they share"),
        mark("Nobody"),
    ),
    DataClass.PIN_REQUESTS: (
        mark("New PINs asked for by people who forgot theirs"),
        mark("To let them in again"),
        mark("Nobody"),
    ),
    DataClass.HELP: (
        mark("Who helps whom"),
        mark("To let a case worker in, and out"),
        mark("The person; the case worker"),
    ),
    DataClass.REPORTS: (
        mark("Reports of suspicious offers, and notes on what was decided about them"),
        mark("To protect people from fraud"),
        mark("Case workers and administrators"),
    ),
    DataClass.STAFF: (mark("Accounts of staff"), mark("To sign in"), mark("Administrators")),
    DataClass.INVITATIONS: (
        mark("Invitations that nobody followed"),
        mark("To sign in"),
        mark("Administrators"),
    ),
    DataClass.TRAIL: (
        mark("Trail of who saw what"),
        mark("To show misuse"),
        mark("The person, for what is theirs; those who check the trail"),
    ),
    DataClass.EVENTS: (
        mark(
            "What people who were signed in did with offers: without a name, and by a code in place of "
            "the person if they agreed to be counted"
        ),
        mark("To rank better, and to see what helps"),
        mark("Nobody: it names no one"),
    ),
    DataClass.STRANGERS_EVENTS: (
        mark("Which offers were shown to visitors who were not signed in, and which they opened"),
        mark("To rank better, and to see what helps"),
        mark("Nobody: it names no one"),
    ),
    DataClass.COUNTS: (
        mark("Numbers by month, kind and region"),
        mark("To see what helps"),
        mark("Analysts; numbers under 10 are hidden"),
    ),
}
LEGAL_BASES: dict[Basis, str] = {
    Basis.CONSENT: mark("consent"),
    Basis.SERVICE: mark("asked for by the person"),
    Basis.DUTY: mark("legal duty, or safety of people"),
}
AT_REST: dict[AtRest, str] = {
    AtRest.SEALED: mark("encrypted (AES-256-GCM), keys outside the database"),
    AtRest.OPAQUE: mark("numbers and codes that name nobody"),
    AtRest.NAMELESS: mark("without names"),
}
RESOURCES: dict[Resource, str] = {
    Resource.PERSON: mark("name and contacts"),
    Resource.PROFILE: mark("profile"),
    Resource.CONSENTS: mark("consents"),
    Resource.DOCUMENT: mark("CV"),
    Resource.SAVED: mark("offers and searches saved"),
    Resource.APPLICATION: mark("applications"),
    Resource.OUTCOME: mark("what became of applications"),
    Resource.EXPORT: mark("everything at once"),
    Resource.MANDATE: mark("who helps"),
    Resource.VOUCHING: mark("a new PIN, as they know this person"),
    Resource.TRAIL: mark("this trail"),
}
# The actions of the trail, by their codes; any other code is a refused action.
_ACTIONS = {
    "read": mark("read"),
    "change": mark("changed"),
    "erase": mark("erased"),
    "sign in": mark("signed in"),
    "refused sign in": mark("gave a wrong PIN"),
    "join": mark("joined"),
    "ask new pin": mark("asked for a new PIN"),
    "confirm new pin": mark("proved a second contact for a new PIN"),
    "cancel new pin": mark("cancelled a new PIN"),
}
_REFUSED = mark("was refused")


@dataclass(frozen=True, slots=True)
class TrailLine:
    """What somebody did on one day, in words: when, who and what."""

    moment: str
    actor: str
    done: str


def render_retention(retention: timedelta | None, t: Translator) -> str:
    """Render how long a class of data is stored after its last use, in the largest unit that fits.

    None: no limit of its own, it lasts as long as the account or OIM itself.
    """
    if retention is None:
        return t("as long as the account, or OIM itself, lasts")
    if retention >= YEAR and not retention % YEAR:
        return t.plural("%(count)s year", "%(count)s years", retention // YEAR)
    if retention >= timedelta(days=1):
        return t.plural("%(count)s day", "%(count)s days", retention.days)
    if retention >= timedelta(hours=1):
        return t.plural("%(count)s hour", "%(count)s hours", int(retention.total_seconds() // 3600))
    return t.plural("%(count)s minute", "%(count)s minutes", int(retention.total_seconds() // 60))


def render_trail_actor(role: str, t: Translator, *, own: bool) -> str:
    """Render who caused an entry of the trail, for the person it is about. `own`: that person did."""
    return t("You") if own else t(ROLES[Role(role)])


def render_trail_entry(action: str, resource: str, t: Translator) -> str:
    """Render what an entry of the trail says was done: `read: profile`."""
    return _render_done(action, (resource,), t)


def render_trail(entries: Iterable[TrailEntry], t: Translator) -> list[TrailLine]:
    """Render entries by others, in their order: what one of them did on one day is one line."""
    groups = defaultdict[tuple[object, ...], list[TrailEntry]](list)
    for entry in entries:
        day = entry.at.astimezone(CAMEROON).date()
        groups[day, entry.role, entry.actor_id, entry.action].append(entry)
    return [
        TrailLine(
            _render_span(group, t),
            render_trail_actor(group[0].role, t, own=False),
            _render_done(group[0].action, tuple(entry.resource for entry in group), t),
        )
        for group in groups.values()
    ]


def _render_span(entries: list[TrailEntry], t: Translator) -> str:
    """Render the day and the hours of what was done on one day: from the first to the last."""
    first, last = min(entry.at for entry in entries), max(entry.at for entry in entries)
    start, end = (format_hour(at.astimezone(CAMEROON).time(), t.language) for at in (first, last))
    if start == end:
        return render_moment(first, t)
    return t("%(day)s, from %(start)s to %(end)s", day=format_date(first, t.language), start=start, end=end)


def _render_done(action: str, resources: Iterable[str], t: Translator) -> str:
    """Render an action on some kinds of data, each named once: `read: profile, CV`."""
    done = t(_ACTIONS.get(action, _REFUSED))
    # Compared by value: the trail holds codes of resources that this table does not name.
    names = {known.value: t(words) for known, words in RESOURCES.items()}
    what = ", ".join(dict.fromkeys(names[resource] for resource in resources if resource in names))
    return t("%(done)s: %(what)s", done=done, what=what) if what else done
