"""Applying to an offer in two taps: a letter that is ready, read and changed, then sent."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.authentication import require_person
from oim.channels.web.errors import status_of
from oim.channels.web.event_recording import ListParameter, parse_list_id
from oim.channels.web.form import Form, FormFields, first_value, with_error
from oim.channels.web.me.subject import ActingFor, CurrentPerson, get_current_person
from oim.channels.web.next_actions import is_submitted
from oim.channels.web.offer_views import build_card_view
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm, safe_next_path
from oim.channels.wording import CONSENTS, TRUST, render_letter
from oim.features import applications, consents, cv, opportunities, people, profile
from oim.features.access import NOT_FOUND_MESSAGE
from oim.features.applications import Submission
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
SIGNED_OUT_MESSAGE = mark("You are not signed in any more.")
HIDDEN_FIELDS = ("cv", "agree", "list")  # fields beside the letter


@router.get("")
def ask_letter(
    id_: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, list_: ListParameter = ""
) -> Response:
    """What will be sent to whom, with a letter already written. Where nothing can be sent: why not."""
    with services.database.write() as session:
        offer = opportunities.get(session, id_)
        held = applications.find_for_offer(session, subject.actor, subject.person, id_)
        letter = (held.letter if held else "") or _draft_letter(session, subject, offer)
        takes = applications.can_apply(session, offer) and offer.is_open(now())
    if held and is_submitted(held):
        return page.redirect(f"me/applications/{held.id}")
    if not takes:
        return page.redirect(f"opportunities/{id_}")
    return _render(page, services, subject, offer, Form({"letter": [letter], "list": [list_]}))


@router.post("")
def send_application(id_: str, page: PageOf, services: ServicesOf, form: PostedForm) -> Response:
    """Send it. Whatever stands in the way, what was typed is shown again: a session may end meanwhile."""
    try:
        who = get_current_person(require_person(page.request, services))
        return _apply(page, services, who, _load_offer(services, id_), form)
    except (SignInError, NotFoundError, UnavailableError) as error:
        return _render_unsent(page, form, error)


def _apply(
    page: PageContext, services: Services, subject: ActingFor, offer: Opportunity, form: FormFields
) -> Response:
    try:
        with services.database.write() as session:
            if YES in form.get("agree", ()):
                wanted, t = {Purpose.SHARING: True}, page.t
                profile.save_consents(
                    session, subject.actor, subject.person, wanted, language=t.language, channel="web"
                )
            sending = Submission(
                offer=offer.id,
                letter=first_value(form, "letter"),
                document=_find_cv(session, subject) if YES in form.get("cv", ()) else None,
                list_id=parse_list_id(first_value(form, "list")),
            )
            id_ = applications.apply(session, subject.actor, subject.person, sending)
    except (BadInputError, ConflictError) as error:
        return _render(page, services, subject, offer, with_error(form, error, page.t), status_of(error))
    return page.redirect(f"me/applications/{id_}")


def _render(
    page: PageContext,
    services: Services,
    subject: ActingFor,
    offer: Opportunity,
    form: Form,
    status: int = 200,
) -> HTMLResponse:
    t = page.t
    with services.database.write() as session:
        person = people.get(session, subject.actor, subject.person)
        documents = cv.list_documents(session, subject.actor, subject.person)
        agreed = consents.has_agreed(session, subject.person, Purpose.SHARING)
    contact = next(iter(person.contacts.values()), None)
    label, meaning = TRUST[offer.trust]
    return page.render(
        "me/apply.html",
        status,
        form=form,
        offer=build_card_view(offer, t, now()),
        trust=(t(label), t(meaning)),
        name=person.name,
        contact=contact.value if contact else "",
        cv_name=documents[0].file_name if documents else None,
        consent=None if agreed else _render_sharing_consent(t),
        max_length=applications.MAX_LETTER_LENGTH,
    )


def _render_unsent(page: PageContext, form: FormFields, error: OimError) -> HTMLResponse:
    """The letter, to be sent again or copied; for who has to sign in, the way there beside it."""
    gone = isinstance(error, SignInError)
    back = safe_next_path(page.request.url.path) or ""
    door = f"/{page.t.language}/sign-in?{urlencode({'next': back})}"
    return page.render(
        "me/unsent_letter.html",
        status_of(error),
        message=page.t(SIGNED_OUT_MESSAGE) if gone else page.t(error.message, **error.values),
        form=Form(form),
        hidden_fields=[(name, first_value(form, name)) for name in HIDDEN_FIELDS if first_value(form, name)],
        sign_in_url=door if gone else None,
        max_length=applications.MAX_LETTER_LENGTH,
    )


def _draft_letter(session: WriteSession, subject: ActingFor, offer: Opportunity) -> str:
    name = people.get(session, subject.actor, subject.person).name
    record = profile.load_record(session, subject.actor, subject.person)
    values = applications.draft_letter(offer, applications.to_applicant(name, record))
    return render_letter(values, translator(values.language))


def _find_cv(session: WriteSession, subject: ActingFor) -> UUID | None:
    return next((one.id for one in cv.list_documents(session, subject.actor, subject.person)), None)


def _render_sharing_consent(t: Translator) -> tuple[str, str]:
    title, meaning = CONSENTS[Purpose.SHARING]
    return t(title), t(meaning)


def _load_offer(services: Services, id_: str) -> Opportunity:
    try:
        wanted = UUID(id_)
    except ValueError:
        raise NotFoundError(NOT_FOUND_MESSAGE) from None
    with services.database.read() as session:
        return opportunities.get(session, wanted)
