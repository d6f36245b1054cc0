"""Applying to an offer in two taps: a letter that is ready, read and changed, then sent."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.authentication import person_of
from oim.channels.web.errors import status_of
from oim.channels.web.event_recording import ListId, list_of
from oim.channels.web.form import Form, Typed, first, refused
from oim.channels.web.me.subject import MineOf, Whose, mine
from oim.channels.web.next_actions import is_sent
from oim.channels.web.offer_views import card_view
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm, own_path
from oim.channels.web.services import Services, ServicesOf
from oim.channels.wording import CONSENTS, TRUST, render_letter
from oim.features import applications, consents, cv, people, profile
from oim.features.access import NOTHING_HERE
from oim.features.applications import Sending
from oim.features.consents import Purpose
from oim.features.opportunities import Opportunity
from oim.kit.clock import now
from oim.kit.db import WriteSession
from oim.kit.errors import (
    BadInputError,
    ConflictError,
    NotFoundError,
    OimError,
    SignInError,
    UnavailableError,
)
from oim.kit.i18n import Translator, mark, translator

router = APIRouter(prefix="/opportunities/{id_}/apply")
YES = "yes"
GONE = mark("You are not signed in any more.")
TICKS = ("cv", "agree", "list")  # fields beside the letter


@router.get("")
def ask(id_: UUID, visit: VisitOf, services: ServicesOf, who: MineOf, list_: ListId = "") -> Response:
    """What will be sent to whom, with a letter already written. Where nothing can be sent: why not."""
    with services.database.write() as session:
        offer = services.catalogue.get(session, id_)
        held = applications.towards(session, who.actor, who.person, id_)
        letter = (held.letter if held else "") or _draft(session, who, offer)
        takes = applications.can_apply(session, offer) and offer.is_open(now())
    if held and is_sent(held):
        return visit.go(f"me/applications/{held.id}")
    if not takes:
        return visit.go(f"opportunities/{id_}")
    return _page(visit, services, who, offer, Form({"letter": [letter], "list": [list_]}))


@router.post("")
def send(id_: str, visit: VisitOf, services: ServicesOf, sent: SentForm) -> Response:
    """Send it. Whatever stands in the way, what was typed is shown again: a session may end meanwhile."""
    try:
        who = mine(person_of(visit.request, services))
        return _send(visit, services, who, _offer(services, id_), sent)
    except (SignInError, NotFoundError, UnavailableError) as error:
        return _kept(visit, sent, error)


def _send(visit: Visit, services: Services, who: Whose, offer: Opportunity, sent: Typed) -> Response:
    try:
        with services.database.write() as session:
            if YES in sent.get("agree", ()):
                wanted, t = {Purpose.SHARING: True}, visit.t
                profile.save_consents(
                    session, who.actor, who.person, wanted, language=t.language, channel="web"
                )
            sending = Sending(
                offer=offer.id,
                letter=first(sent, "letter"),
                document=_cv(session, who) if YES in sent.get("cv", ()) else None,
                list_id=list_of(first(sent, "list")),
            )
            id_ = applications.apply(session, who.actor, who.person, sending)
    except (BadInputError, ConflictError) as error:
        return _page(visit, services, who, offer, refused(sent, error, visit.t), status_of(error))
    return visit.go(f"me/applications/{id_}")


def _page(
    visit: Visit, services: Services, who: Whose, offer: Opportunity, form: Form, status: int = 200
) -> HTMLResponse:
    t = visit.t
    with services.database.write() as session:
        person = people.get(session, who.actor, who.person)
        documents = cv.list_documents(session, who.actor, who.person)
        agreed = consents.agreed(session, who.person, Purpose.SHARING)
    contact = next(iter(person.contacts.values()), None)
    label, meaning = TRUST[offer.trust]
    return visit.render(
        "me/apply.html",
        status,
        form=form,
        offer=card_view(offer, t, now()),
        trust=(t(label), t(meaning)),
        name=person.name,
        contact=contact.value if contact else "",
        cv=documents[0].file_name if documents else None,
        consent=None if agreed else _sharing(t),
        most=applications.LONGEST_LETTER,
    )


def _kept(visit: Visit, sent: Typed, error: OimError) -> HTMLResponse:
    """The letter, to be sent again or copied; for who has to sign in, the way there beside it."""
    gone = isinstance(error, SignInError)
    back = own_path(visit.request.url.path) or ""
    door = f"/{visit.t.language}/sign-in?{urlencode({'next': back})}"
    return visit.render(
        "me/kept.html",
        status_of(error),
        message=visit.t(GONE) if gone else visit.t(error.message, **error.values),
        form=Form(sent),
        others=[(name, first(sent, name)) for name in TICKS if first(sent, name)],
        sign_in=door if gone else None,
        most=applications.LONGEST_LETTER,
    )


def _draft(session: WriteSession, who: Whose, offer: Opportunity) -> str:
    name = people.get(session, who.actor, who.person).name
    record = profile.load_record(session, who.actor, who.person)
    values = applications.draft_letter(offer, applications.known_of(name, record))
    return render_letter(values, translator(values.language))


def _cv(session: WriteSession, who: Whose) -> UUID | None:
    return next((one.id for one in cv.list_documents(session, who.actor, who.person)), None)


def _sharing(t: Translator) -> tuple[str, str]:
    title, meaning = CONSENTS[Purpose.SHARING]
    return t(title), t(meaning)


def _offer(services: Services, id_: str) -> Opportunity:
    try:
        wanted = UUID(id_)
    except ValueError:
        raise NotFoundError(NOTHING_HERE) from None
    with services.database.read() as session:
        return services.catalogue.get(session, wanted)
