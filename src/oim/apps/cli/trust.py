"""`oim trust`: which sources and organisations we trust, and the offers that wait for a decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer

from oim import bootstrap
from oim.apps.cli.terminal import output, report, t
from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services
from oim.channels.wording import REPORT_REASONS, render_publisher, render_warning
from oim.features import opportunities, trust
from oim.features.access import SYSTEM
from oim.kit.db import WriteSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

app = typer.Typer(help=t("Whom we trust, and offers held for review."), no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
Slug = Annotated[str, typer.Argument(metavar="SOURCE")]
Organisation = Annotated[str, typer.Argument(metavar="ORGANISATION")]
OfferId = Annotated[str, typer.Argument(metavar="ID")]
Note = Annotated[str, typer.Option(help=t("Why, for those who review it later."))]


@app.command("sources", help=t("List what supplies offers, and what we know. Example: oim trust sources"))
def sources(json_: AsJson = False) -> None:
    """One line a source."""
    with _write_session() as session:
        found = trust.load_sources(session, SYSTEM)
    if json_:
        rows = [
            {"source": one.slug, "known": one.known_at is not None, "offers": one.offers, "held": one.held}
            for one in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        told = t("known") if one.known_at else t("unknown")
        counted = t("%(offers)s offers, %(held)s held", offers=one.offers, held=one.held)
        output.print(f"{one.slug}  {told}  {counted}", markup=False)
    if not found:
        output.print(t("No source yet: take offers in with oim ingest."))


@app.command("known", help=t("Say that we know a source. Example: oim trust known fne"))
def known(source: Slug) -> None:
    """Its offers are shown as of a known source from now on."""
    with _write_session() as session:
        trust.mark_source(session, SYSTEM, source, known=True)
    output.print(t("%(name)s is a known source now.", name=source), markup=False)


@app.command("unknown", help=t("Say that we do not know a source. Example: oim trust unknown fne"))
def unknown(source: Slug) -> None:
    """Its offers are shown as of an unknown source from now on."""
    with _write_session() as session:
        trust.mark_source(session, SYSTEM, source, known=False)
    output.print(t("%(name)s is an unknown source now.", name=source), markup=False)


@app.command("verify", help=t("Say that we checked who an organisation is, by its name as published. "
                              'Example: oim trust verify "Centre des Métiers"'))  # fmt: skip
def verify(organisation: Organisation) -> None:
    """Its offers from known sources are shown as a verified partner's from now on."""
    _set_verified(organisation, verified=True)
    output.print(t("%(name)s is a verified partner now.", name=organisation), markup=False)


@app.command("unverify", help=t("Say that an organisation is no verified partner any more. "
                                'Example: oim trust unverify "Centre des Métiers"'))  # fmt: skip
def unverify(organisation: Organisation) -> None:
    """Its offers are shown as what their source makes them."""
    _set_verified(organisation, verified=False)
    output.print(t("%(name)s is no verified partner now.", name=organisation), markup=False)


@app.command("queue", help=t("List the offers held or reported, the oldest first. "
                             "Example: oim trust queue"))  # fmt: skip
def queue(json_: AsJson = False) -> None:
    """Each offer with what warns in it and how many people reported it."""
    with _write_session() as session:
        found = trust.load_review_queue(session, SYSTEM)
    if json_:
        typer.echo(json.dumps([_to_dict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        _show(one)
    if not found:
        output.print(t("No offer waits for a decision."))


@app.command("release", help=t("Let an offer be shown. Example: oim trust release ID"))
def release(offer: OfferId, note: Note = "") -> None:
    """Its warnings stay with it."""
    id_ = _parse_id(offer)
    with _write_session() as session:
        trust.release(session, SYSTEM, id_, note)
    output.print(t("This offer is shown from now on."))


@app.command("withdraw", help=t("Take an offer away for good. Example: oim trust withdraw ID"))
def withdraw(offer: OfferId, note: Note = "") -> None:
    """Its source may bring it again: it stays away."""
    id_ = _parse_id(offer)
    with _write_session() as session:
        trust.withdraw(session, SYSTEM, id_, note)
    output.print(t("This offer is shown to nobody any more."))


@contextmanager
def _write_session() -> Iterator[WriteSession]:
    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        database = bootstrap.database(settings)
        try:
            with database.write() as session:
                yield session
        finally:
            database.close()


def _set_verified(name: str, *, verified: bool) -> None:
    with _write_session() as session:
        id_ = opportunities.get_organisation_id(session, name)
        trust.verify_organisation(session, SYSTEM, id_, verified=verified)


def _parse_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInputError(mark("This is not an identifier."), field="id") from None


def _to_dict(item: trust.ReviewItem) -> dict[str, object]:
    return {
        "id": str(item.offer.id),
        "title": item.offer.title,
        "organisation": item.offer.draft.organisation,
        "source": item.offer.source,
        "trust": item.offer.trust.value,
        "held": item.offer.held,
        "since": item.waiting_since.isoformat() if item.waiting_since else None,
        "warnings": [{"code": flag.code, "excerpt": flag.excerpt} for flag in item.offer.warnings],
        "reports": {reason.value: count for reason, count in item.report_counts.items()},
        "words": list(item.words),
    }


def _show(item: trust.ReviewItem) -> None:
    offer = item.offer
    state = t("held") if offer.held else t("reported")
    output.print(f"{offer.id}  {state}  {offer.title} ({render_publisher(offer.draft, t)})", markup=False)
    for flag in offer.warnings:
        said = t("“%(words)s”", words=flag.excerpt) if flag.excerpt else ""
        output.print(f"    {render_warning(flag, t)} {said}".rstrip(), markup=False)
    for reason, count in item.report_counts.items():
        output.print(f"    {count} × {t(REPORT_REASONS[reason])}", markup=False)
    for words in item.words:
        output.print(f"    {t('“%(words)s”', words=words)}", markup=False)
