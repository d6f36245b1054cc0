"""Offers are screened as they are ingested; held ones are hidden everywhere and leave the index."""

from dataclasses import replace
from uuid import UUID

import pytest
from trust_factory import FEE, FRAUD, HONEST, SOURCE, WORSE, flags_of, id_of, ingest_drafts, standing_of

from oim.features import opportunities, trust
from oim.features.access import SYSTEM
from oim.features.events import INDEX, consume_next
from oim.features.ingestion import Counts
from oim.features.opportunities import (
    Draft,
    RedFlag,
    Search,
    Trust,
    list_changes,
    load_for_review,
)
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.errors import NotFoundError


def visible_offers(database: Database) -> set[str]:
    """The external ids that every reading function returns, which must be the same ones."""
    ids = [id_of(draft) for draft in (HONEST, FRAUD)]
    with database.read() as session:
        readings = [
            {offer.draft.external_id for offer in opportunities.get_many(session, ids).values()},
            {offer.draft.external_id for offer in opportunities.list_newest(session).items},
            {offer.draft.external_id for offer in opportunities.list_after(session, None, 10)},
            {offer.draft.external_id for offer in opportunities.search_offers(session, Search()).items},
        ]
        assert opportunities.count_offers(session) == len(readings[0])
        assert opportunities.count_open_offers(session, Search()) == len(readings[0])
    assert all(reading == readings[0] for reading in readings)
    return readings[0]


def pop_announced(database: Database) -> set[UUID]:
    """The offers whose change was announced since the last call; empties the outbox."""
    keys: list[str] = []
    consume_next(database, INDEX, lambda changes: keys.extend(change.key for change in changes), 100)
    return set(map(UUID, keys))


def release(database: Database, draft: Draft) -> None:
    with database.write() as session:
        trust.release(session, SYSTEM, id_of(draft))


def test_a_dangerous_offer_is_shown_to_staff_only(database: Database) -> None:
    assert ingest_drafts(database, HONEST, FRAUD) == Counts(read=2, new=2, held_for_review=1)
    assert visible_offers(database) == {"honest"}
    with database.read() as session:
        with pytest.raises(NotFoundError):
            opportunities.get(session, id_of(FRAUD))
        offers = load_for_review(session, [id_of(FRAUD), id_of(HONEST)])
    assert offers[id_of(FRAUD)].is_held
    assert offers[id_of(FRAUD)].warnings == (RedFlag("fee", FEE),)
    assert (offers[id_of(HONEST)].is_held, offers[id_of(HONEST)].warnings) == (False, ())


def test_a_slightly_suspicious_offer_is_shown_with_its_warning(database: Database) -> None:
    nameless = replace(HONEST, organisation=None)
    ingest_drafts(database, nameless)
    with database.read() as session:
        assert opportunities.get(session, id_of(nameless)).warnings == (RedFlag("no_employer"),)


def test_ingesting_the_same_file_again_changes_nothing(database: Database) -> None:
    ingest_drafts(database, HONEST, FRAUD)
    before = standing_of(database, FRAUD)
    pop_announced(database)
    assert ingest_drafts(database, HONEST, FRAUD) == Counts(read=2, unchanged=2)
    assert standing_of(database, FRAUD) == before
    assert pop_announced(database) == set()


def test_every_decision_is_announced_to_the_index(database: Database) -> None:
    ingest_drafts(database, HONEST, FRAUD)
    assert pop_announced(database) == {id_of(HONEST), id_of(FRAUD)}
    release(database, FRAUD)
    assert pop_announced(database) == {id_of(FRAUD)}
    with database.write() as session:
        trust.withdraw(session, SYSTEM, id_of(HONEST))
    assert pop_announced(database) == {id_of(HONEST)}


def test_an_offer_withdrawn_while_an_index_is_rebuilt_is_listed_as_changed(database: Database) -> None:
    ingest_drafts(database, HONEST, FRAUD)
    start = now()
    with database.write() as session:
        trust.withdraw(session, SYSTEM, id_of(HONEST))
    with database.read() as session:
        changes = list_changes(session, None, 10)
    assert set(changes) == {id_of(HONEST), id_of(FRAUD)}
    assert [id_ for id_, at in changes.items() if at >= start] == [id_of(HONEST)]


def test_a_changed_offer_is_screened_again(database: Database) -> None:
    ingest_drafts(database, HONEST)
    ingest_drafts(database, replace(HONEST, description=FEE))
    assert flags_of(database, HONEST) == ["fee"]
    assert visible_offers(database) == set()


def test_a_held_offer_stays_held_when_its_source_corrects_it(database: Database) -> None:
    ingest_drafts(database, FRAUD)
    ingest_drafts(database, replace(FRAUD, description="Passez à l’atelier."))
    assert flags_of(database, FRAUD) == []
    assert standing_of(database, FRAUD).held_at
    release(database, FRAUD)
    assert visible_offers(database) == {"fraud"}


