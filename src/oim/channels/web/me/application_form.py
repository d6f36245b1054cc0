"""The form to apply to an offer: a drafted letter that the person changes and sends."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.event_recording import ListParameter, parse_list_id
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.subject import ActingFor, CurrentPerson
from oim.channels.web.offer_views import build_card_view
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.statuses import Status
from oim.channels.wording import CONSENTS, TRUST, render_letter
from oim.features import applications, cv
from oim.features.applications import ConsentRecord, Preparation, Submission
from oim.features.consents import Purpose
from oim.kit.clock import now
from oim.kit.db import WriteSession
from oim.kit.errors import BadInputError, ConflictError
from oim.kit.fields import first_value
from oim.kit.i18n import Translator, translator

router = APIRouter(route_class=PersonalRoute, prefix="/opportunities/{id_}/apply")
YES = "yes"


@router.get("")
def ask_letter(
    id_: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, list_: ListParameter = ""
) -> Response:
    """Show what will be sent to whom, with a letter already written. Redirects where nothing can be sent."""
    with services.database.write() as session:
        preparation = applications.prepare(session, subject.actor, subject.person, id_)
        application = preparation.application
        # After a withdrawal the person starts from the letter they sent before, not from a fresh draft.
        letter = (application.letter if application else "") or _draft_letter(session, subject, id_)
    if application and application.is_submitted:
        return page.redirect(f"me/applications/{application.id}")
    if not preparation.is_accepting:
        return page.redirect(f"opportunities/{id_}")
    return _render(page, preparation, Form({"letter": [letter], "list": [list_]}))


@router.post("")
def send_application(
    id_: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Send the application; show the form again with what is wrong with it."""
    agrees = YES in form.get("agree", ())
    consent = ConsentRecord(language=page.t.language, channel="web") if agrees else None
    try:
        with services.database.write() as session:
            submission = Submission(
                offer=id_,
                letter=first_value(form, "letter"),
                document=_find_cv(session, subject) if YES in form.get("cv", ()) else None,
                list_id=parse_list_id(first_value(form, "list")),
                summary=True,
            )
            application = applications.send(
                session, subject.actor, subject.person, submission, consent=consent
            )
    except (BadInputError, ConflictError) as error:
        # Reading about a person may write to the trail, so the session is one that can write.
        with services.database.write() as session:
            preparation = applications.prepare(session, subject.actor, subject.person, id_)
        return _render(page, preparation, with_error(form, error, page.t), error)
    return page.redirect(f"me/applications/{application}", done="application-sent")


def _render(page: PageContext, preparation: Preparation, form: Form, status: Status = 200) -> HTMLResponse:
    """Render the form to apply, with the offer, what the partner will receive, and the letter."""
    t = page.t
    label, meaning = TRUST[preparation.offer.trust]
    documents = preparation.documents
    return page.render(
        "me/apply.html",
        status,
        form=form,
        offer=build_card_view(preparation.offer, t, now()),
        trust=(t(label), t(meaning)),
        name=preparation.name,
        contact=preparation.contact or "",
        cv_name=documents[0].file_name if documents else None,
        consent=None if preparation.has_agreed_to_share else _render_sharing_consent(t),
    )


def _draft_letter(session: WriteSession, subject: ActingFor, offer: UUID) -> str:
    """Draft a letter in the language of the offer, which its publisher reads."""
    values = applications.prepare_letter(session, subject.actor, subject.person, offer)
    return render_letter(values, translator(values.language))


def _find_cv(session: WriteSession, subject: ActingFor) -> UUID | None:
    """Find the newest CV of the person."""
    return next((document.id for document in cv.list_documents(session, subject.actor, subject.person)), None)


def _render_sharing_consent(t: Translator) -> tuple[str, str]:
    """Render the title and the meaning of the consent to share data with partners."""
    title, meaning = CONSENTS[Purpose.SHARING]
    return t(title), t(meaning)
