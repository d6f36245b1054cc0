"""Whom we trust, for administrators: sources that we know, organisations that we verified."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.authentication import StaffOf
from oim.channels.web.form import Typed, filled, first
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import ServicesOf
from oim.channels.wording import TRUST
from oim.features import trust
from oim.features.opportunities import Organisation, Source, Trust
from oim.kit.i18n import Translator

SHOWN = 30  # organisations
YES = "yes"
Slug = Annotated[str, Path(pattern=r"^[\w.-]+$")]

router = APIRouter(prefix="/sources")


@router.get("")
def page(visit: VisitOf, services: ServicesOf, actor: StaffOf, words: str = "") -> HTMLResponse:
    """Every source, and the organisations whose name holds the words, verified ones first."""
    t = visit.t
    with services.database.write() as session:
        sources = trust.load_sources(session, actor)
        organisations = trust.find_organisations(session, actor, words)
    return visit.render(
        "staff/sources.html",
        form=filled({"words": words}),
        sources=[(one, _label(one, t), _counted(one, t)) for one in sources],
        organisations=[(one, _verified(one, t), _offers(one.offers, t)) for one in organisations[:SHOWN]],
        most=SHOWN if len(organisations) > SHOWN else None,
    )


@router.post("/{slug}")
def mark_source(slug: Slug, visit: VisitOf, services: ServicesOf, actor: StaffOf, sent: SentForm) -> Response:
    """We know this source, or no longer."""
    with services.database.write() as session:
        trust.mark_source(session, actor, slug, known=first(sent, "known") == YES)
    return _back(visit, sent)


@router.post("/organisations/{id_}")
def verify(id_: UUID, visit: VisitOf, services: ServicesOf, actor: StaffOf, sent: SentForm) -> Response:
    """We verified this organisation, or trust it no longer."""
    with services.database.write() as session:
        trust.verify_organisation(session, actor, id_, verified=first(sent, "verified") == YES)
    return _back(visit, sent)


def _back(visit: Visit, sent: Typed) -> Response:
    """To the same search."""
    words = first(sent, "words")
    return visit.go(f"staff/sources?{urlencode({'words': words})}" if words else "staff/sources")


def _label(source: Source, t: Translator) -> str:
    return t(TRUST[Trust.KNOWN if source.known_at else Trust.UNKNOWN][0])


def _verified(organisation: Organisation, t: Translator) -> str:
    return t(TRUST[Trust.VERIFIED][0]) if organisation.verified_at else t("Not verified")


def _counted(source: Source, t: Translator) -> str:
    offers = _offers(source.offers, t)
    held = t.plural("%(count)s held", "%(count)s held", source.held)
    return f"{offers}, {held}" if source.held else offers


def _offers(count: int, t: Translator) -> str:
    return t.plural("%(count)s offer", "%(count)s offers", count)
