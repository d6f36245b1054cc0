"""The sources and organisations we trust, for administrators: mark a source known, verify an organisation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.staff.tables import Action, Cell, Column, Filter, Table, build_table, parse_listing
from oim.channels.wording import TRUST, render_source
from oim.features import ingestion, trust
from oim.features.opportunities import Organisation, Source, Trust
from oim.kit.fields import FormFields, first_value
from oim.kit.i18n import Translator, format_number, mark

YES = "yes"
Fields = tuple[tuple[str, str], ...]
SOURCES = Table(
    path="staff/sources",
    caption=mark("Sources"),
    columns=(
        Column("name", mark("Source")),
        Column("state", mark("Trust")),
        Column("offers", mark("Offers")),
        Column("held", mark("To check")),
        Column("unanswerable", mark("Open without a way to answer"), is_sortable=False),
        Column("change", mark("To change"), is_sortable=False),
    ),
    filters=(
        Filter("words", mark("Words of the name")),
        Filter(
            "state",
            mark("State"),
            lambda t: [
                ("known", t("Known")),
                ("unknown", t("Unknown")),
                ("failed", t("Last reading failed")),
            ],
        ),
    ),
    order="name",
    prefix="source-",
)
ORGANISATIONS = Table(
    path="staff/sources",
    caption=mark("Organisations"),
    columns=(
        Column("name", mark("Organisation")),
        Column("state", mark("Trust")),
        Column("offers", mark("Offers")),
        Column("change", mark("To change"), is_sortable=False),
    ),
    filters=(
        Filter("words", mark("Words of the name")),
        Filter(
            "state",
            mark("State"),
            lambda t: [("verified", t("Verified")), ("unverified", t("Not verified"))],
        ),
    ),
)
# What the address of the page may say, which a change keeps.
_PARAMETERS = frozenset(
    table.prefix + name
    for table in (SOURCES, ORGANISATIONS)
    for name in ("sort", "page", *(each.name for each in table.filters))
)
# Letters, digits, `_`, `.` and `-`, such as `france-travail`.
Slug = Annotated[str, Path(pattern=r"^[\w.-]+$")]

router = APIRouter(route_class=PersonalRoute, prefix="/sources")


@router.get("")
def list_sources(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """List the sources and the organisations, each as the address sorts and filters it."""
    listing, organisation_listing = (parse_listing(table, page) for table in (SOURCES, ORGANISATIONS))
    with services.database.write() as session:
        failed = ingestion.list_failed_sources(session, actor)
        sources = trust.list_source_page(session, actor, listing, failed)
        organisations = trust.list_organisation_page(session, actor, organisation_listing)
    parameters = tuple(
        (name, page.request.query_params[name]) for name in _PARAMETERS & set(page.request.query_params)
    )
    rows = [_build_source_row(source, failed, parameters, page.t) for source in sources.items]
    organisation_rows = [_build_organisation_row(each, parameters, page.t) for each in organisations.items]
    return page.render(
        "staff/sources.html",
        sources=build_table(SOURCES, listing, sources, rows, page),
        organisations=build_table(
            ORGANISATIONS, organisation_listing, organisations, organisation_rows, page
        ),
    )


@router.post("/{slug}")
def mark_source(slug: Slug, page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Mark a source as known, or no longer known."""
    is_known = first_value(form, "known") == YES
    with services.database.write() as session:
        trust.mark_source(session, actor, slug, known=is_known)
    return _redirect_to_search(page, form, "source-known" if is_known else "source-unknown")


@router.post("/organisations/{id_}")
def verify(id_: UUID, page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Mark an organisation as verified, or no longer verified."""
    is_verified = first_value(form, "verified") == YES
    with services.database.write() as session:
        trust.verify_organisation(session, actor, id_, verified=is_verified)
    done = "organisation-verified" if is_verified else "organisation-unverified"
    return _redirect_to_search(page, form, done)


def _redirect_to_search(page: PageContext, form: FormFields, done: str) -> Response:
    """Redirect to the lists as they were when the form was sent."""
    values = {name: first_value(form, name) for name in sorted(_PARAMETERS)}
    query = urlencode({name: value for name, value in values.items() if value})
    return page.redirect(f"staff/sources?{query}" if query else "staff/sources", done=done)


def _build_source_row(
    source: Source, failed: Collection[str], parameters: Fields, t: Translator
) -> list[Cell]:
    """Build the line of a source, with the button that marks it as known or unknown."""
    label = t("Mark as unknown") if source.known_at else t("Mark as known")
    fields = (("known", "no" if source.known_at else YES), *parameters)
    return [
        Cell(render_source(source.slug, t), note=source.slug),
        Cell(
            t(TRUST[Trust.KNOWN if source.known_at else Trust.UNKNOWN][0]),
            note=t("The last reading failed.") if source.slug in failed else "",
        ),
        Cell(format_number(source.offers, t.language)),
        Cell(format_number(source.held_offers, t.language)),
        Cell(format_number(source.unanswerable_offers, t.language)),
        Cell(
            "",
            actions=(
                Action(f"staff/sources/{quote(source.slug)}", label, render_source(source.slug, t), fields),
            ),
        ),
    ]


def _build_organisation_row(organisation: Organisation, parameters: Fields, t: Translator) -> list[Cell]:
    """Build the line of an organisation, with the button that marks it as verified or not."""
    is_verified = organisation.verified_at is not None
    label = t("Mark as not verified") if is_verified else t("Mark as verified")
    path = f"staff/sources/organisations/{organisation.id}"
    fields = (("verified", "no" if is_verified else YES), *parameters)
    return [
        Cell(organisation.name),
        Cell(t(TRUST[Trust.VERIFIED][0]) if is_verified else t("Not verified")),
        Cell(format_number(organisation.offers, t.language)),
        Cell(
            "",
            actions=(Action(path, label, organisation.name, fields),),
        ),
    ]
