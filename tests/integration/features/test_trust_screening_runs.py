"""Offers screened as they are taken in: held ones are as good as absent, and leave the index."""

from dataclasses import replace
from uuid import UUID

import pytest
from trust_factory import FEE, FRAUD, HONEST, SOURCE, WORSE, flags_of, id_of, standing_of, taken_in

from oim.features import opportunities, trust
from oim.features.access import SYSTEM
from oim.features.ingestion import Counts
from oim.features.opportunities import (
    OFFER_CHANGED,
    Draft,
    RedFlag,
    Search,
    Trust,
    list_changed_ids,
    load_for_review,
)
from oim.kit.clock import now
from oim.kit.db import Database, mark_done, peek
from oim.kit.errors import NotFoundError


def shown(database: Database) -> set[str]:
    """The offers that every way of reading gives, which must be the same ones."""
    ids = [id_of(draft) for draft in (HONEST, FRAUD)]
    with database.read() as session:
        found = [
            {offer.draft.external_id for offer in opportunities.get_many(session, ids).values()},
            {offer.draft.external_id for offer in opportunities.list_newest(session).items},
            {offer.draft.external_id for offer in opportunities.list_after(session, None, 10)},
            {offer.draft.external_id for offer in opportunities.search_offers(session, Search()).items},
        ]
        assert opportunities.count_offers(session) == len(found[0])
        assert opportunities.count_open_offers(session, Search()) == len(found[0])
    assert all(one == found[0] for one in found)
    return found[0]


def announced(database: Database) -> set[UUID]:
    """The offers whose change is announced, from the last time on."""
    with database.write() as session:
        rows = peek(session, OFFER_CHANGED, 100)
        mark_done(session, rows)
    return {UUID(key) for key in rows.values()}


def release(database: Database, draft: Draft) -> None:
    with database.write() as session:
        trust.release(session, SYSTEM, id_of(draft))


def test_what_warns_too_much_is_shown_to_nobody_but_staff(database: Database) -> None:
    assert taken_in(database, HONEST, FRAUD) == Counts(read=2, new=2, held=1)
    assert shown(database) == {"honest"}
    with database.read() as session:
        with pytest.raises(NotFoundError):
            opportunities.get(session, id_of(FRAUD))
        held = load_for_review(session, [id_of(FRAUD), id_of(HONEST)])
    assert held[id_of(FRAUD)].held
    assert held[id_of(FRAUD)].warnings == (RedFlag("fee", FEE),)
    assert (held[id_of(HONEST)].held, held[id_of(HONEST)].warnings) == (False, ())


def test_what_warns_a_little_is_shown_with_its_warning(database: Database) -> None:
    nameless = replace(HONEST, organisation=None)
    taken_in(database, nameless)
    with database.read() as session:
        assert opportunities.get(session, id_of(nameless)).warnings == (RedFlag("no_employer"),)


def test_the_same_file_again_changes_nothing(database: Database) -> None:
    taken_in(database, HONEST, FRAUD)
    before = standing_of(database, FRAUD)
    announced(database)
    assert taken_in(database, HONEST, FRAUD) == Counts(read=2, unchanged=2)
    assert standing_of(database, FRAUD) == before
    assert announced(database) == set()


def test_what_is_held_is_announced_so_that_the_index_lets_it_go(database: Database) -> None:
    taken_in(database, HONEST, FRAUD)
    assert announced(database) == {id_of(HONEST), id_of(FRAUD)}
    release(database, FRAUD)
    assert announced(database) == {id_of(FRAUD)}
    with database.write() as session:
        trust.withdraw(session, SYSTEM, id_of(HONEST))
    assert announced(database) == {id_of(HONEST)}


def test_an_index_built_anew_hears_of_what_was_held_meanwhile(database: Database) -> None:
    taken_in(database, HONEST, FRAUD)
    start = now()
    with database.write() as session:
        trust.withdraw(session, SYSTEM, id_of(HONEST))
    with database.read() as session:
        assert list_changed_ids(session, None, 10, start) == [id_of(HONEST)]
        assert set(list_changed_ids(session, None, 10, None)) == {id_of(HONEST), id_of(FRAUD)}


def test_a_change_is_screened_anew(database: Database) -> None:
    taken_in(database, HONEST)
    taken_in(database, replace(HONEST, description=FEE))
    assert flags_of(database, HONEST) == ["fee"]
    assert shown(database) == set()


def test_what_is_held_stays_held_though_its_source_mends_it(database: Database) -> None:
    taken_in(database, FRAUD)
    taken_in(database, replace(FRAUD, description="Passez à l’atelier."))
    assert flags_of(database, FRAUD) == []
    assert standing_of(database, FRAUD).held_at
    release(database, FRAUD)
    assert shown(database) == {"fraud"}


