"""`oim trust`: mark sources and organisations as trusted, and decide about offers held for review."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, t
from oim.kit.fields import parse_id

if TYPE_CHECKING:
    from oim.features import trust
    from oim.kit.db import WriteSession


app = typer.Typer()
Slug = Annotated[str, typer.Argument(metavar="SOURCE", help=t("Its name, as oim trust sources lists it."))]
Organisation = Annotated[
    str, typer.Argument(metavar="ORGANISATION", help=t("Its name, as its offers have it."))
]
OfferId = Annotated[str, typer.Argument(metavar="ID", help=t("Its number, as oim trust queue lists it."))]
Note = Annotated[str, typer.Option(help=t("Why, for those who review it later."))]


@app.command("sources", help=t("List what supplies offers, and what we know. Example: oim trust sources"))
def sources(json_: AsJson = False) -> None:
    """Print one line per source: whether it is known, how many offers it has, and how many are held."""
    from oim.features import trust
    from oim.features.access import SYSTEM

    with _write_session() as session:
        all_sources = trust.load_sources(session, SYSTEM)
    if json_:
        rows = [
            {
                "source": source.slug,
                "known": source.known_at is not None,
                "offers": source.offers,
                "held": source.held_offers,
                "open": source.open_offers,
                "unanswerable": source.unanswerable_offers,
            }
            for source in all_sources
        ]
        print_json({"sources": rows})
        return
    for source in all_sources:
        status = t("known") if source.known_at else t("unknown")
        counts = t(
            "%(offers)s offers, %(held)s waiting to be checked", offers=source.offers, held=source.held_offers
        )
        answer = t(
            "%(without)s of %(open)s open ones do not say how to answer",
            without=source.unanswerable_offers,
            open=source.open_offers,
        )
        output.print(f"{source.slug}  {status}  {counts}, {answer}", markup=False)
    if not all_sources:
        output.print(t("No source yet: take offers in with oim ingest."))


@app.command("known", help=t("Say that we know a source. Example: oim trust known fne"))
def known(source: Slug) -> None:
    """Mark a source as known: its offers are shown as of a known source from now on."""
    from oim.features import trust
    from oim.features.access import SYSTEM

    with _write_session() as session:
        trust.mark_source(session, SYSTEM, source, known=True)
    output.print(t("%(name)s is a known source now.", name=source), markup=False)


@app.command("unknown", help=t("Say that we do not know a source. Example: oim trust unknown fne"))
def unknown(source: Slug) -> None:
    """Mark a source as unknown: its offers are shown as of an unknown source from now on."""
    from oim.features import trust
    from oim.features.access import SYSTEM

    with _write_session() as session:
        trust.mark_source(session, SYSTEM, source, known=False)
    output.print(t("%(name)s is an unknown source now.", name=source), markup=False)


@app.command("verify", help=t("Say that we checked who an organisation is, by its name as published. "
                              'Example: oim trust verify "Centre des Métiers"'))  # fmt: skip
def verify(organisation: Organisation) -> None:
    """Mark an organisation as verified: its offers from known sources are shown as a verified partner's."""
    _set_verified(organisation, verified=True)
    output.print(t("%(name)s is a verified partner now.", name=organisation), markup=False)


@app.command("unverify", help=t("Say that an organisation is no verified partner any more. "
                                'Example: oim trust unverify "Centre des Métiers"'))  # fmt: skip
def unverify(organisation: Organisation) -> None:
    """Remove an organisation's verification: its offers are shown with the trust of their source again."""
    _set_verified(organisation, verified=False)
    output.print(t("%(name)s is no verified partner now.", name=organisation), markup=False)


@app.command(
    "queue", help=t("List the offers to check or reported, and what to look at now. Example: oim trust queue")
)
def queue(json_: AsJson = False) -> None:
    """Print what to look at now, then each offer that waits, with its warnings and the reports about it."""
    from oim.channels.wording import render_alert
    from oim.features import trust
    from oim.features.access import SYSTEM

    with _write_session() as session:
        items, alerts = trust.load_review_queue(session, SYSTEM), trust.find_alerts(session)
    if json_:
        counts = {alert.code.value: alert.count for alert in alerts}
        print_json({"offers": [_to_dict(item) for item in items], "alerts": counts})
        return
    for alert in alerts:
        output.print(render_alert(alert, t), markup=False)
    for item in items:
        _show(item)
    if not items:
        output.print(t("No offer waits for a decision."))


@app.command("release", help=t("Let an offer be shown. Example: oim trust release ID"))
def release(offer: OfferId, note: Note = "") -> None:
    """Show an offer to people from now on; its warnings stay visible."""
    from oim.features import trust
    from oim.features.access import SYSTEM

    id_ = parse_id(offer)  # first, so that a mistyped id starts no database
    with _write_session() as session:
        trust.release(session, SYSTEM, id_, note)
    output.print(t("This offer is shown from now on."))


@app.command("withdraw", help=t("Take an offer away for good. Example: oim trust withdraw ID"))
def withdraw(offer: OfferId, note: Note = "") -> None:
    """Hide an offer for good: it stays hidden even if its source publishes it again."""
    from oim.features import trust
    from oim.features.access import SYSTEM

    id_ = parse_id(offer)
    with _write_session() as session:
        trust.withdraw(session, SYSTEM, id_, note)
    output.print(t("This offer is shown to nobody any more."))


@contextmanager
def _write_session() -> Iterator[WriteSession]:
    """Yield a writing session; commands that only list need one too, since the audit trail records them."""
    from oim.apps.cli.database import open_database

    with open_database() as database, database.write() as session:
        yield session


def _set_verified(name: str, *, verified: bool) -> None:
    """Set or remove the verification of the organisation of this name. Raises NotFoundError."""
    from oim.features import opportunities, trust
    from oim.features.access import SYSTEM

    with _write_session() as session:
        # Names are compared without case and accents, so "centre des metiers" is found too.
        id_ = opportunities.get_organisation_id(session, name)
        trust.verify_organisation(session, SYSTEM, id_, verified=verified)


def _to_dict(item: trust.ReviewItem) -> dict[str, object]:
    """Return an offer under review as a dictionary for JSON."""
    return {
        "id": str(item.offer.id),
        "title": item.offer.title,
        "organisation": item.offer.draft.organisation,
        "source": item.offer.source,
        "trust": item.offer.trust.value,
        "held": item.offer.is_held,
        "since": item.waiting_since.isoformat() if item.waiting_since else None,
        "warnings": [{"code": flag.code, "excerpt": flag.excerpt} for flag in item.offer.warnings],
        "reports": {reason.value: count for reason, count in item.report_counts.items()},
        "words": list(item.words),
    }


def _show(item: trust.ReviewItem) -> None:
    """Print an offer under review: a line for it, then its warnings, report counts and reporters' words."""
    from oim.channels.wording import REPORT_REASONS, render_publisher, render_warning

    offer = item.offer
    state = t("waiting to be checked") if offer.is_held else t("reported")
    output.print(f"{offer.id}  {state}  {offer.title} ({render_publisher(offer.draft, t)})", markup=False)
    # Excerpts and words are other people's text: without `markup=False` rich would interpret its brackets.
    for flag in offer.warnings:
        excerpt = t("“%(words)s”", words=flag.excerpt) if flag.excerpt else ""
        output.print(f"    {render_warning(flag, t)} {excerpt}".rstrip(), markup=False)
    for reason, count in item.report_counts.items():
        output.print(f"    {count} × {t(REPORT_REASONS[reason])}", markup=False)
    for words in item.words:
        output.print(f"    {t('“%(words)s”', words=words)}", markup=False)