def test_a_released_offer_stays_released_until_it_has_a_new_flag(database: Database) -> None:
    ingest_drafts(database, FRAUD)
    release(database, FRAUD)
    ingest_drafts(database, replace(FRAUD, title="Menuisiers"))
    assert visible_offers(database) == {"fraud"}
    assert flags_of(database, FRAUD) == ["fee"]
    ingest_drafts(database, WORSE)
    assert visible_offers(database) == set()
    assert flags_of(database, FRAUD) == ["fee", "passport"]
    release(database, FRAUD)
    ingest_drafts(database, FRAUD)
    assert visible_offers(database) == {"fraud"}


def test_a_withdrawn_offer_stays_hidden_until_staff_release_it(database: Database) -> None:
    ingest_drafts(database, HONEST)
    with database.write() as session:
        trust.withdraw(session, SYSTEM, id_of(HONEST))
    assert visible_offers(database) == set()
    ingest_drafts(database, replace(HONEST, title="Menuisiers"))
    assert visible_offers(database) == set()
    ingest_drafts(database, replace(HONEST, description=FEE))
    assert standing_of(database, HONEST).held_at is None
    release(database, HONEST)
    assert visible_offers(database) == {"honest"}


LEVELS = [
    (False, False, Trust.UNKNOWN),
    (False, True, Trust.UNKNOWN),
    (True, False, Trust.KNOWN),
    (True, True, Trust.VERIFIED),
]


@pytest.mark.parametrize(("known", "verified", "level"), LEVELS)
def test_the_trust_level_depends_on_source_and_organisation(
    database: Database, known: bool, verified: bool, level: Trust
) -> None:
    ingest_drafts(database, HONEST)
    pop_announced(database)
    with database.write() as session:
        trust.mark_source(session, SYSTEM, SOURCE, known=known)
        organisation = opportunities.get_organisation_id(session, "atelier mbo")
        trust.verify_organisation(session, SYSTEM, organisation, verified=verified)
    with database.read() as session:
        assert opportunities.get(session, id_of(HONEST)).trust is level
        assert [offer.trust for offer in opportunities.list_newest(session).items] == [level]
    assert standing_of(database, HONEST).trust is level
    assert pop_announced(database) == set(), "the level is read when it is shown, and is in no index"


def test_the_sample_is_a_known_source_until_staff_unmark_it(database: Database) -> None:
    ingest_drafts(database, HONEST, source="sample")
    assert standing_of(database, HONEST, "sample").trust is Trust.KNOWN
    with database.write() as session:
        trust.mark_source(session, SYSTEM, "sample", known=False)
    ingest_drafts(database, replace(HONEST, title="Menuisiers"), source="sample")
    assert standing_of(database, HONEST, "sample").trust is Trust.UNKNOWN


def test_a_verified_partners_offer_is_screened_more_mildly_except_for_fees(database: Database) -> None:
    bait = replace(
        HONEST, external_id="bait", description="Gagnez 300 000 F par jour. N’en parlez à personne."
    )
    ingest_drafts(database, HONEST)
    with database.write() as session:
        trust.mark_source(session, SYSTEM, SOURCE, known=True)
        organisation = opportunities.get_organisation_id(session, "Atelier Mbo")
        trust.verify_organisation(session, SYSTEM, organisation, verified=True)
    ingest_drafts(database, bait, FRAUD)
    assert standing_of(database, bait).held_at is None
    assert standing_of(database, FRAUD).held_at


def test_sources_and_organisations_are_listed_with_their_number_of_offers(database: Database) -> None:
    other = replace(HONEST, external_id="other", organisation="Centre du 100 % métier")
    ingest_drafts(database, HONEST, FRAUD, other)
    ingest_drafts(database, HONEST, source="sample")
    with database.write() as session:
        sources = trust.load_sources(session, SYSTEM)
        assert [
            (source.slug, bool(source.known_at), source.offers, source.held_offers) for source in sources
        ] == [
            ("portal", False, 3, 1),
            ("sample", True, 1, 0),
        ]
        organisations = [(row.name, row.offers) for row in trust.find_organisations(session, SYSTEM)]
        assert organisations == [("Atelier Mbo", 3), ("Centre du 100 % métier", 1)]
        [organisation] = trust.find_organisations(session, SYSTEM, "100 % MÉTIER")
        assert trust.find_organisations(session, SYSTEM, "nobody") == []
        trust.verify_organisation(session, SYSTEM, organisation.id, verified=True)
        assert trust.find_organisations(session, SYSTEM)[0].name == "Centre du 100 % métier"


def test_an_unknown_source_organisation_or_offer_is_not_found(database: Database) -> None:
    nobody = UUID(int=1)
    for call in (
        lambda session: trust.mark_source(session, SYSTEM, "none", known=True),
        lambda session: trust.verify_organisation(session, SYSTEM, nobody, verified=True),
        lambda session: trust.release(session, SYSTEM, nobody),
        lambda session: trust.withdraw(session, SYSTEM, nobody),
        lambda session: trust.load_review_item(session, SYSTEM, nobody),
    ):
        with pytest.raises(NotFoundError), database.write() as session:
            call(session)
