"""The sources and organisations we trust, for administrators: mark a source known, verify an organisation."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.form import fill_form
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.wording import TRUST
from oim.features import trust
from oim.features.opportunities import Organisation, Source, Trust
from oim.kit.fields import FormFields, first_value
from oim.kit.i18n import Translator

MAX_ORGANISATIONS = 30  # on one page
YES = "yes"
# Letters, digits, `_`, `.` and `-`, such as `france-travail`.
Slug = Annotated[str, Path(pattern=r"^[\w.-]+$")]

router = APIRouter(route_class=PersonalRoute, prefix="/sources")


@router.get("")
def list_sources(page: PageOf, services: ServicesOf, actor: StaffOf, words: str = "") -> HTMLResponse:
    """List every source, and the organisations whose names contain the words, verified ones first."""
    t = page.t
    with services.database.write() as session:
        sources = trust.load_sources(session, actor)
        organisations = trust.find_organisations(session, actor, words)
    return page.render(
        "staff/sources.html",
        form=fill_form({"words": words}),
        sources=[(source, _render_source_trust(source, t), _render_counts(source, t)) for source in sources],
        organisations=[
            (
                organisation,
                _render_verified(organisation, t),
                _render_offer_count(organisation.offers, t),
            )
            for organisation in organisations[:MAX_ORGANISATIONS]
        ],
        max_shown=MAX_ORGANISATIONS if len(organisations) > MAX_ORGANISATIONS else None,
    )


@router.post("/{slug}")
def mark_source(slug: Slug, page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Mark a source as known, or no longer known."""
    with services.database.write() as session:
        trust.mark_source(session, actor, slug, known=first_value(form, "known") == YES)
    return _redirect_to_search(page, form)


@router.post("/organisations/{id_}")
def verify(id_: UUID, page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Mark an organisation as verified, or no longer verified."""
    with services.database.write() as session:
        trust.verify_organisation(session, actor, id_, verified=first_value(form, "verified") == YES)
    return _redirect_to_search(page, form)


def _redirect_to_search(page: PageContext, form: FormFields) -> Response:
    """Redirect to the search of organisations that the form was sent from."""
    words = first_value(form, "words")
    return page.redirect(f"staff/sources?{urlencode({'words': words})}" if words else "staff/sources")


def _render_source_trust(source: Source, t: Translator) -> str:
    return t(TRUST[Trust.KNOWN if source.known_at else Trust.UNKNOWN][0])


def _render_verified(organisation: Organisation, t: Translator) -> str:
    return t(TRUST[Trust.VERIFIED][0]) if organisation.verified_at else t("Not verified")


def _render_counts(source: Source, t: Translator) -> str:
    """Render how many offers a source has, how many are held, and how many do not say how to answer."""
    offers = _render_offer_count(source.offers, t)
    held_count = t.plural("%(count)s held", "%(count)s held", source.held_offers)
    answer = t.plural(
        "%(count)s open offer does not say how to answer",
        "%(count)s open offers do not say how to answer",
        source.unanswerable_offers,
    )
    counts = ((offers, True), (held_count, source.held_offers), (answer, source.unanswerable_offers))
    return ", ".join(text for text, is_shown in counts if is_shown)


def _render_offer_count(count: int, t: Translator) -> str:
    return t.plural("%(count)s offer", "%(count)s offers", count)
