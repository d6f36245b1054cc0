"""Reports about offers, and the decisions of staff about them."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from people_factory import add_people
from sqlalchemy import delete, select
from trust_factory import FRAUD, HONEST, id_of, ingest_drafts, standing_of

from oim.adapters.blob_folder import FolderBlobs
from oim.features import trust
from oim.features.access import STRANGER, SYSTEM, Actor, Role
from oim.features.audit import AuditRow
from oim.features.opportunities import Draft
from oim.features.people.models import PersonRow
from oim.features.rights import apply_retention
from oim.features.sign_in import SignInServices
from oim.features.trust import Decision, Reporter, ReportReason, ReviewItem
from oim.features.trust.models import ReportRow, ReviewRow
from oim.kit.db import Database
from oim.kit.errors import BadInputError, NotFoundError

WORKER = Actor(Role.CASE_WORKER, uuid4())


def report(
    database: Database,
    reporter: str,
    reason: str = ReportReason.MONEY_ASKED,
    words: str = "",
    person: UUID | None = None,
    *,
    proven: bool = False,
    draft: Draft = HONEST,
) -> None:
    with database.write() as session:
        index = session.vault.blind_index("reporter", reporter)
        trust.report_offer(session, id_of(draft), reason, words, Reporter(index, index, proven, person))


def is_held(database: Database) -> bool:
    return standing_of(database, HONEST).held_at is not None


def load_queue(database: Database) -> list[ReviewItem]:
    with database.write() as session:
        return trust.load_review_queue(session, WORKER)


def load_item(database: Database) -> ReviewItem:
    with database.write() as session:
        return trust.load_review_item(session, WORKER, id_of(HONEST))


def release(database: Database, note: str = "") -> None:
    with database.write() as session:
        trust.release(session, WORKER, id_of(HONEST), note)


@pytest.fixture(autouse=True)
def offers(database: Database) -> None:
    ingest_drafts(database, HONEST)


def test_a_reporter_counts_once_and_may_correct_their_report(database: Database) -> None:
    for words in ("", "", "On m’a demandé 5 000 F au 6 00 00 00 01."):
        report(database, "a", ReportReason.NOT_REAL if words else ReportReason.OTHER, words)
    assert not is_held(database)
    [item] = load_queue(database)
    assert item.report_counts == {ReportReason.NOT_REAL: 1}
    assert item.words == ("On m’a demandé 5 000 F au 6 00 00 00 01.",)


def test_two_people_of_old_contacts_hide_an_offer(database: Database) -> None:
    first, second = (add_people(database, name=name)[0] for name in ("Awa", "Bih"))
    report(database, "stranger")
    report(database, "a", person=first, proven=True)
    report(database, "a", person=first, proven=True)
    report(database, "new", person=second)
    assert not is_held(database)
    report(database, "b", person=second, proven=True)
    assert is_held(database)


def test_a_decision_settles_the_reports_and_wipes_their_words(database: Database) -> None:
    for reporter in ("a", "b"):
        report(database, reporter, words=f"mots de {reporter}", proven=True)
    release(database, "Appelé le patron : c’est un malentendu.")
    assert not is_held(database)
    assert load_queue(database) == []
    with database.read() as session:
        rows = session.scalars(select(ReportRow)).all()
        assert [(row.words, row.settled_at is None) for row in rows] == [(None, False)] * 2
        [review] = session.scalars(select(ReviewRow))
        assert review.note is not None
        assert b"patron" not in review.note


def test_a_reporter_answered_once_can_report_again_but_no_longer_counts(database: Database) -> None:
    for reporter in ("a", "b"):
        report(database, reporter, proven=True)
    release(database, "rien à redire")
    for reporter in ("a", "b", "c"):
        report(database, reporter, proven=True)
    assert not is_held(database)
    [item] = load_queue(database)
    assert item.report_counts == {ReportReason.MONEY_ASKED: 3}
    [review] = item.reviews
    assert (review.decision, review.note) == (Decision.RELEASED, "rien à redire")
    report(database, "d", proven=True)
    assert is_held(database)


def test_the_queue_is_oldest_first_with_the_reasons(database: Database) -> None:
    report(database, "a", ReportReason.PAPERS_KEPT)
    ingest_drafts(database, HONEST, FRAUD)
    first, second = load_queue(database)
    assert (first.offer.id, first.offer.is_held, dict(first.report_counts)) == (
        id_of(HONEST),
        False,
        {ReportReason.PAPERS_KEPT: 1},
    )
    assert (second.offer.id, second.offer.is_held, dict(second.report_counts)) == (id_of(FRAUD), True, {})
    assert [flag.code for flag in second.offer.warnings] == ["fee"]
    assert first.waiting_since is not None
    assert second.waiting_since is not None
    assert first.waiting_since < second.waiting_since
    with database.write() as session:
        assert trust.load_review_item(session, WORKER, id_of(FRAUD)) == second
        assert trust.load_review_item(session, WORKER, id_of(HONEST)) == first


def test_an_offer_that_is_not_waiting_can_be_reviewed(database: Database) -> None:
    with database.write() as session:
        item = trust.load_review_item(session, WORKER, id_of(HONEST))
    assert (item.waiting_since, item.report_counts, item.words, item.reviews) == (None, {}, (), ())


def test_the_report_of_a_deleted_person_stays_without_their_name(database: Database) -> None:
    [person] = add_people(database)
    report(database, "a", person=person)
    with database.write() as session:
        session.execute(delete(PersonRow).where(PersonRow.id == person))
    with database.read() as session:
        [row] = session.scalars(select(ReportRow))
        assert row.person_id is None


@pytest.mark.parametrize(
    ("reason", "words", "field"),
    [("nothing", "", "reason"), ("", "", "reason"), (ReportReason.OTHER, "x" * 1001, "words")],
)
def test_a_report_needs_a_listed_reason_and_limited_words(
    database: Database, reason: str, words: str, field: str
) -> None:
    with pytest.raises(BadInputError) as raised:
        report(database, "a", reason, words)
    assert raised.value.field == field


def test_a_held_offer_can_be_reported_but_not_a_withdrawn_or_unknown_one(database: Database) -> None:
    for reporter in ("a", "b", "c", "d"):
        report(database, reporter, proven=True)
    assert load_queue(database)[0].report_counts == {ReportReason.MONEY_ASKED: 4}
    with database.write() as session:
        trust.withdraw(session, WORKER, id_of(HONEST))
    assert load_queue(database) == []
    with pytest.raises(NotFoundError):
        report(database, "e")
    with pytest.raises(NotFoundError), database.write() as session:
        trust.report_offer(session, UUID(int=1), ReportReason.OTHER, "", Reporter(b"x", b"x"))


def test_a_note_that_is_too_long_is_refused(database: Database) -> None:
    with pytest.raises(BadInputError) as raised:
        release(database, "x" * 2001)
    assert raised.value.field == "note"


@pytest.mark.parametrize(
    "actor", [STRANGER, Actor(Role.PERSON, uuid4()), Actor(Role.AGENT, uuid4(), uuid4())]
)
def test_only_staff_can_review(database: Database, actor: Actor) -> None:
    offer = id_of(HONEST)
    for call in (
        lambda session: trust.load_review_queue(session, actor),
        lambda session: trust.load_review_item(session, actor, offer),
        lambda session: trust.release(session, actor, offer),
        lambda session: trust.withdraw(session, actor, offer),
        lambda session: trust.load_sources(session, actor),
        lambda session: trust.find_organisations(session, actor),
        lambda session: trust.mark_source(session, actor, "portal", known=True),
        lambda session: trust.verify_organisation(session, actor, uuid4(), verified=True),
    ):
        with pytest.raises(NotFoundError), database.write() as session:
            call(session)


def test_case_workers_cannot_mark_a_source_as_known(database: Database) -> None:
    with pytest.raises(NotFoundError), database.write() as session:
        trust.mark_source(session, WORKER, "portal", known=True)


def test_decisions_are_in_the_audit_trail_without_their_notes(database: Database) -> None:
    release(database, "secret")
    with database.write() as session:
        trust.mark_source(session, SYSTEM, "portal", known=True)
    with database.read() as session:
        entries = [
            (row.resource, row.action, row.object_id, row.detail) for row in session.scalars(select(AuditRow))
        ]
    # Of two shards, whose rows have no order.
    assert sorted(entries) == [
        ("review", "change", str(id_of(HONEST)), {"decision": "released"}),
        ("sources", "change", "portal", {"known": 1}),
    ]


def test_notes_are_wiped_after_a_year_and_decisions_stay(
    database: Database, sign_in: SignInServices, tmp_path: Path
) -> None:
    report(database, "a")
    release(database, "Appelé le patron.")
    [decided] = load_item(database).reviews
    for days, note in ((364, "Appelé le patron."), (366, ""), (366, "")):
        apply_retention(database, FolderBlobs(tmp_path), sign_in.sessions, decided.at + timedelta(days=days))
        [review] = load_item(database).reviews
        assert (review.decision, review.note, review.at) == (Decision.RELEASED, note, decided.at)
    with database.read() as session:
        assert session.scalars(select(ReportRow)).all() == []
        assert [row.note for row in session.scalars(select(ReviewRow))] == [None]
