"""Reports of people, and what staff make of them."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from people_factory import add_people
from sqlalchemy import delete, select
from trust_factory import FRAUD, HONEST, id_of, standing_of, taken_in

from oim.adapters.blob_folder import FolderBlobs
from oim.features import trust
from oim.features.access import STRANGER, SYSTEM, Actor, Role
from oim.features.audit import AuditRow
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
    who: str,
    reason: str = ReportReason.MONEY_ASKED,
    words: str = "",
    person: UUID | None = None,
) -> None:
    with database.write() as session:
        trust.report_offer(
            session,
            id_of(HONEST),
            reason,
            words,
            Reporter(session.vault.blind_index("reporter", who), person),
        )


def held(database: Database) -> bool:
    return standing_of(database, HONEST).held_at is not None


def queue(database: Database) -> list[ReviewItem]:
    with database.write() as session:
        return trust.load_review_queue(session, WORKER)


def looked_at(database: Database) -> ReviewItem:
    with database.write() as session:
        return trust.load_review_item(session, WORKER, id_of(HONEST))


def release(database: Database, note: str = "") -> None:
    with database.write() as session:
        trust.release(session, WORKER, id_of(HONEST), note)


@pytest.fixture(autouse=True)
def offers(database: Database) -> None:
    taken_in(database, HONEST)


def test_three_reporters_hold_an_offer(database: Database) -> None:
    report(database, "a")
    report(database, "b")
    assert not held(database)
    report(database, "c")
    assert held(database)


def test_one_reporter_counts_once_and_may_say_it_better(database: Database) -> None:
    for words in ("", "", "On m’a demandé 5 000 F au 6 00 00 00 01."):
        report(database, "a", ReportReason.NOT_REAL if words else ReportReason.OTHER, words)
    assert not held(database)
    [waiting] = queue(database)
    assert waiting.report_counts == {ReportReason.NOT_REAL: 1}
    assert waiting.words == ("On m’a demandé 5 000 F au 6 00 00 00 01.",)


def test_two_people_who_are_signed_in_are_enough(database: Database) -> None:
    first, second = (add_people(database, name=name)[0] for name in ("Awa", "Bih"))
    report(database, "stranger")
    report(database, "a", person=first)
    report(database, "a", person=first)
    assert not held(database)
    report(database, "b", person=second)
    assert held(database)


def test_staff_decide_and_what_was_written_is_wiped(database: Database) -> None:
    for who in ("a", "b", "c"):
        report(database, who, words=f"mots de {who}")
    release(database, "Appelé le patron : c’est un malentendu.")
    assert not held(database)
    assert queue(database) == []
    with database.read() as session:
        rows = session.scalars(select(ReportRow)).all()
        assert [(row.words, row.settled_at is None) for row in rows] == [(None, False)] * 3
        [review] = session.scalars(select(ReviewRow))
        assert review.note is not None
        assert b"patron" not in review.note


def test_who_was_answered_is_heard_again_but_holds_nothing(database: Database) -> None:
    for who in ("a", "b", "c"):
        report(database, who)
    release(database, "rien à redire")
    for who in ("a", "b", "c", "d", "e"):
        report(database, who)
    assert not held(database)
    [waiting] = queue(database)
    assert waiting.report_counts == {ReportReason.MONEY_ASKED: 5}
    [review] = waiting.reviews
    assert (review.decision, review.note) == (Decision.RELEASED, "rien à redire")
    report(database, "f")
    assert held(database)


def test_the_queue_is_oldest_first_and_says_why(database: Database) -> None:
    report(database, "a", ReportReason.PAPERS_KEPT)
    taken_in(database, HONEST, FRAUD)
    first, second = queue(database)
    assert (first.offer.id, first.offer.held, dict(first.report_counts)) == (
        id_of(HONEST),
        False,
        {ReportReason.PAPERS_KEPT: 1},
    )
    assert (second.offer.id, second.offer.held, dict(second.report_counts)) == (id_of(FRAUD), True, {})
    assert [flag.code for flag in second.offer.warnings] == ["fee"]
    assert first.waiting_since is not None
    assert second.waiting_since is not None
    assert first.waiting_since < second.waiting_since
    with database.write() as session:
        assert trust.load_review_item(session, WORKER, id_of(FRAUD)) == second
        assert trust.load_review_item(session, WORKER, id_of(HONEST)) == first


def test_an_offer_that_does_not_wait_can_be_looked_at(database: Database) -> None:
    with database.write() as session:
        found = trust.load_review_item(session, WORKER, id_of(HONEST))
    assert (found.waiting_since, found.report_counts, found.words, found.reviews) == (None, {}, (), ())


def test_a_report_of_somebody_who_left_stays_without_their_name(database: Database) -> None:
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
def test_a_report_needs_a_reason_of_the_list_and_few_words(
    database: Database, reason: str, words: str, field: str
) -> None:
    with pytest.raises(BadInputError) as raised:
        report(database, "a", reason, words)
    assert raised.value.field == field


def test_what_is_held_can_be_reported_and_what_is_gone_cannot(database: Database) -> None:
    for who in ("a", "b", "c", "d"):
        report(database, who)
    assert queue(database)[0].report_counts == {ReportReason.MONEY_ASKED: 4}
    with database.write() as session:
        trust.withdraw(session, WORKER, id_of(HONEST))
    assert queue(database) == []
    with pytest.raises(NotFoundError):
        report(database, "e")
    with pytest.raises(NotFoundError), database.write() as session:
        trust.report_offer(session, UUID(int=1), ReportReason.OTHER, "", Reporter(b"x", None))


def test_a_note_is_not_endless(database: Database) -> None:
    with pytest.raises(BadInputError) as raised:
        release(database, "x" * 2001)
    assert raised.value.field == "note"


@pytest.mark.parametrize(
    "actor", [STRANGER, Actor(Role.PERSON, uuid4()), Actor(Role.AGENT, uuid4(), uuid4())]
)
def test_others_than_staff_review_nothing(database: Database, actor: Actor) -> None:
    offer = id_of(HONEST)
    for ask in (
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
            ask(session)


def test_case_workers_review_but_say_not_whom_we_trust(database: Database) -> None:
    with pytest.raises(NotFoundError), database.write() as session:
        trust.mark_source(session, WORKER, "portal", known=True)


def test_decisions_are_in_the_trail_without_their_words(database: Database) -> None:
    release(database, "secret")
    with database.write() as session:
        trust.mark_source(session, SYSTEM, "portal", known=True)
    with database.read() as session:
        told = [
            (row.resource, row.action, row.object_id, row.detail) for row in session.scalars(select(AuditRow))
        ]
    assert told == [
        ("review", "change", str(id_of(HONEST)), {"decision": "released"}),
        ("sources", "change", "portal", {"known": 1}),
    ]


def test_notes_are_wiped_a_year_after_and_what_was_decided_stays(
    database: Database, doors: SignInServices, tmp_path: Path
) -> None:
    report(database, "a")
    release(database, "Appelé le patron.")
    [decided] = looked_at(database).reviews
    for days, note in ((364, "Appelé le patron."), (366, ""), (366, "")):
        apply_retention(database, FolderBlobs(tmp_path), doors.sessions, decided.at + timedelta(days=days))
        [kept] = looked_at(database).reviews
        assert (kept.decision, kept.note, kept.at) == (Decision.RELEASED, note, decided.at)
    with database.read() as session:
        assert session.scalars(select(ReportRow)).all() == []
        assert [row.note for row in session.scalars(select(ReviewRow))] == [None]
