"""Strangers are not people: their reports raise an offer and caution its readers, and alone hide nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from trust_factory import FRAUD, HONEST, SOURCE, id_of, ingest_drafts, standing_of

from oim.features import opportunities, trust
from oim.features.access import SYSTEM, Actor, Role
from oim.features.opportunities import Draft, load_catalogue_version
from oim.features.trust import Alert, AlertCode, FlagCode, Reporter
from oim.features.trust.alerts import BURST_REPORTS
from oim.features.trust.models import ReportRow
from oim.features.trust.voices import (
    ANSWERED_FOR,
    HIDDEN_WINDOW,
    MAX_HIDDEN,
    MAX_HIDDEN_BY_STRANGERS,
)
from oim.kit.clock import now
from oim.kit.db import Database

WORKER = Actor(Role.CASE_WORKER, uuid4())
# Signs of fraud that do not suffice to hold an offer, and what an honest one may lack.
SUSPECT = replace(HONEST, external_id="suspect", description="Ne le dites à personne. Passez à l’atelier.")
NAMELESS = replace(HONEST, external_id="nameless", organisation=None)


def report(database: Database, draft: Draft, *voices: str, proven: bool = False) -> None:
    for voice in voices:
        with database.write() as session:
            index = session.vault.blind_index("reporter", voice)
            reporter = Reporter(uuid4().bytes, index, proven)
            trust.report_offer(session, id_of(draft), "money_asked", "", reporter)


def is_shown(database: Database, draft: Draft) -> bool:
    with database.read() as session:
        return id_of(draft) in opportunities.get_many(session, [id_of(draft)])


def warnings_of(database: Database, draft: Draft) -> list[str]:
    with database.read() as session:
        return [flag.code for flag in opportunities.get(session, id_of(draft)).warnings]


def find_alerts(database: Database) -> list[Alert]:
    with database.read() as session:
        return trust.find_alerts(session)


def load_queue_ids(database: Database) -> Sequence[UUID]:
    with database.write() as session:
        return [item.offer.id for item in trust.load_review_queue(session, WORKER)]


def test_three_strangers_raise_an_offer_and_caution_its_readers_but_do_not_hide_it(
    database: Database,
) -> None:
    other = replace(HONEST, external_id="other")
    ingest_drafts(database, HONEST, other, FRAUD)
    report(database, other, "x")
    report(database, HONEST, "a")
    assert warnings_of(database, HONEST) == []
    report(database, HONEST, "b", "c")
    assert is_shown(database, HONEST)
    assert warnings_of(database, HONEST) == [FlagCode.REPORTED]
    assert warnings_of(database, other) == [], "one stranger alone marks no offer"
    assert load_queue_ids(database) == [id_of(HONEST), id_of(FRAUD), id_of(other)]
    assert find_alerts(database) == [Alert(AlertCode.RAISED, 1)]


def test_a_hundred_strangers_hide_nothing(database: Database) -> None:
    ingest_drafts(database, HONEST, NAMELESS)
    report(database, HONEST, *map(str, range(100)))
    report(database, NAMELESS, *map(str, range(100)))
    assert is_shown(database, HONEST)
    assert is_shown(database, NAMELESS), "what an honest offer may lack is no sign of fraud"


def test_many_reporters_of_one_voice_are_one(database: Database) -> None:
    ingest_drafts(database, HONEST)
    report(database, HONEST, *["one network"] * 50, proven=True)
    assert is_shown(database, HONEST)
    assert [alert.code for alert in find_alerts(database)] == [AlertCode.BURST]


def test_strangers_hide_an_offer_that_screening_suspects_until_staff_release_it(database: Database) -> None:
    ingest_drafts(database, SUSPECT)
    assert warnings_of(database, SUSPECT) == [FlagCode.HASTE_OR_SECRECY]
    report(database, SUSPECT, "a", "b")
    assert is_shown(database, SUSPECT)
    report(database, SUSPECT, "c")
    assert not is_shown(database, SUSPECT)
    with database.write() as session:
        trust.release(session, WORKER, id_of(SUSPECT))
    report(database, SUSPECT, "d", "e", "f")
    assert is_shown(database, SUSPECT), "staff knew the flags when they released it"
    report(database, SUSPECT, "g", "h", proven=True)
    assert not is_shown(database, SUSPECT)


def test_a_proven_voice_cautions_alone_and_two_hide(database: Database) -> None:
    ingest_drafts(database, HONEST)
    report(database, HONEST, "a", proven=True)
    assert warnings_of(database, HONEST) == [FlagCode.REPORTED]
    report(database, HONEST, "b", proven=True)
    assert not is_shown(database, HONEST)


@pytest.mark.parametrize("decide", [trust.release, trust.withdraw])
def test_a_decision_of_staff_ends_the_caution(database: Database, decide) -> None:
    ingest_drafts(database, HONEST)
    report(database, HONEST, "a", "b", "c")
    with database.write() as session:
        decide(session, WORKER, id_of(HONEST))
    assert is_shown(database, HONEST) == (decide is trust.release)
    assert find_alerts(database) == []
    with database.write() as session:
        trust.release(session, WORKER, id_of(HONEST))
    assert warnings_of(database, HONEST) == []
    report(database, HONEST, "a", "b")
    assert warnings_of(database, HONEST) == [], "who was answered once marks the offer no more"


def test_a_verified_organisation_is_never_hidden_by_reports(database: Database) -> None:
    ingest_drafts(database, HONEST, SUSPECT)
    with database.write() as session:
        trust.mark_source(session, SYSTEM, SOURCE, known=True)
        organisation = opportunities.get_organisation_id(session, "Atelier Mbo")
        trust.verify_organisation(session, SYSTEM, organisation, verified=True)
    for draft in (HONEST, SUSPECT):
        report(database, draft, *map(str, range(9)), proven=True)
        assert is_shown(database, draft)
        assert warnings_of(database, draft)[-1] == FlagCode.REPORTED
    assert Alert(AlertCode.RAISED, 2) in find_alerts(database)
    with database.write() as session:
        trust.withdraw(session, WORKER, id_of(HONEST))
    assert not is_shown(database, HONEST)


def test_a_claim_to_be_a_verified_organisation_protects_nobody(database: Database) -> None:
    ingest_drafts(database, HONEST)
    with database.write() as session:
        organisation = opportunities.get_organisation_id(session, "Atelier Mbo")
        trust.verify_organisation(session, SYSTEM, organisation, verified=True)
    report(database, HONEST, "a", "b", proven=True)
    assert not is_shown(database, HONEST), "its source is not known"


def test_reports_hide_so_many_offers_an_hour_and_staff_are_alerted(database: Database) -> None:
    drafts = [replace(HONEST, external_id=str(number)) for number in range(MAX_HIDDEN + 2)]
    ingest_drafts(database, *drafts)
    for draft in drafts:
        report(database, draft, "a", "b", "c", proven=True)
    assert [is_shown(database, draft) for draft in drafts] == [False] * MAX_HIDDEN + [True] * 2
    assert warnings_of(database, drafts[-1]) == [FlagCode.REPORTED]
    assert load_queue_ids(database)[:2] == [id_of(draft) for draft in drafts[-2:]]
    assert find_alerts(database) == [
        Alert(AlertCode.RAISED, 2),
        Alert(AlertCode.BURST, 3 * len(drafts)),
        Alert(AlertCode.BUDGET_SPENT, MAX_HIDDEN),
    ]
    with database.write() as session:
        session.execute(update(ReportRow).values(hid_at=ReportRow.hid_at - HIDDEN_WINDOW))
    report(database, drafts[-1], "d")
    assert not is_shown(database, drafts[-1])


def test_strangers_leave_half_of_the_budget_to_proven_voices(database: Database) -> None:
    drafts = [replace(SUSPECT, external_id=str(number)) for number in range(MAX_HIDDEN)]
    ingest_drafts(database, *drafts, HONEST)
    for draft in drafts:
        report(database, draft, "a", "b", "c")
    assert sum(is_shown(database, draft) for draft in drafts) == MAX_HIDDEN - MAX_HIDDEN_BY_STRANGERS
    report(database, HONEST, "d", "e", proven=True)
    assert not is_shown(database, HONEST)


def test_offers_raised_by_strangers_do_not_fill_the_queue(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oim.features.trust.review.QUEUE_LIMIT", 8)
    monkeypatch.setattr("oim.features.trust.review.PROVEN_FIRST", 2)
    raised = [replace(HONEST, external_id=str(number)) for number in range(9)]
    proven, later = (replace(HONEST, external_id=name) for name in ("proven", "later"))
    ingest_drafts(database, *raised, proven, later, HONEST, FRAUD)
    for draft in raised:
        report(database, draft, "a", "b", "c")
    report(database, HONEST, "x")
    report(database, later, "y")
    report(database, proven, "z", proven=True)
    ids = load_queue_ids(database)
    assert ids[:5] == [id_of(draft) for draft in (proven, raised[0], FRAUD, HONEST, raised[1])]
    assert id_of(later) in ids
    assert len(ids) == 8


def test_who_was_answered_is_heard_again_after_some_time_unless_proven(database: Database) -> None:
    """Else whoever reports an offer of their own from some networks silences these, and then changes it."""
    for draft, proven in ((HONEST, False), (NAMELESS, True)):
        ingest_drafts(database, draft)
        report(database, draft, "a", "b", "c", proven=proven)
        with database.write() as session:
            trust.release(session, WORKER, id_of(draft))
            age = ANSWERED_FOR + timedelta(minutes=1)
            session.execute(update(ReportRow).values(settled_at=now() - age))
        assert FlagCode.REPORTED not in warnings_of(database, draft)
        report(database, draft, "a", "b", "c", proven=proven)
        assert (FlagCode.REPORTED in warnings_of(database, draft)) != proven
        assert is_shown(database, draft)


def test_a_burst_is_of_an_hour(database: Database) -> None:
    drafts = [replace(HONEST, external_id=str(number)) for number in range(BURST_REPORTS)]
    ingest_drafts(database, *drafts)
    for draft in drafts:
        report(database, draft, "a")
    assert find_alerts(database) == [Alert(AlertCode.BURST, BURST_REPORTS)]
    with database.write() as session:
        session.execute(update(ReportRow).values(at=now() - timedelta(hours=1)))
    assert find_alerts(database) == []


def test_pages_kept_in_memory_learn_of_a_caution_once(database: Database) -> None:
    ingest_drafts(database, HONEST)
    versions = set()
    for voice in "abcd":
        report(database, HONEST, voice)
        with database.read() as session:
            versions.add(load_catalogue_version(session))
    assert len(versions) == 2


def test_a_source_that_mends_its_offer_does_not_end_the_caution(database: Database) -> None:
    ingest_drafts(database, HONEST)
    report(database, HONEST, "a", "b")
    ingest_drafts(database, replace(HONEST, title="Menuisier ébéniste"))
    assert warnings_of(database, HONEST) == [FlagCode.REPORTED]
    assert standing_of(database, HONEST).flags == ()
    with database.read() as session:
        assert session.scalars(select(ReportRow.hid_at)).all() == [None, None]
