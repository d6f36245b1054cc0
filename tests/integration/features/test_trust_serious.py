"""Reports of violence or trafficking: one voice may hide an offer at once, within its budget of a day."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from trust_factory import FRAUD, HONEST, SOURCE, id_of, ingest_drafts

from oim.features import opportunities, trust
from oim.features.access import SYSTEM, Actor, Role
from oim.features.opportunities import Draft
from oim.features.opportunities.models import OpportunityRow
from oim.features.trust import SERIOUS_REASONS, Alert, AlertCode, FlagCode, Reporter
from oim.features.trust.models import ReportRow
from oim.features.trust.voices import (
    ALONE_WINDOW,
    HIDDEN_WINDOW,
    MAX_CAUTIONED,
    MAX_CAUTIONED_BY_STRANGERS,
    MAX_HIDDEN_ALONE,
    MAX_HIDDEN_BY_STRANGERS,
)
from oim.kit.db import Database

WORKER = Actor(Role.CASE_WORKER, uuid4())


def make_drafts(count: int) -> list[Draft]:
    return [replace(HONEST, external_id=f"offer {number}") for number in range(count)]


def report(
    database: Database, draft: Draft, *voices: str, reason: str = "trafficking", proven: bool = False
) -> None:
    for voice in voices:
        with database.write() as session:
            index = session.vault.blind_index("reporter", voice)
            trust.report_offer(session, id_of(draft), reason, "", Reporter(uuid4().bytes, index, proven))


def count_shown(database: Database, *drafts: Draft) -> int:
    with database.read() as session:
        return len(opportunities.get_many(session, [id_of(draft) for draft in drafts]))


def count_cautioned(database: Database, *drafts: Draft) -> int:
    with database.read() as session:
        offers = opportunities.get_many(session, [id_of(draft) for draft in drafts])
    return sum(FlagCode.REPORTED in {flag.code for flag in offer.warnings} for offer in offers.values())


def find_alerts(database: Database) -> list[Alert]:
    with database.read() as session:
        return trust.find_alerts(session)


def load_queue_ids(database: Database) -> list[UUID]:
    with database.write() as session:
        return [item.offer.id for item in trust.load_review_queue(session, WORKER)]


def release(database: Database, draft: Draft) -> None:
    with database.write() as session:
        trust.release(session, WORKER, id_of(draft))


def verify(database: Database) -> None:
    with database.write() as session:
        trust.mark_source(session, SYSTEM, SOURCE, known=True)
        organisation = opportunities.get_organisation_id(session, "Atelier Mbo")
        trust.verify_organisation(session, SYSTEM, organisation, verified=True)


@pytest.mark.parametrize("reason", sorted(SERIOUS_REASONS))
def test_one_stranger_hides_an_offer_at_once_and_staff_are_alerted(database: Database, reason: str) -> None:
    ingest_drafts(database, HONEST)
    report(database, HONEST, "a", reason=reason)
    assert count_shown(database, HONEST) == 0
    assert find_alerts(database) == [Alert(AlertCode.SERIOUS, 1)]
    release(database, HONEST)
    assert find_alerts(database) == []


def test_other_reasons_hide_nothing_alone(database: Database) -> None:
    ingest_drafts(database, HONEST)
    for reason in set(trust.ReportReason) - SERIOUS_REASONS:
        report(database, HONEST, "a", reason=reason, proven=True)
    assert count_shown(database, HONEST) == 1
    assert find_alerts(database) == []


def test_serious_reports_come_first_in_the_queue_those_of_proven_voices_before(database: Database) -> None:
    first, second, raised, other = make_drafts(4)
    ingest_drafts(database, FRAUD, first, second, raised, other)
    report(database, other, "x", reason="money_asked", proven=True)
    report(database, raised, "a", "b", "c", reason="money_asked")
    report(database, first, "d")
    report(database, second, "e", proven=True)
    assert load_queue_ids(database)[:3] == [id_of(second), id_of(first), id_of(other)]
    assert len(load_queue_ids(database)) == 5


def test_serious_reports_leave_places_in_the_queue(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oim.features.trust.review.SERIOUS_FIRST", 2)
    drafts = make_drafts(5)
    ingest_drafts(database, FRAUD, *drafts)
    for draft in drafts:
        report(database, draft, draft.external_id)
    ids = load_queue_ids(database)
    assert ids[:3] == [id_of(drafts[0]), id_of(drafts[1]), id_of(FRAUD)]
    assert len(ids) == len(set(ids)) == 6


def test_a_stranger_never_hides_what_a_verified_organisation_publishes(database: Database) -> None:
    ingest_drafts(database, HONEST)
    verify(database)
    report(database, HONEST, *map(str, range(20)))
    assert count_shown(database, HONEST) == 1
    assert load_queue_ids(database) == [id_of(HONEST)]
    report(database, HONEST, "somebody", proven=True)
    assert count_shown(database, HONEST) == 0, "a person whose contact is old enough does"


def test_what_staff_released_is_hidden_again_by_no_stranger(database: Database) -> None:
    ingest_drafts(database, HONEST)
    report(database, HONEST, "a")
    release(database, HONEST)
    report(database, HONEST, *map(str, range(20)))
    assert count_shown(database, HONEST) == 1
    assert load_queue_ids(database) == [id_of(HONEST)]
    report(database, HONEST, "p", proven=True)
    assert count_shown(database, HONEST) == 0
    release(database, HONEST)
    report(database, HONEST, "p", proven=True)
    assert count_shown(database, HONEST) == 1, "who was answered once counts no more"
    assert load_queue_ids(database) == [id_of(HONEST)], "and is read all the same"


@pytest.mark.parametrize(("proven", "most"), [(False, 1), (True, MAX_HIDDEN_ALONE)])
def test_one_voice_hides_so_many_a_day(database: Database, proven: bool, most: int) -> None:
    drafts = make_drafts(most + 2)
    ingest_drafts(database, *drafts)
    for draft in drafts:
        report(database, draft, "a", proven=proven)
    assert count_shown(database, *drafts) == 2
    assert count_cautioned(database, *drafts) == 2 * proven, "one stranger alone marks nothing"
    with database.write() as session:
        session.execute(update(ReportRow).values(hid_at=ReportRow.hid_at - ALONE_WINDOW))
    report(database, drafts[-1], "a", proven=proven)
    assert count_shown(database, *drafts) == 1


def test_strangers_of_many_networks_hide_so_many_an_hour_together(database: Database) -> None:
    drafts = make_drafts(MAX_HIDDEN_BY_STRANGERS + 2)
    ingest_drafts(database, *drafts, HONEST)
    for draft in drafts:
        report(database, draft, draft.external_id)
    assert count_shown(database, *drafts) == 2
    report(database, HONEST, "p", proven=True)
    assert count_shown(database, HONEST) == 0, "half of the budget is kept for proven voices"
    assert Alert(AlertCode.SERIOUS, len(drafts) + 1) in find_alerts(database)


def test_cautions_have_a_budget_an_hour_of_which_strangers_have_half(database: Database) -> None:
    drafts = make_drafts(MAX_CAUTIONED + 2)
    ingest_drafts(database, *drafts)
    for draft in drafts[: MAX_CAUTIONED_BY_STRANGERS + 2]:
        report(database, draft, "a", "b", reason="money_asked")
    assert count_cautioned(database, *drafts) == MAX_CAUTIONED_BY_STRANGERS
    for draft in reversed(drafts[MAX_CAUTIONED_BY_STRANGERS:]):
        report(database, draft, "p", reason="money_asked", proven=True)
    assert count_cautioned(database, *drafts) == MAX_CAUTIONED
    alerts = {alert.code: alert.count for alert in find_alerts(database)}
    assert alerts[AlertCode.CAUTIONS_SPENT] == MAX_CAUTIONED
    with database.write() as session:
        session.execute(
            update(OpportunityRow).values(
                cautioned_at=OpportunityRow.cautioned_at - HIDDEN_WINDOW - timedelta(minutes=1)
            )
        )
    report(database, drafts[MAX_CAUTIONED_BY_STRANGERS], "c", reason="money_asked")
    assert count_cautioned(database, *drafts) == MAX_CAUTIONED + 1
