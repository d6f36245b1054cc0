"""Ingestion runs on a real PostgreSQL: counts, changes, rejects, outbox, interrupted runs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from oim.features import opportunities
from oim.features.events import INDEX, OFFER_CHANGED, consume_next
from oim.features.ingestion import Counts, Reject, ingest_offers, load_last_rejects
from oim.features.ingestion.models import RunRow
from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Draft,
    Eligibility,
    Gender,
    Kind,
    Location,
    Status,
)
from oim.features.opportunities.models import OpportunityRow
from oim.kit.db import Database, OutboxRow, count_waiting
from oim.kit.errors import BadInputError, NotFoundError

COMPLETE_DRAFT = Draft(
    kind=Kind.AGR,
    external_id="one",
    title="Prêt avicole « Poussin »",
    description="Deux lignes\n\nde texte",
    language="fr",
    organisation="Coopérative du Noun",
    url="https://exemple.oim.invalid/1",
    location=Location(country="CM", region="CM-OU", locality="Foumbot", latitude=5.5, longitude=10.6),
    occupations=("6122",),
    eligibility=Eligibility(
        age_min=18, gender=Gender.FEMALE, statuses=(Status.RETURNEE,), documents=("CNI",)
    ),
    details=AgrDetails(form=AgrForm.LOAN, amount_max=1_000_000, rate=4.5, guarantor=False),
    places=12,
    published_at=datetime(2026, 11, 1, tzinfo=UTC),
    valid_through=datetime(2027, 1, 1, tzinfo=UTC),
    provenance={"row": 1},
)


def drafts(count: int) -> list[Draft]:
    return [replace(COMPLETE_DRAFT, external_id=f"id-{n}", title=f"Offre {n}") for n in range(count)]


def ingest(
    database: Database, items: list[Draft | Reject] | Iterator[Draft | Reject], source: str = "test"
) -> Counts:
    return ingest_offers(database, items, source=source, origin="offers.csv", format_name="csv")


def test_a_stored_offer_is_loaded_unchanged(database: Database) -> None:
    ingest(database, [COMPLETE_DRAFT])
    with database.read() as session:
        [stored] = opportunities.list_newest(session).items
        assert opportunities.get(session, stored.id).draft == COMPLETE_DRAFT
    assert stored.source == "test"


def test_ingesting_the_same_file_again_changes_nothing(database: Database) -> None:
    offers = drafts(600)
    assert ingest(database, list(offers)) == Counts(read=600, new=600)
    with database.read() as session:
        before = opportunities.list_newest(session, limit=1).items[0]
    assert ingest(database, list(offers)) == Counts(read=600, unchanged=600)
    with database.read() as session:
        assert opportunities.list_newest(session, limit=1).items[0] == before
        assert opportunities.count_offers(session) == 600


def test_a_changed_offer_is_updated_and_announced_once(database: Database) -> None:
    first, second = drafts(2)
    ingest(database, [first, second])
    with database.read() as session:
        known = list(session.scalars(select(OutboxRow.id).where(OutboxRow.topic == OFFER_CHANGED)))
    assert len(known) == 2
    assert ingest(database, [replace(first, places=3), second]) == Counts(read=2, changed=1, unchanged=1)
    with database.read() as session:
        new_keys = set(session.scalars(select(OutboxRow.key).where(OutboxRow.id.not_in(known))))
        assert {opportunities.get(session, UUID(key)).draft.places for key in new_keys} == {3}
    assert ingest(database, [replace(first, places=3, provenance={"row": 99})]) == Counts(read=1, unchanged=1)


def test_the_second_offer_with_the_same_id_in_a_run_is_rejected_even_in_another_batch(
    database: Database,
) -> None:
    offers = drafts(300)
    again = replace(offers[0], title="Autre titre", provenance={"row": 301})
    assert ingest(database, [*offers, again]) == Counts(read=301, new=300, rejected=1)
    assert ingest(database, [*offers, again]) == Counts(read=301, unchanged=300, rejected=1)
    with database.read() as session:
        [(origin, reject)] = load_last_rejects(session)
    assert (origin, reject.number, reject.reason) == ("offers.csv", 301, "duplicate")


def test_the_rejects_of_the_last_run_of_each_source_are_loaded(database: Database) -> None:
    refused = Reject(7, "no-title", "", "texte")
    ingest(database, [*drafts(1), refused], "a")
    ingest(database, [Reject(8, "bad-kind", "x", "")], "b")
    ingest(database, [Reject(9, "no-title", "", "")], "a")
    with database.read() as session:
        assert [reject.number for _, reject in load_last_rejects(session)] == [8, 9]
        assert [reject.number for _, reject in load_last_rejects(session, "a")] == [9]


def test_only_the_offer_that_the_database_refuses_is_rejected(database: Database) -> None:
    offers = drafts(9)
    offers[4] = replace(offers[4], places=10**12)
    assert ingest(database, list(offers)) == Counts(read=9, new=8, rejected=1)
    with database.read() as session:
        [(_, reject)] = load_last_rejects(session)
        assert reject.reason == "unstorable"
        assert opportunities.count_offers(session) == 8


def test_an_interrupted_run_leaves_whole_batches_and_the_next_run_completes_it(database: Database) -> None:
    def interrupted() -> Iterator[Draft | Reject]:
        yield from drafts(620)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(database, interrupted())
    with database.read() as session:
        stored_count = opportunities.count_offers(session)
        [run] = session.scalars(select(RunRow))
        assert stored_count == run.new == 500
        assert run.finished_at is None
        assert count_waiting(session, INDEX) == 500
    assert ingest(database, list(drafts(620))) == Counts(read=620, new=120, unchanged=500)


def test_pages_of_offers_have_no_gap_and_no_repeat(database: Database) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    offers = [replace(d, published_at=at - timedelta(days=n // 3)) for n, d in enumerate(drafts(25))]
    ingest(database, list(offers))
    ids, cursor = [], None
    with database.read() as session:
        while True:
            page = opportunities.list_newest(session, after=cursor, limit=7)
            ids += [item.draft.external_id for item in page.items]
            cursor = page.next
            if cursor is None:
                break
    assert sorted(ids) == sorted(draft.external_id for draft in offers)
    assert len(ids) == len(set(ids))


def test_offers_are_filtered_by_kind_and_region_and_closed_ones_left_out(database: Database) -> None:
    closed = replace(COMPLETE_DRAFT, external_id="closed", valid_through=datetime(2020, 1, 1, tzinfo=UTC))
    elsewhere = replace(COMPLETE_DRAFT, external_id="elsewhere", location=Location(region="CM-LT"))
    ingest(database, [COMPLETE_DRAFT, closed, elsewhere])
    with database.read() as session:
        offers = opportunities.list_newest(session, kind=Kind.AGR, region="CM-OU").items
        assert [item.draft.external_id for item in offers] == ["one"]
        assert opportunities.list_newest(session, kind=Kind.TRAINING).items == ()


@pytest.mark.parametrize(
    "cursor", ["", "x", "~", "nan~00000000-0000-0000-0000-000000000000", "1e99~x", "1.0~"]
)
def test_an_invalid_cursor_is_bad_input(database: Database, cursor: str) -> None:
    with database.read() as session:
        if cursor:
            with pytest.raises(BadInputError):
                opportunities.list_newest(session, after=cursor)
        else:
            assert opportunities.list_newest(session, after=cursor).items == ()


def test_an_unknown_offer_is_not_found(database: Database) -> None:
    with database.read() as session, pytest.raises(NotFoundError):
        opportunities.get(session, UUID("00000000-0000-0000-0000-000000000001"))


def test_an_import_of_many_offers_lets_that_of_another_source_pass(database: Database) -> None:
    ingest(database, drafts(400), "large")
    ingest(database, drafts(10), "small")
    with database.read() as session:
        small = {str(id_) for id_ in session.scalars(select(OpportunityRow.id).filter_by(source="small"))}
    keys: list[str] = []
    consume_next(database, INDEX, lambda rows: keys.extend(row.key for row in rows), 32)
    assert small <= set(keys), "all of the small one are among the first"
    assert len(small) == 10