def test_what_staff_released_stays_released_until_it_warns_of_something_else(database: Database) -> None:
    taken_in(database, FRAUD)
    release(database, FRAUD)
    taken_in(database, replace(FRAUD, title="Menuisiers"))
    assert shown(database) == {"fraud"}
    assert flags_of(database, FRAUD) == ["fee"]
    taken_in(database, WORSE)
    assert shown(database) == set()
    assert flags_of(database, FRAUD) == ["fee", "passport"]
    release(database, FRAUD)
    taken_in(database, FRAUD)
    assert shown(database) == {"fraud"}


def test_what_staff_withdrew_stays_away_until_they_release_it(database: Database) -> None:
    taken_in(database, HONEST)
    with database.write() as session:
        trust.withdraw(session, SYSTEM, id_of(HONEST))
    assert shown(database) == set()
    taken_in(database, replace(HONEST, title="Menuisiers"))
    assert shown(database) == set()
    taken_in(database, replace(HONEST, description=FEE))
    assert standing_of(database, HONEST).held_at is None
    release(database, HONEST)
    assert shown(database) == {"honest"}


LEVELS = [
    (False, False, Trust.UNKNOWN),
    (False, True, Trust.UNKNOWN),
    (True, False, Trust.KNOWN),
    (True, True, Trust.VERIFIED),
]


@pytest.mark.parametrize(("known", "verified", "level"), LEVELS)
def test_the_level_is_the_sources_and_the_organisations(
    database: Database, known: bool, verified: bool, level: Trust
) -> None:
    taken_in(database, HONEST)
    announced(database)
    with database.write() as session:
        trust.mark_source(session, SYSTEM, SOURCE, known=known)
        whose = opportunities.get_organisation_id(session, "atelier mbo")
        trust.verify_organisation(session, SYSTEM, whose, verified=verified)
    with database.read() as session:
        assert opportunities.get(session, id_of(HONEST)).trust is level
        assert [offer.trust for offer in opportunities.list_newest(session).items] == [level]
    assert standing_of(database, HONEST).trust is level
    assert announced(database) == set(), "the level is read when it is shown, and is in no index"


def test_the_sample_is_known_until_staff_say_otherwise(database: Database) -> None:
    taken_in(database, HONEST, source="sample")
    assert standing_of(database, HONEST, "sample").trust is Trust.KNOWN
    with database.write() as session:
        trust.mark_source(session, SYSTEM, "sample", known=False)
    taken_in(database, replace(HONEST, title="Menuisiers"), source="sample")
    assert standing_of(database, HONEST, "sample").trust is Trust.UNKNOWN


def test_a_verified_partners_offer_is_judged_more_mildly_but_for_money(database: Database) -> None:
    bait = replace(
        HONEST, external_id="bait", description="Gagnez 300 000 F par jour. N’en parlez à personne."
    )
    taken_in(database, HONEST)
    with database.write() as session:
        trust.mark_source(session, SYSTEM, SOURCE, known=True)
        whose = opportunities.get_organisation_id(session, "Atelier Mbo")
        trust.verify_organisation(session, SYSTEM, whose, verified=True)
    taken_in(database, bait, FRAUD)
    assert standing_of(database, bait).held_at is None
    assert standing_of(database, FRAUD).held_at


def test_sources_and_organisations_are_listed_with_their_offers(database: Database) -> None:
    other = replace(HONEST, external_id="other", organisation="Centre du 100 % métier")
    taken_in(database, HONEST, FRAUD, other)
    taken_in(database, HONEST, source="sample")
    with database.write() as session:
        found = trust.load_sources(session, SYSTEM)
        assert [(one.slug, bool(one.known_at), one.offers, one.held) for one in found] == [
            ("portal", False, 3, 1),
            ("sample", True, 1, 0),
        ]
        named = [(one.name, one.offers) for one in trust.find_organisations(session, SYSTEM)]
        assert named == [("Atelier Mbo", 3), ("Centre du 100 % métier", 1)]
        [whose] = trust.find_organisations(session, SYSTEM, "100 % MÉTIER")
        assert trust.find_organisations(session, SYSTEM, "nobody") == []
        trust.verify_organisation(session, SYSTEM, whose.id, verified=True)
        assert trust.find_organisations(session, SYSTEM)[0].name == "Centre du 100 % métier"


def test_who_is_not_here_is_not_found(database: Database) -> None:
    nobody = UUID(int=1)
    for ask in (
        lambda session: trust.mark_source(session, SYSTEM, "none", known=True),
        lambda session: trust.verify_organisation(session, SYSTEM, nobody, verified=True),
        lambda session: trust.release(session, SYSTEM, nobody),
        lambda session: trust.withdraw(session, SYSTEM, nobody),
        lambda session: trust.load_review_item(session, SYSTEM, nobody),
    ):
        with pytest.raises(NotFoundError), database.write() as session:
            ask(session)
